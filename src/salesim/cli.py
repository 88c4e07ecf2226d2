"""The door: words of the command line in, an answer or one message out.

`composing/` reads the words, `config.py` checks them; all of it is imported when a command needs it, so that help answers
at once.
"""

import errno
import gc
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from salesim.config.errors import InputError
from salesim.config.help import page_of
from salesim.config.request import GROUPS, SETTLED, Request, understood

CREATED = 50_000  # objects before cycles among them are looked for: modules and figures make many, and hardly one in vain
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 refused with one message, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    if words is None:
        signal.signal(signal.SIGTERM, interrupt)
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
    except MemoryError:
        return refused("there is not enough memory; ask for fewer customers, weeks or workers")
    except OSError as error:
        return refused(of_system(error, line))


def interrupt(*_: object) -> None:
    """Stop as Ctrl-C does."""
    raise KeyboardInterrupt


def refused(message: str) -> int:
    """One message on stderr; the exit code of a refusal."""
    print(f"salesim: {message}", file=sys.stderr)
    return 2


def of_system(error: OSError, line: str) -> str:
    """What the operating system refused, in one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in FULL_DISK:
        return f"the disk is full{where}; finished runs are kept: free some space and give the same command again: {line}"
    return f"{error.strerror or error}{where}; change the place or its permissions, or name another with folder=…"


def answer(words: list[str], line: str) -> int:
    """Find the command, and do it."""
    if "--help" in words or "-h" in words or words[:1] == ["help"]:
        print(page_of(words), end="")
        return 0
    if words == ["--version"]:
        from salesim.version import __version__

        print(f"salesim {__version__}")
        return 0
    request = understood(words, line)
    if request.command in ANALYSES:
        return analyse(request)
    return COMMANDS[request.command](request)


def analyse(request: Request) -> int:
    """A command that plays runs, by the one protocol of all of them."""
    from salesim.analyses.protocol import carry_out

    module, name = ANALYSES[request.command].split(":")
    return carry_out(getattr(import_module(module), name)(), request)


def show(request: Request) -> int:
    """Print all settings, those that were asked for first; of a group's name, as in `salesim show study`, that group."""
    from salesim.config.check_axes import check_once
    from salesim.config.compose_study import key_of
    from salesim.config.experiment import experiment_of, settings_of
    from salesim.config.overrides.composer import Composer
    from salesim.config.overrides.grammar import made_long
    from salesim.config.scenario import scenario_from
    from salesim.report.console.settings import print_scenario, print_settled
    from salesim.report.console.study import screen

    check_once([made_long(word) for word in request.overrides])
    groups, words = split(request.overrides)
    console = screen()
    settled = [group for group in groups if group in SETTLED]
    for group in settled:
        print_settled(group, request.folders, console)
    if settled and len(settled) == len(request.overrides):
        return 0
    groups = [group for group in groups if group not in SETTLED]
    found = Composer(request.folders)(words)
    scenario_from(found.mapping, folders=request.folders[:-1])
    settings_of(found.mapping)
    asked = groups or [key_of(made_long(word)) for word in words]
    print_scenario(found.mapping, found.chosen, experiment_of(found.mapping), request.folders, asked, bool(groups), console)
    return 0


def split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Groups that are asked for by their name alone, and the other words; `explore=standard` is the only one there is."""
    groups = [word.removesuffix("=standard") for word in words if word.removesuffix("=standard") in SETTLED or word in GROUPS]
    return groups, [word for word in words if word.removesuffix("=standard") not in SETTLED and word not in GROUPS]


def listing(request: Request) -> int:
    """Print what can be chosen."""
    from salesim.report.console.settings import print_library
    from salesim.report.console.study import screen

    if request.overrides:
        raise InputError(f"`salesim list` takes no settings, but {request.overrides[0]} came; `salesim show` does")
    print_library(request.folders, screen())
    return 0


def verify(request: Request) -> int:
    """Play some runs of a study again, and compare the bits."""
    from salesim.analyses.finished import verify as verify_study

    return verify_study(request)


def export(request: Request) -> int:
    """Write the tables of a study for other programs."""
    from salesim.analyses.finished import export as export_study

    return export_study(request)


ANALYSES = {
    "run": "salesim.analyses.run:Run",
    "compare": "salesim.analyses.compare.command:Compare",
    "sweep": "salesim.analyses.sweep.command:SweepPoints",
    "explore": "salesim.analyses.explore.command:Explore",
    "explain": "salesim.analyses.explain.command:Explain",
}
COMMANDS: dict[str, Callable[[Request], int]] = {"show": show, "list": listing, "verify": verify, "export": export}


if __name__ == "__main__":
    sys.exit(main())
