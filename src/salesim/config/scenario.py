"""From a composed mapping of settings to a Scenario, or to one message that says which key is wrong and what was meant.

The command line changes the mapping by words, `default_scenario` by arguments.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

from salesim.config.config_files import APPROACH, CONTESTS, GROUPS, base_mapping, choice, configs_folder, inherited
from salesim.config.contradictions import contradictions
from salesim.config.dotted_keys import put
from salesim.config.errors import InputError, expect, meant, unknown_setting
from salesim.config.request import OWN_GROUP
from salesim.config.user_files import check_own
from salesim.config.validation import as_mapping, checked
from salesim.model.parameters import Scenario

KEYS = ("weeks", "rivals", "initiatives", "study", "compare", *OWN_GROUP, "experiment", "contest", "ensemble", *GROUPS)
MOST_VENDORS = 16


def scenario_from(mapping: Mapping[str, Any], contest: str = "alone", folders: Sequence[Path] = ()) -> Scenario:
    """A checked Scenario from a composed mapping with the keys of `configs/config.yaml`.

    `contest` "alone": vendor 0 meets the rivals named in `rivals`; "everyone": all vendors do what vendor 0 does.
    `folders` are searched for named strategies, channels and licences before the shipped ones.
    Raises InputError for anything unknown, of a wrong type, out of range, or contradicting something else.
    """
    return validated(scenario_mapping(mapping, contest, folders))


def scenario_mapping(mapping: Mapping[str, Any], contest: str, folders: Sequence[Path]) -> dict[str, Any]:
    """What `scenario_from` validates: weeks, market, and every vendor in full. Raises InputError."""
    if contest not in CONTESTS:
        raise InputError(f"contest is {contest!r}; it has to be alone or everyone")
    check_keys(mapping, KEYS)
    expect(mapping.get("market"), Mapping, "market", "the name of a file in configs/market/")
    places = (*folders, configs_folder())
    ours = {
        "name": "ours",
        **{group: named(group, mapping.get(group), group, places) for group in APPROACH},
        "initiatives": initiatives_of(mapping, places),
    }
    vendors = [ours, *rivals_of(mapping, ours, contest, places)]
    return {"weeks": mapping.get("weeks"), "market": mapping.get("market"), "vendors": vendors}


def check_keys(mapping: Mapping[str, Any], known: Collection[str], start: str = "") -> None:
    """Refuse a key that does not exist; `start` stands before it. Raises InputError."""
    for key in mapping:
        if key not in known:
            raise unknown_setting(f"{start}{key}", meant(str(key), known, start))


def named(group: str, value: Any, key: str, places: Sequence[Path]) -> dict[str, Any]:
    """A full mapping for a name, or for a mapping; the latter may inherit: `{defaults: [pitch], systems: {…}}`."""
    if isinstance(value, str):
        check_own(group, value, places)
        return choice(group, value, places)
    expect(value, Mapping, key, f"the name of a file in configs/{group}/")
    return inherited(group, value, places, key)


def rivals_of(
    mapping: Mapping[str, Any], ours: Mapping[str, Any], contest: str, places: Sequence[Path]
) -> list[dict[str, Any]]:
    """Vendors 1, 2, … ."""
    rivals: Any = mapping.get("rivals")
    known = ("strategies", "channel", "licence")
    expect(rivals, Mapping, "rivals", f"a group with the keys {', '.join(known)}")
    check_keys(rivals, known, "rivals.")
    for key in known:
        if key not in rivals:
            raise InputError(f"rivals.{key} is missing; change it in configs/config.yaml or with rivals.{key}=…")
    strategies = rivals["strategies"]
    expect(strategies, list, "rivals.strategies", "a list of names, as [pitch, diagnostic]")
    if len(strategies) >= MOST_VENDORS:
        raise InputError(f"rivals.strategies names {len(strategies)} rivals; there can be at most {MOST_VENDORS - 1}")
    vendors = []
    for number, strategy in enumerate(strategies):
        theirs = dict(ours)
        if contest == "alone":
            theirs["strategy"] = named("strategy", strategy, f"rivals.strategies[{number}]", places)
            theirs |= {group: named(group, rivals[group], f"rivals.{group}", places) for group in ("channel", "licence")}
            theirs["initiatives"] = []
        vendors.append(theirs | {"name": f"rival {number + 1}"})
    return vendors


def initiatives_of(mapping: Mapping[str, Any], places: Sequence[Path]) -> list[dict[str, Any]]:
    """Planned changes of approach with full levers; what an initiative does not name stays as it was."""
    initiatives = mapping.get("initiatives", [])
    expect(initiatives, list, "initiatives", "a list, as [{week: 104, strategy: diagnostic, …}]")
    before = {group: mapping.get(group) for group in APPROACH}
    plans = []
    for number, plan in enumerate(initiatives):
        where = f"initiatives[{number}]"
        expect(plan, Mapping, where, "a group, as {week: 104, strategy: diagnostic, …}")
        check_keys(plan, ("week", "training_hours", *APPROACH), f"{where}.")
        before |= {group: plan[group] for group in APPROACH if group in plan}
        full = {group: named(group, before[group], f"{where}.{group}", places) for group in APPROACH}
        plans.append(full | {key: plan[key] for key in ("week", "training_hours") if key in plan})
    return plans


def validated(mapping: Mapping[str, Any]) -> Scenario:
    """A Scenario with types and ranges checked, and without contradictions. Raises InputError."""
    scenario = checked(Scenario, mapping)
    for contradiction in contradictions(scenario):
        raise InputError(contradiction)
    return scenario


def default_scenario(scenario: Scenario | None = None, **differences: Any) -> Scenario:
    """The shipped default scenario with differences by dotted name; read without Hydra.

    >>> default_scenario(strategy="diagnostic", **{"market.customers.count": 100}).market.customers.count
    100

    `contest` may be "alone" or "everyone". With `scenario`, the differences are made to that one instead; then vendor
    0 is `vendors.0`. Raises InputError.
    """
    if scenario is not None:
        with suppress(ValueError, TypeError, AttributeError, LookupError):  # checking all of it, below, says what is wrong
            changed: Scenario = with_numbers(scenario, differences)
            if not any(contradictions(changed)):
                return changed
        mapping = as_mapping(scenario)
        for key, value in differences.items():
            put(mapping, key, value)
        return validated(mapping)
    mapping = deepcopy(base_mapping())
    contest = str(differences.pop("contest", "alone"))
    for key in sorted(differences, key=lambda name: name.count(".")):
        put(mapping, key, differences[key])
    return scenario_from(mapping, contest)


def with_numbers(part: Any, differences: Mapping[str, Any]) -> Any:
    """A checked dataclass, or a tuple of them, with other numbers and texts by dotted key; it checks only what contains them.

    That takes a fifth of the time of checking all of it. Raises an error, of whatever kind, for what is not there or not right.
    """
    inside: dict[str, dict[str, Any]] = {}
    for key, value in differences.items():
        first, _, rest = key.partition(".")
        inside.setdefault(first, {})[rest] = value
    is_list = isinstance(part, tuple)
    before = {name: part[int(name)] if is_list else getattr(part, name) for name in inside}
    after = {name: more[""] if "" in more else with_numbers(before[name], more) for name, more in inside.items()}
    return tuple(after.get(str(n), each) for n, each in enumerate(part)) if is_list else replace(part, **after)
