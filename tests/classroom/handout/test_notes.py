"""Notes for the instructor: a lesson's text with the numbers of its runs, as Markdown and as a PDF."""

import re

import numpy as np
import pytest

from salesim.classroom.handout.notes import NAME
from salesim.classroom.handout.printed import pdf_of
from salesim.classroom.lesson import lesson_of
from salesim.config.config_files import configs_folder
from salesim.config.scenario import default_scenario
from salesim.metrics.tables import money
from salesim.model.schedule import play
from tests.test_pages import ROOT

SMALL = {"market": "teaching", "contest": "everyone", "market.customers.count": 60}


@pytest.fixture
def notes(handout, folder):
    assert handout("notes=true") == 0
    return folder / "results" / "handout_small" / "small_notes.md"


def test_the_numbers_of_notes_are_those_of_runs(notes):
    runs = [money(play(default_scenario(**SMALL), seed)) for seed in (3, 4, 5)]
    margins = np.array([1 - np.sum(run["cost_k"], axis=0) / np.sum(run["net_k"], axis=0) for run in runs])
    fall = 100 * np.mean(margins[:, 0] - margins[:, -1])
    text = notes.read_text()
    assert f"The margin falls by {fall:.1f} points in 3 runs." in text
    assert len(re.findall(r"^\| (Discounts|Promises|Product) \|", text, re.MULTILINE)) == 3


def test_notes_are_a_pdf_too(notes):
    pdf = notes.with_suffix(".pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")


def test_a_pdf_takes_long_texts_and_characters_that_its_fonts_lack():
    long = pdf_of("# Title\n\n" + "- a “word” – or 漢\n" * 200 + "\n| a | b |\n|---|---|\n| 1 |  |\n", "t")
    assert long.count(b"/Type /Page\n") > 2


def test_a_number_that_does_not_exist_is_refused_before_any_run(handout, folder, capsys):
    place = folder / "own" / "lesson" / "small_notes.md"
    text = place.read_text()
    place.write_text("It falls by {{fal}}.")
    try:
        assert handout("notes=true") == 2
    finally:
        place.write_text(text)
    assert "have {{fal}}; did you mean fall?" in capsys.readouterr().err


def test_the_page_of_the_shipped_notes_has_their_text():
    text = (configs_folder() / "lesson" / "spiral_notes.md").read_text(encoding="utf-8")
    parts = NAME.split(text)
    pattern = "".join(re.escape(part) if place % 2 == 0 else r"[^{}]+?" for place, part in enumerate(parts))
    page = (ROOT / "docs" / "classroom_notes.md").read_text(encoding="utf-8")
    assert re.fullmatch(pattern, page), "run docs/proofs/classroom_notes.py"


def test_the_page_of_the_shipped_notes_names_feedbacks_as_its_table_ranks_them():
    page = (ROOT / "docs" / "classroom_notes.md").read_text(encoding="utf-8")
    labels = {loop.label["en"] for loop in lesson_of("spiral", (configs_folder(),)).loops.values()}
    ranked = [line.split(" | ")[0].removeprefix("| ") for line in page.splitlines() if line.startswith("| ")]
    ranked = [name for name in ranked if name in labels]
    for sentence in (re.search(r"The others: (.+)\.", page), re.search(r'The best pair is "(.+)"', page)):
        named = re.split(r", | and ", sentence[1])
        assert named == sorted(named, key=ranked.index), "run docs/proofs/classroom_notes.py"
