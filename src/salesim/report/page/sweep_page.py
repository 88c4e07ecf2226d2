"""The page of a sweep: the answer in sentences, what was varied, a figure a measure, what moves what, how to repeat it."""

from html import escape
from pathlib import Path

from salesim.metrics import JUDGED, METRICS
from salesim.report.figures.sweep import figures_of
from salesim.report.page.html import drawing, folded, named, note, run_again, table, verdict_section
from salesim.report.page.results_table import results
from salesim.report.sweep_files import SweepFiles, read_sweep
from salesim.report.text import sweep as text
from salesim.report.text.amounts import contest_title, spaced, unit_words, way
from salesim.report.text.sizes import size_of_record
from salesim.report.text.tables import Grid
from salesim.report.text.verdict import Findings

UNFOLD = " ontoggle=\"for (const plot of this.querySelectorAll('.plotly-graph-div')) Plotly.Plots.resize(plot)\""


def sweep_body(folder: Path) -> str:
    """All sections of a sweep as HTML, out of its folder."""
    sweep = read_sweep(folder)
    return "\n".join([_answer(sweep), _varied(sweep), _exhibits(sweep), _often(sweep), _moving(sweep), _again(sweep)])


def _answer(sweep: SweepFiles) -> str:
    """Sentences, contest by contest."""
    answers = {contest: text.answer(sweep, contest) for contest in sweep.theme.contests}
    groups = [Findings(contest_title(contest), [named(line, sweep.theme) for line in answers[contest]]) for contest in answers]
    return verdict_section("Answer", groups, text.certainty(sweep))


def _varied(sweep: SweepFiles) -> str:
    """What was varied, and how many runs that made."""
    settings = table(text.varied(sweep), sweep.theme, "words") if sweep.axes else ""
    return f"<section><h2>What was varied</h2>{note(named(size_of_record(sweep.record), sweep.theme))}{settings}</section>"


def _exhibits(sweep: SweepFiles) -> str:
    """A figure a measure: the first open, the others folded."""
    first, rest = ("".join(_exhibit(sweep, name) for name in names) for names in (JUDGED, text.HIDDEN))
    more = folded(f"{len(text.HIDDEN)} more measures", rest, UNFOLD)
    key = note(named(text.key_to_figures(sweep), sweep.theme))
    return f'<section class="exhibit"><h2>{text.question(sweep)}</h2>{key}{first}{more}</section>'


def _exhibit(sweep: SweepFiles, measure: str) -> str:
    metric = METRICS[measure]
    drawings = "".join(drawing(figure, f"{measure}-{n}") for n, figure in enumerate(figures_of(sweep, measure)))
    words = escape(f"{unit_words(metric.unit)}; {way(metric.better)}")
    return f'<h3>{escape(metric.title)} <span class="better-way">{words}</span></h3>{drawings}'


def _often(sweep: SweepFiles) -> str:
    """At how many points each arm is best; of a single point, the differences."""
    if sweep.alone:
        return ""
    if sweep.n_points == 1:
        return results(text.one_point(sweep), sweep.theme, float(sweep.record["confidence"]))
    tables = _tables(sweep, {contest: text.often(sweep, contest, (*JUDGED, *text.HIDDEN)) for contest in sweep.theme.contests})
    return f"<section><h2>How often is each best?</h2>{tables}{note(text.KEY_TO_OFTEN)}</section>"


def _moving(sweep: SweepFiles) -> str:
    """From the lowest to the highest level of what was varied, arms included, and the share of variance."""
    if sweep.effects.empty or not sweep.axes:
        return ""
    tables = _tables(sweep, {contest: text.moving(sweep, contest) for contest in sweep.theme.contests})
    return f"<section><h2>What moves what?</h2>{tables}{note(text.KEY_TO_MOVING)}</section>"


def _tables(sweep: SweepFiles, grids: dict[str, Grid]) -> str:
    """A table a contest."""
    return "".join(f"<h3>{escape(contest_title(contest))}</h3>{table(grid, sweep.theme)}" for contest, grid in grids.items())


def _again(sweep: SweepFiles) -> str:
    """The command, and what is not in it."""
    seeds = sweep.record["seeds"]
    facts = {
        "Seeds": f"{len(seeds)} ({seeds[0]} to {seeds[-1]}), the same at every point",
        "Baseline": spaced(str(sweep.record["baseline"])),
    }
    more = (
        "With more seeds or points it goes on from what is there. All settings are in resolved.yaml beside this page, every "
        "point in points.csv, every run in runs.csv."
    )
    return run_again(sweep.record, facts, more)
