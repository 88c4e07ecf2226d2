import json
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import yaml
from plotly import graph_objects

from salesim.config.errors import InputError
from salesim.report.console.study import print_answer
from salesim.report.console.tables import screen
from salesim.report.page.exhibits import EXHIBITS
from salesim.report.page.study_page import write_page
from salesim.report.study_files import TABLES, read_study
from salesim.report.text.verdict import verdict_of


class Tags(HTMLParser):
    """What a page would fetch, and its headings and visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.headings: list[str] = []
        self.text: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]

    def handle_data(self, text: str) -> None:
        if self.inside not in ("script", "style"):
            self.text.append(text)
        if self.inside == "h2" and text.strip():
            self.headings.append(text.strip())


def read(page: Path) -> Tags:
    tags = Tags()
    tags.feed(page.read_text(encoding="utf-8"))
    return tags


def change(folder: Path, table: str, edit: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    frame = pd.read_parquet(folder / f"{table}.parquet")
    edit(frame).to_parquet(folder / f"{table}.parquet")


def test_the_page_lies_in_the_study_folder_and_fetches_nothing(make_study):
    folder = make_study()
    page = write_page(folder)
    text = page.read_text(encoding="utf-8")
    assert page == folder / "report.html"
    assert read(page).fetched == []
    assert "default-src 'none'" in text
    assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text.split("<script>")[0])


def test_plotly_is_inside_exactly_once_and_every_figure_uses_it(make_study):
    text = write_page(make_study()).read_text(encoding="utf-8")
    assert len(re.findall(r"^\* plotly\.js \(basic - minified\) v\d", text, flags=re.MULTILINE)) == 1
    assert len(re.findall(r'draw\("figure-\d"', text)) == len(EXHIBITS) == 9


def test_every_figure_is_one_of_plotlys_schema(make_study):
    text = write_page(make_study()).read_text(encoding="utf-8")
    calls = [match.end() for match in re.finditer(r'draw\("figure-\d", ', text)]
    assert calls
    for start in calls:
        traces, end = json.JSONDecoder().raw_decode(text, start)
        layout, _ = json.JSONDecoder().raw_decode(text, end + 2)
        assert graph_objects.Figure(traces, layout).data  # it raises on a name or value that plotly.js would pass over


def test_every_figure_asks_a_question_and_the_page_shows_all_of_them(make_study):
    assert all(exhibit.question.endswith("?") for exhibit in EXHIBITS)
    headings = read(write_page(make_study())).headings
    assert headings == [
        "Answer",
        "The answer in figures",
        "Measure by measure",
        "Results",
        *(e.question for e in EXHIBITS),
        "Run it again",
        "Words",
    ]


def test_the_answer_and_the_verdict_stand_before_the_results_and_the_command_is_given(make_study):
    text = " ".join(read(write_page(make_study())).text)
    assert text.index("Choose rainmaking") < text.index("rainmaking is best") < text.index("Each cell has the mean")
    assert "salesim run experiment=three_strategies" in text
    assert "12 (1 to 12)" in text
    assert "numpy 2.3.0" in text


def test_the_page_says_what_each_arm_is_set_to(make_study):
    folder = make_study()
    arms = {"pitch": ["strategy=pitch"], "diagnostic": ["strategy=pitch", "initiatives=[{week: 26, strategy: diagnostic}]"]}
    (folder / "resolved.yaml").write_text(yaml.safe_dump({"experiment": {"arms": arms}}), encoding="utf-8")
    text = " ".join(read(write_page(folder)).text)
    assert "strategy=pitch, initiatives=[{week: 26, strategy: diagnostic}]" in text


def test_a_mean_has_its_difference_and_interval_under_it(make_study):
    text = "".join(read(write_page(make_study())).text)
    assert "1,900▲ +500 [+200, +800]" in text  # operating profit of diagnostic
    assert "24.0▼ +2.0 [+0.8, +3.2]" in text  # a longer cycle is worse


def test_names_with_markup_stay_text(make_study):
    sly = "<script>alert(1)</script>"
    text = write_page(make_study(arms=["pitch", sly], name="<b>bold</b>")).read_text(encoding="utf-8")
    assert "alert(1)</script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<b>bold</b>" not in text


def test_one_seed_has_no_interval_and_says_so(make_study):
    folder = make_study(seeds=1, contests=["alone"])
    text = "".join(read(write_page(folder)).text)
    assert "One seed has no interval." in text
    assert "[–" not in text
    assert "nan" not in text.lower().split()


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("years", ["gross_margin", "trust", "perceived_sameness"]),
        ("passthrough", ["pass_through"]),
        ("bridge", ["amount_k"]),
        ("closing", ["undecided"]),
        ("differences", ["mean_arm", "difference", "low", "high"]),
    ],
)
def test_a_table_without_a_single_number_still_makes_a_page(make_study, table, columns):
    folder = make_study(seeds=2)
    change(folder, table, lambda frame: frame.assign(**dict.fromkeys(columns, float("nan"))))
    assert "nan" not in "".join(read(write_page(folder)).text).lower().replace("maintenance", "").split()


def test_segments_where_nobody_buys_are_left_empty(make_study):
    folder = make_study(seeds=2)
    change(folder, "segments", lambda frame: frame.assign(won=0.0, closed=0.0))
    assert "There is too little to compare." in "".join(read(write_page(folder)).text)


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_becomes_a_sentence(make_study, table):
    folder = make_study(seeds=2)
    (folder / f"{table}.parquet").unlink(missing_ok=True)
    text = "".join(read(write_page(folder)).text)
    asked = sum(bool(exhibit.tables.get(table)) for exhibit in EXHIBITS)
    assert text.count(f"This study left no table of {table}, so the question stays open.") == asked


def test_a_missing_column_is_named(make_study):
    folder = make_study(seeds=2)
    change(folder, "closing", lambda frame: frame.drop(columns="undecided"))
    assert "The table of closing has no column undecided" in "".join(read(write_page(folder)).text)


def test_a_study_without_differences_or_other_arms_still_makes_a_page(make_study):
    folder = make_study(arms=["pitch"], seeds=2)
    (folder / "differences.parquet").unlink()
    assert "This study has no verdict." in "".join(read(write_page(folder)).text)


def test_the_verdict_has_who_is_best_and_what_is_not_clear_before_the_fold_and_each_measure_behind_it(make_study):
    text = write_page(make_study(seeds=2)).read_text(encoding="utf-8")
    first, rest = text[text.index("<h3>Alone against its rivals</h3><ul>") :].split(
        "<details><summary>Each measure in a sentence", 1
    )
    assert first.count("<li>") == 4
    assert "<li>Operating profit: rainmaking is best, 500 k$ a year ahead of diagnostic (250 to 1,000 k$ a year).</li>" in first
    assert "<li>Win rate (higher is better) is 30.0\u00a0% for the baseline, pitch; diagnostic is 3.0 points higher (" in rest


def test_the_terminal_says_the_sentences_of_the_page(make_study, capsys):
    folder = make_study(arms=["pitch", "hold_and_teach"], seeds=2)
    page = " ".join(read(write_page(folder)).text).replace("\u00a0", " ").replace("−", "-")
    print_answer(folder, screen())
    terminal = " ".join(capsys.readouterr().out.split())
    verdict = verdict_of(read_study(folder))
    for sentence in (*(line for found in verdict.contests for line in found.first), *verdict.certainty):
        assert sentence in terminal
        assert sentence.replace("hold_and_teach", "hold and teach") in page


def test_a_folder_without_a_study_is_refused_with_the_way_out(tmp_path):
    with pytest.raises(InputError, match=r"no study\.json; `salesim run` makes one"):
        write_page(tmp_path)


@pytest.mark.parametrize("content", ["{broken", "[1, 2]"])
def test_a_broken_record_is_named(tmp_path, content):
    (tmp_path / "study.json").write_text(content)
    with pytest.raises(InputError, match=r"study\.json"):
        write_page(tmp_path)


def test_a_page_is_written_without_the_statistics_behind_it():
    """scipy takes a quarter of a second to import, and a page only draws what was computed before."""
    words = "import sys, salesim.report.page.study_page; print([name for name in sys.modules if name.split('.')[0] == 'scipy'])"
    assert subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True).stdout == "[]\n"
