"""How the terminal lays out a study."""

import io

import pandas as pd
import pytest
from rich.console import Console

from salesim.report.console.tables import print_grid
from salesim.report.text.tables import result, results
from salesim.report.theme import Theme

UNITS = ("share", "k$ a year", "weeks", "0 to 1")
VERDICTS = ("higher", "lower", "equal", "cannot tell")


def row(arm, n, unit, verdict):
    return {
        "contest": "alone", "arm": arm, "measure": f"measure {n}", "title": f"Measure number {n} of something", "unit": unit,
        "better": "up", "mean_arm": 0.25, "difference": 0.1, "low": -0.1, "high": 0.3,
        "verdict": "baseline" if arm == "pitch" else verdict,
    }  # fmt: skip


def printed(arms, width):
    """What a terminal of this width shows of a table of results."""
    kinds = list(zip(UNITS, VERDICTS, strict=True))
    rows = pd.DataFrame([row(arm, n, *kind) for arm in arms for n, kind in enumerate(kinds)])
    console = Console(file=io.StringIO(), force_terminal=True, width=width, color_system=None)
    print_grid(results(rows, "alone", Theme(arms, ("alone",), "pitch"), list(dict.fromkeys(rows["measure"]))), console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("arms", [("pitch", "diagnostic"), ("pitch", *(f"arm number {n}" for n in range(8)))])
def test_tables_of_few_arms_and_of_many_fit_the_terminal_and_have_every_number(width, arms):
    text = printed(arms, width)
    assert max(map(len, text.splitlines())) <= width
    for part in ("25.0", "▲ +10.0 [-10.0, +30.0]", "▼ +0.1 [-0.1, +0.3]", "= identical", "? +0.10 [-0.10, +0.30]"):
        assert text.count(part) >= len(arms) - 1


def test_a_clear_difference_never_looks_like_nothing():
    cell = result(row("diagnostic", 1, "share", "higher") | {"difference": 0.0002, "low": 0.0001, "high": 0.0004})
    assert (cell.below, cell.more) == ("▲ +0.02", "[+0.01, +0.04]")
