"""What the TAB key offers: commands, options, names of files, settings, and the values of choices."""

import subprocess
import sys

import pytest

from salesim.cli import main
from salesim.config.commands import COMMANDS


def offered(capsys, *words):
    assert main(["completion", "candidates", *words]) == 0
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["sw"], ["sweep"]),
        (["explore", "most"], ["most_seeds="]),
        (["--dr"], ["--dry-run"]),
        (["list", "--dr"], []),
        (["experiment=marg"], ["experiment=margin_spiral"]),
        (["strategy=p"], ["strategy=packaged", "strategy=pitch"]),
        (["sweep", "strategy=pitch,d"], ["strategy=pitch,diagnostic"]),
        (["contest="], ["contest=alone", "contest=everyone", "contest=null"]),
        (["sweep", "design=l"], ["design=lhs"]),
        (["market.wor"], ["market.worth."]),
        (["market.worth.spill"], ["market.worth.spillover="]),
        (["'market.worth.spill"], ["market.worth.spillover="]),
        (["explain", "arm=d"], ["arm=diagnostic"]),
        (["explain", "experiment=cisco_channel", "against=r"], ["against=rebate"]),
        (["explore", "measure=win"], ["measure=win_rate"]),
        (["compare", "measures=[gross_margin,win"], ["measures=[gross_margin,win_rate"]),
        (["show", "expl"], ["explain", "explain.", "explain=", "explore", "explore.", "explore="]),
        (["completion", "b"], ["bash"]),
        (["classroom", "lesson=s"], ["lesson=short", "lesson=spiral"]),
        (["--config-dir", ""], []),
    ],
)
def test_what_begins_so_is_offered(capsys, words, found):
    assert offered(capsys, *words) == found


def test_without_any_word_all_commands_and_options_are_offered(capsys):
    first = offered(capsys, "")
    assert set(COMMANDS) <= set(first)
    assert {"experiment=", "seeds=", "market.", "--config-dir"} <= set(first)


@pytest.mark.parametrize("command", [name for name, command in COMMANDS.items() if command.options])
def test_every_option_of_a_command_is_offered(capsys, command):
    assert {f"{option.word}=" for option in COMMANDS[command].options} <= set(offered(capsys, command, ""))


@pytest.mark.parametrize("option", [["--config-dir", "OWN"], ["--config-dir=OWN"]])
def test_files_of_ones_own_are_offered(capsys, tmp_path, option):
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "mine.yaml").write_text("defaults: [pitch]\n")
    words = [word.replace("OWN", str(tmp_path)) for word in option]
    assert offered(capsys, *words, "strategy=m") == ["strategy=mine"]


def test_a_shell_without_a_script_is_refused(capsys):
    assert main(["completion", "fish"]) == 2
    assert "allowed are bash, zsh" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "replies"),
    [("salesim explore mo", ["most_seeds="]), ("salesim run experiment=marg", ["margin_spiral"]), ("salesim  swe", ["sweep"])],
)
def test_bash_completes_a_line(tmp_path, capsys, line, replies):
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    call = f'salesim() {{ "{sys.executable}" -m salesim "$@"; }}\ncompopt() {{ :; }}\n'
    ask = f"COMP_LINE={line!r}; COMP_POINT=${{#COMP_LINE}}; _salesim; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    done = subprocess.run(["bash", "-c", call + script + ask], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == replies


def test_the_script_for_zsh_asks_for_the_same_candidates(capsys):
    assert main(["completion", "zsh"]) == 0
    script = capsys.readouterr().out
    assert "salesim completion candidates" in script
    assert "compdef _salesim salesim" in script
