"""Names and paths are text: no grammar changes them, and `~` is the home folder."""

from pathlib import Path

import pytest

from salesim.cli import main
from salesim.config.compose_study import study_of
from salesim.config.config_files import choices, configs_folder
from salesim.config.overrides.composer import Composer
from tests.refusals import refusal


def asked(*typed, folders=(), command="run"):
    composer = Composer((*folders, configs_folder()), command)
    return study_of(composer.words(typed), composer, "salesim")


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    "text", ["Jörg/out", "C:\\Users\\J", "a (b)/x", "[x]", "a,b", "{a: 1}", "1e3", "null", "x=y", "a#b", "'"]
)
def test_a_folder_is_the_text_that_was_typed(text):
    assert asked(f"folder={text}").folder == Path(text)


@pytest.mark.parametrize("typed", ["~/res", "'~/res'", '"~/res"'])
def test_a_tilde_is_the_home_folder(typed, tmp_path):
    assert asked(f"folder={typed}").folder == tmp_path / "home" / "res"


def test_a_tilde_in_a_file_is_the_home_folder_too(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text("defaults: [standard]\nfolder: ~/res\n")
    assert asked("study=mine", folders=(tmp_path,)).folder == tmp_path / "home" / "res"


def test_a_home_that_nobody_has_is_refused(capsys):
    assert "a home folder that is not known here" in refusal(capsys, "folder=~no_such_person/res")


def test_the_folder_of_ones_own_files_may_begin_with_a_tilde(tmp_path, capsys):
    (tmp_path / "home" / "strategy").mkdir(parents=True)
    (tmp_path / "home" / "strategy" / "mine.yaml").write_text("defaults: [pitch]\n")
    assert main(["list", "--config-dir=~"]) == 0
    assert "mine" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["2026", "1e3", "true", "0x10", "Überblick", "北京", "1_000"])
def test_a_name_is_the_text_that_was_typed(name):
    assert asked(f"name={name}").name == name


def test_a_null_name_is_that_of_the_experiment():
    assert asked("name=null").name == "three_strategies"


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("name=", "study.name is ''; it has to be a text"),
        ("name=[x]", "study.name is '[x]'; a name has no blanks"),
        ("name=a,b", "study.name is 'a,b'; a name has no blanks"),
        ("strategy=2026", "there is no strategy named '2026'"),
        ("strategy=1e3", "there is no strategy named '1e3'"),
        ("strategy=", "strategy is empty; it has to be the name of a file in strategy/"),
        ("experiment=", "experiment is empty; it has to be the name of a file in experiment/, or null"),
        ("~experiment", "experiment=null"),
        ("rivals.channel=Ü", "there is no channel named 'Ü'"),
        ("contest=", "contest is ''; it has to be alone or everyone"),
    ],
)
def test_a_text_that_names_nothing_is_refused_by_what_it_is(capsys, word, said):
    assert said in refusal(capsys, word, "weeks=26")


@pytest.mark.parametrize("name", ["2026", "1e3", "Jörg", "on"])
def test_a_strategy_of_ones_own_may_have_any_name(tmp_path, name):
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / f"{name}.yaml").write_text("defaults: [pitch]\nsystems: {coaching: 0.9}\n")
    study = asked(f"strategy={name}", "experiment=null", folders=(tmp_path,))
    assert [arm.scenario.vendors[0].strategy.name for arm in study.arms] == [name]
    assert study.arms[0].scenario.vendors[0].strategy.systems.coaching == 0.9


def test_files_that_begin_with_a_dot_are_no_choices(tmp_path, capsys):
    (tmp_path / "strategy").mkdir()
    (tmp_path / "strategy" / "mine.yaml").write_text("defaults: [pitch]\n")
    (tmp_path / "strategy" / "._mine.yaml").write_bytes(b"\x00\x05\x16\x07")
    assert "._mine" not in choices("strategy", (tmp_path,))
    assert main(["list", "--config-dir", str(tmp_path)]) == 0
    assert "broken" not in capsys.readouterr().out
    words = ["strategy=glob(*)", "market.customers.count=30", "weeks=26", "--config-dir", str(tmp_path), "--dry-run"]
    assert main(["sweep", *words]) == 0
    assert "6 arms" in " ".join(capsys.readouterr().out.split())


def test_a_tipping_setting_is_text_with_or_without_quotes(capsys):
    small = ["market.customers.count=30", "weeks=26", "contest=alone", "--dry-run"]
    for word in ("tipping=market.worth.spillover=interval(0,1)", "tipping='market.worth.spillover=interval(0,1)'"):
        assert main(["explore", word, *small]) == 0
