"""What an explanation leaves: tables as Parquet and CSV, and its record with the answer in sentences."""

import json
from dataclasses import dataclass
from typing import Any

import pandas as pd

from salesim.analyses.explain.deals import SideBySide, largest_flips
from salesim.analyses.explain.loop_gains import Gained
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import Spiral
from salesim.config.compose_study import called
from salesim.report.text.explain import of_bridge, of_deals, of_gain, of_spiral
from salesim.runs.files import write_whole
from salesim.runs.store import model_version, scenario_key
from salesim.runs.tables import write_table
from salesim.version import __version__

LARGEST = 8  # flipped deals that the report shows


@dataclass(frozen=True)
class Explained:
    """All that came out."""

    bridge: pd.DataFrame
    deals: SideBySide
    spiral: Spiral
    gains: list[Gained]
    runs: int
    failed: int


def leave(asked: Explanation, found: Explained) -> None:
    """Tables `bridge`, `classes`, `causes`, `deals`, `flips`, `spiral`, `links`, `loops`, and `explain.json`."""
    folder = asked.folder
    write_table(folder, "bridge", found.bridge)
    write_table(folder, "classes", found.deals.classes)
    write_table(folder, "causes", found.deals.causes)
    write_table(folder, "deals", found.deals.deals)
    write_table(folder, "flips", largest_flips(found.deals.deals, LARGEST))
    write_table(folder, "spiral", found.spiral.parts)
    write_table(folder, "links", links_table(found.gains))
    write_table(folder, "loops", loops_table(found.gains))
    record = record_of(asked) | {"runs": found.runs, "failed": found.failed, "fall": found.spiral.fall}
    record |= {"gap_k": found.deals.gap_k, "sentences": sentences(asked, found)}
    write_whole(folder / "explain.json", json.dumps(record, indent=2).encode())


def sentences(asked: Explanation, found: Explained) -> dict[str, list[str]]:
    """The answer, by question."""
    return {
        "bridge": [of_bridge(found.bridge, asked)],
        "deals": of_deals(found.deals, found.bridge, asked),
        "spiral": [of_spiral(found.spiral, asked)],
        "gain": [f"{each.loop.name}: {of_gain(each)}" for each in found.gains],
    }


def record_of(asked: Explanation) -> dict[str, Any]:
    """What was asked."""
    seeds = asked.study.all_seeds
    return {
        "name": asked.study.name,
        "question": asked.study.question,
        "baseline": asked.study.baseline,
        "arms": list(dict.fromkeys(arm.name for arm in asked.study.arms)),
        "contest": asked.contest,
        "contests": [asked.contest],
        "arm": asked.arm.name,
        "against": asked.against.name,
        "command": asked.study.command,
        "confidence": asked.study.confidence,
        "seeds": list(seeds),
        "spiral_seeds": asked.spiral_seeds,
        "orders": asked.orders,
        "shocks": asked.shocks,
        "salesim": __version__,
        "model": model_version(),
        "keys": {called(arm): scenario_key(arm.scenario) for arm in (asked.against, asked.arm)},
        "resolved": asked.study.resolved,
        "varied": [],
    }


def links_table(gains: list[Gained]) -> pd.DataFrame:
    """A row a link: its gain with interval, and whether its cause was surely moved."""
    rows = [
        {"loop": each.loop.name, "link": link.name, "gain": ends.value, "low": ends.low, "high": ends.high, "told": told}
        for each in gains
        if each.gain
        for link, ends, told in zip(each.loop.links, each.gain.links, each.gain.told, strict=True)
    ]
    return pd.DataFrame(rows, columns=["loop", "link", "gain", "low", "high", "told"])


def loops_table(gains: list[Gained]) -> pd.DataFrame:
    """A row a loop: its gain, the amplification it foretells, the one measured, and the verdict."""
    rows = []
    for each in gains:
        row: dict[str, Any] = {"loop": each.loop.name, "what": each.loop.title, "verdict": of_gain(each)}
        if each.gain:
            for name in ("gain", "foretold", "measured", "apart"):
                value = getattr(each.gain, name)
                row |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
        rows.append(row)
    return pd.DataFrame(rows)
