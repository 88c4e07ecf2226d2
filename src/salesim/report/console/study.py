"""What the terminal says of a study: how far it is, and what came out."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.config.study import Study
from salesim.report.text.amounts import listed, sentence_case
from salesim.report.text.verdict import CONTESTS as VERDICTS
from salesim.report.text.verdict import too_few
from salesim.runs.folder import overwritten_command
from salesim.runs.scenarios import scenarios, shared

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 100
LEAST_COLUMN, GAP = 18, 2  # characters
CONTESTS = {"alone": "alone: our vendor among its rivals", "everyone": "everyone: the whole market sells this way"}


def screen() -> Console:
    """The terminal at its own width; files and pipes get 100 columns without colours."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDTH)


def print_question(study: Study, console: Console) -> None:
    """What is asked, and which study in the same folder gives way to it."""
    for line, style in zip(head_of(study), ("bold", "", "yellow"), strict=False):
        console.print(Text(line, style=style))
    before = overwritten_command(study.own_folder, study.resolved)
    if before:
        console.print(f"{study.own_folder} gets new tables and a new page; those of `{before}` go. name=… keeps both")


def head_of(study: Study) -> list[str]:
    """What is asked, how many runs that takes, and a warning if they can tell little."""
    few = too_few(study.seeds) if len(study.arms) > len(study.contests) else ""
    return [study.question, f"{study.name}: {size_of(study)}", *([sentence_case(few)] if few else [])]


def size_of(study: Study) -> str:
    """How many arms, contests and seeds; how many runs that is, and which arms share theirs."""
    arms, contests = len({arm.name for arm in study.arms}), study.contests
    words = [counted(arms, "arm"), f"{counted(len(contests), 'contest')} ({', '.join(contests)})", counted(study.seeds, "seed")]
    same = shared(study)
    runs = counted(len(scenarios(study)) * study.seeds, "run")
    return f"{' x '.join(words)} = {runs}{f' ({same}, and played once)' if same else ''}"


def counted(count: int, thing: str) -> str:
    """A number of things: 1 seed, 40 seeds."""
    return f"{count} {thing}{'s' * (count != 1)}"


class Style(NamedTuple):
    """How numbers of a unit are written."""

    unit: str
    scale: float
    decimals: int


def style_of(unit: str) -> Style:
    """Shares in percent, money without decimals, weeks with one, the rest with two."""
    if unit.startswith("share"):
        return Style(f"%{unit.removeprefix('share')}", 100.0, 1)
    if unit.startswith("k$"):
        return Style(unit, 1.0, 0)
    return Style(unit, 1.0, 1 if unit == "weeks" else 2)


def number(value: float, style: Style, sign: str = "") -> str:
    """A number in the style of its unit; "–" where nothing could be measured."""
    if not math.isfinite(value):
        return "–"
    rounded = round(value * style.scale, style.decimals) + 0.0  # no minus zero
    return f"{rounded:{sign},.{style.decimals}f}"


def cell(row: "pd.Series[float]") -> Text:
    """Mean, and for other arms than the baseline the paired difference over its interval."""
    style, verdict = style_of(str(row["unit"])), str(row["verdict"])
    text = Text(number(row["mean_arm"], style))
    mark, colour = judged(verdict, str(row["better"]))
    if verdict == "equal":
        text.append(f"{mark}\nthe same", colour)
    elif verdict != "baseline":
        finer = showing([row["difference"], row["low"], row["high"]], style)
        text.append(f" {number(row['difference'], finer, '+')}{mark}", colour)
        if math.isfinite(row["low"]):
            text.append(f"\n[{number(row['low'], finer, '+')}, {number(row['high'], finer, '+')}]", "dim")
    return text


def showing(values: Sequence[float], style: Style) -> Style:
    """The style with as many more decimals as keep a difference that is not zero from looking like it."""
    largest = max((abs(value) * style.scale for value in values if math.isfinite(value)), default=0.0)
    if not largest or round(largest, style.decimals):
        return style
    return style._replace(decimals=-math.floor(math.log10(largest)))


def judged(verdict: str, better: str) -> tuple[str, str]:
    """Sign and colour of a difference."""
    if verdict in ("higher", "lower"):
        return (" ▲", "green") if (verdict == "higher") == (better == "up") else (" ▼", "red")
    return (" =", "dim") if verdict == "equal" else (" ?", "dim")


def print_answer(folder: Path, console: Console) -> int:
    """Tables, verdict and paths of a finished study; returns the exit code, 1 if some runs failed."""
    import pandas as pd

    record = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    differences = pd.read_parquet(folder / "differences.parquet")
    baseline = record["baseline"]
    for contest, rows in differences.groupby("contest", sort=False):
        console.print(Text(f"\n{CONTESTS.get(str(contest), str(contest))}", style="bold"))
        for table in tables(rows, console.width):
            console.print()
            console.print(table)
    if len(record["arms"]) > 1:
        console.print(
            f"\nMeans over {len(record['seeds'])} seeds; then the difference from {baseline} with the same seeds, and its "
            f"interval [low, high]. All intervals of a contest hold together with {100 * record['confidence']:g} % "
            "confidence.\n▲ better   ▼ worse   = the same in every run   ? cannot be told apart",
            style="dim",
        )
    sentences = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))["sentences"]
    print_verdict(sentences, open_questions(differences, baseline), console)
    print_paths(list(written(folder)), console)
    print_damaged(record, console)
    if record["failed"]:
        failed = counted(record["failed"], "run")
        console.print(f"\n{failed} failed; tracebacks are in {folder / 'failed.json'}", style="red", soft_wrap=True)
    return 1 if record["failed"] else 0


def print_paths(paths: Sequence[tuple[Path, str]], console: Console) -> None:
    """What was written, and what it is."""
    console.print(Text("Written", style="bold"))
    wide = max(len(str(path)) for path, _ in paths)
    for path, what in paths:
        console.print(Text(f"  {path!s:<{wide}}  ").append(what, "dim"), soft_wrap=True)


def print_damaged(record: Mapping[str, Any], console: Console) -> None:
    """Name the shards that were not what was written."""
    if record["damaged"]:
        console.print(
            f"\n{counted(len(record['damaged']), 'shard')} of finished runs had been damaged; what was in it was played again: "
            f"{', '.join(record['damaged'])}",
            style="yellow",
            soft_wrap=True,
        )


def tables(rows: "pd.DataFrame", width: int) -> Iterator[Table]:
    """Arms by measures, in as many tables of about equal size as the width asks for."""
    measures = [str(measure) for measure in dict.fromkeys(rows["measure"])]
    arms = [str(arm) for arm in dict.fromkeys(rows["arm"])]
    cells = {(str(row["arm"]), str(row["measure"])): cell(row) for _, row in rows.iterrows()}
    lines = [line for text in cells.values() for line in text.plain.splitlines()]
    wide = max(LEAST_COLUMN, *map(len, lines)) + GAP
    fit = max(1, (width - max(map(len, arms)) - GAP) // wide)
    size = math.ceil(len(measures) / math.ceil(len(measures) / fit))
    titles = rows.drop_duplicates("measure").set_index("measure")
    for start in range(0, len(measures), size):
        table = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False)
        table.add_column("", no_wrap=True)
        for measure in measures[start : start + size]:
            unit = style_of(str(titles.loc[measure, "unit"])).unit
            table.add_column(f"{titles.loc[measure, 'title']}\n{unit}", width=wide - GAP, header_style="bold")
        for arm in arms:
            table.add_row(Text(arm), *(cells[arm, measure] for measure in measures[start : start + size]))
        yield table


def open_questions(differences: "pd.DataFrame", baseline: str) -> dict[str, str]:
    """A sentence a contest: which arms cannot be told from the baseline, and on what."""
    found = {}
    for contest, rows in differences[differences["arm"] != baseline].groupby("contest", sort=False):
        arms = [f"{arm} on {on_what(part)}" for arm, part in rows.groupby("arm", sort=False) if is_open(part).any()]
        if arms:
            found[str(contest)] = f"cannot be told from {baseline}: {'; '.join(arms)}."
    return found


def on_what(rows: "pd.DataFrame") -> str:
    """The measures of an arm that are open, or those that are not if they are fewer."""
    titles = rows["title"].str[:1].str.lower() + rows["title"].str[1:]
    unknown, told = list(titles[is_open(rows)]), list(titles[~is_open(rows)])
    if not told:
        return "anything"
    return listed(unknown) if len(unknown) <= len(told) else f"anything but {listed(told)}"


def is_open(rows: "pd.DataFrame") -> "pd.Series[bool]":
    """Whether each difference is open."""
    return rows["verdict"] == "cannot tell"


def print_verdict(sentences: Sequence[str], unknown: dict[str, str], console: Console) -> None:
    """Who is best, contest by contest, and what is open; the report has a sentence for each measure."""
    leads = {f"{lead}: ": contest for contest, lead in VERDICTS.items()}
    console.print(Text("\nVerdict", style="bold"))
    for lead, contest in leads.items():
        mine = [sentence.removeprefix(lead) for sentence in sentences if sentence.startswith(lead)]
        best = [sentence for sentence in mine if sentence.startswith("best ")] or mine
        if mine:
            console.print(lead.strip())
            print_items([*best, *([unknown[contest]] if contest in unknown else [])], console)
    for sentence in sentences:
        if not sentence.startswith(tuple(leads)):
            console.print(sentence)
    console.print()


def print_items(sentences: Sequence[str], console: Console) -> None:
    """Sentences as a list."""
    for sentence in sentences:
        grid = Table.grid(padding=(0, 1))
        grid.add_row("  -", Text(sentence[0].upper() + sentence[1:]))
        console.print(grid)


def written(folder: Path) -> Iterator[tuple[Path, str]]:
    """What a study leaves, for people."""
    yield folder / "report.html", "the report; open it in a browser"
    yield folder / "differences.csv", "this table"
    yield folder / "runs.csv", "one row a run"
    yield folder / "resolved.yaml", "everything that was set"
    yield folder / "records", "every deal and week of the first seeds"
