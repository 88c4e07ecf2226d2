"""Parts of a page that sections share: tables, lists, figures, how to run it again."""

from collections.abc import Iterable, Mapping
from html import escape, unescape

from salesim.report.figures.figure import Figure, script
from salesim.report.figures.stacked import stacked
from salesim.report.text.amounts import contest_title, sentence_case, spaced, which
from salesim.report.text.origin import Record
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Verdict
from salesim.report.theme import Theme, typeset


def table(grid: Grid, theme: Theme, kind: str = "") -> str:
    """A table; the first cell of a row is its name, and a row whose name begins with a space belongs to the one above."""
    rows = []
    for name, *cells in grid.rows:
        part = ' class="part"' if name.text.startswith(" ") else ""
        inner = "".join(f"<td>{inside(cell)}</td>" for cell in cells)
        rows.append(f'<tr{part}><th scope="row">{heading(name, theme)}</th>{inner}</tr>')
    top = "".join(column_head(cell, theme) for cell in grid.head)
    of_kind = f' class="{kind}"' if kind else ""
    inner = f"<table{of_kind}><thead><tr>{top}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="group" aria-label="Table, which scrolls sideways">{inner}</div>'


def column_head(cell: Cell, theme: Theme) -> str:
    """The heading of a column; a corner without words is no heading."""
    inner = heading(cell, theme)
    return f'<th scope="col">{inner}</th>' if inner else "<td></td>"


def heading(cell: Cell, theme: Theme) -> str:
    """The name of a row or column: an arm behind its colour, a measure above its unit."""
    text = swatch(cell.arm, theme) if cell.arm else escape(typeset(cell.text))
    text = f"<b>{text}</b>" if cell.kind == "total" else text
    return text + (f'<span class="unit">{escape(typeset(cell.more))}</span>' if cell.more else "")


def inside(cell: Cell) -> str:
    """What stands in a table, and below it what is said of it."""
    below, more = (escape(typeset(part)) for part in (cell.below, cell.more))
    more = f'<span class="interval">{more}</span>' if more else ""
    small = " ".join(part for part in (below, more) if part)
    return escape(typeset(cell.text)) + (f'<span class="difference {cell.kind}">{small}</span>' if small else "")


def named(line: str, theme: Theme) -> str:
    """A sentence with arms called as in headings and figures: hold and teach, not hold_and_teach."""
    for arm in sorted(theme.arms, key=len, reverse=True):
        line = line.replace(arm, spaced(arm))
    return line


def section(title: str, *parts: str, kind: str = "exhibit") -> str:
    """A section under its title."""
    of_kind = f' class="{kind}"' if kind else ""
    return f"<section{of_kind}><h2>{escape(title)}</h2>{''.join(parts)}</section>"


def missing(title: str, words: str) -> str:
    """A section that says why there is nothing in it; `words` are HTML."""
    return section(title, f'<p class="missing">{words}</p>')


def by_contest(contents: Mapping[str, str]) -> str:
    """HTML under the title of its contest, if it has one; nothing where there is none."""
    titles = {name: f"<h3>{escape(contest_title(name))}</h3>" if name else "" for name in contents}
    return "".join(titles[name] + inner for name, inner in contents.items() if inner)


def listing(lines: Iterable[str], theme: Theme, kind: str = "") -> str:
    """Sentences as a list; nothing where there are none."""
    points = "".join(f"<li>{sentence(named(line, theme))}</li>" for line in lines)
    return f'<ul class="{kind}">{points}</ul>'.replace(' class=""', "") if points else ""


def sentence(line: str) -> str:
    """A sentence as HTML, with a capital."""
    return escape(typeset(sentence_case(line)))


def note(text: str) -> str:
    """How something is read, in small print."""
    return f'<p class="note">{sentence(text)}</p>' if text else ""


def folded(summary: str, inner: str) -> str:
    """What is seen when the reader unfolds it; nothing where there is nothing."""
    return f"<details><summary>{summary}</summary>{inner}</details>" if inner else ""


def swatch(arm: str, theme: Theme) -> str:
    """The arm's name behind its colour."""
    colour = f'<span class="swatch" style="background:{theme.colour(arm)}"></span>'
    return f'<span class="arm">{colour}{escape(spaced(arm))}</span>'


def drawing(figure: Figure, name: str) -> str:
    """A figure in the page, which carries plotly.js and figures.js already."""
    what = f'role="img" aria-label="{escape(unescape(figure.title()))}"'
    place = f'<div id="{name}" class="figure" {what} style="height: {figure.layout["height"]}px"></div>'
    return f'{place}<script>draw("{name}", {script(figure.traces, figure.layout, stacked(figure))})</script>'


def again(record: Record, what: str) -> str:
    """The command behind a section, folded."""
    failed = f", {record['failed']} of them failed and were left out" if record["failed"] else ""
    return folded(f"Run it again: {what}, {record['runs']:,} runs{failed}", f"<pre>{escape(str(record['command']))}</pre>")


def run_again(record: Record, of_seeds: str, facts: dict[str, str], more: str) -> str:
    """The section on how a whole study is repeated: its command, seeds and what is said of them, facts, versions."""
    seeds, versions = record["seeds"], {"salesim": record["salesim"], **record["versions"]}
    facts = {
        "Seeds": (f"{len(seeds)} ({which(seeds)})" if len(seeds) > 1 else str(seeds[0])) + of_seeds,
        **facts,
        "Baseline": spaced(str(record["baseline"])),
        "Runs that failed": str(record["failed"]),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return section("Run it again", f"<pre>{escape(str(record['command']))}</pre><dl>{rows}</dl>", note(more), kind="")


def first_words(line: str, theme: Theme, why: str = "") -> str:
    """The sentence that answers what was asked, and the one that says why; nothing where there is none."""
    reason = f"<p><b>Why:</b> {escape(typeset(named(why, theme)))}</p>" if why else ""
    return f'<p class="answer">{sentence(named(line, theme))}</p>{reason}' if line else ""


def verdict_section(title: str, verdict: Verdict, theme: Theme, top: str = "") -> str:
    """What is on `top`; contest by contest the first sentences of the verdict, the rest folded; then how sure all is."""
    parts = []
    for contest in verdict.contests:
        rest = listing(contest.rest, theme)
        more = folded("Each measure in a sentence", rest) if contest.first else rest
        parts.append(f"<h3>{escape(contest.title)}</h3>{listing(contest.first, theme)}{more}")
    sure = " ".join(sentence(named(line, theme)) for line in verdict.certainty)
    return section(title, top, *parts, f'<p class="sure">{sure}</p>' if sure else "", kind="verdict")
