"""Which groups of levers bring a difference: the part of an explanation about swapped levers, as sentences and tables."""

import math
import shlex
from collections.abc import Mapping
from typing import Any

import pandas as pd

from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import digits_for, listed, number, percent, scaled, spaced, unit_words, words_of
from salesim.report.text.effects import PROFIT, effect
from salesim.report.text.printed import rounded_to_sum
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

WHOLE, INTERACTION = "whole", "interaction"
WAYS = {"added": "added to {against}", "taken": "taken from {arm}", "average": "average"}
NAMED = 6  # groups in a sentence
OF_RUN = (
    "run",
    "compare",
    "seeds",
    "discount_rate",
    "records",
    "series",
    "series_weeks",
    "uncertain",
)  # words that `explain` does not have, or sets by itself
OF_MARKET, CONFIG_DIR = ("market", "rivals", "folder"), "--config-dir"  # what every command about a market has
NOTE = (
    "Added: {against} with this group of {arm}, less {against}. Taken: {arm}, less {arm} with this group of {against}. "
    "{average}Interaction: what is missing from the sum of the groups to the whole. The whole has the interval of "
    "salesim run; those of the parts in a table hold together with {confidence} confidence."
)
AVERAGE = (
    "Average: Shapley value, what a group brings when it joins those before it, averaged over all orders; these sum to the "
    "whole. "
)


def of_levers(files: StudyFiles, made_of: str) -> Section:
    """Which groups of levers bring the difference, in sentences about profit and in a table a measure."""
    record, levers = files.record, files.tables["levers"]
    grids = [grid_of(printed_levers(levers, str(measure)), record) for measure in ordered(levers)]
    average = AVERAGE if (levers["way"] == "average").any() else ""
    names = {"arm": record["arm"], "against": record["against"]}
    note = NOTE.format(**names, average=average, confidence=percent(record["confidence"]))
    answer = [Findings("", sentences(printed_levers(levers, PROFIT), record))]
    more = [*grids[1:], settings_grid(files)]
    return Section("Which levers bring the difference?", answer, grids[:1], note, made_of, more)


def answer(files: StudyFiles) -> str:
    """How much two arms differ in profit, and which group of levers brings most of that."""
    record, printed = files.record, printed_levers(files.tables["levers"], PROFIT)
    whole = printed[printed["way"] == WHOLE].iloc[0]
    first = f"{record['arm']} {effect(whole, record['against'])}."
    way = "average" if (printed["way"] == "average").any() else "added"
    parts = printed[(printed["way"] == way) & (printed["group"] != INTERACTION)]
    clear = parts[parts["sure"]].sort_values("difference", key=abs, ascending=False, kind="stable")
    if clear.empty:
        return f"{first} No group of levers has a clear effect by itself." if len(parts) else first
    how = "averaged over all orders of adding groups" if way == "average" else f"each added to {record['against']} by itself"
    most = clear.iloc[0]
    opposite = clear[(clear["difference"] > 0) != (most["difference"] > 0)].head(1)
    other = "".join(f"; {row.group} most the other way, {row.text}{row.ends}" for row in opposite.itertuples())
    return f"{first} Of the groups of levers, {how}, {most['group']} brings most: {most['text']}{most['ends']}{other}."


def ordered(levers: pd.DataFrame) -> list[str]:
    """Measures, profit first."""
    return sorted(dict.fromkeys(levers["measure"]), key=lambda measure: measure != PROFIT)


def largest(levers: pd.DataFrame) -> list[str]:
    """Groups by the size of what they bring to profit alone, the largest first."""
    mine = levers[(levers["measure"] == PROFIT) & (levers["way"] == "added") & (levers["group"] != INTERACTION)]
    sizes = mine.set_index("group")["difference"].abs()
    return list(map(str, sizes.sort_values(ascending=False, kind="stable").index))


def printed_levers(levers: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The parts of a measure by way and group, the largest group of profit first, and the whole last.

    `text` is the difference, rounded so that the parts of a way sum to the whole as they stand; `interval` is that of the
    table, empty where all seeds agree, and `ends` the same in a sentence; `sure` is whether it excludes zero.
    """
    rows, order = levers[levers["measure"] == measure].copy(), [*largest(levers), INTERACTION, ""]
    unit, whole = str(rows["unit"].iloc[0]), rows[rows["way"] == WHOLE].iloc[0]
    digits = digits_for([whole["low"], whole["high"]], unit)
    total = round(scaled(float(whole["difference"]), unit), digits) if math.isfinite(whole["difference"]) else math.nan
    rows = rows.sort_values("group", key=lambda groups: groups.map(order.index), kind="stable")
    values = pd.Series(math.nan, rows.index)
    if math.isfinite(total):
        for _, part in rows.groupby("way"):
            values[part.index] = rounded_to_sum([scaled(value, unit) for value in part["difference"]], digits, total)
    ends = [[number(end, unit, signed=True, digits=digits) for end in rows[side]] for side in ("low", "high")]
    known = ((rows["low"] < rows["high"]) & rows["difference"].notna()).tolist()
    return rows.assign(
        text=[number(value, "", signed=True, digits=digits) for value in values],
        interval=[f"[{low}, {high}]" if has else "" for low, high, has in zip(*ends, known, strict=True)],
        ends=[f" ({low} to {high})" if has else "" for low, high, has in zip(*ends, known, strict=True)],
        sure=(rows["low"] > 0) | (rows["high"] < 0),
    )


def grid_of(printed: pd.DataFrame, record: Mapping[str, Any]) -> Grid:
    """Groups by ways of measuring, then the interaction and the whole."""
    cells = {(row.way, row.group): Cell(str(row.text), more=str(row.interval)) for row in printed.itertuples()}
    ways = [way for way in WAYS if (printed["way"] == way).any()]
    first = printed.iloc[0]
    head = [Cell(f"{first['title']}, {words_of(first['unit']) or unit_words(first['unit'])}".rstrip(", "))]
    head += [Cell(spaced(WAYS[way].format(arm=record["arm"], against=record["against"]))) for way in ways]
    groups = [str(group) for group in dict.fromkeys(printed["group"]) if group]
    rows = [[Cell(group), *(cells.get((way, group), Cell("")) for way in ways)] for group in groups]
    rows.append([Cell("the whole difference", kind="total"), *[cells[WHOLE, ""]] * max(len(ways), 1)])
    return Grid(head if ways else [*head, Cell("difference")], rows)


def settings_grid(files: StudyFiles) -> Grid:
    """What is in each group: settings in which the arms differ."""
    settings = files.tables["lever_settings"].to_dict("records")
    head = [Cell("group, and its settings"), *(Cell(spaced(files.record[side])) for side in ("against", "arm"))]
    rows = [[Cell(f"{row['group']}: {row['setting']}"), Cell(row["against"]), Cell(row["arm"])] for row in settings]
    return Grid(head, rows)


def sentences(printed: pd.DataFrame, record: Mapping[str, Any]) -> list[str]:
    """What the groups bring to profit: alone, within the other arm, and averaged over orders."""
    arm, against = record["arm"], record["against"]
    whole = printed[printed["way"] == WHOLE].iloc[0]
    size = f"{whole['text']} {words_of(whole['unit'])}"
    groups = [group for group in dict.fromkeys(printed["group"]) if group not in ("", INTERACTION)]
    if not groups:
        return [f"{arm} and {against} have the same levers."]
    if len(groups) == 1:
        return [f"{arm} and {against} differ in one group of levers, {groups[0]}, which brings all of {size}{whole['ends']}."]
    by_way = {way: part[part["group"] != INTERACTION] for way, part in printed.groupby("way")}
    added, taken = (parts_words(by_way[way]) for way in ("added", "taken"))
    lines = [
        f"Of {size} in operating profit{whole['ends']}, with one group of levers added to {against}: {added}.",
        f"Within {arm}, with all other groups in place: {taken}.",
    ]
    beyond = printed[(printed["way"] == "added") & (printed["group"] == INTERACTION)].iloc[0]
    if beyond["sure"]:
        lines.insert(1, f"Together the groups bring {beyond['text']}{beyond['ends']} beyond the sum of what each brings alone.")
    if "average" in by_way:
        parts = (f"{row.group} {row.text}" for row in by_way["average"].itertuples())
        lines.append(f"Averaged over all orders of adding the groups: {', '.join(parts)}; together {size}.")
    return lines


def parts_words(parts: pd.DataFrame) -> str:
    """Which groups clearly bring how much, and which have no clear effect."""
    clear, unclear = parts[parts["sure"]], parts.loc[~parts["sure"], "group"].tolist()
    if clear.empty:
        return "no group has a clear effect"
    largest_first = clear.sort_values("difference", key=abs, ascending=False, kind="stable").head(NAMED)
    words = ", ".join(f"{row.group} {row.text}{row.ends}" for row in largest_first.itertuples())
    return f"{words}; no clear effect: {listed(unclear)}" if unclear else words


def next_command(files: StudyFiles) -> str:
    """How to ask which levers bring the difference of the arm to choose; nothing for a study of one arm."""
    from salesim.report.text.answer import Question
    from salesim.report.text.answers import leader

    record, others = files.record, files.theme.others
    if not others:
        return ""
    best = leader(Question(files), files.theme.contests[0])
    arm = best if best in others else others[0]
    return f"This shows which levers bring the difference: {command_for(record, 'explain', f'arm={arm}')}"


def about_market(record: Mapping[str, Any], command: str, *words: str) -> str:
    """Another command about the market of a study, with what the study and its experiment set in it, and where files are."""
    given = shlex.split(record["command"])[1:]
    kept = [word for before, word in zip(["", *given], given, strict=False) if CONFIG_DIR in (before, word.partition("=")[0])]
    keys = [word.partition("=")[0].lstrip("+~").removeprefix("study.").split(".")[0] for word in given]
    kept += [word for key, word in zip(keys, given, strict=True) if key in OF_MARKET and "=" in word]
    kept += [f"{key}={value}" for key, value in record.get("market_changes", {}).items()]
    return shlex.join(["salesim", command, *words, *kept])


def command_for(record: Mapping[str, Any], command: str, *words: str) -> str:
    """Another command about what a study is about, with further words."""
    kept = [word for word in shlex.split(record["command"])[1:] if word.partition("=")[0].removeprefix("study.") not in OF_RUN]
    return shlex.join(["salesim", command, *kept, *words])
