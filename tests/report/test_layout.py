"""What a reader can take in: lines in a panel, marks with their meaning, arms by the names of the headings."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from salesim.report.page.study_page import write_page

EXPERIMENTS = sorted((Path(__file__).parents[2] / "configs" / "experiment").glob("*.yaml"))
MARKS = "▲▼≈?="


def page_of(path, make_study):
    """The page of a study with the arms and contests of an experiment."""
    experiment = yaml.safe_load(path.read_text(encoding="utf-8"))["experiment"]
    arms = [experiment["baseline"], *(arm for arm in experiment["arms"] if arm != experiment["baseline"])]
    return write_page(make_study(arms=arms, seeds=3, contests=experiment["contests"], name=path.stem)).read_text(
        encoding="utf-8"
    )


def figures_of(text):
    """Traces by the name of their figure, as the page hands them to plotly.js."""
    calls = re.finditer(r'draw\("([a-z]+-\d+)", ', text)
    return {call[1]: json.JSONDecoder().raw_decode(text, call.end())[0] for call in calls}


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda path: path.stem)
def test_no_panel_has_more_than_six_lines_in_any_experiment(path, make_study):
    drawn = figures_of(page_of(path, make_study))
    assert {"answer-1", "figure-1", "figure-5"} <= set(drawn)
    for name, traces in drawn.items():
        lines = [trace for trace in traces if "lines" in trace.get("mode", "") and trace["line"].get("width") != 0]
        assert all(count <= 6 for count in Counter(trace["yaxis"] for trace in lines).values()), name
        named = {trace["name"] for trace in traces if trace.get("showlegend")}
        assert {trace["name"] for trace in lines} <= named, name


def test_marks_of_the_results_are_explained_below_them(make_study):
    text = write_page(make_study()).read_text(encoding="utf-8")
    results = text[text.index("<h2>Results</h2>") :].partition("</section>")[0]
    cells = "".join(re.findall(r"<td>.*?</td>", results))
    used = {mark for mark in MARKS if mark in re.sub(r"<[^>]+>", "", cells)}
    assert used == {"▲", "▼"}
    assert all(f"{mark} " in results.rpartition('<p class="note">')[2] for mark in used)


def test_sentences_about_figures_call_arms_as_headings_do(make_study):
    text = write_page(make_study(arms=["all_on", "no_promise_trust"])).read_text(encoding="utf-8")
    readings = re.findall(r'<ul class="reading">(.*?)</ul>', text)
    assert len(readings) == 9
    assert "all on" in readings[-1]
    assert "_" not in "".join(readings)
