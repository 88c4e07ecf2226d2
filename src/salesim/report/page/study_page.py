"""Study in, one HTML file out. It opens offline: Plotly is inside, and the page's own policy forbids to fetch."""

import re
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from plotly import graph_objects as go
from plotly.offline import get_plotlyjs

from salesim.report.figures import study as figures
from salesim.report.page import compare_page as certainty
from salesim.report.page.results_table import results
from salesim.report.page.sections import record_of_sections, sections
from salesim.report.page.style_sheet import STYLE
from salesim.report.study_files import StudyFiles, read_study
from salesim.report.text import readings
from salesim.report.theme import HARD_SPACE, MINUS, Look, contest_words, look_of, percent, sentence_case, spaced

# What a browser may use on this page: what the page itself carries, and nothing else.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
BEST = "best on "  # how the sentences begin that stay before the fold, where there are any
VERDICT_LINES = 8  # of a contest before the fold else
BEHAVIOUR = {"displayModeBar": False, "displaylogo": False, "responsive": True}


class Exhibit(NamedTuple):
    """A question; the tables that answer it, the first with these columns; how they are drawn, read and explained."""

    question: str
    tables: tuple[str, ...]
    columns: tuple[str, ...]
    draw: Callable[..., go.Figure]  # of the tables and the look
    read: Callable[[pd.DataFrame, Look], readings.Reading]
    note: str


ARMS = ("contest", "arm")
EXHIBITS = (
    Exhibit(
        "Do margins shrink year by year?",
        ("years",),
        (*ARMS, "year", "gross_margin"),
        figures.margins,
        readings.margins,
        "Gross margin of deals won in the year, mean over seeds; eight of ten runs lie in the band, "
        "which is drawn for the baseline alone if there are more than four arms.",
    ),
    Exhibit(
        "Where does the money go from list price to profit?",
        ("bridge",),
        (*ARMS, "step", "amount_k"),
        figures.bridge,
        readings.bridge,
        "Percent of list price, mean over seeds and years. A loss, or income from elsewhere, goes left of zero. "
        "Shares, not amounts: an arm that keeps less of each dollar may earn more, if it sells more.",
    ),
    Exhibit(
        "How long does a customer take to decide?",
        ("closing",),
        (*ARMS, "week", "undecided"),
        figures.closing,
        readings.closing,
        "Above: deals without any decision yet. Below: how many ended in which way; the rest went to rivals. "
        "Deals still open at the end of a run count as long as they were seen.",
    ),
    Exhibit(
        "How much of a discount reaches the customer?",
        ("passthrough",),
        (*ARMS, "year", "pass_through", "quotes"),
        figures.pass_through,
        readings.pass_through,
        "Change of a partner's price for a small change of its cost, mean over quotes; "
        "eight of ten partners of all seeds lie in the band.",
    ),
    Exhibit(
        "Who wins in which segment?",
        ("segments",),
        (*ARMS, "complexity", "value", "won", "processes"),
        figures.segments,
        readings.segments,
        "Share of buying processes that our vendor wins, all seeds and years together; customers are cut into thirds.",
    ),
    Exhibit(
        "Do trust and sameness rise or fall?",
        ("years",),
        (*ARMS, "year", "trust", "perceived_sameness"),
        figures.trust_and_sameness,
        readings.trust_and_sameness,
        "Both go from 0 to 1. Trust is that of customers in our vendor; sameness is how alike they take offers to be.",
    ),
    Exhibit(
        "What does each strategy earn?",
        ("differences", "runs"),
        (*ARMS, "measure", "difference", "low", "high", "verdict"),
        figures.earnings,
        readings.earnings,
        "Operating profit less the baseline's with the same seed: a dot a seed, under it the mean and its interval. "
        "An interval that crosses zero cannot be told from the baseline.",
    ),
)
GLOSSARY = {
    "Arm": "one way of selling under test; arms of a study differ in that alone and share their seeds.",
    "Contest": "whom the arm meets: rivals that go on as before (alone against its rivals), or rivals that do the "
    "same (the whole market sells this way).",
    "Seed": "the number that fixes chance. The same seed gives every arm the same customers and the same luck, so the "
    "difference is due to the arm.",
    "Paired difference": "the arm's result less the baseline's with the same seed, averaged over seeds.",
    "[low, high]": "the range in which the true difference of this model lies, with the study's confidence for all "
    "differences of a table at once. It says nothing about how well the model fits a real market.",
    "Gross margin": "revenue less the cost of the product, as a share of revenue.",
    "Pass-through": "how much of one more dollar of discount a partner hands on to the customer.",
    "No decision": "the customer ends its search and buys from nobody.",
    "Promise kept": "how much of the outcome promised was delivered.",
    "Sameness": "how alike customers believe all offers to be; 1 is a pure commodity.",
}


def write_page(folder: Path) -> Path:
    """Write folder/report.html from the study's files; returns its path. Raises InputError where there is no study."""
    more = sections(Path(folder))
    page = Path(folder) / "report.html"
    if more and not (Path(folder) / "study.json").is_file():  # explored or explained before it was run
        page.write_text(_framed(record_of_sections(Path(folder)), more), encoding="utf-8")
        return page
    files = read_study(Path(folder))
    if files.record.get("kind") == "sweep":
        from salesim.report.page.sweep_page import swept_body  # with the statistics of a sweep, which no other page needs

        page.write_text(_framed(files.record, "\n".join([swept_body(Path(folder)), more])), encoding="utf-8")
        return page
    page.write_text(_html(files, look_of(files), more), encoding="utf-8")
    return page


def _html(files: StudyFiles, look: Look, more: str) -> str:
    shown = "\n".join(_exhibit(number, exhibit, files, look) for number, exhibit in enumerate(EXHIBITS, start=1))
    verdict, sure = _verdict(files, look), certainty.section(files, look, BEHAVIOUR)
    results_table = results(files.table("differences"), look, files.table("statements") if files.comparison else None)
    return _framed(files.record, "\n".join([verdict, sure, results_table, shown, more, _again(files.record)]))


def _framed(record: dict[str, Any], body: str) -> str:
    title = sentence_case(spaced(str(record.get("name", "study"))))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
<script>{get_plotlyjs()}</script>
</head>
<body>
<main>
<header>
<p class="kind">Simulation study</p>
<h1>{escape(title)}</h1>
<p class="question">{escape(str(record.get("question", "")))}</p>
</header>
{body}
{_glossary()}
</main>
</body>
</html>
"""


def _verdict(files: StudyFiles, look: Look) -> str:
    if not files.sentences:
        return '<section class="verdict"><h2>Verdict</h2><p>This study has no verdict.</p></section>'
    sentences = [_named(sentence, look) for sentence in files.sentences]
    groups: dict[str, list[str]] = {}
    for sentence in sentences:
        lead, mark, rest = sentence.partition(": ")
        contest = bool(mark) and sum(other.startswith(lead + mark) for other in sentences) > 1
        groups.setdefault(lead if contest else "", []).append(rest if contest else sentence)
    body = "".join(_group(lead, lines) for lead, lines in sorted(groups.items(), key=lambda group: not group[0]))
    return f'<section class="verdict"><h2>Verdict</h2>{body}</section>'


def _named(sentence: str, look: Look) -> str:
    """The sentence with arms called as in the figures, and a minus that is one."""
    for arm in sorted(look.arms, key=len, reverse=True):
        sentence = sentence.replace(arm, spaced(arm))
    return re.sub(r"(?<=[ (])-(?=\d)", MINUS, sentence).replace(" %", f"{HARD_SPACE}%")


def _group(lead: str, lines: list[str]) -> str:
    """Sentences that begin alike, under what they begin with."""
    if not lead:
        return "".join(f"<p>{escape(line)}</p>" for line in lines)
    items = [f"<li>{escape(sentence_case(line))}</li>" for line in lines]
    shown = sum(line.lower().startswith(BEST) for line in lines) or VERDICT_LINES
    first, rest = "".join(items[:shown]), "".join(items[shown:])
    folded = f"<details><summary>{len(lines) - shown} more</summary><ul>{rest}</ul></details>" if rest else ""
    return f"<h3>{escape(lead)}</h3><ul>{first}</ul>{folded}"


def _exhibit(number: int, exhibit: Exhibit, files: StudyFiles, look: Look) -> str:
    table, *others = (files.table(name) for name in exhibit.tables)
    head = f'<section class="exhibit"><h2>{escape(exhibit.question)}</h2>'
    missing = [column for column in exhibit.columns if column not in table]
    if missing or table.empty:
        return f'{head}<p class="missing">{_absence(exhibit.tables[0], missing, table)}</p></section>'
    drawing = exhibit.draw(table, *others, look).to_html(
        full_html=False, include_plotlyjs=False, config=BEHAVIOUR, div_id=f"figure-{number}", default_height="auto"
    )
    reading, note = _reading(exhibit.read(table, look)), escape(exhibit.note)
    return f'{head}{reading}<div class="scroll figure">{drawing}</div><p class="note">{note}</p></section>'


def _reading(reading: readings.Reading) -> str:
    leads = {contest: escape(sentence_case(contest_words(contest))) for contest in reading}
    lines = "".join(f"<li><b>{leads[contest]}:</b> {escape(text)}</li>" for contest, text in reading.items())
    return f'<ul class="reading">{lines}</ul>' if lines else '<p class="missing">There is too little to compare.</p>'


def _absence(name: str, missing: list[str], table: pd.DataFrame) -> str:
    if table.empty:
        return f"This study left no table of {escape(name)}, so the question stays open."
    return f"The table of {escape(name)} has no column {escape(', '.join(missing))}, so the question stays open."


def _again(record: dict[str, Any]) -> str:
    """How to run the study again: command, seeds, versions."""
    seeds = list(record.get("seeds", ()))
    span = f"{len(seeds)} ({seeds[0]} to {seeds[-1]})" if len(seeds) > 1 else ", ".join(map(str, seeds)) or "unknown"
    versions = {"salesim": record.get("salesim", "unknown"), **dict(record.get("versions", {}))}
    facts = {
        "Seeds": span,
        "Confidence": _confidence(record),
        "Baseline": spaced(str(record.get("baseline", "unknown"))),
        "Runs that failed": record.get("failed", 0),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(str(value))}</dd>" for name, value in facts.items())
    command = escape(str(record.get("command", "unknown")))
    return (
        f"<section><h2>Run it again</h2><pre>{command}</pre><dl>{rows}</dl>"
        '<p class="note">All settings are in resolved.yaml beside this page; the numbers behind every figure are in '
        "the tables there.</p></section>"
    )


def _confidence(record: dict[str, Any]) -> str:
    share = record.get("confidence")
    return f"{percent(float(share), 0)}, of all differences of a contest together" if share is not None else "unknown"


def _glossary() -> str:
    rows = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in GLOSSARY.items())
    return f"<section><h2>Words</h2><dl>{rows}</dl></section>"
