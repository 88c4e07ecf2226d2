"""What compare, sweep, explore, explain and fit print stands in their tables, with the same interval, on terminal and page."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main
from salesim.metrics import JUDGED, METRICS
from salesim.stats import intervals
from tests.analyses.fit.test_fit import WORDS as FITTED
from tests.analyses.fit.test_fit import written
from tests.report.test_numbers_agree import TRIPLES, Page, plain, text_of

SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "workers=1", "contest=alone", "name=mine")
FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left
SHAPE, SPILL = "market.customers.complexity_a", "market.worth.spillover"
EXPLORED = ("explore", f"{SHAPE}=interval(1,4)", f"{SPILL}=interval(0,1)", "seeds=3", "weeks=52")
COMMANDS = {
    "compare": ("compare", "weeks=156", "interim_analyses=[10,20]", "measures=[gross_margin,operating_profit_k]"),
    "sweep": ("sweep", "weeks=104", "seeds=5", "strategy=pitch,diagnostic", f"{SHAPE}=1,2,4"),
    "explore": (*EXPLORED, "points=16", "most_seeds=3", "trajectories=4", "emulator_points=16", "least_r2=1"),
    "tornado": ("explore", "tornado=true", f"{SPILL}=interval(0,1)", "tornado_seeds=4", "tipping_seeds=24", "weeks=52"),
    "explain": ("explain", "weeks=208", "seeds=5", "spiral_seeds=4", *FEW),
    "fit": ("fit", *FITTED),
}  # fmt: skip
OF_RUNS = ("runs", "years", "months", "bridge", "passthrough", "closing", "segments")
SUMMED = ("explain",)  # its tables are rounded so that they add up, each number within one of its last digit
LEAST = {"sweep": 0, "explore": 0, "fit": 0, "explain": 10}  # values with an interval; sweeps print most numbers without


@pytest.fixture(scope="module", params=COMMANDS)
def printed(request, tmp_path_factory):
    """The command, the folder of its small study, and what terminal and page print of it."""
    place = tmp_path_factory.mktemp("commands")
    words = [*COMMANDS[request.param], *(SMALL if request.param != "fit" else ())]
    if request.param == "fit":
        words.append(f"targets={written(place, {'gross_margin': {'value': 0.45, 'standard_error': 0.05}})}")
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intervals, "RESAMPLES", 1000)
        patch.setattr("rich.console.Console.print", lambda _, *parts, **__: lines.extend(map(text_of, parts)))
        assert main([*words, f"folder={place}"]) == 0
    folder, page = next(path for path in place.iterdir() if path.is_dir()), Page()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    terminal, seen = (
        re.sub(" +", " ", text.replace("−", "-").replace("\u00a0", " ")) for text in ("\n".join(lines), page.text)
    )
    seen = seen.rpartition("Run it again")[0] if request.param in ("compare", "sweep") else seen
    return request.param, folder, (terminal[terminal.rindex("\nAnswer") : terminal.rindex("Written")], seen)


def tables(folder: Path) -> Iterator[pd.DataFrame]:
    """All tables that commands left, but for records, and tables with a row for each run or part of one."""
    for file in folder.rglob("*.parquet"):
        if not {"records", "runs"} & set(file.parts) and not (file.parent == folder and file.stem in OF_RUNS):
            yield pd.read_parquet(file)


def known_rows(folder: Path) -> np.ndarray:
    """Every number of a row with each interval in that row: value, low, high."""
    rows = [np.empty((0, 3))]
    for table in tables(folder):
        numbers = table.select_dtypes("number").astype(float)
        ends = [(f"{start}low", f"{start}high") for start in {name[:-3] for name in numbers if name.endswith("low")}]
        for low, high in ends:
            if high in numbers:
                rows += [numbers[[name, low, high]].to_numpy() for name in numbers if name not in (low, high)]
    known = np.concatenate(rows)
    known = known[np.isfinite(known).all(axis=1)]
    return np.concatenate([known, np.maximum(known, 0.0)])  # regret and shares are cut at 0


def is_known(triple: tuple[str, ...], known: np.ndarray, units: float) -> bool:
    """Whether a printed value and its ends are those of a row, in its unit or in percent, of either sign or without one."""
    digits = len(triple[0].partition(".")[2])
    value, low, high = map(float, triple)
    half = 0.5 * 10.0**-digits * (1 + 1e-9) + 1e-12
    for scale in (1.0, 100.0):
        rows = scale * known
        sizes = np.column_stack([abs(rows[:, 0]), np.sort(abs(rows[:, 1:]), axis=1)])
        for each in (rows, -rows[:, [0, 2, 1]], sizes):
            near = abs(each - [value, low, high]) <= [half + units * 10.0**-digits, half, half]
            if near.all(axis=1).any():
                return True
    return False


def triples(text: str) -> set[tuple[str, ...]]:
    """Every number that is printed with an interval, and its ends."""
    return {tuple(map(plain, match.groups())) for pattern in TRIPLES[:2] for match in pattern.finditer(text)}


def test_every_value_with_an_interval_is_a_row_of_a_table(printed):
    command, folder, texts = printed
    known, units = known_rows(folder), 1.0 if command in SUMMED else 0.0
    for text in texts:
        seen = triples(text)
        assert len(seen) >= LEAST.get(command, 1)
        assert sorted(triple for triple in seen if not is_known(triple, known, units)) == []


def test_what_the_terminal_says_with_an_interval_stands_on_the_page(printed):
    _, _, (terminal, page) = printed
    assert triples(terminal) - triples(page) == set()


def test_every_sentence_of_the_terminal_stands_on_the_page(printed):
    _, _, (terminal, page) = printed
    items = (line.strip().removeprefix("- ") for line in terminal.splitlines())
    sentences = [line for line in items if line.endswith(".") and line.count(" ") > 5]
    assert len(sentences) >= 3
    shown = page.casefold().replace("_", " ")
    assert [line for line in sentences if line.casefold().replace("_", " ") not in shown] == []


@pytest.mark.parametrize("printed", ["sweep"], indirect=True)
def test_the_marks_that_a_sweep_counts_are_the_verdicts_of_its_table(printed):
    _, folder, texts = printed
    table = pd.read_parquet(folder / "differences.parquet")
    counts = [
        tuple(int((rows["verdict"] == verdict).sum()) for verdict in (("higher", "lower") if up else ("lower", "higher")))
        for name in JUDGED
        for rows, up in [(table[table["measure"] == name], METRICS[name].better == "up")]
    ]
    for text in texts:
        assert [tuple(map(int, pair)) for pair in re.findall(r"▲ (\d+) ▼ (\d+)", text)][: len(JUDGED)] == counts
