"""The files of a fitted market: the central one in YAML, which names every setting, and all its worlds as CSV."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from salesim.analyses.fit.ensemble import Ensemble, settings_table
from salesim.analyses.fit.spec import Fit
from salesim.config.config_files import WORLDS
from salesim.config.dotted_keys import leaves
from salesim.config.notes import Note
from salesim.config.validation import as_mapping
from salesim.config.worlds import NUMBER
from salesim.report.console.settings import written
from salesim.version import __version__


def market_text(ensemble: Ensemble) -> str:
    """The central market as a YAML file that names every setting, with its 90 % range where it was fitted."""
    spec, kept = ensemble.spec, ensemble.kept
    ranges = settings_table(spec, ensemble.points[kept]).set_index("key").to_dict("index")
    (scenario,) = spec.scenarios(ensemble.points[[ensemble.central]])
    lines = [
        f"# {kept.sum()} markets that have the numbers in {spec.source}; the settings below are those of the central one.",
        f"# Made by `{spec.study.command}`; sha256 of the numbers: {spec.digest}",
        "# The others are in the file that `worlds` names, at the end. Every line: unit; meaning; source.",
    ]
    return "\n".join([*lines, *market_lines(as_mapping(scenario.market), spec.notes, ranges)]) + "\n"


def worlds_text(spec: Fit, members: pd.DataFrame) -> str:
    """The worlds that were kept as CSV: their numbers, and the settings that differ."""
    whole = {axis.key: int for axis in spec.axes if axis.whole}
    keys = [axis.key for axis in spec.axes]
    kept = members.loc[members["kept"].astype(bool), ["member", *keys]].rename(columns={"member": NUMBER}).astype(whole)
    return str(kept.to_csv(index=False))


def reference_to(name: str, content: bytes, data: str) -> str:
    """The lines of a market's file that name the file of its worlds; `data` is the digest of the numbers behind them."""
    return "\n".join(
        [
            f"{WORLDS}:",
            f"  file: {name}  # in the same folder as this file; the worlds that `worlds=all` takes",
            f"  sha256: {hashlib.sha256(content).hexdigest()}  # of that file",
            f"  data: {data}  # sha256 of the numbers",
            f"  salesim: {__version__}\n",
        ]
    )


def market_lines(market: Mapping[str, Any], notes: Mapping[str, Note], ranges: Mapping[str, Any]) -> Iterator[str]:
    """A line for each setting of a market, below the name of its group."""
    group = ""
    for key, value in leaves(market):
        above, _, name = key.rpartition(".")
        if above != group:
            group = above
            yield f"{group}:"
        note, fitted = notes.get(key, Note()), ranges.get(f"market.{key}")
        source = f"fitted, {range_words(fitted)}" if fitted else note.source
        yield f"  {name}: {written(value)}  # {note.unit or 'none'}; {note.meaning}; {source}"


def range_words(row: Mapping[str, Any]) -> str:
    """What a fit says of a setting."""
    if row["unknown"]:
        return f"unknown, {row['low']:g} to {row['high']:g} as before"
    return f"90 % from {row['range_low']:.3g} to {row['range_high']:.3g} (prior {row['low']:g} to {row['high']:g})"
