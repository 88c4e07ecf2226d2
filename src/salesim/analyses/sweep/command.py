"""The commands sweep, verify and export: what they need, in order."""

from pathlib import Path

from salesim.analyses.sweep.run import identity, run_sweep
from salesim.analyses.sweep.spec import sweep_of
from salesim.config.check_axes import Parse
from salesim.config.compose_study import Compose
from salesim.config.errors import InputError, meant
from salesim.config.request import Request
from salesim.report.console.progress import COMPILING, Stages, patience, print_cost
from salesim.report.console.sweep import print_question, print_sweep
from salesim.report.console.tables import screen
from salesim.runs.cost import expected
from salesim.runs.locate import RESULTS, meant_place
from salesim.runs.manifest import check_same

SAMPLE = 5  # runs that are verified unless said
FORMATS = ("csv", "excel")


def sweep(request: Request, compose: Compose, parse: Parse) -> int:
    """Check every point, say what it will cost, play what is not yet played, and say what came out."""
    console = screen()
    with patience("Checking every point of the sweep before any is played …", console):
        asked = sweep_of(request.overrides, request.folders, request.line, compose, parse)
        check_same(asked.own_folder, identity(asked))
    print_question(asked, console)
    console.file.flush()
    with patience(COMPILING, console):
        cost = expected(asked)
    print_cost(asked.n_runs, cost, asked.own_folder, console)
    if request.dry_run:
        console.print("Every point is checked; nothing was played, as --dry-run asks.")
        return 0
    with Stages(console, asked.name) as progress:
        folder = run_sweep(asked, progress.tell)
    from salesim.report.page.study_page import write_page

    write_page(folder)
    return print_sweep(folder, console)


def verify(request: Request) -> int:
    """Play a sample of a study's runs again, and compare every bit of their measures, and of their records where kept."""
    from salesim.runs.verify import verified

    folder, options = folder_and_options(request, {"runs": str(SAMPLE)})
    if not options["runs"].isdigit() or int(options["runs"]) < 1:
        raise InputError(f"runs is {options['runs']}; it has to be a whole number from 1, as runs={SAMPLE}")
    report = verified(folder, int(options["runs"]))
    console = screen()
    for line in report.lines:
        console.print(line, soft_wrap=True)
    return 0 if report.same else 1


def export(request: Request) -> int:
    """Write a study's tables for other programs."""
    from salesim.runs.export import exported

    folder, options = folder_and_options(request, {"format": "csv"})
    if options["format"] not in FORMATS:
        raise InputError(f"format is {options['format']}; it has to be {' or '.join(FORMATS)}")
    console = screen()
    for path in exported(folder, options["format"]):
        console.print(str(path), soft_wrap=True)
    return 0


def folder_and_options(request: Request, options: dict[str, str]) -> tuple[Path, dict[str, str]]:
    """The study's folder and the options among the words. Raises InputError."""
    found, folders = dict(options), []
    for word in request.overrides:
        key, equals, value = word.partition("=")
        if not equals:
            folders.append(Path(word))
        elif key in options:
            found[key] = value
        else:
            raise InputError(f"{word} is not an option of `salesim {request.command}`; {meant(key, options)}")
    if not folders:
        raise InputError(f"`salesim {request.command}` needs the folder of a study; {meant_place(RESULTS)}")
    if len(folders) > 1:
        raise InputError(f"`salesim {request.command}` takes the folder of one study; {' and '.join(map(str, folders))} came")
    return folders[0], found
