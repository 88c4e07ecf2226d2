"""Lessons as data: the shipped ones, one's own, languages, and what is refused before a class begins."""

import re
import sys
from pathlib import Path

import pytest

from salesim.classroom.lesson import lesson_of
from salesim.classroom.wording import languages, texts_of
from salesim.cli import main
from salesim.config.config_files import configs_folder, read_yaml
from salesim.config.errors import InputError

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "src" / "salesim" / "classroom" / "texts"


def words_in(part):
    """Every text by language in a lesson's file."""
    if isinstance(part, dict):
        if {*part} and {*part} <= {*languages()}:
            yield part
        for value in part.values():
            yield from words_in(value)


def test_the_shipped_lessons_take_80_and_20_minutes():
    assert [lesson_of(name, (configs_folder(),)).minutes for name in ("spiral", "short")] == [80.0, 20.0]


@pytest.mark.parametrize("name", ["spiral", "short"])
def test_every_text_of_a_shipped_lesson_is_there_in_every_language(name):
    texts = list(words_in(read_yaml(configs_folder() / "lesson" / f"{name}.yaml")))
    assert texts
    assert all({*words} == {*languages()} for words in texts)


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_interface_text_with_the_same_parts(language):
    own, english = read_yaml(TEXTS / f"{language}.yaml"), texts_of("en")
    assert {*own} == {*english}
    for key, text in own.items():
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[key])), key


def test_the_lesson_on_the_page_can_be_held(tmp_path):
    (text,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "classroom.md").read_text(), re.DOTALL)
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / "mine.yaml").write_text(text)
    lesson = lesson_of("mine", (tmp_path, configs_folder()))
    assert lesson.order[-1] == "own_question"
    assert lesson.screens[-1].step == "own_question"


WRONG = {
    "order: [join, nothing]": "did you mean|allowed are",
    "order: [join, join]": "names a step twice",
    "first_card: pich": "did you mean pitch",
    "loops: {nothing: {label: {en: x}}}": "no feedback of the market",
    "steps: {exit: {right: nothing}}": "right is nothing",
    "steps: {revise: {again: exit}}": "a step before it",
    "seeds: 3   # runs; few; for a test": "20",
    "settings: {market.nothing: 1}": "market.nothing is not a setting",
    "market: nowhere": "there is no market named 'nowhere'",
    "title: spiral": "lesson.title",
    "steps: {join: {kind: dance}}": "lesson.steps.join.kind",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_lesson_that_cannot_be_held_is_refused_in_one_sentence(tmp_path, text):
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / "mine.yaml").write_text(f"defaults: [spiral, _self_]\n{text}\n")
    with pytest.raises(InputError, match=WRONG[text]):
        lesson_of("mine", (tmp_path, configs_folder()))


BAD_WORDS = {
    ("lesson=spirl",): "did you mean spiral?",
    ("language=fr",): "allowed are de, en",
    ("mode=feet",): "phones or hands",
    ("network=maybe",): "network",
    ("port=0",): "port",
    ("seeds=3",): "not an option",
    ("replay",): "`replay FILE`",
    ("replay", "nowhere.jsonl"): "cannot be read",
    ("--check", "--dry-run"): "classroom",
}


@pytest.mark.parametrize("words", BAD_WORDS, ids=" ".join)
def test_a_bad_word_is_refused_before_a_class_begins(capsys, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    assert main(["classroom", *words]) == 2
    said = capsys.readouterr().err
    assert BAD_WORDS[words] in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_check_tries_everything_and_leaves_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["classroom", "--check", "port=8797", "lesson=short"]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines()] == ["lesson", "port", "network", "market", "Ready."]
    assert "20 minutes" in said
    assert list(tmp_path.iterdir()) == []


def test_check_is_an_option_of_the_classroom_alone(capsys):
    assert main(["run", "--check"]) == 2
    assert "--check is an option of classroom" in capsys.readouterr().err


def test_without_its_packages_one_sentence_says_how_to_get_them(capsys, monkeypatch):
    for name in [name for name in sys.modules if name.startswith("salesim.classroom")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "segno", None)
    assert main(["classroom", "--check"]) == 2
    assert "needs the package segno; install it with `pip install 'salesim[classroom]'`" in capsys.readouterr().err
