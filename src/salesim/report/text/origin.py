"""Of what a section was made, and where that is not what the rest of its page was made of."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from salesim.report.text.amounts import contest_words, spaced, which
from salesim.runs.files import read_json, read_yaml

MOST_NAMED = 4  # that are named
Record = Mapping[str, Any]


def remark(record: Record, folder: Path) -> str:
    """That figures of a section and of the rest of its page need not agree, and why; nothing where the runs are the same."""
    apart = differences(record, folder)
    if not apart:
        return ""
    return f"Not made of the same runs as the rest of the report: {'; '.join(apart)}. Figures of the two need not agree."


def seeds_words(seeds: Sequence[int]) -> str:
    """How many seeds, and which.

    >>> seeds_words([1, 2, 3]), seeds_words([7])
    ('3 seeds (1 to 3)', '1 seed (7)')
    """
    return f"{len(seeds)} seed{'s' * (len(seeds) > 1)} ({which(seeds)})"


def differences(record: Record, folder: Path) -> list[str]:
    """In what a section's record and the study in `folder` differ, in words; nothing where there is no study yet.

    A section has its scenarios' `keys` by contest/arm, the `model`'s version, all that was set (`resolved`), which paths of a
    scenario it `varied`, and its `seeds` where it has the study's.
    """
    if not (folder / "study.json").is_file():
        return []
    page = read_json(folder / "study.json")
    if page.get("kind") == "sweep":
        return ["that is of a sweep"]
    apart = []
    seeds = record["seeds"]
    if isinstance(seeds, list) and seeds != list(page["seeds"]):
        apart.append(f"here are {seeds_words(seeds)}, there {seeds_words(page['seeds'])}")
    missing = [name for name in record["keys"] if name not in page.get("keys", {})]
    if missing:
        apart.append(f"it does not show {_listed(missing)}")
    if record["model"] != page.get("model"):
        apart.append("the model was of another version; give both commands again")
    return [*apart, *_settings(record, page, folder)]


def _listed(names: Sequence[str]) -> str:
    """Arms of contests in words, a contest after the other."""
    contests = dict.fromkeys(name.partition("/")[0] for name in names)
    arms = {where: [spaced(name.partition("/")[2]) for name in names if name.startswith(f"{where}/")] for where in contests}
    return " and ".join(f"{', '.join(mine)} ({contest_words(where)})" for where, mine in arms.items())


def _settings(record: Record, page: Record, folder: Path) -> Iterator[str]:
    """What is set otherwise in the first arm that both have; numbers that the section varied are left out."""
    both = [name for name in record["keys"] if name in page.get("keys", {})]
    file = folder / "resolved.yaml"
    if not both or not file.is_file():
        return
    here = scenario_in(record["resolved"], both[0])
    there = scenario_in(read_yaml(file, "scenario"), both[0])
    keys = [key for key in {**here, **there} if here.get(key) != there.get(key) and key not in record["varied"]]
    for key in keys[:MOST_NAMED]:
        yield f"{key} is {here.get(key, 'not set')} here and {there.get(key, 'not set')} there"
    if len(keys) > MOST_NAMED:
        yield f"{len(keys) - MOST_NAMED} more settings differ"


def scenario_in(resolved: Record, arm: str) -> dict[str, Any]:
    """The scenario of an arm (contest/name) out of what `arms.resolved` wrote, by dotted key."""
    settings = dict(_flat(resolved["scenario"]))
    for key, value in resolved.get("differences", {}).get(arm, {}).items():
        settings = {name: each for name, each in settings.items() if name != key and not name.startswith(f"{key}.")}
        settings |= dict(_flat(value, key))
    return settings


def _flat(part: Any, start: str = "") -> Iterator[tuple[str, Any]]:
    pairs = part.items() if isinstance(part, Mapping) else enumerate(part) if isinstance(part, list) else None
    if pairs is None:
        yield start, part
        return
    for key, value in pairs:
        yield from _flat(value, f"{start}.{key}".lstrip("."))
