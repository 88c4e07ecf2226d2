"""The one way from a command line to an answer, for every command that makes runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, TypeVar

from rich.console import Console

from salesim.analyses.records import save_analysis
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.progress import COMPILING, Stages, patience, print_cost
from salesim.runs.cost import Cost

Spec = TypeVar("Spec")
Result = TypeVar("Result")
PACKAGES = ("compare", "sweep", "explore", "explain", "evidence", "fit")
PLACES = {"run": "salesim.analyses.run"} | {name: f"salesim.analyses.{name}.run" for name in PACKAGES}
CHECKING = "Everything is checked before the first run …"
CHECKED = "All of it is checked. No run was started, as --dry-run asks."


@dataclass(frozen=True)
class Estimate:
    """What a command will take: `n_runs` runs at first and up to `more` times as many, and their cost.

    Results go to `folder`. `counts` has the parts of the plan by name, for the sentence that describes it.
    """

    n_runs: int
    cost: Cost
    folder: Path
    more: float = 1.0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis(Generic[Spec, Result]):
    """A command that makes runs: its four steps, and the functions of the report that print what the terminal shows.

    `parse` gives what the words ask for, complete and checked; the last text is the line that repeats them. It raises
    InputError for what cannot be run.
    `cost` says how many runs it takes, how long, and how much disk; it raises InputError for a point that cannot be run.
    `run` executes what is not yet finished; the same spec gives the same result, however often it was interrupted.
    `save` writes tables and records, and returns the study's folder, from which page and answer are made; the result of a `run`
    that writes while it runs is the folder.
    `print_question` prints what is asked; `plan` says what the runs are for, where the question does not; both get the `record`
    of the spec, as the files have it, if it has one. `print_answer` prints what the saved folder says, and returns the exit
    code, 1 if some runs failed.
    """

    parse: Callable[[Sequence[str], Composer, str], Spec]
    cost: Callable[[Spec], Estimate]
    run: Callable[[Spec, Any], Result]  # the second is what `progress` makes
    print_question: Callable[[Any, Console], None]
    print_answer: Callable[[Path, Console], int]
    save: Callable[[Any, Any], Path] = save_analysis
    record: Callable[[Any], Any] = lambda spec: spec.record()
    plan: Callable[[Any, Mapping[str, int]], str] = lambda *_: ""
    progress: Callable[[Console], Stages] = Stages


def answered(request: Request, console: Console) -> tuple[int, Path | None]:
    """The exit code of a request, and the study's folder: parse, count the cost, run, save, answer.

    After --dry-run, which stops at the cost, there is no folder.
    """
    analysis: Analysis[Any, Any] = import_module(PLACES[request.command]).ANALYSIS
    with patience(CHECKING, console):
        spec = analysis.parse(in_order(request.words), Composer(request.folders, request.command), request.line)
    record = analysis.record(spec)
    analysis.print_question(record, console)
    console.file.flush()
    with patience(COMPILING, console):
        estimate = analysis.cost(spec)
    if plan := analysis.plan(record, estimate.counts):
        console.print(plan)
    print_cost(estimate.n_runs, estimate.cost, estimate.folder, console, estimate.more)
    if request.dry_run:
        console.print(CHECKED)
        return 0, None
    with analysis.progress(console) as progress:
        folder = analysis.save(spec, analysis.run(spec, progress))
    from salesim.report.page.study_page import write_page  # which only a finished study needs

    write_page(folder)
    return analysis.print_answer(folder, console), folder


def in_order(words: Sequence[str]) -> list[str]:
    """The words of a command line by the settings that they change, as their order means nothing.

    They stay as they were typed where a blank has parted one of them, so that the message can join it again.
    """
    whole = all(("=" in word or word[:1] == "~") and word.count("[") == word.count("]") for word in words)
    return sorted(words, key=lambda word: word.lstrip("+~").partition("=")[0]) if whole else list(words)
