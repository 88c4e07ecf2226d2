"""The figures of a study: each answers a question, in a sentence a contest and in a drawing, and says how it is read."""

from collections.abc import Callable, Mapping
from html import escape
from typing import NamedTuple

import pandas as pd

from salesim.report.figures import money
from salesim.report.figures import study as figures
from salesim.report.figures.figure import Figure
from salesim.report.page.html import drawing, missing, named, note, section, sentence
from salesim.report.page.steps_table import steps_table
from salesim.report.study_files import StudyFiles
from salesim.report.text import readings
from salesim.report.text.amounts import contest_title
from salesim.report.theme import Theme


class Exhibit(NamedTuple):
    """A question; the tables that answer it, with columns that they need; how they are drawn, read and explained."""

    question: str
    tables: Mapping[str, tuple[str, ...]]
    draw: Callable[..., Figure]  # of the tables and the theme
    read: Callable[[pd.DataFrame, Theme], readings.Reading]
    note: str
    beneath: Callable[[StudyFiles], str] = lambda _: ""  # HTML under the figure


ARMS = ("contest", "arm")
EXHIBITS = (
    Exhibit(
        "When is each arm ahead?",
        {"cumulated": (*ARMS, "month", "difference", "low", "high"), "payback": ()},
        money.cumulated,
        readings.ahead,
        "Operating profit from the start of the run, less that of the baseline with the same seeds, at the end of each month. "
        "The band has the interval of each month, the last of which is that of the yearly profit in the table above. "
        "The months of a quarter have 4, 4 and 5 weeks. Of more than six arms, those that differ most are drawn.",
    ),
    Exhibit(
        "What does each year bring?",
        {
            "profit_by_year": (*ARMS, "year", "operating_profit_k", "difference", "low", "high"),
            "years": (*ARMS, "year", "operating_profit_k", "revenue_k"),
            "payback": (),
        },
        money.by_year,
        readings.years,
        "Mean over seeds; eight of ten runs lie in the bands of profit and revenue, which are drawn for the baseline alone if "
        "there are more than four arms. Of more than six arms, those that differ most are drawn.",
    ),
    Exhibit(
        "Do margins shrink year by year?",
        {"years": (*ARMS, "year", "gross_margin")},
        figures.margins,
        readings.margins,
        "Line: gross margin of the deals won in a year, mean over seeds. Eight of ten runs lie in the band, which is drawn for "
        "the baseline alone if there are more than four arms.",
    ),
    Exhibit(
        "Where does the money go from list price to profit?",
        {"bridge": (*ARMS, "step", "amount_k")},
        figures.bridge,
        readings.bridge,
        "Percent of list price, mean over seeds and years. Fees and timing is revenue beside the prices of deals won: "
        "maintenance, and subscription fees, which come later than their deals. It is drawn left of zero where it adds to "
        "the list price, and so is a loss. These are shares, not amounts: an arm that keeps less of each dollar may earn more, "
        "if it sells more.",
        steps_table,
    ),
    Exhibit(
        "How long does a customer take to decide?",
        {"closing": (*ARMS, "week", "undecided")},
        figures.closing,
        readings.closing,
        "Above: deals that are not decided yet; dotted: half of them. Below: how many have ended in which way; the others went "
        "to rivals. Deals that are still open at the end of a run count for as long as they were followed. In the table, "
        "shares are of ended deals.",
    ),
    Exhibit(
        "How much of a discount reaches the customer?",
        {"passthrough": (*ARMS, "year", "pass_through", "quotes")},
        figures.pass_through,
        readings.pass_through,
        "Pass-through: by how much a partner's price changes for a small change of its cost, mean over quotes. Eight of ten "
        "partners of all seeds lie in the band. How much a partner passes on depends on its rivals of the same brand, its "
        "stickiness, its chance of winning and what it was taught. A way of selling touches only the chance of winning; "
        "a channel programme also touches what partners were taught.",
    ),
    Exhibit(
        "Who wins in which segment?",
        {"segments": (*ARMS, "complexity", "value", "won", "closed")},
        figures.segments,
        readings.segments,
        "The win rate, as in the table of results, of the deals of all seeds and years together. Customers are cut into thirds "
        "by the complexity of their problem and by the value at stake.",
    ),
    Exhibit(
        "Do trust and sameness rise or fall?",
        {"years": (*ARMS, "year", "trust", "perceived_sameness")},
        figures.trust_and_sameness,
        readings.trust_and_sameness,
        "Both go from 0 to 1. Trust is that of customers in our vendor. Sameness is how alike they believe all offers to be. "
        "Line: mean over seeds. Eight of ten runs lie in the band, which is drawn for the baseline alone if there are more "
        "than four arms.",
    ),
    Exhibit(
        "What does each strategy earn?",
        {
            "differences": (
                *ARMS,
                "measure",
                "title",
                "unit",
                "better",
                "mean_baseline",
                "difference",
                "low",
                "high",
                "verdict",
            ),
            "runs": (),
        },
        figures.earnings,
        readings.earnings,
        "Operating profit less that of the baseline with the same seed. Each small dot is a seed; below them are the mean and "
        "its interval. Where the interval crosses zero, no difference from the baseline is clear.",
    ),
)


def exhibits(files: StudyFiles) -> str:
    """All figures of a study as HTML; a comparison has other intervals of profit than a band, and so no band."""
    shown = (each for each in enumerate(EXHIBITS, start=1) if not (files.comparison and each[1].draw is money.cumulated))
    return "\n".join(_section(number, exhibit, files) for number, exhibit in shown)


def _section(number: int, exhibit: Exhibit, files: StudyFiles) -> str:
    """A question with the sentences, the figure and the note that answer it; or why there is no answer."""
    table, *others = (files.table(name) for name in exhibit.tables)
    for name, columns in exhibit.tables.items():
        lacking = ", ".join(column for column in columns if column not in files.table(name))
        if lacking or (columns and files.table(name).empty):
            empty = files.table(name).empty
            why = f"This study left no table of {name}" if empty else f"The table of {name} has no column {lacking}"
            return missing(exhibit.question, f"{why}, so the question stays open.")
    reading = exhibit.read(table, files.theme)
    lines = (
        f"<li><b>{escape(contest_title(contest))}:</b> {sentence(named(text, files.theme))}</li>"
        for contest, text in reading.items()
    )
    answer = (
        f'<ul class="reading">{"".join(lines)}</ul>' if reading else '<p class="missing">There is too little to compare.</p>'
    )
    figure = drawing(exhibit.draw(table, *others, files.theme), f"figure-{number}")
    return section(exhibit.question, answer, figure, note(exhibit.note), exhibit.beneath(files))
