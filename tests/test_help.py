"""The pages of help say what is so: commands, words, defaults, examples that can be asked."""

import re
import shlex

import pytest

from salesim.analyses.explain.spec import OPTIONS as EXPLAIN
from salesim.analyses.explore.spec import OPTIONS as EXPLORE
from salesim.cli import COMMANDS, main
from salesim.config.config_files import configs_folder, read_yaml
from salesim.config.help import GENERAL, PAGES
from salesim.config.request import DRY_RUN, PLANNED

FOLDER = configs_folder()
STUDY = read_yaml(FOLDER / "study" / "standard.yaml")
FILED = {"run": {}, "compare": {}, "sweep": {}} | {
    command: read_yaml(FOLDER / command / "standard.yaml") for command in ("compare", "explore", "explain")
}
OF_SWEEP = ("sweep", "design", "points", "design_seed")


def words_of(page):
    """Words of a page with their defaults: the lines `  seeds=40  …`, in quotes or not."""
    return dict(re.findall(r"^  '?([a-z][\w.]*)=([^\s']*)'? ", page.split("Words", 1)[1].split("Examples", 1)[0], re.MULTILINE))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_page_and_two_examples_of_it(capsys, command):
    for words in ([command, "--help"], ["help", command]):
        assert main(words) == 0
        assert capsys.readouterr().out == PAGES[command]
    examples = PAGES[command].split("Examples:\n")[1].split("\n\n")[0].splitlines()
    assert [shlex.split(line)[:2] for line in examples] == [["salesim", command]] * 2
    assert "It leaves " in PAGES[command]
    assert f"salesim {command}" in GENERAL
    assert max(map(len, PAGES[command].splitlines())) <= 108


@pytest.mark.parametrize("command", FILED)
def test_defaults_on_a_page_are_those_of_the_files(command):
    filed = STUDY | FILED[command]
    for word, default in words_of(PAGES[command]).items():
        if word in ("experiment", "contest", "executor", "strategy", "arm", "against"):
            continue
        name = word.removeprefix("compare.")
        value = filed["matters"][name.partition(".")[2]] if name.startswith("matters.") else filed[name]
        shown = f"[{','.join(map(str, value))}]" if isinstance(value, list) else "null" if value is None else str(value)
        assert default == shown, word


@pytest.mark.parametrize(("command", "options"), [("explore", EXPLORE), ("explain", EXPLAIN), ("sweep", OF_SWEEP[1:])])
def test_a_page_has_every_word_of_its_command(command, options):
    for name in options:
        assert f"{name}=" in PAGES[command]
    for name in set(STUDY) - {*OF_SWEEP, "records"}:
        assert f"  {name}=" in PAGES[command]


def test_a_dry_run_is_said_to_be_of_the_commands_that_make_a_plan():
    assert f"{DRY_RUN}          of {', '.join(PLANNED)}:" in GENERAL
    assert [command for command, page in PAGES.items() if f"  {DRY_RUN}  " in page] == list(PLANNED)


@pytest.mark.parametrize("command", ["sweep", "explore"])
def test_the_end_of_a_range_is_said_to_be_left_out(command):
    assert "the end itself is left out" in PAGES[command]


def test_help_of_what_is_no_command_says_what_was_meant(capsys):
    assert main(["help", "swep"]) == 2
    assert "did you mean sweep?" in capsys.readouterr().err
