"""Of what a section was made, and where that is not what the rest of its page was made of."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from salesim.report.text.amounts import contest_words, seeds_words, spaced
from salesim.runs.files import read_json

Record = Mapping[str, Any]


def remark(record: Record, folder: Path) -> str:
    """That figures of a section and of the rest of its page need not agree, and why; nothing where the runs are the same."""
    apart = differences(record, folder)
    words = f"Not made of the same runs as the rest of the report: {'; '.join(apart)}. Figures of the two need not agree."
    return f"{on_worlds(record)} {words if apart else ''}".strip()


def on_worlds(record: Record) -> str:
    """What the seeds are where each has a world of its own; nothing if the market is no ensemble."""
    worlds = record.get("ensemble")
    if not worlds:
        return ""
    return f"Each seed is a world of market={worlds['market']}, of {worlds['n']}: what is said holds on average over worlds."


def differences(record: Record, folder: Path) -> list[str]:
    """In what a section's record and the study in `folder` differ, in words; nothing where there is no study yet.

    A section has its scenarios' `keys` by contest/arm, the `model`'s version, and its `seeds` where it has the study's.
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
    if others := [name for name, key in record["keys"].items() if page.get("keys", {}).get(name, key) != key]:
        apart.append(f"other settings are behind {_listed(others)}; compare the commands")
    return apart


def _listed(names: Sequence[str]) -> str:
    """Arms of contests in words, a contest after the other."""
    contests = dict.fromkeys(name.partition("/")[0] for name in names)
    arms = {where: [spaced(name.partition("/")[2]) for name in names if name.startswith(f"{where}/")] for where in contests}
    return " and ".join(f"{', '.join(mine)} ({contest_words(where)})" for where, mine in arms.items())
