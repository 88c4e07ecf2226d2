"""What the terminal says of a study: what is asked, and what came out."""

from pathlib import Path

from rich.console import Console
from rich.text import Text

from salesim.config.study import Study
from salesim.report.console.sections import print_section
from salesim.report.console.tables import (
    REPORT,
    print_findings,
    print_grid,
    print_items,
    print_numbers,
    print_paths,
    print_troubles,
)
from salesim.report.study_files import StudyFiles, read_study
from salesim.report.text import worlds
from salesim.report.text.amounts import contest_title, counted
from salesim.report.text.answer import Answer, answer_first, answer_of, headline, key_of
from salesim.report.text.answer_lines import grid_of
from salesim.report.text.levers import next_command
from salesim.report.text.sizes import size_of_study
from salesim.report.text.tables import results
from salesim.report.text.verdict import Verdict, too_few, verdict_of
from salesim.runs.folder import overwritten_command

WRITTEN = {
    "report.html": REPORT,
    "differences.csv": "all measures of the table above, but for those of context.csv",
    "context.csv": "deals won, discounts, sales through partners",
    "runs.csv": "one row per run",
    "resolved.yaml": "everything that was set",
    "records": "every deal and week of the first seeds",
}


def print_question(study: Study, console: Console) -> None:
    """What is asked, and which study in the same folder gives way to it."""
    for line, style in zip(head_of(study), ("bold", "", "yellow"), strict=False):
        console.print(Text(line, style=style))
    before = overwritten_command(study.own_folder, study.resolved)
    if before:
        console.print(f"{study.own_folder} gets new tables and a new page; those of `{before}` go. name=… keeps both")


def head_of(study: Study) -> list[str]:
    """What is asked, how many runs that takes, and a warning if they can show little."""
    over = (len(study.worlds.members), "world") if study.worlds else (study.seeds, "seed")
    few = too_few(*over) if len(study.arms) > len(study.contests) else ""
    return [study.question, f"{study.name}: {size_of_study(study)}", *([few] if few else [])]


def print_answer(folder: Path, console: Console) -> int:
    """Tables, verdict and paths of a finished study; returns the exit code, 1 if some runs failed."""
    files = read_study(folder)
    differences, theme = answer_first(files), files.theme
    if answer := answer_of(files):
        print_answer_of(answer, console)
    shown, folded = headline(files, differences)
    for contest in theme.contests:
        console.print(heading(contest))
        print_grid(results(differences, contest, theme, shown), console)
    if folded:
        console.print(f"\n{counted(len(folded), 'more measure')} in report.html and the tables beside it.", style="dim")
    if len(theme.arms) > 1:
        key = key_of(files, differences)
        console.print(f"\n{key}", style="dim")
    print_verdict(verdict_of(files), console, "Measure by measure")
    print_worlds(files, console)
    if words := next_command(files):
        console.print(f"{words}\n", style="dim", soft_wrap=True)
    print_paths(folder, WRITTEN, console)
    return print_troubles(files.record, folder, console)


def print_answer_of(answer: Answer, console: Console) -> None:
    """The sentence, the lines that carry it, on what it hangs, and the reasons for doubt."""
    console.print(Text("\nAnswer", style="bold"))
    console.print(answer.sentence)
    if answer.why:
        console.print(f"Why: {answer.why}")
    print_items(answer.more, console)
    console.print()
    print_numbers(grid_of(answer), console)
    for title, sentences in (("It hangs on", answer.hangs_on), ("Reasons for doubt", answer.doubts)):
        if sentences:
            console.print(Text(f"\n{title}", style="bold"))
            print_items(sentences, console)


def print_worlds(files: StudyFiles, console: Console) -> None:
    """The verdict over worlds, if the market is an ensemble."""
    if shown := worlds.section(files):
        print_section(shown, console)
        console.print()


def heading(contest: str) -> Text:
    """The contest above its tables, and how to ask for it alone."""
    return Text(f"\n{contest_title(contest)}", style="bold").append(f"  (contest={contest})", "not bold dim")


def print_verdict(verdict: Verdict, console: Console, title: str = "Verdict") -> None:
    """Who is best contest by contest, what is not clear, and how sure that is; the report has a sentence for each measure."""
    console.print(Text(f"\n{title}", style="bold"))
    print_findings(verdict.contests, console)
    for sentence in verdict.certainty:
        console.print(sentence)
    console.print()
