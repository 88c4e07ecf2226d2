"""Small pieces of a page that sections share: tables, lists, drawings, how to run it again."""

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from salesim.config.errors import InputError
from salesim.report.theme import HARD_SPACE, MINUS, Look, spaced

PART = ' class="part"'
BEHAVIOUR = {"displayModeBar": False, "displaylogo": False, "responsive": True}


def record_in(file: Path) -> dict[str, Any]:
    """A record as it was left. Raises InputError if it cannot be read."""
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise InputError(f"{file} cannot be read: {error}; give the command again that wrote it") from error
    return found


def table_in(folder: Path, name: str) -> pd.DataFrame:
    """A table of a section; empty where there is none."""
    file = folder / f"{name}.parquet"
    return pd.read_parquet(file) if file.is_file() else pd.DataFrame()


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
    text = escape(line[:1].upper() + line[1:]).replace(" %", f"{HARD_SPACE}%")
    for lead in (" ", "(", "["):
        text = text.replace(f"{lead}-", f"{lead}{MINUS}")
    return text


def signed(value: float, digits: int = 0) -> str:
    """A difference with its sign; zero has none."""
    text = f"{value:+,.{digits}f}"
    return text.lstrip("+-") if not any(digit in text for digit in "123456789") else text.replace("-", MINUS)


def interval(low: float, high: float, digits: int = 0) -> str:
    """[low, high], in grey."""
    return f'<span class="difference">[{signed(low, digits)}, {signed(high, digits)}]</span>'


def swatch(arm: str, look: Look) -> str:
    """The arm's name behind its colour."""
    return f'<span class="swatch" style="background:{look.colour(arm)}"></span>{escape(spaced(arm))}'


def drawing(figure: go.Figure, name: str) -> str:
    """A figure in the page, which carries Plotly already."""
    inside = figure.to_html(full_html=False, include_plotlyjs=False, config=BEHAVIOUR, div_id=name, default_height="auto")
    return f'<div class="scroll figure">{inside}</div>'


def again(record: dict[str, Any], what: str) -> str:
    """The command behind a section, folded."""
    command, runs = escape(str(record["command"])), f"{record['runs']:,} runs"
    failed = f", {record['failed']} of them failed and were left out" if record["failed"] else ""
    return f"<details><summary>Run it again: {what}, {runs}{failed}</summary><pre>{command}</pre></details>"
