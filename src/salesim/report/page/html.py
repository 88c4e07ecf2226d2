"""Parts of a page that sections share: tables, lists, figures, how to run it again."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from plotly import graph_objects as go

from salesim.report.text.amounts import sentence_case, spaced
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings
from salesim.report.theme import Theme, typeset

PART = ' class="part"'
BEHAVIOUR = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "") -> str:
    """A table; the first cell of a row is its name, and a row whose name begins with a space belongs to the one above.

    Cells are HTML.
    """
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr{PART if row[0].startswith(' ') else ''}><th>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    of_kind = f' class="{kind}"' if kind else ""
    return f'<div class="scroll"><table{of_kind}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def table(cells: Grid, theme: Theme, kind: str = "") -> str:
    """A table of cells of text."""
    rows = ([heading(row[0], theme), *(inside(cell) for cell in row[1:])] for row in cells.rows)
    return grid([heading(cell, theme) for cell in cells.head], rows, kind)


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


def items(lines: Iterable[str]) -> str:
    """Sentences as a list, each with a full stop."""
    stopped = (sentence(line.rstrip(".")) for line in lines)
    return f'<ul class="reading">{"".join(f"<li>{line}.</li>" for line in stopped)}</ul>'


def sentence(line: str) -> str:
    """A sentence as HTML, with a capital."""
    return escape(typeset(sentence_case(line)))


def note(text: str) -> str:
    """How something is read, in small print."""
    return f'<p class="note">{sentence(text)}</p>' if text else ""


def folded(summary: str, inner: str, more: str = "") -> str:
    """What is seen when the reader unfolds it; nothing where there is nothing."""
    return f"<details{more}><summary>{summary}</summary>{inner}</details>" if inner else ""


def swatch(arm: str, theme: Theme) -> str:
    """The arm's name behind its colour."""
    return f'<span class="swatch" style="background:{theme.colour(arm)}"></span>{escape(spaced(arm))}'


def drawing(figure: go.Figure, name: str) -> str:
    """A figure in the page, which carries Plotly already."""
    html = figure.to_html(full_html=False, include_plotlyjs=False, config=BEHAVIOUR, div_id=name, default_height="auto")
    return f'<div class="scroll figure">{html}</div>'


def again(record: dict[str, Any], what: str) -> str:
    """The command behind a section, folded."""
    command, runs = escape(str(record["command"])), f"{record['runs']:,} runs"
    failed = f", {record['failed']} of them failed and were left out" if record["failed"] else ""
    return folded(f"Run it again: {what}, {runs}{failed}", f"<pre>{command}</pre>")


def run_again(record: dict[str, Any], facts: dict[str, str], more: str) -> str:
    """The section on how a whole study is repeated: its command, facts, versions."""
    versions = {"salesim": record["salesim"], **record["versions"]}
    facts |= {
        "Runs that failed": str(record["failed"]),
        "Versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    command = escape(str(record["command"]))
    return f"<section><h2>Run it again</h2><pre>{command}</pre><dl>{rows}</dl>{note(more)}</section>"


def verdict_section(title: str, contests: Iterable[Findings], certainty: Sequence[str]) -> str:
    """The answer of a study: contest by contest the first sentences, the rest folded; then how sure all is."""
    parts = []
    for contest in contests:
        rest = listing(contest.rest)
        more = folded(f"{len(contest.rest)} more, measure by measure", rest) if contest.first else rest
        parts.append(f"<h3>{escape(contest.title)}</h3>{listing(contest.first)}{more}")
    sure = f'<p class="sure">{" ".join(sentence(line) for line in certainty)}</p>' if certainty else ""
    return f'<section class="verdict"><h2>{title}</h2>{"".join(parts)}{sure}</section>'


def listing(lines: Sequence[str]) -> str:
    """Sentences behind dots."""
    return f"<ul>{''.join(f'<li>{sentence(line)}</li>' for line in lines)}</ul>" if lines else ""
