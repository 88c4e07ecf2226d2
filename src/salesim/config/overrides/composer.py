"""Overrides in, composed settings out: what Hydra makes of the files, with a person's own folders first."""

import shlex
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.override_parser.types import Override
from hydra.core.plugins import Plugins
from hydra.errors import HydraException
from hydra.plugins.search_path_plugin import SearchPathPlugin
from omegaconf import OmegaConf
from omegaconf.errors import ConfigAttributeError, ConfigKeyError, ConfigTypeError, OmegaConfBaseException
from yaml import YAMLError

from salesim.config.compose_study import Composed
from salesim.config.config_files import APPROACH, choice, choices, picked
from salesim.config.dotted_keys import meant_key
from salesim.config.errors import InputError, unknown_setting
from salesim.config.overrides.grammar import ARMS, Grammar, is_special
from salesim.config.request import OWN_GROUP
from salesim.config.user_files import check_file, check_whole, named_in


class Composer(Grammar):
    """What Hydra makes of the words of one command.

    Files are read once for each choice of files, as arms often differ in numbers only. `command` decides what can be
    written short, and which groups there are: explore and explain have one of their own.
    """

    def __init__(self, folders: Sequence[Path], command: str = "run") -> None:
        super().__init__(folders, command)
        self.chosen: dict[tuple[str, ...], Any] = {}
        self.whole: set[tuple[str, str]] = set()
        start = next(folder for folder in folders if (folder / "config.yaml").is_file())
        if start != folders[-1]:
            check_whole(start / "config.yaml")
        self.picks = {group: picked(start, group) or "standard" for group in self.groups}

    def __call__(self, words: Sequence[str]) -> Composed:
        """The composed settings; `words` have whole keys. Raises InputError for whatever Hydra refuses."""
        overrides = [self.override(word, words) for word in words]
        named = {str(each.key_or_group): str(each.value()) for each in overrides if each.key_or_group in self.groups}
        self.check((self.picks | named).items())
        numbers = [each for each in overrides if each.key_or_group not in self.groups and not is_special(each)]
        own = [f"+{group}={self.picks[group]}" for group in self.groups if group in OWN_GROUP and group not in named]
        files = [f"{'+' * (each.key_or_group in OWN_GROUP)}{each.input_line}" for each in overrides if each not in numbers]
        try:
            config = self.with_files((*own, *files))
            chosen = {group: str(name) for group, name in config.hydra.runtime.choices.items() if group in self.groups}
            settings = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
            OmegaConf.set_struct(settings, True)
            for each in numbers:
                put(settings, each)
            mapping: Any = OmegaConf.to_container(settings, resolve=True, throw_on_missing=True)
        except InputError:
            raise
        except (HydraException, OmegaConfBaseException, YAMLError, ValueError, RecursionError) as error:
            theirs = [(group, name) for group in self.groups for name in choices(group, self.folders[:-1])]
            self.check(file for file in theirs if "/".join(file) in str(error))  # says better what is wrong
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise InputError(f"the settings do not fit together: {reason}") from error
        self.check([*chosen.items(), *named_in(mapping)])
        given = {each.key_or_group for each in overrides}
        for group in APPROACH:  # a file that inherits is called by its own name, as `choice` does for rivals
            if isinstance(mapping.get(group), dict) and f"{group}.name" not in given:
                mapping[group]["name"] = choice(group, chosen[group], self.folders)["name"]
        return Composed(mapping, chosen)

    def check(self, files: Iterable[tuple[str, str]]) -> None:
        """Refuse what a person's own files of these groups and names say wrong. Raises InputError with path and line."""
        for group, name in files:
            if (group, name) not in self.whole and name in choices(group, self.folders[:-1]):
                check_file(group, name, self.folders)
            self.whole.add((group, name))

    def with_files(self, lines: tuple[str, ...]) -> Any:
        """Hydra's own composition of everything that is not a plain `key=value`."""
        if lines not in self.chosen:
            own_folders().folders = self.folders[:-1]
            with initialize_config_dir(str(self.folders[-1]), version_base="1.3"):
                self.chosen[lines] = compose("config", list(lines), return_hydra_config=True)
        return self.chosen[lines]


def put(settings: Any, override: Override) -> None:
    """`key=value` for a key that is there, as Hydra does it. Raises InputError for any other key."""
    key = override.key_or_group
    try:
        OmegaConf.update(settings, key, override.value(), merge=True)
    except (ConfigAttributeError, ConfigKeyError, ConfigTypeError) as error:
        if key.startswith(ARMS):
            raise InputError(f"{key} is no arm yet; one more is added with {shlex.quote(f'+{override.input_line}')}") from error
        known: Any = OmegaConf.to_container(settings)
        known |= {"explore": {**known["explore"], "axes": {}}} if "explore" in known else {}
        raise unknown_setting(key, meant_key(key, known)) from error


@cache
def own_folders() -> Any:
    """A Hydra plugin that has a person's own folders searched before the shipped one."""

    class OwnFolders(SearchPathPlugin):
        folders: Sequence[Path] = ()

        def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
            for folder in self.folders:
                search_path.prepend("own", f"file://{folder}")

    Plugins.instance().register(OwnFolders)
    return OwnFolders
