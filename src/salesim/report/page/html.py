"""Small pieces of a page that sections share: tables, lists, drawings, how to run it again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from plotly import graph_objects as go

from salesim.report.text.origin import remark
from salesim.report.text.table import TextTable
from salesim.report.theme import HARD_SPACE, MINUS, Look, spaced

PART = ' class="part"'
BEHAVIOUR = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def look_at(record: dict[str, Any]) -> Look:
    """Arms and contests of a record, the baseline first."""
    baseline, arms = str(record["baseline"]), [str(arm) for arm in record["arms"]]
    return Look((baseline, *(arm for arm in arms if arm != baseline)), tuple(record["contests"]), baseline)


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the first cell of a row is its name, and a row whose name begins with a space belongs to the one above.

    Cells are HTML.
    """
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(
        f"<tr{PART if row[0].startswith(' ') else ''}><th>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def named(line: str, look: Look) -> str:
    """A sentence with arms called as in headings and figures: hold and teach, not hold_and_teach."""
    for arm in sorted(look.arms, key=len, reverse=True):
        line = line.replace(arm, spaced(arm))
    return line


def items(lines: Iterable[str]) -> str:
    """Sentences as a list; escaped here, with a minus that is one, and a full stop."""
    stopped = (sentence(line.rstrip(".")) for line in lines)
    return f'<ul class="reading">{"".join(f"<li>{line}.</li>" for line in stopped)}</ul>'


def sentence(line: str) -> str:
    """A sentence as HTML, with a capital, a minus that is one, and percents that stay with their number."""
    return typeset(line[:1].upper() + line[1:])


def swatch(arm: str, look: Look) -> str:
    """The arm's name behind its colour."""
    return f'<span class="swatch" style="background:{look.colour(arm)}"></span>{escape(spaced(arm))}'


def drawing(figure: go.Figure, name: str) -> str:
    """A figure in the page, which carries Plotly already."""
    inside = figure.to_html(full_html=False, include_plotlyjs=False, config=BEHAVIOUR, div_id=name, default_height="auto")
    return f'<div class="scroll figure">{inside}</div>'


def text_table(table: TextTable, look: Look) -> str:
    """A table in words as HTML: arms in their colour, intervals under their numbers."""
    head = [swatch(cell, look) if cell in look.arms else typeset(named(cell, look)) for cell in table.head]
    rows = []
    for name, cells, kind in table.rows:
        title = swatch(name, look) if name in look.arms else typeset(named(name, look))
        title = {"total": f"<b>{title}</b>", "part": f" {title}"}.get(kind, title)
        rows.append([title, *(typeset(named(text, look)) + (grey(ends) if ends else "") for text, ends in cells)])
    return grid(head, rows)


def grey(ends: str) -> str:
    """An interval under its number."""
    return f'<span class="difference">{typeset(ends)}</span>'


def typeset(text: str) -> str:
    """Text as HTML, with a minus that is one and percents that stay with their number."""
    text = escape(text).replace(" %", f"{HARD_SPACE}%")
    return re.sub(r"(^|[ (\[])-(?=\d)", rf"\1{MINUS}", text)


def origin_of(words: str, record: Mapping[str, Any], folder: Path) -> str:
    """What a section was made from, and a remark where the page of the study in `folder` was made from something else."""
    apart = remark(record, folder)
    return f'<p class="origin">{escape(words)}</p>' + (f'<p class="remark">{escape(apart)}</p>' if apart else "")


def again(record: dict[str, Any], what: str) -> str:
    """The command behind a section, folded."""
    command, runs = escape(str(record["command"])), f"{record['runs']:,} runs"
    failed = f", {record['failed']} of them failed and were left out" if record["failed"] else ""
    return f"<details><summary>Run it again: {what}, {runs}{failed}</summary><pre>{command}</pre></details>"
