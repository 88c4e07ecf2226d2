"""A tornado in words: by how much each uncertain number moves the difference of an arm, and where it turns its sign."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from salesim.report.aggregates import of
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import (
    between,
    contest_title,
    contest_words,
    counted,
    interval,
    listed,
    number,
    seeds_words,
    sentence_case,
    words_of,
)
from salesim.report.text.effects import size
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

ENDS = ("low_end", "high_end", "swing")
SPOKEN, SHOWN = 3, 8  # largest numbers of an arm in its sentences, and in the table of the terminal and the figure
Record = Mapping[str, Any]


def tornado_plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs a tornado takes."""
    return (
        f"{counts['first']:,} runs for both ends of {counted(len(record['axes']), 'number')} with {record['seeds']} seeds; up "
        f"to {counts['most']:,} with the tipping points of the {SPOKEN} largest of each arm"
    )


def of_tornado(files: StudyFiles) -> Section:
    """What the difference of each arm hangs on."""
    record, theme = files.record, files.theme
    findings = [
        Findings(contest_title(where), [f"{arm}: {' '.join(of_arm(files, where, arm))}" for arm in theme.others])
        for where in theme.contests
    ]
    seeds = range(record["first_seed"], record["first_seed"] + record["seeds"])
    made_of = f"From {seeds_words(seeds)} of {listed(theme.arms)}; {record['runs']:,} runs."
    note = (
        f"One number at a time is moved to the low and to the high end of its range, all others stay as they are set. Amounts "
        f"are differences from {record['baseline']}. The {100 * record['confidence']:g} % intervals of all ends of an arm hold "
        "together, and so do those of all its swings (high end less low end). Ranges are declared in configs/explore, "
        "configs/fit and configs/evidence/fit.yaml."
    )
    title = f"What does it hang on? {record['title']} at both ends of {counted(len(record['axes']), 'number')}"
    more = [table(files, len(record["axes"]), ENDS)]
    return Section(title, findings, [table(files, SHOWN)], note, made_of, more, answer(files))


def answer(files: StudyFiles) -> str:
    """The difference of the arm with the best mean, how many numbers can turn its sign, and the first of them."""
    record, theme, contest = files.record, files.theme, files.theme.contests[0]
    rows = {arm: of(files.tables["tornado"], contest, arm) for arm in theme.others}
    arm = max(rows, key=lambda arm: float(rows[arm]["as_set"].iloc[0]))
    mine, first, unit = rows[arm], rows[arm].iloc[0], record["unit"]
    where = f", {contest_words(contest)}" if len(theme.contests) > 1 else ""
    made_of = f"In {record['title'].lower()}{where}, with {counted(record['seeds'], 'seed')}"
    whole = f"{made_of}, {arm} {standing(first, theme.baseline, unit)}"
    turning, numbers = turning_of(files, contest, arm), counted(len(mine), "uncertain number")
    if len(turning):
        which = "1 alone turns" if len(turning) == 1 else f"each of {len(turning)} alone turns"
        return f"{whole}. Of {numbers}, {which} the sign, first {swing_words(turning.iloc[0], unit)}."
    moved = f"; it moves most with {swing_words(first, unit)}" if first["moves"] else ""
    return f"{whole}. None of {numbers} alone clearly turns the sign{moved}."


def turning_of(files: StudyFiles, contest: str, arm: str) -> Any:
    """The numbers that alone turn the sign of an arm's difference, at an end of their range or at a tipping point in it."""
    rows, tips = (of(files.tables[name], contest, arm) for name in ("tornado", "tornado_tipping"))
    return rows[rows["turns"] | rows["axis"].isin(tips["axis"])]


def standing(row: Any, baseline: str, unit: str) -> str:
    """By how much an arm is ahead of the baseline or behind it, as everything is set."""
    value, low, high = (row[f"as_set{end}"] for end in ("", "_low", "_high"))
    if low <= 0 <= high:
        return f"is neither clearly ahead of {baseline} nor behind: {size(value, low, high, unit, signed=True)}"
    nearer, farther = sorted((abs(low), abs(high)))
    return f"is {size(abs(value), nearer, farther, unit)} {'ahead of' if value > 0 else 'behind'} {baseline}"


def of_arm(files: StudyFiles, contest: str, arm: str) -> Iterator[str]:
    """The difference as everything is set, the numbers that move it most, and those that turn its sign."""
    unit, rows = files.record["unit"], of(files.tables["tornado"], contest, arm)
    first, moving = rows.iloc[0], rows[rows["moves"]]
    yield f"{signed(first, 'as_set', unit)} as everything is set."
    yield f"{len(moving)} of {counted(len(rows), 'number')} move it clearly{':' if len(moving) else '.'}"
    yield from ["; ".join(swing_words(row, unit) for _, row in moving.head(SPOKEN).iterrows()) + "."] if len(moving) else []
    turning = turning_of(files, contest, arm)["axis"].tolist()
    yield f"Alone, {listed(turning)} can turn its sign." if turning else "No number alone clearly turns its sign."
    yield from map(sentence_case, tips_of(files, contest, arm))


def swing_words(row: Any, unit: str) -> str:
    """What a number moves."""
    low, high = (number(row[name], unit, signed=True) for name in ("low_end", "high_end"))
    return f"{row['axis']}, {low} at {row['at_low']:g} and {high} at {row['at_high']:g}"


def signed(row: Any, name: str, unit: str) -> str:
    """A difference with its unit and interval."""
    ends = between(row[f"{name}_low"], row[f"{name}_high"], unit)
    return f"{number(row[name], unit, signed=True)} {words_of(unit)} ({ends})"


def tips_of(files: StudyFiles, contest: str, arm: str) -> list[str]:
    """The tipping points along the largest numbers, as whole sentences."""
    tips = of(files.tables["tornado_tipping"], contest, arm)
    values = of(files.tables["tornado"], contest, arm).set_index("axis")["value"]
    meanings = meanings_of(files)
    return [
        f"{arm} is ahead of {files.record['baseline']} only where {row['axis']} is {'above' if row['after'] > 0 else 'below'} "
        f"{range_words(row)}; it is set to {values[row['axis']]:.3g}: {meanings[row['axis']]}."
        for row in tips.to_dict("records")
    ]


def meanings_of(files: StudyFiles) -> dict[str, str]:
    """What each number is, with its unit, by its name."""
    axes = files.tables["tornado_axes"].to_dict("records")
    return {str(axis["name"]): meaning_words(str(axis["meaning"]), str(axis["unit"])) for axis in axes}


def meaning_words(meaning: str, unit: str) -> str:
    """What a number is, and its unit.

    >>> meaning_words("cost of travel", "k$"), meaning_words("that it rains", "chance a day")
    ('cost of travel, k$', 'chance a day that it rains')
    """
    return f"{unit} {meaning}" if meaning.startswith("that ") else ", ".join(filter(None, (meaning, unit)))


def range_words(row: Mapping[str, Any]) -> str:
    """A tipping point and the ends of its interval."""
    low, high = (" or less" if row["open_low"] else "", " or more" if row["open_high"] else "")
    return f"{row['at']:.3g} ({row['low']:.3g}{low} to {row['high']:.3g}{high})"


def turned(row: Mapping[str, Any], baseline: str) -> str:
    """What happens at a tipping point as the number grows."""
    return f"overtakes {baseline}" if row["after"] > 0 else f"falls behind {baseline}"


def table(files: StudyFiles, shown: int, intervals: Sequence[str] = ("swing",)) -> Grid:
    """A row for each number of each arm, the largest swing first, with the intervals of these amounts."""
    unit, body = files.record["unit"], []
    for contest in files.theme.contests:
        for arm in files.theme.others:
            body.append([Cell(f"{arm}, {contest}", kind="total"), *[Cell("")] * 5])
            body += [cells(row, unit, intervals) for _, row in of(files.tables["tornado"], contest, arm).head(shown).iterrows()]
    head = ("set to", "range", "at the low end", "at the high end", "swing")
    return Grid([Cell("number", more=words_of(unit)), *map(Cell, head)], body)


def cells(row: Any, unit: str, intervals: Sequence[str]) -> list[Cell]:
    """A number's row."""
    ranges = {name: interval(row[f"{name}_low"], row[f"{name}_high"], unit) for name in intervals}
    amounts = [Cell(number(row[name], unit, signed=True), more=ranges.get(name, "")) for name in ENDS]
    return [Cell(f" {row['axis']}"), Cell(f"{row['value']:.3g}"), Cell(f"{row['at_low']:g} to {row['at_high']:g}"), *amounts]
