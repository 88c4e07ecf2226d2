"""The page of a sweep: the answer in sentences, what was varied, a figure a measure, what moves what, how to repeat it."""

from html import escape
from pathlib import Path

from salesim.metrics import JUDGED, METRICS
from salesim.report.figures.sweep import figures_of
from salesim.report.page.html import by_contest, drawing, folded, named, note, run_again, section, table, verdict_section
from salesim.report.page.results_table import results
from salesim.report.sweep_files import SweepFiles, read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.amounts import contest_title, unit_words, way
from salesim.report.text.sizes import size_of_record
from salesim.report.text.verdict import Findings, Verdict

UNFOLD = " ontoggle=\"for (const plot of this.querySelectorAll('.plotly-graph-div')) Plotly.Plots.resize(plot)\""


def sweep_body(folder: Path) -> str:
    """All sections of a sweep as HTML, out of its folder."""
    sweep = read_sweep(folder)
    return "\n".join([_answer(sweep), _varied(sweep), _exhibits(sweep), _tables(sweep), _again(sweep)])


def _answer(sweep: SweepFiles) -> str:
    """Sentences, contest by contest."""
    contests = [Findings(contest_title(contest), text.answer(sweep, contest)) for contest in sweep.theme.contests]
    return verdict_section("Answer", Verdict(contests, text.certainty(sweep)), sweep.theme)


def _varied(sweep: SweepFiles) -> str:
    """What was varied, and how many runs that made."""
    settings = table(text.varied(sweep), sweep.theme, "words") if sweep.axes else ""
    return section("What was varied", note(named(size_of_record(sweep.record), sweep.theme)), settings, kind="")


def _exhibits(sweep: SweepFiles) -> str:
    """A figure a measure: the first open, the others folded."""
    first, rest = ("".join(_exhibit(sweep, name) for name in names) for names in (JUDGED, text.HIDDEN))
    more = folded(f"{len(text.HIDDEN)} more measures", rest, UNFOLD)
    return section(text.question(sweep), note(named(text.key_to_figures(sweep), sweep.theme)), first, more)


def _exhibit(sweep: SweepFiles, measure: str) -> str:
    metric = METRICS[measure]
    drawings = "".join(drawing(figure, f"{measure}-{n}") for n, figure in enumerate(figures_of(sweep, measure)))
    words = escape(f"{unit_words(metric.unit)}; {way(metric.better)}")
    return f'<h3>{escape(metric.title)} <span class="better-way">{words}</span></h3>{drawings}'


def _tables(sweep: SweepFiles) -> str:
    """At how many points each arm is best, and what moves what; of a single point, the differences."""
    if sweep.n_points == 1 and not sweep.alone:
        return results(text.one_point(sweep), sweep.theme, float(sweep.record["confidence"]))
    often = {} if sweep.alone else {name: text.often(sweep, name, (*JUDGED, *text.HIDDEN)) for name in sweep.theme.contests}
    effects = not sweep.effects.empty and sweep.axes
    moving = {name: text.moving(sweep, name) for name in sweep.theme.contests} if effects else {}
    parts = (("How often is each best?", often, text.KEY_TO_OFTEN), ("What moves what?", moving, text.KEY_TO_MOVING))
    return "".join(
        section(title, by_contest({name: table(grid, sweep.theme) for name, grid in grids.items()}), note(key), kind="")
        for title, grids, key in parts
        if grids
    )


def _again(sweep: SweepFiles) -> str:
    """The command, and what is not in it."""
    more = (
        "With more seeds or points it goes on from what is there. All settings are in resolved.yaml beside this page, every "
        "point in points.csv, every run in runs.csv."
    )
    return run_again(sweep.record, ", the same at every point", {}, more)
