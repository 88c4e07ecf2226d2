"""The command line: words in, an answer or one message out.

`salesim.config` reads and checks the words; everything heavy is imported when a command needs it, so that help is there at
once.
"""

import errno
import gc
import os
import re
import shlex
import signal
import sys
from collections import namedtuple
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from salesim.config.commands import COMMANDS
from salesim.config.completion import completion
from salesim.config.errors import InputError, meant
from salesim.config.help import page_of
from salesim.config.options import SCHEMAS, ClassroomOptions, ExportOptions, VerifyOptions, options_of
from salesim.config.request import CHECK, OWN_GROUP, Request, request_of
from salesim.model.signals import undisturbed
from salesim.report.console.encoding import make_readable
from salesim.version import __version__

CREATED = 50_000  # objects before cycles among them are looked for: modules and figures make many, and hardly one in vain
CLOSED_PIPE = 141  # exit code of a program that SIGPIPE ends
LONGEST_WORD, LONGEST_MESSAGE = 300, 4000  # characters of a refusal
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)
NO_MEMORY = ("can't start new thread", "cannot allocate memory", "failed to map segment", "Unable to allocate")  # of libraries
LITTLE_MEMORY = "there is not enough memory; ask for fewer customers, weeks or workers"


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 refused with one message, 130 interrupted."""
    is_program = words is None
    words = list(sys.argv[1:] if words is None else words)
    try:
        prepare(is_program)
        code = answer(words)
        sys.stdout.flush()
        if is_program:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is done, and nothing is left to stop
        return code
    except InputError as error:
        return refused(str(error))
    except KeyboardInterrupt:
        return stopped(words, is_program)
    except BrokenPipeError:  # the reader, as in `salesim show | head`, has seen enough
        drop_stream(sys.stdout)
        return CLOSED_PIPE
    except OSError as error:
        drop_stream(sys.stdout)
        return refused(of_system(error, line_of(words)))
    except (MemoryError, RuntimeError, ImportError, SystemError) as error:
        if not isinstance(error, MemoryError) and not any(text in str(error) for text in NO_MEMORY):
            raise
        return refused(LITTLE_MEMORY)


def prepare(is_program: bool) -> None:
    """Streams that can show any character and may be closed; signals and memory, if this is the whole program."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by `>&-`
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    make_readable()
    if is_program:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # stops as Ctrl-C does
        gc.set_threshold(CREATED)


def line_of(words: Sequence[str]) -> str:
    """A command line that can be pasted into a shell."""
    return shlex.join(["salesim", *words])


def stopped(words: Sequence[str], is_program: bool) -> int:
    """The sentence and the exit code of what Ctrl-C or `kill` has ended."""
    if is_program:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    kept = "finished runs are kept, and the same command goes on from there"
    print(f"salesim: stopped; {kept}: {line_of(words)}", file=sys.stderr)
    if is_program:
        drop_stream(sys.stderr)  # a pool that ends in the same moment complains of that as Python exits
    namedtuple("Stopped", ())  # made from text: Python forgets that it was stopped while it ran text, and keeps our exit code
    return 130


def drop_stream(stream: TextIO) -> None:
    """What is written to a stream from now on goes nowhere: Python would complain at the end of what cannot be printed."""
    with suppress(OSError):  # of a stream that is no file
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def refused(message: str) -> int:
    """One message on stderr, its longest words cut; the exit code of a refusal."""
    short = re.sub(rf"\S{{{LONGEST_WORD},}}", lambda word: f"{word[0][: LONGEST_WORD // 3]}…", message)
    print(f"salesim: {short[:LONGEST_MESSAGE]}", file=sys.stderr)
    return 2


def of_system(error: OSError, line: str) -> str:
    """What the operating system refused, in one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOMEM:
        return LITTLE_MEMORY
    if error.errno in FULL_DISK:
        return f"the disk is full{where}; finished runs are kept: free some space and give the same command again: {line}"
    return f"{error.strerror or error}{where}; change the place or its permissions, or name another with folder=…"


def answer(words: list[str]) -> int:
    """Find the command, and do it."""
    if words[:1] == ["completion"] and not {"--help", "-h"} & {*words[1:2]}:
        print(completion(words[1:]), end="")
        return 0
    if "--help" in words or "-h" in words or words[:1] == ["help"]:
        print(page_of(words), end="")
        return 0
    if words == ["--version"]:
        print(f"salesim {__version__}")
        return 0
    request = request_of(words, line_of(words))
    if request.command == "handout":
        with undisturbed():
            from salesim.classroom.handout.command import write_handout

        return write_handout(request)
    if COMMANDS[request.command].makes_runs:
        with undisturbed():
            from salesim.analyses.protocol import answered
            from salesim.report.console.tables import screen

        return answered(request, screen(lasting=True))[0]
    others = {"show": show, "list": listing, "verify": verify, "export": export, "classroom": classroom}
    return others[request.command](request)


def show(request: Request) -> int:
    """Print all settings, those that were asked for first; of groups, as in `salesim show market.customers`, these alone."""
    from salesim.config.compose_study import key_of
    from salesim.config.dotted_keys import at_path
    from salesim.config.experiment import experiment_of, settings_of
    from salesim.config.overrides.composer import Composer
    from salesim.config.scenario import scenario_from
    from salesim.config.validation import checked
    from salesim.report.console.settings import print_scenario
    from salesim.report.console.tables import screen

    groups = [word for word in request.words if word and "=" not in word and word[0] not in "+~"]
    composer = Composer(request.folders, "show")
    words = composer.words([word for word in request.words if word not in groups])
    composed = composer(words)
    scenario_from(composed.mapping, folders=request.folders[:-1])
    settings_of(composed.mapping)
    for group in ("compare", *OWN_GROUP):
        checked(SCHEMAS[group], composed.mapping[group], group)
    experiment = experiment_of(composed.mapping)
    for group in groups:
        at_path(composed.mapping, group)
    keys = groups or [key_of(word) for word in words]
    print_scenario(composed.mapping, composed.chosen, experiment, request.folders, keys, bool(groups), screen())
    show_worlds(composed.mapping.get("ensemble"), request)
    show_fit(composed.chosen["market"], request)
    return 0


def show_worlds(reference: Mapping[str, Any] | None, request: Request) -> None:
    """Print what differs between the worlds of the chosen market, if it is an ensemble."""
    from salesim.config.notes import notes_of
    from salesim.config.worlds import read_members
    from salesim.report.console.settings import print_ensemble
    from salesim.report.console.tables import screen

    if reference:
        members = read_members(reference, request.folders)
        print_ensemble(reference, members, notes_of("market", reference["market"], request.folders), screen())


def show_fit(market: str, request: Request) -> None:
    """Print what a fit said of the chosen market, if `salesim fit` wrote its file."""
    from salesim.config.config_files import file_of
    from salesim.report.console.sections import print_fit
    from salesim.report.console.tables import screen

    folder = file_of("market", market, request.folders).parents[1]
    if folder.name == "fit" and (folder / "fit.json").is_file():
        print_fit(folder.parent, screen())


def listing(request: Request) -> int:
    """Print what can be chosen."""
    from salesim.report.console.settings import print_library
    from salesim.report.console.tables import screen

    if request.words:
        raise InputError(f"`salesim list` takes no settings, but {request.words[0]!r} came; `salesim show` does")
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
    """Write a study's tables, or its summary, for other programs."""
    from salesim.report.summary.export import exported

    folder, options = folder_and_options(request, ExportOptions)
    print_lines(map(str, exported(folder, options.format)))
    return 0


def classroom(request: Request) -> int:
    """Hold a class, or show one again."""
    from salesim.config.validation import checked

    words = [word for word in request.words if word != CHECK]
    file, named = "", [word for word in words if "=" not in word]
    if named:
        if len(named) != 2 or named[0] != "replay":
            raise InputError(f"`salesim classroom` came with {' '.join(named)}; it takes options, or `replay FILE`")
        file = named[1]
    options = checked(ClassroomOptions, own_options(request, ClassroomOptions))
    try:
        from salesim.classroom.command import classroom as hold
    except ModuleNotFoundError as error:
        raise InputError(
            f"the classroom needs the package {error.name}; install it with `pip install 'salesim[classroom]'`"
        ) from error
    return hold(request, options, file)


def print_lines(lines: Iterable[str]) -> None:
    """Print lines, each whole however long it is."""
    from salesim.report.console.tables import screen

    console = screen()
    for line in lines:
        console.print(line, soft_wrap=True)


def own_options(request: Request, schema: type[Any]) -> dict[str, Any]:
    """The options among the words, numbers and switches as such. Raises InputError for a key that the command does not have."""
    from salesim.config.compose_study import check_twice

    given = [word for word in request.words if "=" in word]
    check_twice(given)
    values = [word.split("=", 1) for word in given]
    names = [option.word for option in options_of(schema)]
    for key, _ in values:
        if key not in names:
            raise InputError(f"{key} is not an option of `salesim {request.command}`; {meant(key, names)}")
    switches = {"true": True, "false": False}
    return {
        key: switches.get(value, int(value) if value.isdecimal() and len(value) < 20 else value) for key, value in values
    }  # fmt: skip


def folder_and_options(request: Request, schema: type[Any]) -> tuple[Path, Any]:
    """The study's folder and the options among the words. Raises InputError."""
    from salesim.config.config_files import place_of
    from salesim.config.validation import checked
    from salesim.runs.folder import RESULTS, suggest_study

    numbers = own_options(request, schema)
    try:
        options = checked(schema, numbers)
    except InputError as error:
        raise InputError(error.text) from error  # without where to change it: no file has these options
    folders = [word for word in request.words if "=" not in word]
    if not "".join(folders):
        raise InputError(f"`salesim {request.command}` needs the folder of a study; {suggest_study(RESULTS)}")
    if len(folders) > 1:
        raise InputError(f"`salesim {request.command}` takes the folder of one study; {' and '.join(folders)} came")
    return place_of(folders[0]), options


if __name__ == "__main__":
    sys.exit(main())
