"""Help is made from the typed options: every command, option, choice and example is there, and every example works."""

import shlex

import pytest

from salesim.cli import main
from salesim.config.commands import COMMANDS
from salesim.config.config_files import configs_folder, read_yaml
from salesim.config.help import meanings_of
from salesim.config.options import IN_FILES, SCHEMAS, options_of

WITH_RUNS = [name for name, command in COMMANDS.items() if command.makes_runs]
EXAMPLES = [example for command in COMMANDS.values() for example in command.examples]


def page(capsys, *words):
    assert main([*words, "--help"]) == 0
    return capsys.readouterr().out


@pytest.fixture
def narrow(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_has_the_purpose_the_options_and_the_examples_of_its_command(capsys, command):
    text = page(capsys, command)
    assert main(["help", command]) == 0
    assert capsys.readouterr().out == text
    words = " ".join(text.split())
    assert COMMANDS[command].purpose[1:] in words
    for option in COMMANDS[command].options:
        assert f"\n  {option.word}" in text
        meaning = meanings_of([option])[option.key]
        assert len(meaning) > 10
        assert " ".join(filter(None, (meaning, option.allowed))) in words
    for example in COMMANDS[command].examples:
        assert f"\n  {example}\n" in text


def test_the_general_page_has_every_command_with_its_summary(capsys):
    words = " ".join(page(capsys).split())
    for name, command in COMMANDS.items():
        assert f" {name} {command.summary}" in words


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_page_fits_a_terminal_of_80_columns_but_for_what_is_to_be_pasted(capsys, narrow, command):
    pasted = (*EXAMPLES, *(command.usage for command in COMMANDS.values()))
    lines = page(capsys, *filter(None, [command])).splitlines()
    assert not [line for line in lines if len(line) > 80 and not any(text in line for text in pasted)]


@pytest.mark.parametrize("group", SCHEMAS)
def test_every_setting_of_a_command_is_an_option_with_a_meaning(group):
    options = list(options_of(SCHEMAS[group], f"{group}."))
    assert {option.key.split(".")[1] for option in options} == set(SCHEMAS[group].__dataclass_fields__) - {*IN_FILES}
    assert all(len(meaning) > 10 for meaning in meanings_of(options).values())


@pytest.mark.parametrize("command", WITH_RUNS)
def test_an_option_is_shown_with_the_value_of_its_file(capsys, command):
    text = page(capsys, command)
    for option in COMMANDS[command].options:
        group, _, name = option.key.partition(".")
        if group in SCHEMAS and "." not in name:
            value = read_yaml(configs_folder() / group / "standard.yaml")[name]
            if isinstance(value, dict):
                first = next(iter(value))
                assert f"  {option.word}.{first}={value[first]}" in text
            else:
                written = str(value).lower() if isinstance(value, bool) else str(value)
                written = written if len(written) < 80 else f"[{value[0]},…]"
                shown = "null" if value is None else written.replace(" ", "").replace("'", "")
                assert f"  {option.word}={shown}" in text


@pytest.mark.parametrize("example", [each for each in EXAMPLES if shlex.split(each)[1] in WITH_RUNS])
def test_an_example_is_a_command_that_can_be_run(capsys, monkeypatch, tmp_path, example):
    (tmp_path / "my" / "folder" / "strategy").mkdir(parents=True)
    (tmp_path / "my" / "folder" / "strategy" / "mine.yaml").write_text("defaults: [pitch]\n")
    (tmp_path / "my" / "numbers.yaml").write_text("win_rate: {value: 0.25, standard_error: 0.02}\n")
    monkeypatch.chdir(tmp_path)
    assert main([*shlex.split(example)[1:], "market.customers.count=30", "--dry-run"]) == 0
    assert "No run was started" in " ".join(capsys.readouterr().out.split())
    assert [place.name for place in tmp_path.iterdir()] == ["my"]


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITH_RUNS])
def test_a_command_without_runs_has_no_dry_run(capsys, command):
    assert "--dry-run" not in page(capsys, command)
    assert main([command, "--dry-run"]) == 2


def test_help_of_what_is_no_command_says_what_was_meant(capsys):
    assert main(["help", "swep"]) == 2
    assert "did you mean sweep?" in capsys.readouterr().err
