"""The door: words of the command line in, an answer or one message out. The only file that imports Hydra.

Hydra composes; `config.py` checks; everything else is imported when a command needs it, so that help answers at once.
"""

import errno
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salesim.errors import InputError, meant

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override

    from salesim.arms import Composed

HELP = """\
salesim: how should we sell as our product turns into a commodity?

  salesim                                the main job: three strategies compared
  salesim run experiment=margin_spiral   another experiment; `salesim list` names them all
  salesim run strategy=mine --config-dir my/folder
                                         a strategy of your own, in my/folder/strategy/mine.yaml, compared with the three
  salesim show strategy=diagnostic       everything that is set, with unit, meaning and source
  salesim list                           experiments, strategies, channels, licences, markets

What is set, can be changed by its name (Hydra's overrides): key=value, as many as you like.

  market.commoditization.pressure_per_week=0.002    one number
  'rivals.strategies=[diagnostic,pitch]'            a list, in quotes for the shell
  seeds=10  workers=1  folder=/tmp/results          short for study.seeds=10 …
  contest=alone                                     only our vendor changes; contest=everyone: the whole market does
  '+experiment.arms.mild=["strategy.systems.promise_inflation=0.2"]'    one more arm

Options:
  --config-dir DIR   your own strategy/, channel/, licence/, market/, experiment/, study/; searched before the shipped ones
  --version, --help

A run that was stopped goes on where it was if the same command is given again.
"""
GROUPS = ("market", "strategy", "channel", "licence", "study", "experiment")
INHERIT = GROUPS[:4]
SHORT = ("seeds", "first_seed", "workers", "confidence", "books", "folder")
FULL_DISK = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Request:
    """What was asked: a command, overrides, folders to search (a person's own first), and the line itself."""

    command: str
    overrides: tuple[str, ...]
    folders: tuple[Path, ...]
    line: str


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


def understood(words: list[str], line: str) -> Request:
    """Command, options and overrides in the words of a command line. Raises InputError."""
    words, own = without_folder(words)
    command = "run"
    if words and "=" not in words[0] and words[0][:1] not in "+~":
        command = words.pop(0)
        if command not in COMMANDS:
            raise InputError(f"{command} is not a command; {meant(command, COMMANDS)} (`salesim --help` says more)")
    from salesim.library import check_folder, choice, choices, configs_folder

    if own:
        check_folder(own, GROUPS)
        for group in INHERIT:
            for name in choices(group, (own,)):
                choice(group, name, (own, configs_folder()))
    return Request(command, tuple(words), (*([own.resolve()] if own else []), configs_folder()), line)


def without_folder(words: Sequence[str]) -> tuple[list[str], Path | None]:
    """The words without `--config-dir`, and its folder. Raises InputError for any other option."""
    rest, own = [], None
    waiting = iter(words)
    for word in waiting:
        option, _, value = word.partition("=")
        if option == "--config-dir":
            folder = value or next(waiting, "")
            if not folder:
                raise InputError("--config-dir needs a folder behind it")
            own = Path(folder)
        elif word.startswith("-"):
            nearest = meant(option, ("--config-dir", "--version", "--help"))
            raise InputError(f"{option} is not an option; {nearest}")
        else:
            rest.append(word)
    return rest, own


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
            raise InputError(f"{given!r} gives several values where one is needed; a list is written {key}=[…]")
        if key in GROUPS and not override.is_delete():
            value = override.value()
            if not isinstance(value, str | int | float):
                raise InputError(f"{key} is {value!r}; it has to be the name of a file in {key}/")
            file_of(key, str(value), folders)
            override = parser.parse_override(f"{key}={word.partition('=')[2]}")
        found.append(override)
    return found


def made_long(word: str) -> str:
    """`seeds=10` is study.seeds=10, and experiment=null leaves the experiment out."""
    key, equals, value = word.partition("=")
    if key in SHORT:
        return f"study.{word}"
    if equals and key == "experiment" and value in ("null", ""):
        return "~experiment"
    return word


def composed(words: Sequence[str], folders: Sequence[Path]) -> "Composed":
    """What Hydra makes of the configs and these overrides. Raises InputError for whatever it refuses."""
    from hydra import compose, initialize_config_dir
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    from salesim.arms import Composed

    overrides = parsed(words, folders)
    own_folders().folders = folders[:-1]
    try:
        with initialize_config_dir(str(folders[-1]), version_base="1.3"):
            config = compose("config", [str(each.input_line) for each in overrides], return_hydra_config=True)
        chosen = dict(config.hydra.runtime.choices)
        plain = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
        mapping: Any = OmegaConf.to_container(plain, resolve=True, throw_on_missing=True)
    except (HydraException, OmegaConfBaseException, YAMLError, ValueError, RecursionError) as error:
        raise InputError(why_not(error, overrides, folders)) from error
    chosen = {group: str(name) for group, name in chosen.items() if group in GROUPS}
    return Composed(with_names(mapping, chosen, overrides, folders), chosen)


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


def why_not(error: Exception, overrides: "Sequence[Override]", folders: Sequence[Path]) -> str:
    """One sentence for what Hydra refused: an unknown key is looked for, else its own first line."""
    from salesim.config import dotted, meant_key

    choices = [str(each.input_line) for each in overrides if each.key_or_group in GROUPS]
    if len(choices) < len(overrides):
        mapping = composed(choices, folders).mapping
        known = set(dotted(mapping))
        for override in overrides:
            key = override.key_or_group
            if key not in known and key not in GROUPS and not override.is_add() and not override.is_force_add():
                return f"{key} is not a parameter; {meant_key(key, mapping)}"
    text = str(error).strip().splitlines()
    return f"the settings do not fit together: {text[0] if text else type(error).__name__}"


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

    study = study_of(request.overrides, request.folders, request.line, lambda words: composed(words, request.folders))
    from salesim.report.page import write_page
    from salesim.studies.run import run_study
    from salesim.terminal import Progress, print_answer, screen

    console = screen()
    with Progress(study, console) as progress:
        folder = run_study(study, progress.tell)
    page = write_page(folder)
    return print_answer(folder, page, console)


def show(request: Request) -> int:
    """Print all settings."""
    from salesim.config import scenario_from
    from salesim.experiment import experiment_of, settings_of
    from salesim.show import print_scenario
    from salesim.terminal import screen

    found = composed(request.overrides, request.folders)
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


COMMANDS: dict[str, Callable[[Request], int]] = {"run": run, "show": show, "list": listing}
