"""Completion for bash and zsh: the scripts, and the candidates that they request at every TAB."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path

from salesim.config.commands import COMMANDS, STUDY
from salesim.config.errors import InputError
from salesim.config.request import DRY_RUN, OWN_GROUP, groups_of

CANDIDATES = "candidates"  # `salesim completion candidates WORDS` prints the completions of the last word
BASH = r"""
_salesim() {
    local line="${COMP_LINE:0:COMP_POINT}" IFS=$' \t\n'
    local word="${line##* }"
    local -a before=(${line%"$word"})
    IFS=$'\n'
    COMPREPLY=($(salesim completion candidates "${before[@]:1}" "$word" 2>/dev/null))
    [[ "${COMPREPLY[0]}" == *[=.] ]] && compopt -o nospace
    [[ "$word" == *=* ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*=}"}"}")
}
complete -o default -F _salesim salesim
"""
ZSH = r"""
_salesim() {
    local -a found
    found=("${(@f)$(salesim completion candidates "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    [[ "${words[CURRENT-1]}" == --config-dir ]] && _files -/
    compadd -Q -S '' -- ${(M)found:#*[=.]}
    compadd -Q -- ${found:#(|*[=.])}
}
compdef _salesim salesim
"""
NAMED = {"measure": "measure", "measures": "measure", "arm": "arm", "against": "arm"}  # what the values of options name
SHELLS = {"bash": BASH, "zsh": ZSH}


def completion(words: Sequence[str]) -> str:
    """The output of `salesim completion`. Raises InputError for a shell without a script."""
    if words[:1] == [CANDIDATES]:
        return "".join(f"{word}\n" for word in candidates(words[1:] or [""]))
    if len(words) != 1 or words[0] not in SHELLS:
        came = " ".join(words) or "nothing"
        raise InputError(f"`salesim completion` needs the name of one shell, not {came}; allowed are {', '.join(SHELLS)}")
    return SHELLS[words[0]].lstrip()


def candidates(words: Sequence[str]) -> list[str]:
    """The completions of the last word of a line, sorted."""
    *before, last = words
    if before[-1:] == ["--config-dir"]:
        return []
    last = last.lstrip("'\"")
    key, equals, value = last.partition("=")
    command = next((word for word in before if word in COMMANDS), "run")
    if equals:
        offers: Iterator[str] = (f"{key}={each}" for each in values_of(key, value, command, before))
    else:
        offers = chain(keys_of(last, command), first_words(command, before))
    return sorted({word for word in offers if word.startswith(last)})


def first_words(command: str, before: Sequence[str]) -> Iterator[str]:
    """Words without a value: commands if the line has none yet, groups, shells, general options."""
    if command not in before:
        yield from COMMANDS
    elif command == "show":
        yield from groups_of(command)
    elif command == "completion":
        yield from SHELLS
    elif command == "evidence":
        yield from ("facts", "claims", "limits")
    yield from ("--config-dir", "--help", *[DRY_RUN] * COMMANDS[command].makes_runs)


def keys_of(start: str, command: str) -> Iterator[str]:
    """Keys of a command: whole options, and settings that begin with `start`, up to the next dot."""
    yield from (f"{option.word}=" for option in COMMANDS[command].options)
    if command not in ("list", "verify", "export", "completion"):
        from salesim.config.config_files import base_mapping
        from salesim.config.dotted_keys import leaves

        yield from (f"{group}=" for group in groups_of(command))
        for key, _ in leaves(base_mapping(*(group for group in groups_of(command) if group in OWN_GROUP))):
            dot = key.find(".", len(start))
            yield f"{key}=" if dot < 0 else key[: dot + 1]


def values_of(key: str, value: str, command: str, before: Sequence[str]) -> Iterator[str]:
    """The permitted values of `key`; of a list of values only the last is completed."""
    from salesim.config.config_files import choices

    start = value[: max(value.rfind(","), value.rfind("[")) + 1]
    option = next((each for each in (*COMMANDS[command].options, *STUDY) if key in (each.word, each.key)), None)
    values: Iterable[str] = ()
    if key in groups_of(command) or (option and key == "lesson"):
        values = (*choices(key, folders_in(before)), *["null"] * (key == "experiment"))
    elif option:
        values = option.choices or names(NAMED.get(option.word, ""), before)
    yield from (f"{start}{each}" for each in values)


def names(kind: str, before: Sequence[str]) -> Iterator[str]:
    """Names of a kind: measures, each of which has a margin in `configs/compare`, or arms of the experiment on the line."""
    from salesim.config.config_files import base_mapping, choice, configs_folder, picked

    if kind == "measure":
        yield from base_mapping()["compare"]["equivalence_margins"]
    elif kind == "arm":
        named = [word.partition("=")[2] for word in before if word.startswith("experiment=")]
        experiment = (named or [picked(configs_folder(), "experiment")])[-1]
        yield from choice("experiment", experiment, folders_in(before))["experiment"]["arms"]


def folders_in(before: Sequence[str]) -> tuple[Path, ...]:
    """The user's own folder, if the line has one, and the shipped one."""
    from salesim.config.config_files import configs_folder

    own = [Path(word.partition("=")[2]) for word in before if word.startswith("--config-dir=")]
    own += [Path(word) for option, word in pairwise(before) if option == "--config-dir"]
    return (*(folder for folder in own if folder.is_dir()), configs_folder())
