"""From a composed mapping of choices to a Scenario, or to one message that says which key is wrong and what was meant.

Hydra composes for the command line; `default_scenario` reads the same YAML files without it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from salesim.config.config_files import choice, configs_folder, inherited, read_yaml
from salesim.config.errors import InputError, meant, renamed
from salesim.config.validation_errors import explained
from salesim.model.parameters import Channel, Scenario, Strategy

__all__ = ["configs_folder", "default_scenario", "scenario_from"]

GROUPS = ("market", "strategy", "channel", "licence")
APPROACH = GROUPS[1:]  # what a vendor chooses and an initiative may change
CONTESTS = ("alone", "everyone")
OURS = "ours"
LONGEST_WEEKS = 10_400  # two centuries
LARGEST_ROWS = 50_000_000  # customers x vendors: what 16 GB hold
MOST_VENDORS = 16
SEATS = 1_024  # people and partners of a vendor have keys vendor * 1024 + position
Checked = TypeVar("Checked")


def scenario_from(mapping: Mapping[str, Any], contest: str = "alone", folders: Sequence[Path] = ()) -> Scenario:
    """A checked Scenario from a composed mapping with the keys of `configs/config.yaml`.

    `contest` "alone": vendor 0 meets the rivals named in `rivals`; "everyone": all vendors do what vendor 0 does.
    `folders` are searched for named strategies, channels and licences before the shipped ones.
    Raises InputError for anything unknown, of a wrong type, out of range, or contradicting something else.
    """
    if contest not in CONTESTS:
        raise InputError(f"contest is {contest!r}; it has to be alone or everyone")
    known = {"weeks", "rivals", "initiatives", "study", "compare", "explore", "explain", "experiment", "contest", *GROUPS}
    for key in mapping:
        if key not in known:
            raise InputError(f"{key} is not a parameter; {meant(str(key), known)}")
    if not isinstance(mapping.get("market"), Mapping):
        raise InputError(f"market is {mapping.get('market')!r}; it has to be the name of a file in configs/market/")
    places = (*folders, configs_folder())
    ours = {
        "name": OURS,
        **{group: named(group, mapping.get(group), group, places) for group in APPROACH},
        "initiatives": initiatives_of(mapping, places),
    }
    vendors = [ours, *rivals_of(mapping, ours, contest, places)]
    return validated({"weeks": mapping.get("weeks"), "market": mapping.get("market"), "vendors": vendors})


def named(group: str, value: Any, key: str, places: Sequence[Path]) -> dict[str, Any]:
    """A full mapping for a name, or for a mapping; the latter may inherit: `{defaults: [pitch], systems: {…}}`."""
    if isinstance(value, str):
        return choice(group, value, places)
    if isinstance(value, Mapping):
        return inherited(group, value, places, key)
    raise InputError(f"{key} is {value!r}; it has to be the name of a file in configs/{group}/")


def rivals_of(
    mapping: Mapping[str, Any], ours: Mapping[str, Any], contest: str, places: Sequence[Path]
) -> list[dict[str, Any]]:
    """Vendors 1, 2, … ."""
    rivals = mapping.get("rivals")
    known = {"strategies", "channel", "licence"}
    if not isinstance(rivals, Mapping):
        raise InputError(f"rivals is {rivals!r}; it has to be a group with the keys strategies, channel, licence")
    for key in [*rivals, *known]:
        if key not in known:
            raise InputError(f"rivals.{key} is not a parameter; {meant(str(key), known, 'rivals.')}")
        if key not in rivals:
            raise InputError(f"rivals.{key} is missing; change it in configs/config.yaml or with rivals.{key}=…")
    strategies = rivals["strategies"]
    if not isinstance(strategies, list):
        raise InputError(f"rivals.strategies is {strategies!r}; it has to be a list of names, as [pitch, diagnostic]")
    if len(strategies) >= MOST_VENDORS:
        raise InputError(f"rivals.strategies names {len(strategies)} rivals; there can be at most {MOST_VENDORS - 1}")
    vendors = []
    for number, strategy in enumerate(strategies):
        theirs = dict(ours)
        if contest == "alone":
            theirs["strategy"] = named("strategy", strategy, f"rivals.strategies[{number}]", places)
            theirs["channel"] = named("channel", rivals["channel"], "rivals.channel", places)
            theirs["licence"] = named("licence", rivals["licence"], "rivals.licence", places)
            theirs["initiatives"] = []
        vendors.append(theirs | {"name": f"rival {number + 1}"})
    return vendors


def initiatives_of(mapping: Mapping[str, Any], places: Sequence[Path]) -> list[dict[str, Any]]:
    """Planned changes of approach with full levers; what an initiative does not name stays as it was."""
    found = mapping.get("initiatives", [])
    if not isinstance(found, list):
        raise InputError(f"initiatives is {found!r}; it has to be a list, as [{{week: 104, strategy: diagnostic, …}}]")
    known = {"week", "training_hours", *APPROACH}
    before = {group: mapping.get(group) for group in APPROACH}
    plans = []
    for number, plan in enumerate(found):
        where = f"initiatives[{number}]"
        if not isinstance(plan, Mapping):
            raise InputError(f"{where} is {plan!r}; it has to be a group, as {{week: 104, strategy: diagnostic, …}}")
        for key in plan:
            if key not in known:
                raise InputError(f"{where}.{key} is not a parameter; {meant(str(key), known, f'{where}.')}")
        before |= {group: plan[group] for group in APPROACH if group in plan}
        full = {group: named(group, before[group], f"{where}.{group}", places) for group in APPROACH}
        plans.append(full | {key: plan[key] for key in ("week", "training_hours") if key in plan})
    return plans


def validated(mapping: Mapping[str, Any]) -> Scenario:
    """Types and ranges by the dataclasses of `scenario.py`, then what contradicts something else."""
    scenario = checked(Scenario, mapping, "")
    check(scenario)
    return scenario


def checked(kind: type[Checked], mapping: Any, group: str = "") -> Checked:
    """A pydantic dataclass from a mapping; whole numbers become floats where a number is wanted. Raises InputError.

    `group` is where the mapping stands in the config, for the message.
    """
    try:
        of_kind: Any = kind
        found: Checked = adapter(of_kind).validate_json(json.dumps(mapping))
    except ValidationError as error:
        raise explained(error, kind, base_mapping(), group) from error
    except (TypeError, ValueError, RecursionError) as error:
        where = group or "the scenario"
        raise InputError(f"{where} holds something that is no text, number, list or group: {error}") from error
    return found


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's checker of a dataclass."""
    return TypeAdapter(kind)


def check(scenario: Scenario) -> None:
    """What is possible alone but not together. Raises InputError."""
    for complaint in contradictions(scenario):
        raise InputError(complaint)


def contradictions(scenario: Scenario) -> Iterator[str]:
    """All that contradicts something else, one sentence each."""
    customers, market = scenario.market.customers, scenario.market
    n_vendors = len(scenario.vendors)
    if customers.neighbours % 2:
        yield f"market.customers.neighbours is {customers.neighbours}; it has to be even, as many on each side of a ring"
    if customers.neighbours >= customers.count:
        yield (
            f"market.customers.neighbours is {customers.neighbours} and market.customers.count is {customers.count}; "
            "there have to be more customers than a customer has neighbours"
        )
    people = market.people
    if people.learning_mean < people.learning_spread / 2:
        yield (
            f"market.people.learning_mean is {people.learning_mean} and learning_spread is {people.learning_spread}; "
            "the mean has to be at least half the spread, else some people would unlearn"
        )
    if scenario.weeks > LONGEST_WEEKS:
        yield f"weeks is {scenario.weeks}; it has to be at most {LONGEST_WEEKS}, two centuries"
    if customers.count * n_vendors > LARGEST_ROWS:
        most = LARGEST_ROWS // n_vendors
        yield f"market.customers.count is {customers.count}; with {n_vendors} vendors it has to be at most {most}"
    for key in ("selling.salespeople", "executives.count", "partners.count"):
        group, name = key.split(".")
        count = getattr(getattr(market, group), name)
        if count > SEATS:
            yield f"market.{key} is {count}; it has to be at most {SEATS} a vendor"
    for number, vendor in enumerate(scenario.vendors):
        start = "" if number == 0 else f"{vendor.name}: "
        yield from of_approach(start, vendor.strategy, vendor.channel, scenario)
        for plan_number, plan in enumerate(vendor.initiatives):
            yield from of_approach(f"{start}initiatives[{plan_number}].", plan.strategy, plan.channel, scenario)
        yield from of_weeks(start, [plan.week for plan in vendor.initiatives], scenario.weeks)


def of_approach(start: str, strategy: Strategy, channel: Channel, scenario: Scenario) -> Iterator[str]:
    """Levers of one strategy and channel that contradict each other or the market."""
    levers = strategy.segmentation
    if levers.pursue_complexity_min > levers.pursue_complexity_max:
        yield (
            f"{start}strategy.segmentation.pursue_complexity_min is {levers.pursue_complexity_min} and "
            f"pursue_complexity_max is {levers.pursue_complexity_max}; the first has to be at most the second"
        )
    if channel.start_discount > channel.discount_cap:
        yield (
            f"{start}channel.start_discount is {channel.start_discount} and discount_cap is {channel.discount_cap}; "
            "the first has to be at most the second"
        )
    if levers.sponsored_share > 0 and scenario.market.executives.count == 0:
        yield (
            f"{start}strategy.segmentation.sponsored_share is {levers.sponsored_share} and market.executives.count is 0; "
            "somebody has to sponsor"
        )


def of_weeks(start: str, weeks: Sequence[int], n_weeks: int) -> Iterator[str]:
    """Initiatives that come out of order, twice in a week, or after the end."""
    for early, late in pairwise(weeks):
        if late <= early:
            yield f"{start}initiatives are in weeks {list(weeks)}; each has to come after the one before"
    if weeks and weeks[-1] >= n_weeks:
        yield f"{start}an initiative is in week {weeks[-1]}, but the run ends after {n_weeks} weeks; change one of them"


@cache
def base_mapping() -> dict[str, Any]:
    """What the shipped `config.yaml` means without an experiment, as a plain mapping that nobody may change."""
    folder = configs_folder()
    mapping = read_yaml(folder / "config.yaml")
    picks = {group: name for entry in mapping.pop("defaults") if isinstance(entry, dict) for group, name in entry.items()}
    return mapping | {group: choice(group, picks[group], (folder,)) for group in (*GROUPS, "study", "compare")}


def default_scenario(scenario: Scenario | None = None, **differences: Any) -> Scenario:
    """The shipped default scenario with differences by dotted name; read without Hydra.

    >>> default_scenario(strategy="diagnostic", **{"market.customers.count": 100}).market.customers.count
    100

    `contest` may be "alone" or "everyone". With `scenario`, the differences are made to that one instead; then vendor
    0 is `vendors.0`. Raises InputError.
    """
    if scenario is not None:
        mapping = json.loads(adapter(Scenario).dump_json(scenario))
        for key, value in differences.items():
            put(mapping, key, value)
        return validated(mapping)
    mapping = deepcopy(base_mapping())
    contest = str(differences.pop("contest", "alone"))
    for key in sorted(differences, key=lambda name: name.count(".")):
        put(mapping, key, differences[key])
    return scenario_from(mapping, contest)


def put(mapping: dict[str, Any], key: str, value: Any) -> None:
    """Set one dotted key; a group's name picks a file. Raises InputError for a key that is not there."""
    if key in GROUPS and isinstance(value, str):
        value = choice(key, value, (configs_folder(),))
    *path, last = key.split(".")
    place: Any = mapping
    for part in path:
        place = place[entry(mapping, place, part, key)]
    place[entry(mapping, place, last, key)] = value


def entry(mapping: Mapping[str, Any], place: Any, part: str, key: str) -> str | int:
    """How a part of a dotted key is found in a mapping or list. Raises InputError for one that is not there."""
    if isinstance(place, list) and part.isdigit() and int(part) < len(place):
        return int(part)
    if isinstance(place, dict) and part in place:
        return part
    raise InputError(f"{key} is not a parameter; {meant_key(key, mapping)}")


def meant_key(key: str, mapping: Mapping[str, Any]) -> str:
    """The dotted key of a mapping that was meant: one with the same end, the nearest, or the keys of its group.

    >>> meant_key("trust.loss", {"market": {"trust": {"loss": 0.45}}})
    'did you mean market.trust.loss?'
    >>> meant_key("market.people.skill", {"market": {"people": {"skill_a": 2.0, "skill_b": 3.0}}})
    'did you mean market.people.skill_a or market.people.skill_b?'
    """
    keys = list(dotted(mapping))
    if renamed(key) != key and renamed(key) in keys:
        return f"did you mean {renamed(key)}?"
    ends = [known for known in keys if known.endswith(f".{key}")]
    if len(ends) == 1:
        return f"did you mean {ends[0]}?"
    above, _, name = key.rpartition(".")
    last = [known for known in keys if known.split(".")[-1] == name]
    last = [known for known in last if known.split(".")[0] == key.split(".")[0]] or last
    begun = [known for known in keys if above and known.rpartition(".")[0] == above and known.startswith(f"{key}_")]
    close = (
        begun
        or get_close_matches(key, keys, n=1, cutoff=0.7)
        or [known for known in keys if known.split(".")[-1].startswith(name)]
    )
    if not (ends or last or close):
        names = {known.split(".")[-1]: known for known in reversed(keys)}
        close = [names[near] for near in get_close_matches(name, names, n=1, cutoff=0.6)]
    if ends or last or close:
        return f"did you mean {' or '.join((ends or last or close)[:4])}?"
    return f"allowed are {', '.join(mapping)} and what is in them; `salesim show` lists everything"


def dotted(mapping: Mapping[str, Any], start: str = "") -> Iterator[str]:
    """All keys of a nested mapping as dotted names, groups included."""
    for key, value in mapping.items():
        yield start + key
        if isinstance(value, Mapping):
            yield from dotted(value, f"{start}{key}.")
