"""The kinds of answers that an experiment can declare; each makes the sentence and the lines from the tables."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from salesim.report.study_files import Row
from salesim.report.text.amounts import contest_words, counted, listed, sentence_case, spaced
from salesim.report.text.answer import Answer, Asked, Line
from salesim.report.text.effects import PROFIT, effect, gain, is_clear, level, month_words, months_between, size, titled
from salesim.stats.intervals import simultaneous

FEW_PARTS = 3  # of a fall, in a sentence


def best(asked: Asked) -> Answer:
    """Which arm is best, by how much, and whether that stays so in the other contest."""
    contest = asked.theme.contests[0]
    arm = leader(asked, contest)
    sentence = f"{on_leader(asked, contest, arm)}{in_other_contests(asked, arm)}.{on_pairs(asked, contest, arm)}"
    return Answer(sentence, tuple(lines_of_best(asked, contest, arm))[:3], tuple(on_time(asked, contest, arm)))


def reversal(asked: Asked) -> Answer:
    """Which arm is best, and which ones are ahead in one year and behind in another."""
    answer, (first, last) = best(asked), asked.declared["years"]
    turned = [words for contest in asked.theme.contests for words in turns(asked, contest, first, last)]
    if not turned:
        words = f"No arm is clearly ahead of {asked.baseline} in year {first} and clearly behind in year {last}, or the reverse."
        return Answer(answer.sentence, answer.lines, (*answer.hangs_on, words))
    return Answer(f"{answer.sentence} {' '.join(turned)}", answer.lines, answer.hangs_on)


def first_ahead(asked: Asked) -> Answer:
    """From which month on each arm has earned more than the baseline, after which trough, and the sum."""
    contest = asked.theme.contests[0]
    rows = [row for arm in asked.theme.others if (row := asked.payback(contest, arm))]
    rows.sort(key=lambda row: -row["total_k"])
    if not rows:
        return best(asked)
    top = rows[0]
    lead = "" if top["total_k"] <= 0.0 else f"{sentence_case(str(top['arm']))} brings most: "
    sentence = lead + "; ".join(on_payback(row, asked.baseline) for row in rows) + "."
    return Answer(sentence, tuple(lines_of_payback(top, asked.baseline)), tuple(on_time(asked, contest, str(top["arm"]))))


def fall(asked: Asked) -> Answer:
    """How much falls in the baseline, and which part of that goes away with each arm."""
    contest = asked.theme.contests[0]
    parts = sorted(asked.others(contest), key=lambda row: row["difference"])
    whole = level_of(asked, contest)
    clear = [row for row in parts if is_clear(row) and row["difference"] < 0.0]
    taken = "; ".join(f"{row['arm']} takes away {part_words(row)}" for row in clear[:FEW_PARTS])
    unclear = len(parts) - len(clear)
    others = f"For {'none' if not unclear else counted(unclear, 'other')} of the arms is a part clear." if False else ""
    rest = f" No part is clear for {counted(unclear, 'arm')} of {len(parts)}." if unclear else ""
    sentence = f"{whole.label} is {size(whole.value, whole.low, whole.high, whole.unit)}: {taken or 'no arm takes a clear part away'}.{rest}"
    lines = [whole, *(Line(f"of that, {row['arm']} takes away", -row["difference"], -row["high"], -row["low"], row["unit"]) for row in parts[:2])]
    return Answer(sentence + others, tuple(lines))


def contrast(asked: Asked) -> Answer:
    """How the arms of each pair differ in each measure."""
    sentences, lines = [], []
    for contest in asked.theme.contests:
        for measure in asked.declared["measures"]:
            rows = [row for row in asked.contrasts if (row["contest"], row["measure"]) == (contest, measure)]
            if rows := [row for row in rows if row["verdict"] != "nothing to compare"]:
                sentences.append(on_contrasts(asked, contest, rows))
                lines += [Line(pair_label(asked, row), row["difference"], row["low"], row["high"], row["unit"]) for row in rows]
    if not sentences:
        return best(asked)
    return Answer(" ".join(sentences), tuple(lines[:3]))


KINDS: Mapping[str, Callable[[Asked], Answer]] = {
    "best": best, "reversal": reversal, "first_ahead": first_ahead, "fall": fall, "contrast": contrast,
}  # fmt: skip


def leader(asked: Asked, contest: str) -> str:
    """The arm with the best mean in a contest."""
    row = asked.best(contest)
    top = max(asked.others(contest), key=gain, default=None)
    return str(row["first"]) if row else str(top["arm"]) if top and gain(top) > 0.0 else asked.baseline


def on_leader(asked: Asked, contest: str, arm: str) -> str:
    """What to choose in a contest, and how much that brings; without the stop."""
    standing, where = asked.best(contest), "" if contest == "alone" else f" if {contest_words(contest)}"
    contenders = str(standing["contenders"]).split(", ") if standing and standing["contenders"] else [arm]
    rivals = [name for name in contenders if name != arm]
    if arm == asked.baseline:
        return f"Stay with {arm}{where}: no other arm {'earns' if asked.measure == PROFIT else 'does'} clearly more"
    row = asked.row(contest, arm)
    assert row is not None
    doing = f"it earns {effect(row, asked.baseline)}" if asked.measure == PROFIT else f"{titled(row)} is {effect(row, asked.baseline)}"
    if asked.measure == PROFIT and not is_clear(row) and not math.isnan(row["low"]):
        doing = f"its profit is {effect(row, asked.baseline)}"
    verb = "Choose" if is_clear(row) else "No arm is clearly better than " + asked.baseline + "; the best mean has"
    either = f", but {listed(rivals, 'or')} may be as good" if rivals and is_clear(row) else ""
    return f"{verb} {arm}{where}: {doing}{either}"


def in_other_contests(asked: Asked, arm: str) -> str:
    """What becomes of an arm where all vendors do the same; empty if nobody ran that."""
    parts = []
    for contest in asked.theme.contests[1:]:
        row = asked.row(contest, arm)
        if row is None or arm == asked.baseline:
            continue
        other = leader(asked, contest)
        turned = f", and {other} is best" if other not in (arm, asked.baseline) else ""
        parts.append(f"; if {contest_words(contest)}, {effect(row, asked.baseline)}{turned}")
    return "".join(parts)


def on_pairs(asked: Asked, contest: str, arm: str) -> str:
    """The declared pairs that the chosen arm is in, in all measures that were not said yet."""
    rows = [row for row in asked.contrasts if row["contest"] == contest and arm in (row["arm"], row["against"])]
    rows = [row for row in rows if (row["measure"], row["against"]) != (asked.measure, asked.baseline)]
    rows = [row for row in rows if row["verdict"] != "nothing to compare"]
    return "".join(f" {sentence_case(titled(row))} of {row['arm']}: {effect(row, str(row['against']))}." for row in rows)


def lines_of_best(asked: Asked, contest: str, arm: str) -> Iterator[Line]:
    """The difference from the baseline, the present value, and the lead over the next."""
    if (row := asked.row(contest, arm)) and arm != asked.baseline:
        yield Line(f"{row['title']}, {arm} less {asked.baseline}", *(row[end] for end in ("difference", "low", "high")), row["unit"])
    if asked.measure == PROFIT and (money := asked.payback(contest, arm)):
        yield from list(lines_of_payback(money, asked.baseline))[2:]
    for pair in asked.contrasts:
        if pair["contest"] == contest and arm == pair["arm"] and pair["against"] != asked.baseline:
            yield Line(pair_label(asked, pair), pair["difference"], pair["low"], pair["high"], pair["unit"])
    if standing := asked.best(contest):
        about = asked.row(contest, asked.baseline)
        unit = str(about["unit"]) if about else ""
        yield Line(f"lead of {arm} over {standing['second']}", standing["lead"], standing["low"], standing["high"], unit)


def lines_of_payback(row: Row, baseline: str) -> Iterator[Line]:
    """Break-even, trough, sum and present value of an arm."""
    arm, years = row["arm"], f"{row['months'] / 12:g} years"
    yield Line(f"{arm} is ahead of {baseline} from", row["ahead_month"], row["ahead_low"], row["ahead_high"], "month")
    if row["trough_k"] < 0.0:
        yield Line(f"deepest trough of {arm}", row["trough_k"], row["trough_low"], row["trough_high"], "k$")
    yield Line(f"{arm} less {baseline}, sum of {years}", row["total_k"], row["total_low"], row["total_high"], "k$")
    rate = f"present value at {100 * row['discount_rate']:g} % a year"
    yield Line(rate, row["present_value_k"], row["present_value_low"], row["present_value_high"], "k$")


def on_payback(row: Row, baseline: str) -> str:
    """When one arm is ahead, how deep its trough is, and what it brings in all."""
    total = size(row["total_k"], row["total_low"], row["total_high"], "k$", signed=True)
    years = f"{row['months'] / 12:g} years"
    if math.isinf(row["ahead_month"]):
        share = f", in {100 * row['share_ahead']:.0f} % of the seeds it is" if row["share_ahead"] else ""
        return f"{row['arm']} is not ahead of {baseline} within {years}{share} ({total} in all)"
    between = "" if math.isnan(row["ahead_low"]) else f" ({months_between(row['ahead_low'], row['ahead_high'], row['months'])})"
    trough = ""
    if row["trough_k"] < 0.0:
        depth = size(row["trough_k"], row["trough_low"], row["trough_high"], "k$", signed=True)
        trough = f", after a trough of {depth} in {month_words(row['trough_month'])}"
    return f"{row['arm']} is ahead of {baseline} from {month_words(row['ahead_month'])} on{between}{trough}, and brings {total} in {years}"


def on_time(asked: Asked, contest: str, arm: str) -> Iterator[str]:
    """What of an answer about profit hangs on time: how long it takes to pay, and whether that pays at the discount rate."""
    row = asked.payback(contest, arm)
    if row is None or asked.measure != PROFIT or arm == asked.baseline:
        return
    if row["trough_k"] < 0.0 and math.isfinite(row["ahead_month"]):
        yield f"Who cannot wait until {month_words(row['ahead_month'])} loses with {arm}: up to then it has earned less than {asked.baseline}."
    value = size(row["present_value_k"], row["present_value_low"], row["present_value_high"], "k$", signed=True)
    yield f"Discounted at {100 * row['discount_rate']:g} % a year, {arm} is worth {value} against {asked.baseline} at the start of the run."


def turns(asked: Asked, contest: str, first: int, last: int) -> Iterator[str]:
    """Arms that are clearly ahead of the baseline in one of two years, and clearly behind in the other."""
    for arm in asked.theme.others:
        years = asked.years(contest, arm)
        if len(years) < 2:
            continue
        one, other = years[min(first, len(years)) - 1], years[min(last, len(years)) - 1]
        if is_clear(one) and is_clear(other) and one["difference"] * other["difference"] < 0.0:
            then, later = (
                size(row["difference"], row["low"], row["high"], "k$ a year", signed=True) for row in (one, other)
            )
            where = sentence_case(contest_words(contest))
            yield f"{where}: {arm} turns round, {then} against {asked.baseline} in year {one['year'] + 1} and {later} in year {other['year'] + 1}."


def level_of(asked: Asked, contest: str) -> Line:
    """The baseline's mean of the measure, with an interval over seeds."""
    runs, row = asked.files.table("runs"), asked.row(contest, asked.baseline)
    assert row is not None
    mine = runs[(runs["contest"] == contest) & (runs["arm"] == asked.baseline)]
    interval = simultaneous(mine[[asked.measure]].to_numpy(float), float(asked.files.record["confidence"]))
    low, high = (float(end[0]) if len(mine) > 1 else math.nan for end in (interval.low, interval.high))
    return Line(f"{row['title']} with {asked.baseline}", float(row["mean_baseline"]), low, high, str(row["unit"]))


def part_words(row: Row) -> str:
    """The part of a fall that an arm takes away."""
    return size(-row["difference"], -row["high"], -row["low"], row["unit"])


def on_contrasts(asked: Asked, contest: str, rows: Sequence[Row]) -> str:
    """A measure in each pair of arms."""
    first, unit = rows[0], str(rows[0]["unit"])
    where = f"{sentence_case(contest_words(contest))}: " if len(asked.theme.contests) > 1 else ""
    title = titled(first) if where else sentence_case(titled(first))
    parts = [
        f"{row['arm']} {level(row['mean_arm'], unit)}, {row['against']} {level(row['mean_against'], unit)} ({effect(row, str(row['against']))})"
        for row in rows
    ]
    return f"{where}{title}: {'; '.join(parts)}."


def pair_label(asked: Asked, row: Row) -> str:
    """A pair and what is contrasted."""
    where = f", {contest_words(row['contest'])}" if len(asked.theme.contests) > 1 else ""
    return f"{row['title']}, {spaced(row['arm'])} less {spaced(row['against'])}{where}"
