"""How high a text is, from the widths of Helvetica's letters, which other letters without serifs seldom exceed."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

LINE = 1.2  # from one line to the next, in sizes of letters
POINTS = 72  # in an inch
PLAIN = str.maketrans("−▲▼≈•", "-AV~-")  # letters that Helvetica lacks, by others that are about as wide


def line_count(text: str, points: float, wide: float, *, bold: bool = False) -> int:
    """Lines that a text takes in letters of a size, in a width in inches. Raises ImportError without fpdf2."""
    pdf = _paper()
    pdf.set_font("Helvetica", "B" if bold else "", points)
    letters = text.translate(PLAIN).encode("cp1252", "replace").decode("cp1252")
    lines = pdf.multi_cell(wide, text=letters or " ", align="L", dry_run=True, output="LINES")
    return len(lines) if isinstance(lines, list) else 1


def height_of(text: str, points: float, wide: float, *, bold: bool = False) -> float:
    """Inches from the top of a text to its end, in letters of a size and a width in inches."""
    return line_count(text, points, wide, bold=bold) * LINE * points / POINTS


@cache
def _paper() -> "FPDF":
    """Paper on which nothing is written, without margins inside its cells."""
    from fpdf import FPDF

    pdf = FPDF(unit="in", format=(20, 20))
    pdf.core_fonts_encoding = "cp1252"
    pdf.add_page()
    pdf.c_margin = 0.0
    return pdf
