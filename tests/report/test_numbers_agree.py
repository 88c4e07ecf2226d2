"""Every number that terminal and page print of a study is one of its tables, with the same interval, sign and mark."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim.cli import main
from salesim.report.page.html import named
from salesim.report.study_files import read_study
from salesim.report.text.amounts import sentence_case
from salesim.report.text.answer import answer_of
from salesim.report.text.printed import printed_bridge, signed_words
from salesim.stats import intervals

SMALL = ("market.customers.count=60", "market.selling.salespeople=3", "weeks=312", "seeds=5", "workers=1")
EXPERIMENTS = ("three_strategies", "margin_spiral", "motive_diagnostic", "tired_of_programmes", "cisco_sponsorship")
NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?"
TRIPLES = (
    re.compile(rf"({NUMBER}) \(({NUMBER}) to ({NUMBER})\)"),  # in sentences
    re.compile(rf"({NUMBER}) \[({NUMBER}), ({NUMBER})\]"),  # in the table of results
    re.compile(rf"(?<![\d.,%(])({NUMBER})\s+({NUMBER}) to ({NUMBER})(?![\d)])"),  # in the lines of an answer
)
PAIR = re.compile(rf"\(({NUMBER}) to ({NUMBER}) (?:points|weeks|k\$|deals)")  # in verdicts
MARKED = re.compile(rf"([▲▼?]) ({NUMBER}) \[({NUMBER}), ({NUMBER})\]")
ENDS = (  # columns of a value and its interval, by table
    ("differences", ("difference", "low", "high")),
    ("context", ("difference", "low", "high")),
    ("contrasts", ("difference", "low", "high")),
    ("best", ("lead", "low", "high")),
    ("levels", ("mean", "low", "high")),
    ("profit_by_year", ("difference", "low", "high")),
    ("cumulated", ("difference", "low", "high")),
    *(("explore/turns", (end, f"{end}_low", f"{end}_high")) for end in ("low_end", "high_end")),
    ("explore/turns_tipping", ("at", "low", "high")),
    *(("payback", tuple(f"{part}_{end}" for end in ("k", "low", "high"))) for part in ("trough", "total", "present_value")),
)
COUNTS = {"95", "4", "5", "8", "40", "1", "2", "3", "6", "0"}  # confidence, weeks of months, seeds, rate, few of a list


class Page(HTMLParser):
    """The text of a page that a reader sees."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.hidden = "", False

    def handle_starttag(self, tag: str, _: object) -> None:
        self.hidden = tag in ("script", "style")
        self.text += "\n" if tag in ("section", "h2", "p", "li", "td", "th", "tr") else " " if tag == "span" else ""

    def handle_endtag(self, _: str) -> None:
        self.hidden = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self.hidden else data


@pytest.fixture(scope="module", params=EXPERIMENTS)
def printed(request, tmp_path_factory):
    """The folder of a small study, and what terminal and page print of its answer, verdict, results and money."""
    place = tmp_path_factory.mktemp("printed")
    with pytest.MonkeyPatch.context() as patch:
        lines: list[str] = []
        patch.setattr(intervals, "RESAMPLES", 1000)
        patch.setattr("rich.console.Console.print", lambda _, *parts, **__: lines.extend(map(text_of, parts)))
        assert main(["run", f"experiment={request.param}", *SMALL, f"folder={place}"]) == 0
    terminal = "\n".join(lines)
    page = Page()
    page.feed((place / request.param / "report.html").read_text(encoding="utf-8"))
    seen = re.sub(" +", " ", page.text.replace("−", "-").replace("\u00a0", " "))
    parts = (
        terminal[terminal.index("Answer") : terminal.index("Written")],
        seen[seen.index("\nAnswer") : seen.index("Do margins")],
    )
    return place / request.param, parts


def text_of(part: object) -> str:
    """What a part of the terminal's output says: text, or the rows of a table."""
    columns = [list(map(str, column.cells)) for column in getattr(part, "columns", ())]
    return "\n".join(" ".join(row) for row in zip(*columns, strict=False)) if columns else str(part)


def plain(number: str) -> str:
    """A printed number without sign of plus and commas."""
    return number.replace(",", "").lstrip("+")


def written(value: float) -> set[str]:
    """All ways in which a number may be printed: as it is or in percent, with up to seven digits."""
    return {f"{round(scale * value, digits) + 0.0:.{digits}f}" for scale in (1.0, 100.0) for digits in range(8)}


def together(values: tuple[float, ...]) -> set[tuple[str, ...]]:
    """All ways in which numbers may be printed side by side, in the same unit and digits."""
    ways = [(scale, digits) for scale in (1.0, 100.0) for digits in range(8)]
    return {tuple(f"{round(scale * value, digits) + 0.0:.{digits}f}" for value in values) for scale, digits in ways}


def known_triples(folder: Path) -> set[tuple[str, ...]]:
    """Every value of a table with its interval, as it is, of the other sign, and without sign."""
    triples: set[tuple[str, ...]] = set()
    for table, columns in ENDS:
        if not (folder / f"{table}.parquet").is_file():
            continue  # the answer of a fall is not tried
        for row in pd.read_parquet(folder / f"{table}.parquet")[list(columns)].itertuples(index=False, name=None):
            if np.isfinite(row).all():
                value, low, high = row
                triples |= (
                    together(row) | together((-value, -high, -low)) | together((abs(value), *sorted((abs(low), abs(high)))))
                )
    return triples | {tuple(map(plain, map(signed_words, row))) for row in printed_steps(folder)}


def printed_steps(folder: Path) -> list[tuple[float, float, float]]:
    """Differences of the steps to profit in whole k$ that sum, with their intervals."""
    table = pd.read_parquet(folder / "bridge_differences.parquet")
    parts = [
        part.assign(shown=printed_bridge(part)["difference_k"]) for _, part in table.groupby(["contest", "arm", "against"])
    ]
    return [row for part in parts for row in part[["shown", "low", "high"]].itertuples(index=False, name=None)]


def known_numbers(folder: Path) -> set[str]:
    """Every number of the tables that sentences are made of, without sign; and years and months."""
    numbers = COUNTS | {str(each) for each in range(13)}
    for table in ("differences", "context", "contrasts", "best", "levels", "profit_by_year", "payback"):
        for value in pd.read_parquet(folder / f"{table}.parquet").select_dtypes("number").to_numpy(float).ravel():
            numbers |= {word.lstrip("-") for word in written(value)} if np.isfinite(value) else set()
    numbers |= {plain(signed_words(value)).lstrip("-") for row in printed_steps(folder) for value in row}
    last = pd.read_parquet(folder / "cumulated.parquet").groupby(["contest", "arm"]).last(numeric_only=True)
    for value in last.to_numpy(float).ravel():
        numbers |= {word.lstrip("-") for word in written(value)}
    numbers |= tried_numbers(folder)
    runs = pd.read_parquet(folder / "runs.parquet")
    for share in [*runs.groupby(["contest", "arm"])["priced_at_bound"].mean(), *(each / 5 for each in range(6))]:
        numbers |= written(share)
    profit = runs.pivot_table(index=["contest", "seed"], columns="arm", values="operating_profit_k")
    for value in np.concatenate([(profit[one] - profit[other]).to_numpy() for one in profit for other in profit]):
        numbers |= {word.lstrip("-") for word in written(value)}
    return numbers


def tried_numbers(folder: Path) -> set[str]:
    """Every number of the tables of what turns the answer round, without sign, and how many numbers have a range."""
    tables = (folder / "explore").glob("turns*.parquet")
    values = [value for table in tables for value in pd.read_parquet(table).select_dtypes("number").to_numpy(float).ravel()]
    known = {word.lstrip("-") for value in values if np.isfinite(value) for word in (*written(value), f"{value:.3g}")}
    return known | ({str(read_study(folder).turns.record["declared"])} if known else set())


def test_every_value_is_printed_with_the_interval_that_its_table_has(printed):
    folder, texts = printed
    triples = known_triples(folder)
    for text in texts:
        seen = [tuple(map(plain, match.groups())) for pattern in TRIPLES for match in pattern.finditer(text)]
        assert len(seen) >= 20
        assert [triple for triple in seen if triple not in triples] == []
        pairs = {triple[1:] for triple in triples}
        assert [match[0] for match in PAIR.finditer(text) if tuple(map(plain, match.groups())) not in pairs] == []


def test_every_number_is_one_of_the_tables(printed):
    folder, texts = printed
    numbers = known_numbers(folder)
    arms = sorted(map(str, pd.read_parquet(folder / "runs.parquet")["arm"].unique()), key=len, reverse=True)
    for text in texts:
        words = text
        for arm in arms:
            words = words.replace(arm, "arm").replace(arm.replace("_", " "), "arm")
        words = re.sub(r"salesim [a-z]+ .*|[\w.]+=\S+|4-4-5|(?<![\d.])0 to 1(?![\d.])|two to last two", "", words)
        assert [number for number in re.findall(r"\d[\d,]*(?:\.\d+)?", words) if number.replace(",", "") not in numbers] == []


def test_terminal_and_page_show_the_same_measures_first_and_count_the_same_others(printed):
    folder, texts = printed
    counts = [re.findall(r"(\d+) more measure", text) for text in texts]
    assert len(counts[0]) == 1
    assert set(counts[1]) == set(counts[0])
    before, context = texts[1].partition("more measure")[0], pd.read_parquet(folder / "context.parquet")
    assert all(title in before for title in context["title"]) == (len(read_study(folder).theme.arms) <= 5)


def test_a_mark_agrees_with_the_interval_beside_it(printed):
    _, texts = printed
    for text in texts:
        cells = MARKED.findall(text)
        assert len(cells) > 10
        for mark, _, low, high in cells:
            ends = sorted(float(plain(end)) for end in (low, high))
            contains_zero = ends[0] <= 0.0 <= ends[1]
            assert contains_zero == (mark == "?"), (mark, low, high)


def test_terminal_and_page_have_the_same_answer(printed):
    folder, texts = printed
    files = read_study(folder)
    answer = answer_of(files)
    terminal, page = (" ".join(text.split()) for text in texts)
    if answer.why:
        assert f"Why: {answer.why}" in terminal
        assert f"Why: {named(answer.why, files.theme)}" in page
    for sentence in (answer.sentence, *answer.more, *answer.hangs_on, *answer.doubts):
        assert sentence in terminal
        assert sentence_case(named(sentence, files.theme)) in page
