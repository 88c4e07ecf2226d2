"""Markdown as a PDF, with the fonts that every reader of PDF has."""

from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any

from salesim.config.errors import InputError

# What the fonts of PDF do not have (they know Latin-1 only), and what stands for it.
SIGNS = str.maketrans({"–": "-", "—": "-", "−": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "≥": ">=", "≤": "<="})
FONT, SIZE, TABLE_SIZE = "Helvetica", 10, 8.5  # points
MARGIN, LINE = 18, 5  # mm
HEADINGS = {"h1": (18, 0), "h2": (13, 5), "h3": (11, 3)}  # points, and mm above
NARROWEST, WIDEST = 8, 40  # characters, by which the columns of a table share its width


def pdf_of(text: str, title: str) -> bytes:
    """Headings, paragraphs, lists and tables in Markdown as a PDF on A4. Raises InputError without the packages."""
    tokens = needed("markdown_it").MarkdownIt().enable("table").parse(latin(text))
    page = needed("fpdf").FPDF(format="A4")
    page.set_title(title)
    page.set_lang("en")
    page.set_margins(MARGIN, MARGIN)
    page.set_auto_page_break(True, MARGIN)
    page.add_page()
    write(page, tokens)
    return bytes(page.output())


def write(page: Any, tokens: Sequence[Any]) -> None:
    """Write what a text consists of, in order."""
    rows: list[list[str]] | None = None
    start = ""  # of a list's item
    for before, token in pairwise(tokens):
        if token.type == "table_open":
            rows = []
        elif token.type == "tr_open" and rows is not None:
            rows.append([])
        elif token.type == "list_item_open":
            start = f"{token.info}. " if token.info else "- "
        elif token.type == "table_close" and rows is not None:
            write_table(page, rows)
            rows = None
        elif token.type == "inline":
            words = token.content.replace("\n", " ").replace("`", "").replace("--", "\\--")  # which would underline
            if rows is not None:
                rows[-1].append(words)
            else:
                write_words(page, f"{start}{words}", before.tag)
                start = ""


def write_words(page: Any, words: str, tag: str) -> None:
    """Write a heading or a paragraph."""
    size, above = HEADINGS.get(tag, (SIZE, 1))
    page.ln(above)
    page.set_font(FONT, "B" if tag in HEADINGS else "", size)
    page.multi_cell(0, LINE * size / SIZE, words, markdown=tag not in HEADINGS, align="L", new_x="LMARGIN", new_y="NEXT")


def write_table(page: Any, rows: Sequence[Sequence[str]]) -> None:
    """Write a table whose columns are as wide as their texts ask for."""
    widths = [min(WIDEST, max(NARROWEST, *(len(row[column]) for row in rows))) for column in range(len(rows[0]))]
    page.ln(2)
    page.set_font(FONT, "", TABLE_SIZE)
    with page.table(
        col_widths=widths, text_align="L", line_height=LINE, borders_layout="HORIZONTAL_LINES", padding=0.6
    ) as table:
        for row in rows:
            table.row(row)
    page.ln(2)


def needed(package: str) -> Any:
    """A package of the classroom. Raises InputError if it is not installed."""
    try:
        return import_module(package)
    except ImportError as error:
        raise InputError(f"notes=true needs {package}; `pip install 'salesim[classroom]'` brings it") from error


def latin(text: str) -> str:
    """A text with the characters that the fonts have; a question mark stands for any other."""
    return text.translate(SIGNS).encode("latin-1", "replace").decode("latin-1")
