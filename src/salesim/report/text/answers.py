"""The kinds of answers that an experiment can declare; each makes the sentence and the lines from the tables."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from salesim.report.study_files import Row
from salesim.report.text.amounts import contest_words, counted, declared, listed, sentence_case, spaced
from salesim.report.text.answer import Answer, Line, Question
from salesim.report.text.effects import PROFIT, effect, gain, is_clear, side_by_side, size, titled
from salesim.report.text.payback import lines_of_payback, on_payback, on_present_value, on_waiting

FEW = 3  # parts of a fall, and arms that may be as good, in a sentence


def best(question: Question) -> Answer:
    """Which arm is best, by how much, and whether that stays so in the other contest."""
    contest = question.theme.contests[0]
    arm = leader(question, contest)
    sentence = f"{on_leader(question, contest, arm)}{unless(question, arm)}."
    lines = tuple(lines_of_best(question, contest, arm))[:3]
    weighed = beside(question, contest, arm)
    hangs_on = (*on_other_contests(question, weighed), *on_time(question, contest, weighed, lines))
    return Answer(sentence, lines, tuple(on_pairs(question, contest, arm)), hangs_on)


def reversal(question: Question) -> Answer:
    """Which arm is best, and which ones are ahead in one year and behind in another."""
    answer, (first, last) = best(question), question.declared["years"]
    turned = [words for contest in question.theme.contests for words in turns(question, contest, first, last)]
    if turned:
        return replace(answer, sentence=f"{answer.sentence} {turned[0]}", more=(*turned[1:], *answer.more))
    years = [len(question.years(contest, arm)) for contest in question.theme.contests for arm in question.theme.others]
    last = min([last, *years])
    words = (
        f"No arm is clearly ahead of {question.baseline} in year {first} and clearly behind it in year {last}, or the reverse."
    )
    return replace(answer, hangs_on=(*answer.hangs_on, words)) if last > first else answer


def first_ahead(question: Question) -> Answer:
    """From which month on each arm has earned more than the baseline, after which trough, and the sum."""
    contest = question.theme.contests[0]
    rows = [row for arm in question.theme.others if (row := question.payback(contest, arm))]
    rows.sort(key=lambda row: -row["total_k"])
    if not rows:
        return best(question)
    top, name = rows[0], str(rows[0]["arm"])
    chosen, called = (f"Choose {name}: ", "it") if top["total_low"] > 0.0 else ("", name)
    sentence = f"{chosen}{on_payback(top, question.baseline, called)}."
    more = tuple(f"{on_payback(row, question.baseline, str(row['arm']))}." for row in rows[1:])
    hangs_on = (*on_other_contests(question, name), *on_time(question, contest, name))
    return Answer(sentence, tuple(lines_of_payback(top, question.baseline))[:3], more, hangs_on)


def fall(question: Question) -> Answer:
    """How much falls in the baseline, and which part of that goes away with each arm; those of `pairs` first."""
    contest = question.theme.contests[0]
    first = [arm for arm, _ in question.declared["pairs"]]
    parts = sorted(question.others(contest), key=lambda row: (row["arm"] not in first, row["difference"]))
    whole = level_of(question, contest)
    stated = [row for row in parts if row["arm"] in first]
    rest = [row for row in parts if row not in stated]
    clear = sorted((row for row in rest if is_clear(row)), key=lambda row: -abs(row["difference"]))
    taken = [f"{row['arm']} {part_words(row)}" for row in [*stated, *clear[:FEW]]]
    few = f"; {counted(len(clear) - FEW, 'other arm')} too" if len(clear) > FEW else ""
    unclear = f"; for {counted(len(rest) - len(clear), 'arm')} no part is clear" if len(rest) > len(clear) else ""
    of_these = (
        f" Of these, {'; '.join(taken)}{few}{unclear}." if taken else f" No part of it is clear for any of {len(rest)} arms."
    )
    sentence = f"{whole.label}: {size(whole.value, whole.low, whole.high, whole.unit)}.{of_these}"
    lines = [Line(f"of these, {row['arm']} takes away", *part_of(row), row["unit"]) for row in parts[:2]]
    return Answer(sentence, (whole, *lines))


def contrast(question: Question) -> Answer:
    """How the arms of each pair differ in each measure."""
    sentences: list[str] = []
    lines: list[Line] = []
    for contest in question.theme.contests:
        for measure in question.declared["measures"]:
            rows = [row for row in question.contrasts if (row["contest"], row["measure"]) == (contest, measure)]
            if rows := [row for row in rows if row["verdict"] != "nothing to compare"]:
                sentences.append(on_contrasts(question, rows, in_full=measure == question.measure))
                lines += [line_of_pair(question, row) for row in rows]
    return Answer(sentences[0], tuple(lines[:3]), tuple(sentences[1:])) if sentences else best(question)


KINDS: Mapping[str, Callable[[Question], Answer]] = {
    "best": best, "reversal": reversal, "first_ahead": first_ahead, "fall": fall, "contrast": contrast,
}  # fmt: skip


def leader(question: Question, contest: str) -> str:
    """The arm with the best mean in a contest."""
    row, top = question.best(contest), max(question.others(contest), key=gain, default=None)
    return str(row["first"]) if row else str(top["arm"]) if top and gain(top) > 0.0 else question.baseline


def beside(question: Question, contest: str, arm: str) -> str:
    """The arm that is weighed against the baseline: the one to choose, or the next best where that is the baseline."""
    standing = question.best(contest)
    return str(standing["second"]) if standing and arm == question.baseline == standing["first"] else arm


def on_leader(question: Question, contest: str, arm: str) -> str:
    """What to choose in a contest, how much that brings, and which arms may be as good; without the stop."""
    row, standing, profit = question.row(contest, arm), question.best(contest), question.measure == PROFIT
    if arm == question.baseline or row is None:
        rivals = [name for name in str(standing["contenders"]).split(", ") if name != arm] if standing else []
        if standing and rivals and (next_row := question.row(contest, str(standing["second"]))):
            much = f"{standing['second']} {effect(next_row, arm)}"
            return f"No arm is clearly better than {arm}, and {listed(rivals[:FEW], 'or')} may be as good: {much}"
        better = "earns clearly more" if profit else "is clearly better"
        return f"Stay with {arm}: no other arm {better}{next_words(question, standing)}"
    subject = "it" if profit else f"its {titled(row)}"
    if not is_clear(row):
        no_arm = f"No arm is clearly better than {question.baseline}; the best mean has {arm}"
        return f"{no_arm}: {subject} {effect(row, question.baseline)}"
    threshold = float(question.declared["threshold"] or 0.0)
    if max(abs(row["low"]), abs(row["high"])) < threshold:
        enough = f"{question.baseline} by the {declared(threshold, str(row['unit']))} that matter"
        return f"No arm is better than {enough}; the best mean has {arm}: {subject} {effect(row, question.baseline)}"
    contenders = str(standing["contenders"]).split(", ") if standing else []
    rivals = [name for name in contenders if name != arm]
    many = [*rivals[:FEW], counted(len(rivals) - FEW, "other arm")] if len(rivals) > FEW + 1 else rivals
    either = f", but {listed(many, 'or')} may be as good" if rivals else ""
    sure = f"with {100 * float(question.files.record['confidence']):g} % confidence {subject}"
    return f"Choose {arm}: {sure} {effect(row, question.baseline)}{either}"


def unless(question: Question, arm: str) -> str:
    """The contests in which the chosen arm is not among the best, or not clearly better than the baseline."""
    for contest in question.theme.contests[1:]:
        row, standing = question.row(contest, arm), question.best(contest)
        if standing and arm in str(standing["beaten"]).split(", "):
            return f", unless {contest_words(contest)}: then {standing['first']} is better"
        if row is not None and arm != question.baseline and not is_clear(row):
            return f", unless {contest_words(contest)}: then no difference is clear"
    return ""


def next_words(question: Question, standing: Row | None) -> str:
    """How far behind the next arm is, where one arm is clearly the best."""
    if standing is None or "," in str(standing["contenders"]) or math.isnan(standing["low"]):
        return ""
    about = next(row for (_, _, measure), row in question.differences.items() if measure == standing["measure"])
    lead = size(standing["lead"], standing["low"], standing["high"], str(about["unit"]))
    return f", and the next, {standing['second']}, is {lead} behind"


def on_other_contests(question: Question, arm: str) -> Iterator[str]:
    """What becomes of an arm where all vendors do the same."""
    for contest in question.theme.contests[1:]:
        row, other = question.row(contest, arm), leader(question, contest)
        if row is None or arm == question.baseline:
            continue
        subject = arm if row["measure"] == PROFIT else f"{titled(row)} of {arm}"
        turned = f"; the best mean has {other}" if other != arm else ""
        yield f"If {contest_words(contest)}, {subject} {effect(row, question.baseline)}{turned}."


def on_time(question: Question, contest: str, arm: str, lines: Sequence[Line] = ()) -> Iterator[str]:
    """What of an answer about profit hangs on time, unless a line says it."""
    row = question.payback(contest, arm)
    if row is not None and question.measure == PROFIT:
        yield from on_waiting(row, question.baseline)
        if not any("present value" in line.label for line in lines):
            yield on_present_value(row, question.baseline)


def on_pairs(question: Question, contest: str, arm: str) -> Iterator[str]:
    """The declared pairs that the chosen arm is in, in words."""
    yield from (f"{pair_words(row)}." for row in pairs_of(question, contest, arm))


def pairs_of(question: Question, contest: str, arm: str) -> Iterator[Row]:
    """The declared pairs that the chosen arm is in, but for what was said first."""
    for row in question.contrasts:
        mine = row["contest"] == contest and arm in (row["arm"], row["against"]) and row["verdict"] != "nothing to compare"
        if mine and (row["measure"], row["arm"], row["against"]) != (question.measure, arm, question.baseline):
            yield row


def pair_words(row: Row) -> str:
    """A contrast as a clause; the measure is named unless it is profit."""
    subject = row["arm"] if row["measure"] == PROFIT else f"{row['title']} of {row['arm']}"
    return f"{subject} {effect(row, str(row['against']))}"


def lines_of_best(question: Question, contest: str, arm: str) -> Iterator[Line]:
    """The difference from the baseline, then contrasts of the arm, or its sum and present value, or its lead."""
    if (row := question.row(contest, arm)) and arm != question.baseline:
        label = f"{row['title']}, {arm} less {question.baseline}"
        yield Line(label, row["difference"], row["low"], row["high"], row["unit"])
    leads = list(lines_of_lead(question, contest))
    yield from leads if arm == question.baseline else ()
    yield from (line_of_pair(question, pair) for pair in pairs_of(question, contest, arm))
    if question.measure == PROFIT and (money := question.payback(contest, beside(question, contest, arm))):
        yield from list(lines_of_payback(money, question.baseline))[-2:]
    yield from leads if arm != question.baseline else ()


def lines_of_lead(question: Question, contest: str) -> Iterator[Line]:
    """How far the best arm is ahead of the next."""
    if (standing := question.best(contest)) and (about := question.row(contest, question.baseline)):
        label = f"{about['title']}, lead of {standing['first']} over {standing['second']}"
        yield Line(label, standing["lead"], standing["low"], standing["high"], about["unit"])


def turns(question: Question, contest: str, first: int, last: int) -> Iterator[str]:
    """Arms that are clearly ahead of the baseline in one of two years, and clearly behind in the other."""
    for arm in question.theme.others:
        years = question.years(contest, arm)
        rows = [years[min(year, len(years)) - 1] for year in (first, last)] if years else []
        if rows and all(map(is_clear, rows)) and rows[0]["difference"] * rows[1]["difference"] < 0.0:
            then, later = (
                f"{'more' if row['difference'] > 0.0 else 'less'} in year {row['year'] + 1} "
                f"({size(row['difference'], row['low'], row['high'], 'k$', signed=True)})"
                for row in rows
            )
            yield f"{sentence_case(contest_words(contest))}: {arm} earns {then} than {question.baseline}, and {later}."


def level_of(question: Question, contest: str) -> Line:
    """The baseline's mean of the measure, with its interval."""
    rows = question.files.rows("levels")
    row = next(
        row for row in rows if (row["contest"], row["arm"], row["measure"]) == (contest, question.baseline, question.measure)
    )
    return Line(f"{row['title']}, with {question.baseline}", row["mean"], row["low"], row["high"], row["unit"])


def part_of(row: Row) -> tuple[float, float, float]:
    """The part of a fall that an arm takes away, and the ends of its interval."""
    return -row["difference"], -row["high"], -row["low"]


def part_words(row: Row) -> str:
    """What an arm does to a fall."""
    if not is_clear(row):
        return f"takes away no clear part: {size(*part_of(row), row['unit'], signed=True)}"
    if row["difference"] > 0.0:
        return f"adds {size(row['difference'], row['low'], row['high'], row['unit'])}"
    return f"takes away {size(*part_of(row), row['unit'])}"


def on_contrasts(question: Question, rows: Sequence[Row], in_full: bool) -> str:
    """A measure in each pair of arms, both levels and their difference; if not in full, only pairs that clearly differ."""
    stated = rows if in_full else [row for row in rows if is_clear(row)]
    unit, where = str(rows[0]["unit"]), f"{contest_words(rows[0]['contest'])}: " if len(question.theme.contests) > 1 else ""
    if not stated:
        return sentence_case(f"{where}no clear difference in {titled(rows[0])}.")
    parts = [in_pair(row, unit, question.declared["threshold"] if in_full else None) for row in stated]
    rest = "; the other pairs do not clearly differ" if len(stated) < len(rows) else ""
    return sentence_case(f"{where}{titled(rows[0])}: {'; '.join(parts)}{rest}.")


def in_pair(row: Row, unit: str, threshold: float | None) -> str:
    """Both levels of a pair and their difference."""
    ends = (row["difference"], row["low"], row["high"])
    one, other, words = side_by_side(row["mean_arm"], row["mean_against"], *ends, unit)
    same = bool(threshold) and max(-row["low"], row["high"]) < (threshold or 0.0)
    apart = "equivalent" if same else "a difference of" if is_clear(row) or math.isnan(row["low"]) else "no clear difference:"
    within = f" within {declared(threshold or 0.0, unit)}:" if same else ""
    return f"{row['arm']} has {one}, {row['against']} {other}, {apart}{within} {words}"


def line_of_pair(question: Question, row: Row) -> Line:
    """A contrast as a line."""
    where = f", {contest_words(row['contest'])}" if len(question.theme.contests) > 1 else ""
    label = f"{row['title']}, {spaced(row['arm'])} less {spaced(row['against'])}{where}"
    return Line(label, row["difference"], row["low"], row["high"], row["unit"])
