"""The command line: words in, an answer or one message out.

`salesim.config` reads and checks the words; everything heavy is imported when a command needs it, so that help is there at
once.
"""

import errno
import gc
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from salesim.config.commands import COMMANDS
from salesim.config.errors import InputError
from salesim.config.help import page_of
from salesim.config.options import ExportOptions, VerifyOptions
from salesim.config.request import Request, request_of

CREATED = 50_000  # objects before cycles among them are looked for: modules and figures make many, and hardly one in vain
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NO_MEMORY = ("can't start new thread", "cannot allocate memory", "failed to map segment", "Unable to allocate")  # of libraries
LITTLE_MEMORY = "there is not enough memory; ask for fewer customers, weeks or workers"
Schema = TypeVar("Schema")


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 refused with one message, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if words is None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops as Ctrl-C does
        gc.set_threshold(CREATED)
    words = list(sys.argv[1:] if words is None else words)
    line = shlex.join(["salesim", *words])
    try:
        code = answer(words, line)
        sys.stdout.flush()
        return code
    except InputError as error:
        return refused(str(error))
    except KeyboardInterrupt:
        print(f"salesim: stopped; finished runs are kept, and the same command goes on from there: {line}", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, as in `salesim show | head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        return refused(of_system(error, line))
    except (MemoryError, RuntimeError, ImportError, SystemError) as error:
        if not isinstance(error, MemoryError) and not any(words in str(error) for words in NO_MEMORY):
            raise
        return refused(LITTLE_MEMORY)


def refused(message: str) -> int:
    """One message on stderr; the exit code of a refusal."""
    print(f"salesim: {message}", file=sys.stderr)
    return 2


def of_system(error: OSError, line: str) -> str:
    """What the operating system refused, in one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOMEM:
        return LITTLE_MEMORY
    if error.errno in FULL_DISK:
        return f"the disk is full{where}; finished runs are kept: free some space and give the same command again: {line}"
    return f"{error.strerror or error}{where}; change the place or its permissions, or name another with folder=…"


def answer(words: list[str], line: str) -> int:
    """Find the command, and do it."""
    if words[:1] == ["completion"] and not {"--help", "-h"} & {*words[1:2]}:
        from salesim.config.completion import completion

        print(completion(words[1:]), end="")
        return 0
    if "--help" in words or "-h" in words or words[:1] == ["help"]:
        print(page_of(words), end="")
        return 0
    if words == ["--version"]:
        from salesim.version import __version__

        print(f"salesim {__version__}")
        return 0
    request = request_of(words, line)
    if COMMANDS[request.command].makes_runs:
        from salesim.analyses.protocol import carry_out

        return carry_out(request)
    return OTHERS[request.command](request)


def show(request: Request) -> int:
    """Print all settings, those that were asked for first; of a group's name, as in `salesim show study`, that group."""
    from salesim.config.compose_study import key_of
    from salesim.config.experiment import experiment_of, settings_of
    from salesim.config.overrides.composer import Composer
    from salesim.config.scenario import scenario_from
    from salesim.report.console.settings import print_scenario
    from salesim.report.console.tables import screen

    composer = Composer(request.folders, "show")
    groups = [word for word in request.words if word in composer.groups]
    words = composer.words([word for word in request.words if word not in groups])
    composed = composer(words)
    scenario_from(composed.mapping, folders=request.folders[:-1])
    settings_of(composed.mapping)
    first = groups or [key_of(word) for word in words]
    experiment = experiment_of(composed.mapping)
    print_scenario(composed.mapping, composed.chosen, experiment, request.folders, first, bool(groups), screen())
    return 0


def listing(request: Request) -> int:
    """Print what can be chosen."""
    from salesim.report.console.settings import print_library
    from salesim.report.console.tables import screen

    if request.words:
        raise InputError(f"`salesim list` takes no settings, but {request.words[0]} came; `salesim show` does")
    print_library(request.folders, screen())
    return 0


def verify(request: Request) -> int:
    """Compare a study's files with their digests, run a sample of its runs again, and compute its answers again."""
    from salesim.analyses.recompute import recomputed
    from salesim.runs.verify import verified

    folder, options = folder_and_options(request, VerifyOptions)
    report = verified(folder, options.runs)
    print_lines(report.lines)
    if report.same:
        report = recomputed(folder)
        print_lines(report.lines)
    return 0 if report.same else 1


def export(request: Request) -> int:
    """Write a study's tables for other programs."""
    from salesim.runs.export import exported

    folder, options = folder_and_options(request, ExportOptions)
    print_lines(map(str, exported(folder, options.format)))
    return 0


def print_lines(lines: Iterable[str]) -> None:
    """Print lines, each whole however long it is."""
    from salesim.report.console.tables import screen

    console = screen()
    for line in lines:
        console.print(line, soft_wrap=True)


def folder_and_options(request: Request, schema: type[Schema]) -> tuple[Path, Schema]:
    """The study's folder and the options among the words. Raises InputError."""
    from salesim.config.validation import checked
    from salesim.runs.folder import RESULTS, suggest_study

    folders = [word for word in request.words if "=" not in word]
    given = [word.partition("=") for word in request.words if "=" in word]
    values = {key: int(value) if value.isdigit() else value for key, _, value in given}
    try:
        options = checked(schema, values)
    except InputError as error:
        raise InputError(error.text) from error  # without where to change it: no file has these options
    if len(values) < len(given):
        raise InputError(f"an option is given twice ({' and '.join(map(''.join, given))}); give it once")
    if not folders:
        raise InputError(f"`salesim {request.command}` needs the folder of a study; {suggest_study(RESULTS)}")
    if len(folders) > 1:
        raise InputError(f"`salesim {request.command}` takes the folder of one study; {' and '.join(folders)} came")
    return Path(folders[0]), options


OTHERS: dict[str, Callable[[Request], int]] = {"show": show, "list": listing, "verify": verify, "export": export}


if __name__ == "__main__":
    sys.exit(main())
