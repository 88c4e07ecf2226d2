"""A summary as one sheet of A4 in PDF."""

from pathlib import Path
from typing import TYPE_CHECKING

from salesim.report.summary.contents import Summary
from salesim.report.summary.pdf_charts import contrast_height, draw_contrast, draw_over_time

if TYPE_CHECKING:
    from fpdf import FPDF

MARGIN, GAP, CHART_MM, TITLE_MM, INDENT = 15.0, 8.0, 72.0, 13.0, 3.5  # mm
SIZES = (1.0, 0.92, 0.85, 0.78, 0.72)  # of the letters: the first with which all is on one sheet
INK, FAINT = 35, 107


def write_pdf(summary: Summary, path: Path) -> Path:
    """Write the sheet; returns its path. Raises ImportError without fpdf2."""
    for size in SIZES:
        pdf = drawn(summary, size)
        if pdf.page == 1:
            break
    pdf.output(str(path))
    return path


def drawn(summary: Summary, size: float) -> "FPDF":
    """The sheet in letters of a size; it has more than one page where they are too large."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_title(summary.title)
    pdf.set_lang("en")
    pdf.set_margins(MARGIN, MARGIN)
    pdf.c_margin = 0.0  # all begins at the same left edge
    pdf.set_auto_page_break(True, MARGIN)
    pdf.set_font("Helvetica")
    pdf.add_page()
    write = _Writer(pdf, size)
    write.text(summary.title, 20, "B")
    write.text(summary.question, 11, colour=FAINT)
    write.text(summary.sentence, 12.5, before=2)
    write.table(summary.lines)
    _charts(pdf, summary, write)
    for title, sentences in summary.remarks.items():
        write.text(title, 10.5, "B", before=2)
        for line in sentences:
            write.point(line, 9.5)
    write.text("To repeat it", 10.5, "B", before=2)
    write.text("\n".join(f"{name}: {text}" for name, text in summary.facts.items()), 8.5, colour=FAINT)
    return pdf


def _charts(pdf: "FPDF", summary: Summary, write: "_Writer") -> None:
    """Both charts side by side under their titles."""
    wide, top = (pdf.epw - GAP) / 2, pdf.get_y() + 3
    left, high = MARGIN, CHART_MM
    if summary.contrast:
        high = max(high, TITLE_MM + contrast_height(pdf, summary.contrast))
    if summary.over_time:
        box = _under_title(pdf, summary.over_time.title, (left, top, wide, high), write)
        draw_over_time(pdf, summary.over_time, summary.theme, box)
        left += wide + GAP
    if summary.contrast:
        box = _under_title(pdf, summary.contrast.title, (left, top, wide, high), write)
        draw_contrast(pdf, summary.contrast, summary.theme, box)
    pdf.set_xy(MARGIN, top + high + 1)


def _under_title(
    pdf: "FPDF", title: str, box: tuple[float, float, float, float], write: "_Writer"
) -> tuple[float, float, float, float]:
    """Write a chart's title into a box of left, top, width and height; returns the box below it."""
    left, top, wide, high = box
    pdf.set_xy(left, top)
    pdf.set_font(style="B", size=9 * write.size)
    pdf.set_text_color(INK)
    pdf.multi_cell(wide, 4, printable(title), align="L")
    pdf.set_font(style="")
    return left, top + TITLE_MM, wide, high - TITLE_MM


class _Writer:
    """Texts down a page, in letters of a size."""

    def __init__(self, pdf: "FPDF", size: float) -> None:
        self.pdf, self.size = pdf, size

    def text(self, text: str, points: float, style: str = "", *, colour: int = INK, before: float = 0.0) -> None:
        """A paragraph, `before` mm below the last."""
        if text:
            points *= self.size
            self.pdf.set_font(style=style, size=points)
            self.pdf.set_text_color(colour)
            self.pdf.set_y(self.pdf.get_y() + before)
            self.pdf.multi_cell(0, 0.46 * points, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def point(self, text: str, points: float) -> None:
        """A paragraph behind a dot, whose lines begin at the same place."""
        high = 0.46 * points * self.size
        self.pdf.set_font(size=points * self.size)
        self.pdf.set_text_color(INK)
        self.pdf.cell(INDENT, high, printable("•"))
        self.pdf.multi_cell(0, high, printable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def table(self, rows: list[list[str]]) -> None:
        """A table; the first row has the headings."""
        from fpdf.enums import TableBordersLayout

        self.pdf.set_font(size=9.5 * self.size)
        self.pdf.set_y(self.pdf.get_y() + 2)
        self.pdf.set_draw_color(200)
        layout = TableBordersLayout.HORIZONTAL_LINES
        with self.pdf.table(
            borders_layout=layout, line_height=5 * self.size, text_align="LEFT", col_widths=(45, 20, 32, 13)
        ) as table:
            for row in rows:
                table.row([printable(text) for text in row])


def printable(text: str) -> str:
    """Text in the letters that every reader of PDF has; others become a question mark."""
    return text.replace("−", "-").encode("cp1252", "replace").decode("cp1252")
