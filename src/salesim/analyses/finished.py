"""What can be done with the folder of a finished study: play some of its runs again, or export its tables."""

from pathlib import Path

from salesim.config.errors import InputError, meant
from salesim.config.request import Request
from salesim.report.console.study import screen
from salesim.runs.export import exported
from salesim.runs.folder import RESULTS, suggest_study
from salesim.runs.verify import verified

SAMPLE = 5  # runs that are verified unless said
FORMATS = ("csv", "excel")


def verify(request: Request) -> int:
    """Play a sample of a study's runs again, and compare every bit of their measures, and of their records where kept."""
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
        raise InputError(f"`salesim {request.command}` needs the folder of a study; {suggest_study(RESULTS)}")
    if len(folders) > 1:
        raise InputError(f"`salesim {request.command}` takes the folder of one study; {' and '.join(map(str, folders))} came")
    return folders[0], found
