"""From a mapping of choices to a Scenario, or to one message that says which key is wrong and what was meant.

Hydra composes for the command line; `default_scenario` reads the same YAML files without it.
"""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from salesim.errors import InputError
from salesim.scenario import Scenario

GROUPS = ("market", "strategy", "channel", "licence")
OURS = "ours"


def configs_folder() -> Path:
    """The shipped configs: inside an installed package, else in the repository."""
    here = Path(__file__).resolve().parent
    for folder in (here / "configs", here.parents[1] / "configs"):
        if (folder / "config.yaml").is_file():
            return folder
    raise InputError(f"the shipped configs are missing; they were looked for beside {here}; install salesim again")


def meant(word: str, allowed: Iterable[str]) -> str:
    """ "; did you mean …?" or the list of what is allowed."""
    allowed = sorted(allowed)
    close = difflib.get_close_matches(word, allowed, n=1)
    return f"did you mean {close[0]}?" if close else f"allowed are {', '.join(allowed)}"


def read_yaml(path: Path) -> dict[str, Any]:
    """A YAML file as a mapping; InputError if it cannot be read or is something else."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" in line {place.line + 1}" if place else ""
        raise InputError(f"{path} is not valid YAML{line}: {getattr(error, 'problem', error)}") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} holds {type(found).__name__}; it has to be a mapping of keys to values")
    return found


def choices(group: str, folders: Sequence[Path]) -> dict[str, Path]:
    """All files of a group by name; an earlier folder hides a later one."""
    found: dict[str, Path] = {}
    for folder in reversed(folders):
        found |= {path.stem: path for path in sorted((folder / group).glob("*.yaml"))}
    return found


def choice(group: str, name: str, folders: Sequence[Path]) -> dict[str, Any]:
    """One choice of a group as a full mapping; `defaults: [other, _self_]` in the file inherits from another."""
    files = choices(group, folders)
    if name not in files:
        places = " or ".join(str(folder / group) for folder in folders)
        raise InputError(f"there is no {group} named {name!r}; {meant(name, files)} (files in {places})")
    own = read_yaml(files[name])
    inherited: dict[str, Any] = {}
    for parent in own.pop("defaults", []):
        if parent != "_self_":
            if parent == name:
                raise InputError(f"{files[name]} inherits from itself; name another {group} in its defaults")
            inherited = merged(inherited, choice(group, str(parent), folders))
    return merged(inherited, own)


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """`base` with `change` on top, group by group."""
    result = dict(base)
    for key, value in change.items():
        old = result.get(key)
        result[key] = merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return result


def scenario_from(mapping: Mapping[str, Any], contest: str = "alone", folders: Sequence[Path] = ()) -> Scenario:
    """A checked Scenario from a composed mapping with the keys of `configs/config.yaml`.

    `contest` "alone": vendor 0 meets the rivals named in `rivals`; "everyone": all vendors do what vendor 0 does.
    `folders` are searched for named strategies, channels and licences before the shipped ones.
    Raises InputError for anything unknown, of a wrong type, out of range, or contradicting something else.
    """
    if contest not in ("alone", "everyone"):
        raise InputError(f"contest is {contest!r}; it has to be alone or everyone")
    places = (*folders, configs_folder())
    known = {"weeks", "rivals", "initiatives", "study", "experiment", "contest", *GROUPS}
    for key in mapping:
        if key not in known:
            raise InputError(f"{key} is not a key of a scenario; {meant(str(key), known)}")
    ours = {
        "name": OURS,
        **{group: named(group, mapping.get(group), group, places) for group in GROUPS[1:]},
        "initiatives": initiatives_of(mapping, places),
    }
    vendors = [ours, *rivals_of(mapping, ours, contest, places)]
    check_inheritable(mapping)
    return validated({"weeks": mapping.get("weeks"), "market": mapping.get("market"), "vendors": vendors})


def check_inheritable(mapping: Mapping[str, Any]) -> None:
    """The market has to be a mapping of groups before pydantic looks at it."""
    if not isinstance(mapping.get("market"), Mapping):
        raise InputError(f"market is {mapping.get('market')!r}; it has to be one of the files in configs/market")


def named(group: str, value: Any, key: str, places: Sequence[Path]) -> dict[str, Any]:
    """A full mapping for a value that is one already, or a name."""
    if isinstance(value, str):
        return choice(group, value, places)
    if isinstance(value, Mapping):
        return dict(value)
    raise InputError(f"{key} is {value!r}; it has to be the name of a file in configs/{group}")


def rivals_of(
    mapping: Mapping[str, Any], ours: Mapping[str, Any], contest: str, places: Sequence[Path]
) -> list[dict[str, Any]]:
    """Vendors 1, 2, … ."""
    rivals = mapping.get("rivals")
    known = {"strategies", "channel", "licence"}
    if not isinstance(rivals, Mapping) or set(rivals) != known:
        raise InputError(f"rivals is {rivals!r}; it has to have just the keys strategies, channel and licence")
    strategies = rivals["strategies"]
    if not isinstance(strategies, list):
        raise InputError(f"rivals.strategies is {strategies!r}; it has to be a list of names, one a rival")
    vendors = []
    for number, strategy in enumerate(strategies, 1):
        name = f"rival {number}"
        if contest == "everyone":
            vendors.append({**deepcopy(dict(ours)), "name": name})
            continue
        vendors.append(
            {
                "name": name,
                "strategy": named("strategy", strategy, "rivals.strategies", places),
                "channel": named("channel", rivals["channel"], "rivals.channel", places),
                "licence": named("licence", rivals["licence"], "rivals.licence", places),
                "initiatives": [],
            }
        )
    return vendors


def initiatives_of(mapping: Mapping[str, Any], places: Sequence[Path]) -> list[dict[str, Any]]:
    """Planned changes of approach with full levers; channel and licence stay as they are if not named."""
    found = mapping.get("initiatives", [])
    if not isinstance(found, list):
        raise InputError(f"initiatives is {found!r}; it has to be a list of mappings with week and strategy")
    known = {"week", "strategy", "channel", "licence", "training_hours"}
    plans = []
    for number, plan in enumerate(found):
        if not isinstance(plan, Mapping):
            raise InputError(f"initiatives[{number}] is {plan!r}; it has to be a mapping with week and strategy")
        for key in plan:
            if key not in known:
                raise InputError(f"initiatives[{number}].{key} is not a key; {meant(str(key), known)}")
        full: dict[str, Any] = {"week": plan.get("week"), "training_hours": plan.get("training_hours", 0.0)}
        for group in GROUPS[1:]:
            value = plan.get(group, mapping.get(group))
            full[group] = named(group, value, f"initiatives[{number}].{group}", places)
        plans.append(full)
    return plans


def validated(mapping: Mapping[str, Any]) -> Scenario:
    """Types and ranges by the dataclasses of `scenario.py`, then what contradicts something else."""
    try:
        scenario = _adapter().validate_json(json.dumps(mapping))
    except ValidationError as error:
        raise InputError(explained(error, mapping)) from error
    except (TypeError, ValueError) as error:
        raise InputError(f"the scenario holds something that is not text, number, list or mapping: {error}") from error
    check(scenario)
    return scenario


@cache
def _adapter() -> TypeAdapter[Scenario]:
    return TypeAdapter(Scenario)


def explained(error: ValidationError, mapping: Mapping[str, Any]) -> str:
    """The first complaint as one sentence: key, what came, what is allowed, where to change it."""
    first = min(error.errors(), key=lambda complaint: complaint["type"] != "unexpected_keyword_argument")
    place = [str(part) for part in first["loc"]]
    key = ".".join(place)
    if place[0] == "vendors" and len(place) > 2:
        key = ".".join(place[2:]) if place[1] == "0" else f"rival {place[1]}: " + ".".join(place[2:])
    more = f" ({error.error_count() - 1} more like this)" if error.error_count() > 1 else ""
    where = f"change it in configs/ or with {key}=…" if not key.startswith("rival ") else "change its strategy file"
    if first["type"] in ("unexpected_keyword_argument", "extra_forbidden"):
        siblings = _siblings(error, place, mapping)
        return f"{key} is not a parameter; {meant(place[-1], siblings)}{more}"
    if first["type"] in ("missing", "missing_argument"):
        return f"{key} is missing; {where}{more}"
    message = first["msg"][0].lower() + first["msg"][1:]
    return f"{key} is {first['input']!r}; {message}; {where}{more}"


def _siblings(error: ValidationError, place: Sequence[str], mapping: Mapping[str, Any]) -> list[str]:
    """Names allowed beside a wrong key: those its dataclass has."""
    kind: Any = Scenario
    for part in place[:-1]:
        if part.isdigit():
            continue
        field = kind.__dataclass_fields__.get(part)
        kind = field.type if field else kind
        while not hasattr(kind, "__dataclass_fields__"):
            inner = [a for a in getattr(kind, "__args__", ()) if a is not Ellipsis]
            if not inner:
                return []
            kind = inner[0]
    return list(kind.__dataclass_fields__)


def check(scenario: Scenario) -> None:
    """What is possible alone but not together. Raises InputError."""
    customers = scenario.market.customers
    if customers.neighbours % 2:
        raise InputError(f"market.customers.neighbours is {customers.neighbours}; it has to be even (a ring)")
    if customers.neighbours >= customers.count:
        raise InputError(
            f"market.customers.neighbours is {customers.neighbours} among {customers.count} customers; "
            "it has to be less than market.customers.count"
        )
    for vendor in scenario.vendors:
        for number, plan in enumerate((vendor, *vendor.initiatives)):
            where = f"{vendor.name}" if number == 0 else f"{vendor.name}, initiative {number}"
            levers, channel = plan.strategy.segmentation, plan.channel
            if levers.pursue_complexity_min > levers.pursue_complexity_max:
                raise InputError(
                    f"{where}: pursue_complexity_min is {levers.pursue_complexity_min} and pursue_complexity_max is "
                    f"{levers.pursue_complexity_max}; the first has to be at most the second (strategy.segmentation)"
                )
            if channel.start_discount > channel.discount_cap:
                raise InputError(
                    f"{where}: start_discount is {channel.start_discount} and discount_cap is {channel.discount_cap}; "
                    "the first has to be at most the second (channel)"
                )
            if levers.sponsored_share > 0 and scenario.market.executives.count == 0:
                raise InputError(
                    f"{where}: sponsored_share is {levers.sponsored_share} but market.executives.count is 0; "
                    "somebody has to sponsor"
                )
        weeks = [initiative.week for initiative in vendor.initiatives]
        if any(late <= early for early, late in zip(weeks, weeks[1:], strict=False)):
            raise InputError(
                f"initiatives of {vendor.name} start in weeks {weeks}; they have to be in increasing order"
            )
        if weeks and weeks[-1] >= scenario.weeks:
            raise InputError(f"an initiative starts in week {weeks[-1]}; the run ends after {scenario.weeks} (weeks)")


def base_mapping(folders: Sequence[Path] = ()) -> dict[str, Any]:
    """What `configs/config.yaml` means without an experiment, as a plain mapping."""
    places = (*folders, configs_folder())
    mapping = read_yaml(configs_folder() / "config.yaml")
    picks = {k: v for entry in mapping.pop("defaults") if isinstance(entry, dict) for k, v in entry.items()}
    mapping.pop("hydra", None)
    return mapping | {group: choice(group, picks[group], places) for group in GROUPS}


def default_scenario(scenario: Scenario | None = None, **differences: Any) -> Scenario:
    """The shipped default scenario with differences by dotted name; read without Hydra.

    >>> default_scenario(strategy="diagnostic", **{"market.customers.count": 100}).market.customers.count
    100

    `contest` may be "alone" or "everyone". With `scenario`, the differences are made to that one instead; then vendor
    0 is `vendors.0`. Raises InputError.
    """
    if scenario is not None:
        mapping = json.loads(_adapter().dump_json(scenario))
        for key, value in differences.items():
            put(mapping, key, value)
        return validated(mapping)
    mapping = deepcopy(_base())
    contest = str(differences.pop("contest", "alone"))
    for key in sorted(differences, key=lambda name: name.count(".")):
        put(mapping, key, differences[key])
    return scenario_from(mapping, contest)


@cache
def _base() -> dict[str, Any]:
    return base_mapping()


def put(mapping: dict[str, Any], key: str, value: Any) -> None:
    """Set one dotted key; a group's name picks a file. Raises InputError for a key that is not there."""
    parts = key.split(".")
    if len(parts) == 1 and key in GROUPS and isinstance(value, str):
        value = choice(key, value, (configs_folder(),))
    place: Any = mapping
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        if isinstance(place, list) and part.isdigit() and int(part) < len(place):
            part_key: Any = int(part)
        elif isinstance(place, dict) and part in place:
            part_key = part
        else:
            known = place if isinstance(place, dict) else []
            raise InputError(f"{key} is not a parameter; {meant(part, known)}")
        if last:
            place[part_key] = value
        else:
            place = place[part_key]
