"""The first sheet of a page: the answer, two figures, and how to repeat the study. On paper nothing else is on it."""

from html import escape

from salesim.report.figures.summary import contrast, over_time
from salesim.report.page.html import drawing, note, section
from salesim.report.study_files import StudyFiles
from salesim.report.summary.contents import summary_of

HOW_READ = "Dots are differences, and lines their intervals. Where a line crosses zero, no difference is clear."


def sheet(files: StudyFiles, answered: str) -> str:
    """The section `answered` with figures and the command below it; nothing where there is no answer."""
    if not (summary := summary_of(files)):
        return answered
    charts = [(chart.title, over_time(chart, files.theme)) for chart in (summary.over_time,) if chart]
    charts += [(chart.title, contrast(chart, files.theme)) for chart in (summary.contrast,) if chart]
    figures = "".join(
        f"<div><h3>{escape(title)}</h3>{drawing(figure, f'answer-{number}')}</div>"
        for number, (title, figure) in enumerate(charts, start=1)
    )
    facts = "; ".join(f"{name.lower()}: {text}" for name, text in summary.facts.items() if name not in ("Command", "Baseline"))
    read = note(HOW_READ) if summary.contrast else ""
    repeat = f'<p class="note">To repeat it: <code>{escape(summary.facts["Command"])}</code> ({escape(facts)}).</p>'
    pair = section("The answer in figures", f'<div class="pair">{figures}</div>', read, repeat)
    return f'<div class="sheet">{answered}{pair}</div>'
