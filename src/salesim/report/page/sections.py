"""The sections that `salesim explain`, `explore` and `evidence` add to the page of a study."""

from html import escape
from pathlib import Path

from salesim.report.figures import explain as of_explain
from salesim.report.figures import explore as of_explore
from salesim.report.figures.tornado import tornado as tornado_figure
from salesim.report.page.html import again, by_contest, drawing, first_words, folded, listing, named, note, section, table
from salesim.report.study_files import TORNADO_TABLES, StudyFiles, read_analysis
from salesim.report.text import evidence, explain, explore, fit, imported, tornado
from salesim.report.text.amounts import spaced
from salesim.report.text.origin import Record, remark
from salesim.report.text.printed import signed_words
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Section
from salesim.report.theme import Theme

WATERFALL = "From one profit to the other, step by step. Blue adds to profit, orange takes from it."
THIN = "Bars are what the numbers below say, thin lines their intervals."
BOXES = "Boxes, in the colour of who wins inside, are drawn where they bound the two axes shown."
TORNADO = (
    "The numbers that move each arm's difference most. Bars go from the difference with everything as it is set (dotted) to "
    "that with one number at an end of its range; beyond 0 the arm falls behind or overtakes. Thin lines are intervals."
)
CURVES = (
    "{} less that of {} with the same seeds, and the intervals of each value alone. A shaded strip is the interval of a "
    "tipping point."
)
DEALS = (
    "Diagnosis: how well the problem was diagnosed. Doubt: what the customer doubted of the offer. Both go from 0 to 1. The "
    "price is that of the last offer."
)


def explained(folder: Path) -> str:
    """All sections of a study's `explain` folder as HTML."""
    files = read_analysis(folder / "explain.json", explain.TABLES)
    record, theme = files.record, files.theme
    money, levers, deals, fall, loops = explain.sections(files)
    bridge = drawing(of_explain.waterfall(files), "why-bridge") + note(WATERFALL)
    bars = drawing(of_explain.bars(files.tables["spiral"]), "why-spiral") + note(THIN)
    parts = [
        exhibit(money, theme, remark(record, folder.parent), bridge, again(record, "the explanation")),
        exhibit(levers, theme, figure=drawing(of_explain.lever_bars(files), "why-levers") + note(THIN)),
        exhibit(deals, theme, more=won_by_one(files)),
        exhibit(fall, theme, figure=bars),
        exhibit(loops, theme),
    ]
    return "".join(parts)


def designed(folder: Path) -> str:
    """Where each arm wins, what decides it, and regret, as HTML."""
    files = read_analysis(folder / "explore.json", explore.DESIGN_TABLES)
    record, theme = files.record, files.theme
    where, worst = explore.of_design(files)
    figure = drawing(of_explore.regions(files), "where-map") + note(BOXES)
    varied = folded("What was varied", table(explore.varied(files.tables["axes"]), theme, "varied"))
    ending = varied + again(record, str(record["title"]).lower())
    return exhibit(where, theme, remark(record, folder.parent), figure) + exhibit(worst, theme, more=ending)


def tipped(folder: Path) -> str:
    """Tipping points, as HTML."""
    files = read_analysis(folder / "tipping.json", explore.TIPPING_TABLES)
    record, theme, tables = files.record, files.theme, files.tables
    curves = drawing(of_explore.curves_of(tables["tipping_curve"], tables["tipping"], record, theme), "tipping")
    words = named(CURVES.format(record["title"], record["baseline"]), theme)
    title = str(record["title"]).lower()
    return exhibit(explore.of_tipping(files), theme, remark(record, folder.parent), curves + note(words), again(record, title))


def blown(folder: Path) -> str:
    """What the differences hang on, as HTML."""
    files = read_analysis(folder / "tornado.json", TORNADO_TABLES)
    figure = drawing(tornado_figure(files), "tornado") + note(TORNADO)
    varied = folded(
        "What was varied", table(explore.varied(files.tables["tornado_axes"].assign(kept=True)), files.theme, "varied")
    )
    more = varied + again(files.record, str(files.record["title"]).lower())
    return exhibit(tornado.of_tornado(files), files.theme, remark(files.record, folder.parent), figure, more)


def measured(folder: Path) -> str:
    """Facts, claims and limits, as HTML."""
    files = read_analysis(folder / "evidence.json", tuple(evidence.TABLES))
    apart, more = remark(files.record, folder.parent), again(files.record, "the evidence")
    return "".join(exhibit(part, files.theme, apart, more=more, kind="words") for part in evidence.sections(files))


def fitted(folder: Path) -> str:
    """Whether markets have the given numbers, and what these say of the settings, as HTML."""
    files = read_analysis(folder / "fit.json", fit.TABLES)
    apart, more = remark(files.record, folder.parent), again(files.record, "the fit")
    parts = fit.sections(files) + ([imported.section(files.record)] if files.record["crm"] else [])
    return "".join(exhibit(part, files.theme, apart, more=more) for part in parts)


def exhibit(shown: Section, theme: Theme, apart: str = "", figure: str = "", more: str = "", kind: str = "") -> str:
    """A section as HTML, with a remark if it is `apart` from its page; a table under a figure of the same is folded."""
    made_of = f'<p class="origin">{escape(named(shown.made_of, theme))}</p>'
    made_of += f'<p class="remark">{escape(apart)}</p>' if apart else ""
    style = "answers" if any(part.title for part in shown.findings) else "reading"
    answers = [listing(part.first, theme, style) for part in shown.findings]
    titled = by_contest({part.title: answer for part, answer in zip(shown.findings, answers, strict=True)})
    numbers = "".join(table(grid, theme, kind) for grid in (*shown.tables, *shown.more))
    numbers = folded("The numbers", numbers) if figure else numbers
    return section(
        named(shown.title, theme),
        first_words(shown.answer, theme),
        made_of,
        titled,
        figure,
        numbers,
        note(named(shown.note, theme)),
        more,
    )


def won_by_one(files: StudyFiles) -> str:
    """Deals that one arm won and the other did not, side by side."""
    record, rows = files.record, []
    for row in files.tables["won_by_one"].to_dict("records"):
        need = Cell(f"customer {row['customer']}, week {row['opened_week']}")
        complexity = Cell(f"{max(row['complexity_first'], row['complexity_second']):.2f}")
        rows.append([need, complexity, ended(row, "first"), ended(row, "second"), Cell(signed_words(row["difference_k"]))])
    head = ("the need", "complexity", *(spaced(record[name]) for name in ("arm", "against")), "difference, k$")
    title = f"<h3>The largest deals that one arm alone won, seed {record['seeds'][0]}</h3>"
    return title + table(Grid([Cell(name) for name in head], rows), files.theme) + note(DEALS)


def ended(row: Record, side: str) -> Cell:
    """How a deal ended under an arm, and at what terms."""
    outcome, cause = (spaced(str(row[f"{name}_{side}"])) for name in ("outcome", "cause"))
    facts = f"diagnosis {row[f'depth_{side}']:.2f}, doubt {row[f'uncertainty_{side}']:.2f}"
    price = f", {100 * row[f'price_{side}']:.0f} % of list" if row[f"price_{side}"] > 0 else ""
    return Cell(outcome if cause == "none" else f"{outcome}, {cause}", facts + price)
