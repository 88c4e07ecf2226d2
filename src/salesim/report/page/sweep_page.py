"""The page of a sweep: the answer in sentences, what was varied, a figure a measure, what moves what, how to repeat it."""

from html import escape
from pathlib import Path

from salesim.metrics import JUDGED, METRICS
from salesim.report.figures.sweep import figure_of
from salesim.report.page.html import (
    by_contest,
    drawing,
    first_words,
    folded,
    named,
    note,
    run_again,
    section,
    table,
    verdict_section,
)
from salesim.report.sweep_files import SweepFiles, read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.amounts import contest_title, unit_words, way
from salesim.report.text.sizes import size_of_record
from salesim.report.text.verdict import Findings, Verdict

AGAIN = (
    "With more seeds, points, values, axes, arms or contests it goes on from what is there. All settings are in resolved.yaml "
    "beside this page, every point in points.csv, every run in runs.csv."
)


def sweep_body(folder: Path) -> str:
    """All sections of a sweep as HTML, out of its folder."""
    sweep = read_sweep(folder)
    parts = [_answer(sweep), _varied(sweep), _exhibits(sweep)]
    for title, grids, key in text.tables(sweep, (*JUDGED, *text.hidden())):
        parts.append(
            section(title, by_contest({name: table(grid, sweep.theme) for name, grid in grids.items()}), note(key), kind="")
        )
    return "\n".join([*parts, run_again(sweep.record, ", the same at every point", {}, AGAIN)])


def _answer(sweep: SweepFiles) -> str:
    """Sentences, contest by contest."""
    contests = [Findings(contest_title(contest), text.findings(sweep, contest)) for contest in sweep.theme.contests]
    return verdict_section(
        "Answer", Verdict(contests, text.certainty(sweep)), sweep.theme, first_words(text.answer(sweep), sweep.theme)
    )


def _varied(sweep: SweepFiles) -> str:
    """What was varied, and how many runs that made."""
    settings = table(text.varied(sweep), sweep.theme, "words") if sweep.axes else ""
    return section("What was varied", note(named(size_of_record(sweep.record), sweep.theme)), settings, kind="")


def _exhibits(sweep: SweepFiles) -> str:
    """A figure a measure: the first open, the others folded; none where nothing was varied."""
    if not sweep.axes:
        return ""
    first, rest = ("".join(_exhibit(sweep, name) for name in names) for names in (JUDGED, text.hidden()))
    question = "How does it go with what was varied?" if sweep.alone else "Which arm is best where?"
    key = note(named(text.key_to_figures(sweep), sweep.theme))
    return section(question, key, first, folded(f"{len(text.hidden())} more measures", rest))


def _exhibit(sweep: SweepFiles, measure: str) -> str:
    metric = METRICS[measure]
    words = escape(f"{unit_words(metric.unit)}; {way(metric.better)}")
    title = f'<h3>{escape(metric.title)} <span class="better-way">{words}</span></h3>'
    return title + drawing(figure_of(sweep, measure), f"{measure}-0")
