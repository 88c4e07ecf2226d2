"""The door: words of the command line in, an answer or one message out. The only file that imports Hydra.

Hydra composes; `config.py` checks; everything else is imported when a command needs it, so that help answers at once.
"""

import errno
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesim.errors import InputError
from salesim.request import GROUPS, HELP, Request, understood

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from salesim.arms import Composed
    from salesim.studies.axes import Axis

SHORT = ("seeds", "first_seed", "workers", "confidence", "books", "folder", "name", "design", "points", "design_seed")
SHORTER = {"executor": "study.executor.kind", "executor.address": "study.executor.address"}
DECLARED = ("measures", "matters", "looks", "budget")  # short for compare.measures …
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 some runs failed, 2 refused with one message, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
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


def refused(message: str) -> int:
    """One message on stderr; the exit code of a refusal."""
    print(f"salesim: {message}", file=sys.stderr)
    return 2


def of_system(error: OSError, line: str) -> str:
    """What the operating system refused, in one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in FULL_DISK:
        return f"the disk is full{where}; finished runs are kept: free some space and give the same command again: {line}"
    return f"{error.strerror or error}{where}; change the place or its permissions, or name another with study.folder=…"


def answer(words: list[str], line: str) -> int:
    """Find the command, and do it."""
    if "--help" in words or "-h" in words or words[:1] == ["help"]:
        print(HELP, end="")
        return 0
    if words == ["--version"]:
        from salesim import __version__

        print(f"salesim {__version__}")
        return 0
    request = understood(words, line)
    return COMMANDS[request.command](request)


def parsed(words: Sequence[str], folders: Sequence[Path]) -> "list[Override]":
    """Overrides by Hydra's grammar, short names made long, choices looked up. Raises InputError."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    from salesim.library import file_of

    parser = OverridesParser.create()
    found = []
    for given in words:
        word = made_long(given)
        try:
            override = parser.parse_override(word)
        except HydraException as error:
            raise InputError(
                f"{given!r} cannot be read; write key=value, and lists as 'rivals.strategies=[pitch,diagnostic]'"
            ) from error
        key = override.key_or_group
        if not key:
            raise InputError(f"{given!r} has no key; write key=value, as study.seeds=10")
        if key == "hydra" or key.startswith(("hydra.", "hydra/")) or override.package is not None:
            raise InputError(f"{given!r} is about Hydra itself, which has no settings here; `salesim show` lists what there is")
        if override.is_sweep_override():
            raise InputError(
                f"{given!r} gives several values where one is needed; a list is written {key}=[…], `salesim sweep` plays each"
            )
        if key in GROUPS and not override.is_delete():
            value = override.value()
            if not isinstance(value, str | int | float):
                raise InputError(f"{key} is {value!r}; it has to be the name of a file in {key}/")
            file_of(key, str(value), folders)
            override = parser.parse_override(f"{key}={word.partition('=')[2]}")
        found.append(override)
    return found


def axes_of(words: Sequence[str], folders: Sequence[Path]) -> "tuple[list[Axis], list[str]]":
    """The words that give several values, as axes by Hydra's grammar, and the other words. Raises InputError."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    parser = OverridesParser.create()
    axes, rest = [], []
    for given in words:
        try:
            override = parser.parse_override(made_long(given))
        except HydraException:
            rest.append(given)  # whatever is wrong with it is said with the plain words
            continue
        if override.is_sweep_override():
            axes.append(axis_of(override, given, folders))
        else:
            rest.append(made_long(given))
    return axes, rest


def axis_of(override: "Override", given: str, folders: Sequence[Path]) -> "Axis":
    """What one sweep of Hydra's grammar varies. Raises InputError for what has no fixed order or size."""
    from hydra.core.override_parser.types import ChoiceSweep, Glob, IntervalSweep, RangeSweep

    from salesim.library import choices, file_of
    from salesim.studies.axes import Axis, values_in

    key, text = override.key_or_group, given.partition("=")[2]
    asked: Any = override.value()
    tags: set[str] = getattr(asked, "tags", set())
    if is_special(override) or override.package is not None:
        raise InputError(f"{given!r} adds or deletes a setting; a sweep varies those that are there: write {key}={text}")
    if getattr(asked, "shuffle", False):
        raise InputError(f"{given!r} asks for a random order; points of a sweep have a fixed one: leave shuffle out")
    if tags and not (tags == {"log"} and isinstance(asked, IntervalSweep)):
        raise InputError(f"{given!r} has the tag {', '.join(sorted(tags))}; only tag(log, interval(low,high)) means something")
    if isinstance(asked, IntervalSweep):
        ends: tuple[Any, Any] = (asked.start, asked.end)  # whole numbers after int(interval(…))
        whole = all(isinstance(end, int) for end in ends)
        return Axis(key, text, (), float(ends[0]), float(ends[1]), whole, "log" in tags)
    values: list[Any] = []
    if isinstance(asked, Glob):
        values = asked.filter(sorted(choices(key, folders)))
    elif isinstance(asked, RangeSweep):
        values = values_in(asked.range, key, text)
    elif isinstance(asked, ChoiceSweep):
        values = list(override.sweep_iterator(plain_value))
    if any(isinstance(value, IntervalSweep | RangeSweep | ChoiceSweep) for value in values):
        raise InputError(f"{given!r} puts a range among values; write either a range or values")
    for value in values if key in GROUPS else ():
        file_of(key, str(value), folders)
    return Axis(key, text, tuple(values))


def plain_value(value: Any) -> Any:
    """A value of Hydra's grammar without its quotes."""
    from hydra.core.override_parser.types import QuotedString

    if isinstance(value, list):
        return [plain_value(part) for part in value]
    if isinstance(value, dict):
        return {str(plain_value(key)): plain_value(part) for key, part in value.items()}
    return value.text if isinstance(value, QuotedString) else value


def made_long(word: str) -> str:
    """`seeds=10` is study.seeds=10, and experiment=null leaves the experiment out."""
    key, equals, value = word.partition("=")
    if key in SHORT:
        return f"study.{word}"
    if key in SHORTER:
        return f"{SHORTER[key]}={value}"
    if key.split(".")[0] in DECLARED:
        return f"compare.{word}"
    if equals and key == "experiment" and value in ("null", ""):
        return "~experiment"
    return word


class Composer:
    """What Hydra makes of overrides. Files are read once for each choice of files, as arms often differ in numbers only."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders
        self.chosen: dict[tuple[str, ...], Any] = {}

    def __call__(self, words: Sequence[str]) -> "Composed":
        """The composed settings. Raises InputError for whatever Hydra refuses."""
        from hydra.errors import HydraException
        from omegaconf import OmegaConf
        from omegaconf.errors import OmegaConfBaseException
        from yaml import YAMLError

        from salesim.arms import Composed

        overrides = parsed(words, self.folders)
        numbers = [each for each in overrides if each.key_or_group not in GROUPS and not is_special(each)]
        try:
            config = self.with_files(tuple(str(each.input_line) for each in overrides if each not in numbers))
            chosen = {group: str(name) for group, name in config.hydra.runtime.choices.items() if group in GROUPS}
            settings = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
            OmegaConf.set_struct(settings, True)
            for each in numbers:
                put(settings, each)
            mapping: Any = OmegaConf.to_container(settings, resolve=True, throw_on_missing=True)
        except (HydraException, OmegaConfBaseException, YAMLError, ValueError, RecursionError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise InputError(f"the settings do not fit together: {reason}") from error
        return Composed(with_names(mapping, chosen, overrides, self.folders), chosen)

    def with_files(self, lines: tuple[str, ...]) -> Any:
        """Hydra's own composition of everything that is not a plain `key=value`."""
        from hydra import compose, initialize_config_dir

        if lines not in self.chosen:
            own_folders().folders = self.folders[:-1]
            with initialize_config_dir(str(self.folders[-1]), version_base="1.3"):
                self.chosen[lines] = compose("config", list(lines), return_hydra_config=True)
        return self.chosen[lines]


def is_special(override: "Override") -> bool:
    """Whether an override adds or deletes a key."""
    return override.is_add() or override.is_force_add() or override.is_delete()


def put(settings: Any, override: "Override") -> None:
    """`key=value` for a key that is there, as Hydra does it. Raises InputError for any other key."""
    from omegaconf import OmegaConf
    from omegaconf.errors import ConfigAttributeError, ConfigKeyError, ConfigTypeError

    from salesim.config import meant_key

    key = override.key_or_group
    try:
        OmegaConf.update(settings, key, override.value(), merge=True)
    except (ConfigAttributeError, ConfigKeyError, ConfigTypeError) as error:
        known: Any = OmegaConf.to_container(settings)
        raise InputError(f"{key} is not a parameter; {meant_key(key, known)}") from error


@cache
def own_folders() -> Any:
    """A Hydra plugin that has a person's own folders searched before the shipped one."""
    from hydra.core.config_search_path import ConfigSearchPath
    from hydra.core.plugins import Plugins
    from hydra.plugins.search_path_plugin import SearchPathPlugin

    class OwnFolders(SearchPathPlugin):
        folders: Sequence[Path] = ()

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            for folder in self.folders:
                search_path.prepend("own", f"file://{folder}")

    Plugins.instance().register(OwnFolders)
    return OwnFolders


def with_names(
    mapping: dict[str, Any], chosen: dict[str, str], overrides: "Sequence[Override]", folders: Sequence[Path]
) -> dict[str, Any]:
    """The mapping, with files that inherit called by their own name, as `library.choice` does for rivals."""
    from salesim.library import choice

    given = {override.key_or_group for override in overrides}
    for group in ("strategy", "channel", "licence"):
        if isinstance(mapping.get(group), dict) and f"{group}.name" not in given:
            mapping[group]["name"] = choice(group, chosen[group], folders)["name"]
    return mapping


def run(request: Request) -> int:
    """Check everything, play what is not yet played, and say what came out."""
    from salesim.arms import study_of

    for word in request.overrides:
        if made_long(word).startswith(("compare.", "compare=")):
            raise InputError(f"{word} is for `salesim compare`; `salesim run` plays study.seeds seeds and looks once")
    study = study_of(request.overrides, request.folders, request.line, Composer(request.folders))
    from salesim.report.page import write_page
    from salesim.studies.run import run_study
    from salesim.terminal import Progress, print_answer, screen

    console = screen()
    with Progress(study, console) as progress:
        folder = run_study(study, progress.tell)
    page = write_page(folder)
    return print_answer(folder, page, console)


def explore(request: Request) -> int:
    """Where each arm wins: a design over uncertain numbers, or the tipping point of one."""
    from salesim.exploring.door import explored

    return explored(request, Composer(request.folders))


def explain(request: Request) -> int:
    """Why two arms differ, and what carries the fall of margins."""
    from salesim.explaining.door import explained

    return explained(request, Composer(request.folders))


def compare(request: Request) -> int:
    """Declare, play until it is settled or the budget is spent, and say what may be acted on."""
    from salesim.compared import compared

    return compared(request, Composer(request.folders))


def show(request: Request) -> int:
    """Print all settings."""
    from salesim.config import scenario_from
    from salesim.experiment import experiment_of, settings_of
    from salesim.show import print_scenario
    from salesim.terminal import screen

    found = Composer(request.folders)(request.overrides)
    scenario_from(found.mapping, folders=request.folders[:-1])
    settings_of(found.mapping)
    print_scenario(found.mapping, found.chosen, experiment_of(found.mapping), request.folders, screen())
    return 0


def listing(request: Request) -> int:
    """Print what can be chosen."""
    from salesim.show import print_library
    from salesim.terminal import screen

    if request.overrides:
        raise InputError(f"`salesim list` takes no settings, but {request.overrides[0]} came; `salesim show` does")
    print_library(request.folders, screen())
    return 0


def sweep(request: Request) -> int:
    """Play many points of the settings, and say what moves what."""
    from salesim.sweeps.command import sweep as play_sweep

    return play_sweep(request, Composer(request.folders), lambda words: axes_of(words, request.folders))


def verify(request: Request) -> int:
    """Play some runs of a study again, and compare the bits."""
    from salesim.sweeps.command import verify as verify_study

    return verify_study(request)


def export(request: Request) -> int:
    """Write the tables of a study for other programs."""
    from salesim.sweeps.command import export as export_study

    return export_study(request)


COMMANDS: dict[str, Callable[[Request], int]] = {
    "run": run,
    "compare": compare,
    "sweep": sweep,
    "explore": explore,
    "explain": explain,
    "show": show,
    "list": listing,
    "verify": verify,
    "export": export,
}


if __name__ == "__main__":
    sys.exit(main())
