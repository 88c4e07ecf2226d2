"""A saved fit in words: whether the markets have the given numbers, and what these say of each setting."""

from collections.abc import Iterator, Mapping, Sequence

from salesim.report.study_files import Row, StudyFiles
from salesim.report.text import imported
from salesim.report.text.amounts import counted, listed, number
from salesim.report.text.evidence import cells
from salesim.report.text.origin import Record
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

TABLES = ("targets", "settings", "members", "conflicts")
FEW_KEPT = 0.8  # share of worlds that have all numbers, below which the emulator was not good enough
NAMED = 3  # settings that the first sentence names
OFTEN = 0.2  # share of worlds that miss a number, from which it is named
NUMBERS = (
    "Beside each given number stands its standard error; beside the mean over the worlds that were kept, the 90 % range. A "
    "world is kept if each of its numbers, over {} seeds, is within 2.8 standard deviations of the given one; these count "
    "chance between seeds and the error of the number."
)
SETTINGS = (
    "Unknown: at least 90 % of the prior's standard deviation is left, so that the numbers say nothing of the setting. A range "
    "holds for its setting alone: settings of a world belong together (members.csv)."
)


def question(record: Record) -> str:
    """What is asked."""
    n_axes, n_targets = counted(len(record["axes"]), "setting"), counted(len(record["measures"]), "number")
    said = f"{n_targets} in {record['targets']}; {n_axes} may change, within their priors; runs of {record['weeks']} weeks"
    if not (own := record.get("own_settings")):
        return said
    return (
        f"{said}. Your market file gives {listed(own)}, which may change all the same; what you are sure of give on the "
        f"command line too, such as {own[0]}=VALUE, and it stays"
    )


def plan(record: Record, counts: Mapping[str, int]) -> str:
    """How many runs there will be, and what for."""
    waves = f", {counts['waves']:,} in {counted(record['waves'], 'wave')}" if counts["waves"] else ""
    total = sum(counts.values())
    return (
        f"{total:,} runs: {counts['design']:,} over the priors{waves}, and {counts['checks']:,} for {record['worlds']} worlds "
        f"with {record['checks']} seeds. Without a market that has the numbers, only the first."
    )


def sections(files: StudyFiles) -> list[Section]:
    """Does it resemble the market; the settings, if there are worlds; the last quarter, if it was held back."""
    settings = [of_settings(files)] if files.record["kept"] else []
    return [of_numbers(files), *settings, *([imported.of_quarter(files.record)] if files.record["quarter"] else [])]


def of_numbers(files: StudyFiles) -> Section:
    """The given numbers beside those of the worlds."""
    head = cells("", "given", "worlds", "seeds", "missed by")
    rows = [number_line(row) for row in files.rows("targets")]
    note = NUMBERS.format(files.record["checks"])
    first, *others = answer(files)
    title, origin = "Does it resemble your market?", made_of(files.record)
    return Section(title, [Findings("", others)], [Grid(head, rows)], note, origin, answer=first)


def answer(files: StudyFiles) -> Iterator[str]:
    """Whether there are markets with these numbers and which settings these fix, else which numbers stand against it."""
    record, titles = files.record, {row["measure"]: row for row in files.rows("targets")}
    conflicts, kept, n_worlds = files.rows("conflicts"), record["kept"], record["worlds"]
    often = [row["title"].lower() for row in titles.values() if row["missed"] > OFTEN]
    for row in conflicts:
        yield conflict_words(row, titles)
    if not conflicts and not kept:
        yield (
            f"Fewer than a tenth of {n_worlds} worlds have all numbers at the same time, which contradict each other, or lie "
            f"at the edge of what the priors reach; most often missed: {listed(often)}."
        )
    if conflicts or not kept:
        yield "No market was written, and nothing can be said about these numbers; correct them, or widen the priors."
    else:
        numbers = f"all {counted(len(titles), 'number')}" if len(titles) > 1 else "the number"
        yield f"{kept} of {n_worlds} worlds have {numbers} when they are run again, and are kept; {settings_words(files)}."
        if kept < FEW_KEPT * n_worlds:
            missed = f" Most often missed: {listed(often)}." if often else ""
            yield f"That is few: the search was not exact enough; more waves (waves={record['waves'] + 2}) help.{missed}"


def settings_words(files: StudyFiles) -> str:
    """Which settings the numbers narrow, the best known first, and which stay unknown."""
    rows = sorted(files.rows("settings"), key=lambda row: float(row["spread_left"]))
    narrowed, unknown = ([row["name"] for row in rows if bool(row["unknown"]) == wanted] for wanted in (False, True))
    known = f"the numbers narrow {named(narrowed)}" if narrowed else "the numbers narrow no setting"
    return f"{known}; as unknown as before: {listed(unknown)}" if unknown else known


def named(settings: Sequence[str]) -> str:
    """How many settings, and the first few by name.

    >>> named(["count"]), named(["a", "b", "c", "d", "e"])
    ('1 setting (count)', '5 settings (most of all a, b and c)')
    """
    few = settings[:NAMED]
    return f"{counted(len(settings), 'setting')} ({'most of all ' if len(few) < len(settings) else ''}{listed(few)})"


def conflict_words(row: Row, titles: Mapping[str, Row]) -> str:
    """What is wrong with one number, or with two or three together."""
    mine = [titles[name] for name in row["measures"].split(" and ")]
    given = [f"{each['title'].lower()} {number(each['value'], each['unit'])}{mark(each)}" for each in mine]
    if len(mine) > 1:
        many = {2: "Two", 3: "Three"}[len(mine)]
        pairs = ", though it has each pair" if len(mine) > 2 else ""
        return f"{many} numbers contradict each other: no market of the priors has {listed(given)} at the same time{pairs}."
    unit = mine[0]["unit"]
    return (
        f"Out of reach: no market of the priors has {given[0]}; they have {number(row['low'], unit)} to "
        f"{number(row['high'], unit)}{mark(mine[0])}."
    )


def mark(row: Row) -> str:
    """The sign of a share."""
    return " %" if row["unit"].startswith("share") else ""


def number_line(row: Row) -> list[Cell]:
    """A number as it was given, as the worlds have it, its spread over seeds, and the share of worlds that miss it."""
    unit, known = row["unit"], row["mean"] == row["mean"]
    error = f"± {number(row['standard_error'], unit)}"
    given = Cell(f"{number(row['value'], unit)}{mark(row)}", more=error)
    if not known:
        return [Cell(row["title"]), given, *cells("–", "–", "–")]
    reproduced = Cell(number(row["mean"], unit), more=f"[{number(row['range_low'], unit)}, {number(row['range_high'], unit)}]")
    return [
        Cell(row["title"]), given, reproduced, Cell(f"± {number(row['seed_sd'], unit)}"),
        Cell(f"{100 * row['missed']:.0f} %", kind="worse" if row["missed"] > OFTEN else ""),
    ]  # fmt: skip


def of_settings(files: StudyFiles) -> Section:
    """Prior and posterior of each setting, side by side, those that are known best first."""
    rows = sorted(files.rows("settings"), key=lambda row: float(row["spread_left"]))
    grid = Grid(cells("", "prior", "90 % range now", "spread left", ""), list(map(setting_line, rows)))
    return Section("What the numbers say of each setting", [], [grid], SETTINGS, made_of(files.record))


def setting_line(row: Row) -> list[Cell]:
    """A setting, its prior, its posterior, and what is left of the prior's spread."""
    now = f"{row['range_low']:.3g} to {row['range_high']:.3g}"
    left = f"{100 * min(1.0, row['spread_left']):.0f} %"
    return [
        *cells(row["name"], f"{row['low']:g} to {row['high']:g}", now, left),
        Cell("unknown" if row["unknown"] else "", kind="unsure"),
    ]


def made_of(record: Record) -> str:
    """Of which runs a section is made."""
    usable = f"{record['usable']:,} of the {record['points']:,} over the priors have all measures"
    return f"From {counted(record['runs'], 'run')}; {usable}."
