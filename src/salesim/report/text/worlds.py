"""The verdict over worlds in words: how often each arm is best, what is chance, what is not known, what to find out first."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from salesim.config.worlds import EVERYTHING
from salesim.metrics import METRICS
from salesim.report.study_files import Row, StudyFiles, grouped
from salesim.report.text.amounts import (
    amount,
    between,
    contest_title,
    counted,
    gap,
    interval,
    listed,
    number,
    percent,
    words_of,
)
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

MONEY = "operating_profit_k"
SURE = 0.95  # share of worlds from which an arm is called best without more
SHOWN_SETTINGS = 5
NORMAL = 1.645  # standard deviations from the mean to the end of a 90 % range
NOTE = (
    "Chance between the seeds of a world is taken out of the shares, the 90 % ranges over worlds and the regret, by a "
    "regression on the settings. Chance is half of the 90 % range within one world. Regret is what an arm is behind the best "
    "one of each world: on average, and in the worst world. The worth of knowing a setting is measured in worlds from which "
    "it was not learned; its intervals hold together with 90 % confidence."
)
NO_SHARES = (
    "Nothing is said of how often each arm is best: that needs two seeds or more in each world (seeds=2), which tell chance "
    "from what differs between worlds, and ten worlds that have the measure with every arm."
)


def section(files: StudyFiles) -> Section | None:
    """The verdict over worlds; None for a study in one market, or with one arm."""
    shares, worth = files.rows("world_shares"), files.rows("information")
    record = files.record.get("ensemble")
    if not record or len(files.theme.arms) < 2:
        return None
    made_of = f"Worlds of market={record['market']}, fitted to numbers with sha256 {record['data'][:12]}…"
    if not shares:
        return Section("Over the worlds", [Findings("", [NO_SHARES])], [], "", made_of)
    findings, tables = [], []
    by_contest = grouped(worth, "contest")
    for contest, rows in grouped(shares, "contest").items():
        by_measure = grouped(rows, "measure")
        known = grouped(by_contest[contest], "measure")
        lines = [line for measure, mine in by_measure.items() for line in on_measure(mine, known[measure], files)]
        findings.append(Findings(contest_title(contest), lines))
        if MONEY in by_measure:
            tables += [arms_grid(by_measure[MONEY], contest), *information_grids(known[MONEY])]
    title = f"In {counted(max(row['n'] for row in shares), 'world')} that have your numbers"
    return Section(title, findings, tables, NOTE, made_of)


def hangs_on(files: StudyFiles, contest: str) -> Iterator[str]:
    """For an answer: in how many worlds each arm earns most, and what to find out first."""
    shares, worth = (
        [row for row in files.rows(name) if (row["contest"], row["measure"]) == (contest, MONEY)]
        for name in ("world_shares", "information")
    )
    if shares and worth:
        yield on_shares(shares)
        yield from (on_gain(row, files.theme.baseline) for row in shares if row["arm"] == leader(shares, files.theme.baseline))
        yield find_out_first(shares, worth)


def on_measure(rows: Sequence[Row], worth: Sequence[Row], files: StudyFiles) -> Iterator[str]:
    """What is said of a measure: of money everything, of another one how often each arm is best."""
    yield on_shares(rows)
    if rows[0]["measure"] == MONEY:
        yield from (on_gain(row, files.theme.baseline) for row in rows if row["arm"] == leader(rows, files.theme.baseline))
        yield on_regret(rows)
        yield find_out_first(rows, worth)


def on_shares(rows: Sequence[Row]) -> str:
    """In which share of worlds each arm is best."""
    ranked = sorted(rows, key=lambda row: -row["best_share"])
    first, *others = [(row["arm"], whole(row["best_share"])) for row in ranked]
    rest = listed([f"{arm} in {share}" for arm, share in others])
    return f"{METRICS[rows[0]['measure']].title}: {first[0]} is best in {first[1]} of {rows[0]['n']:,} worlds, {rest}."


def whole(share: float) -> str:
    """A share in whole percent; what is rare or nearly certain is not called 0 or 100 %."""
    return "under 1 %" if 0.0 < share < 0.005 else "over 99 %" if 0.995 < share < 1.0 else percent(share)


def leader(rows: Sequence[Row], baseline: str) -> str:
    """The arm whose gain is told: the one that is best most often, or next to the baseline."""
    return str(max((row for row in rows if row["arm"] != baseline), key=lambda row: row["best_share"])["arm"])


def on_gain(row: Row, baseline: str) -> str:
    """The expected gain of an arm, with what is not known and what is chance apart."""
    unit = row["unit"]
    chance = gap(NORMAL * row["chance_sd"], unit)
    clipped = " (worlds differ by less than chance alone would make them)" if row["clipped"] else ""
    return (
        f"Against {baseline}, {row['arm']} is expected to bring {signed(row['difference'], unit)}. In 90 % of worlds it brings "
        f"{between(row['worlds_low'], row['worlds_high'], unit)}, which your numbers do not narrow further{clipped}; chance "
        f"within a world adds ± {chance}; together {between(row['run_low'], row['run_high'], unit)}."
    )


def signed(value: float, unit: str) -> str:
    """A difference with its sign and unit."""
    return f"{'+' if value > 0 else ''}{gap(value, unit)}"


def on_regret(rows: Sequence[Row]) -> str:
    """Which arm is expected to be least behind the best, and which has the smallest regret in its worst world."""
    mean, worst = (min(rows, key=lambda row: row[name]) for name in ("regret", "largest_regret"))
    unit = rows[0]["unit"]
    words = f"{mean['arm']} is {amount(mean['regret'], unit)} behind the best arm of a world on average"
    if worst is mean:
        return f"{words}, and at most {amount(mean['largest_regret'], unit)}, the least of all arms in both."
    return (
        f"{words}, the least of all arms; in its worst world it is {amount(mean['largest_regret'], unit)} behind, where "
        f"{worst['arm']} is never more than {amount(worst['largest_regret'], unit)} behind."
    )


def find_out_first(rows: Sequence[Row], worth: Sequence[Row]) -> str:
    """Which setting to learn before deciding, or that none is worth it."""
    everything, settings = worth[0]["worth"], [row for row in worth if row["setting"] != EVERYTHING]
    unit, clear = rows[0]["unit"], [row for row in settings if row["low"] > 0.0]
    if clear:
        best = clear[0]
        others = f", then {listed([called(row) for row in clear[1:3]])}" if clear[1:] else ""
        return (
            f"Find out first: {called(best)}. Knowing it before you decide is worth {amount(best['worth'], unit)} "
            f"({between(best['low'], best['high'], unit)}) of the {amount(everything, unit)} that knowing everything is "
            f"worth{others}."
        )
    if max(row["best_share"] for row in rows) >= SURE:
        return f"Nothing has to be found out first: knowing everything would be worth {amount(everything, unit)}."
    return (
        f"No single setting is clearly worth finding out first; knowing everything would be worth {amount(everything, unit)}. "
        "More worlds or seeds may tell more."
    )


def called(row: Row) -> str:
    """A setting with what it means."""
    name = str(row["setting"]).rpartition(".")[2]
    return f"{name} ({row['meaning']}, {row['setting_unit']})" if row["meaning"] else name


def arms_grid(rows: Sequence[Row], contest: str) -> Grid:
    """A line for each arm: how often it is best, its gain and the range of that, and its regret."""
    unit = rows[0]["unit"]
    names = ("best in", "gain", "90 % of worlds", "chance", "regret", "largest")
    head = [Cell(contest_title(contest), more=words_of(unit)), *map(Cell, names)]
    lines = []
    for row in rows:
        shown = [whole(row["best_share"]), number(row["difference"], unit, signed=True)]
        shown += [interval(row["worlds_low"], row["worlds_high"], unit), f"± {number(NORMAL * row['chance_sd'], unit)}"]
        shown += [number(row[name], unit) for name in ("regret", "largest_regret")]
        lines.append([Cell(row["arm"], arm=row["arm"]), *map(Cell, shown)])
    return Grid(head, lines)


def information_grids(worth: Sequence[Row]) -> Iterator[Grid]:
    """What it is worth to know everything, and the settings that are worth most; nothing where none is worth anything."""
    rows = [row for row in worth if row["worth"] > 0.0][: SHOWN_SETTINGS + 1]
    if len(rows) < 2:
        return
    unit = rows[0]["unit"]
    head = [Cell("worth of knowing", more=words_of(unit)), Cell(""), Cell("90 % interval")]
    lines = []
    for row in rows:
        ends = f"{number(row['low'], unit)} to {number(row['high'], unit)}" if math.isfinite(row["low"]) else ""
        name = Cell(str(row["setting"]).rpartition(".")[2], more=str(row["meaning"]))
        lines.append([name, Cell(number(row["worth"], unit)), Cell(ends)])
    yield Grid(head, lines)


def size(record: Mapping[str, Any]) -> str:
    """How many worlds a study has, and how many seeds in each."""
    return f"{counted(record['n'], 'world')} x {counted(record['seeds_each'], 'seed')}"
