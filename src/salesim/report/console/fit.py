"""What the terminal prints of a fit: what is asked with its priors, then numbers and settings as saved."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.report.console.sections import print_axes, print_sections
from salesim.report.console.tables import print_items
from salesim.report.study_files import read_analysis
from salesim.report.text import imported
from salesim.report.text.fit import TABLES, question, sections
from salesim.report.text.origin import Record


def print_fitted(record: Record, console: Console) -> None:
    """What is asked: the numbers, and the settings with their priors."""
    console.print(Text(record["question"], style="bold"))
    console.print(question(record), soft_wrap=True)
    if crm := record["crm"]:
        console.print(Text(imported.columns(crm)), soft_wrap=True)
        print_items(imported.findings(crm), console)
        console.print(Text(imported.given(crm)), soft_wrap=True)
    print_axes(record, console)


def print_fit(folder: Path, console: Console) -> int:
    """Numbers and settings, as saved in a study's folder; returns the exit code, 1 if there is no market with the numbers."""
    files = read_analysis(folder / "fit" / "fit.json", TABLES)
    code = print_sections(sections(files), files.record, folder, "fit", console)
    if files.record["kept"]:
        name, place = files.record["name"], folder / "fit"
        command = f"salesim run market={name} --config-dir {place} name={name}_worlds"
        console.print(Text(f"Verdicts over the worlds: {command}"), soft_wrap=True)
        return code
    return 1
