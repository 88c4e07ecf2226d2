"""What would turn an answer round: the arms that it is about, and what trying them at both ends of numbers has shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from salesim.report.aggregates import of
from salesim.report.study_files import Row, StudyFiles
from salesim.report.text.amounts import counted, listed, sentence_case
from salesim.report.text.answer import Question
from salesim.report.text.effects import PROFIT, size
from salesim.report.text.tornado import meanings_of, range_words

SPOKEN = 2  # numbers of a kind in a sentence
ENDS = {"low_end": "at_low", "high_end": "at_high"}


def plan(counts: Mapping[str, int]) -> str:
    """How many runs try the answer; nothing where it is not tried."""
    if not counts:
        return ""
    more = f", and up to {counts['crossings']:,} more where one turns it" if counts["crossings"] else ""
    return (
        f"Then up to {counts['ends']:,} runs show what would turn the answer round, at both ends of "
        f"{counted(counts['numbers'], 'uncertain number')}{more} (uncertain=[] leaves them out)"
    )


def pairs(question: Question) -> Iterator[tuple[str, str]]:
    """The arms that an answer is about, each with the one beside which it stands.

    Those that are contrasted; else the arm to choose beside the baseline, and beside the second best.
    """
    from salesim.report.text.answers import leader

    if question.declared["kind"] == "contrast":
        yield from ((arm, against) for arm, against in question.declared["pairs"])
    elif question.has_differences:
        contest = question.theme.contests[0]
        arm, standing = leader(question, contest), question.best(contest)
        second = str(standing["second"]) if standing and standing["first"] == arm else ""
        yield from ((arm, against) for against in dict.fromkeys((question.baseline, second)) if against not in (arm, ""))


def on_turns(question: Question) -> Iterator[str]:
    """What would turn the answer round, a few sentences for each of its pairs of arms.

    A whole tornado of an arm and the baseline says more than a few numbers, if it lies beside the study.
    """
    contest, turns, whole = question.theme.contests[0], question.files.turns, question.files.tornado
    if whole and (whole.record["measure"] != question.measure or contest not in whole.theme.contests):
        whole = None
    for arm, against in pairs(question):
        if whole and against == whole.record["baseline"] and arm in whole.theme.others:
            yield from hangs_on(whole, contest, arm)
        elif turns and contest in turns.theme.contests and [arm, against] in turns.record["pairs"]:
            tables = {name: table[table["against"] == against] for name, table in turns.tables.items()}
            yield from hangs_on(StudyFiles(turns.record | {"baseline": against}, tables), contest, arm)


def hangs_on(files: StudyFiles, contest: str, arm: str) -> Iterator[str]:
    """What an arm's difference hangs on, as sentences: where it turns, or where it may, or that it does not.

    There are none where the difference could not be measured.
    """
    rows: list[Row] = of(files.tables["tornado"], contest, arm).dropna(subset="as_set").to_dict("records")
    tips: list[Row] = of(files.tables["tornado_tipping"], contest, arm).to_dict("records")
    by_axis, tipping, said = {row["axis"]: row for row in rows}, {tip["axis"] for tip in tips}, Pair(files, arm)
    turning = [row for row in rows if row["turns"] and row["axis"] not in tipping]
    parts = [said.tip(tip, by_axis[tip["axis"]]) for tip in tips]
    if turning:
        more = [f" The same holds for {listed([row['axis'] for row in turning[1:]])}."] if turning[1:] else []
        parts.append("".join([said.turn(turning[0]), *more]))
    if rows and not parts:
        parts = [said.steady(rows) if sign(rows[0], "as_set") else said.undecided(rows)]
    yield from map(sentence_case, parts)


class Pair:
    """Sentences on an arm and the one beside which it stands, from the rows of a tornado."""

    def __init__(self, files: StudyFiles, arm: str) -> None:
        self.arm, self.against, self.unit = arm, str(files.record["baseline"]), str(files.record["unit"])
        self.meanings = meanings_of(files)
        self.where = "" if files.record["measure"] == PROFIT else f" in {files.record['title'].lower()}"

    def ranked(self, way: int) -> tuple[str, str]:
        """The arm that is ahead, and the other."""
        return (self.arm, self.against) if way > 0 else (self.against, self.arm)

    def named(self, row: Row) -> str:
        """A number's name, and what it is."""
        return f"{row['axis']} ({self.meanings[row['axis']]})"

    def lead(self, row: Row, name: str, way: int, *, signed: bool = False) -> str:
        """By how much the arm that is ahead (`ranked`) is so, with the interval."""
        low, high = sorted(way * row[f"{name}_{end}"] for end in ("low", "high"))
        return size(way * row[name], low, high, self.unit, signed=signed)

    def open(self, row: Row) -> str:
        """The beginning of a sentence on a number that decides between the two."""
        return f"which of {self.arm} and {self.against} is ahead{self.where} hangs on {self.named(row)}"

    def tip(self, tip: Row, row: Row) -> str:
        """Where the sign changes along a number."""
        within = ", inside that interval" if tip["low"] <= row["value"] <= tip["high"] else ""
        if not (way := sign(row, "as_set")):
            above, below = self.ranked(tip["after"])
            return f"{self.open(row)}: above {range_words(tip)} {above}, below it {below}. {set_to(row, within)}"
        ahead, behind = self.ranked(way)
        side = "above" if tip["after"] == -way else "below"
        where = f"where {self.named(row)} is {side} {range_words(tip)}"
        return f"it turns round {where}: there {behind} is ahead of {ahead}{self.where}. {set_to(row, within)}"

    def turn(self, row: Row) -> str:
        """The ends of a number at which the sign clearly is another one, if no tipping point was found."""
        ends = [(name, way) for name in ENDS if (way := sign(row, name)) not in (0, sign(row, "as_set"))]
        if len(ends) > 1:
            parts = [f"at {row[ENDS[name]]:g} {self.ranked(way)[0]} by {self.lead(row, name, way)}" for name, way in ends]
            return f"{self.open(row)}: {listed(parts)}. {set_to(row)}"
        ((name, way),) = ends
        lead = f"{self.ranked(way)[0]} is ahead{self.where} by {self.lead(row, name, way)}"
        return f"it turns round {self.at_end(row, name)}: there {lead}. {set_to(row)}"

    def steady(self, rows: list[Row]) -> str:
        """That no number clearly turns the sign, and which may."""
        way, one = sign(rows[0], "as_set"), len(rows) == 1
        none = "the number that was checked does not" if one else f"none of {len(rows)} uncertain numbers by itself"
        turns = "turn it round" if one else "turns it round"
        ahead, behind = self.ranked(way)
        ends = [(row, name) for row in rows for name in ENDS]
        if unclear := [(row, name) for row, name in ends if not sign(row, name)]:
            parts = [f"{self.at_end(row, name)}: {self.lead(row, name, way, signed=True)}" for row, name in unclear]
            more = f"; and at {counted(len(parts) - SPOKEN, 'other end')}" if len(parts) > SPOKEN else ""
            lost = f"{ahead} is no longer clearly ahead of {behind}{self.where} {'; '.join(parts[:SPOKEN])}"
            return f"{none} clearly {turns}, but {lost}{more}."
        row, name = min(ends, key=lambda each: way * each[0][each[1]])
        first = f"{none} {turns}: {ahead} stays ahead of {behind}{self.where} at each end"
        return f"{first}, least {self.at_end(row, name)}: by {self.lead(row, name, way)}. {set_to(row)}"

    def undecided(self, rows: list[Row]) -> str:
        """Two arms that do not clearly differ as everything is set, and at which ends one of them is ahead."""
        first = f"as everything is set, {self.arm} and {self.against} do not clearly differ{self.where}"
        ends = [(row, name) for row in rows for name in ENDS]
        parts = []
        for way in (1, -1):
            ahead = [self.at_end(row, name) for row, name in ends if sign(row, name) == way]
            parts += [f"{self.ranked(way)[0]} is ahead {listed(ahead[:SPOKEN], 'or')}"] if ahead else []
        if not parts:
            return f"{first}, nor at any end of {counted(len(rows), 'uncertain number')}."
        return f"{first}; {'; '.join(parts)}."

    def at_end(self, row: Row, name: str) -> str:
        """An end of a number's range as a clause."""
        return f"where {self.named(row)} is {row[ENDS[name]]:g}"


def set_to(row: Row, more: str = "") -> str:
    """What a number is set to."""
    return f"It is set to {row['value']:.3g}{more}."


def sign(row: Mapping[str, Any], name: str) -> int:
    """The sign of a difference whose interval excludes zero, else 0."""
    return int(row[f"{name}_low"] > 0.0) - int(row[f"{name}_high"] < 0.0)
