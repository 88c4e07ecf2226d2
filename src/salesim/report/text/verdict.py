"""What a study found: who is best, what differs and by how much, what is unclear. Built only from the tables."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from salesim.report.study_files import Row, StudyFiles, grouped
from salesim.report.text.amounts import amount, between, contest_title, counted, gap, listed, way
from salesim.report.text.tables import Grid

ABOUT_THE_MODEL = "These results describe the model with these settings, not a real company."
UNCLEAR = "cannot tell"  # the verdict of a difference whose interval contains zero
ORDER = {"higher": 0, "lower": 0, UNCLEAR: 1, "equivalent": 2, "equal": 3}  # of the verdicts of which a sentence speaks


class Findings(NamedTuple):
    """Sentences about one contest: those that come first, and one for each measure."""

    title: str
    first: Sequence[str]
    rest: Sequence[str] = ()


class Section(NamedTuple):
    """A part of an explanation or an exploration: its sentences, tables, how to read them, and which runs it was made of.

    `more` are tables that only a page has; `answer` is the first sentence of an analysis, which the first of its sections has.
    """

    title: str
    findings: Sequence[Findings]
    tables: Sequence[Grid]
    note: str
    made_of: str
    more: Sequence[Grid] = ()
    answer: str = ""


class Verdict(NamedTuple):
    """What a study found contest by contest, and how sure it is."""

    contests: Sequence[Findings]
    certainty: Sequence[str]


def verdict_of(files: StudyFiles) -> Verdict:
    """The verdict of a study; that of a comparison is in `text.compare`."""
    rows, best = files.rows("differences"), files.rows("best")
    if not rows:
        return Verdict([], [])
    baseline, contests = files.theme.baseline, []
    for contest, mine in grouped(rows, "contest").items():
        by_measure = grouped(mine, "measure")
        known = (row for row in best if row["contest"] == contest and math.isfinite(row["low"]))
        first = [on_best(row, by_measure[row["measure"]][0]) for row in known]
        first += [open_question] if (open_question := on_open(mine, baseline)) else []
        rest = [text for part in by_measure.values() if (text := on_measure(part, baseline))]
        contests += [Findings(contest_title(contest), first, rest)] if first or rest else []
    n, compares, unit = int(max(row["n"] for row in rows)), len(files.theme.arms) > 1, unit_of(files.record)
    alone = [f"These are means over {counted(n, unit)}.", ABOUT_THE_MODEL]
    return Verdict(contests, certainty(n, float(files.record["confidence"]), unit)[-2:] if compares else alone)


def unit_of(record: Mapping[str, Any]) -> str:
    """What the intervals of a study are over."""
    return "world" if "ensemble" in record else "seed"


def too_few(n: int, unit: str = "seed") -> str:
    """What so few seeds or worlds can show, and how to get more; nothing if they are enough."""
    from salesim.stats.intervals import FEW_SEEDS  # with scipy, which a page need not wait for

    if unit == "world":
        return f"{n} worlds show only large differences. Use more worlds." if n < FEW_SEEDS else ""
    if n < 2:
        return "One seed gives no interval. Use more seeds, for example seeds=40."
    return f"{n} seeds show only large differences. Use more seeds, for example seeds=40." if n < FEW_SEEDS else ""


def certainty(n: int, confidence: float, unit: str = "seed") -> list[str]:
    """How certain the verdict is, with intervals over seeds or worlds."""
    few = [too_few(n, unit)] if too_few(n, unit) else []
    if n < 2:
        return few
    return [
        *few,
        f"Numbers in brackets are intervals, from {counted(n, unit)} that the arms share. Within each contest, the intervals "
        f"of all differences from the baseline hold simultaneously with {100 * confidence:g} % confidence, and so do those "
        "between the leading arms.",
        f"No clear difference does not mean that there is none. {ABOUT_THE_MODEL}",
    ]


def not_settled(statements: Sequence[Row]) -> str:
    """How many verdicts of a comparison are open; empty if none is."""
    n_open = sum(not row["settled_after"] for row in statements)
    return f"{n_open} of {counted(len(statements), 'verdict')} are not settled" if n_open else ""


def on_best(best: Row, about: Row) -> str:
    """Who is best on a measure, or who may be, and who is not; `best` is a row of the table of that name."""
    title, unit = str(about["title"]), str(about["unit"])
    contenders, beaten = (str(best[name]).split(", ") if best[name] else [] for name in ("contenders", "beaten"))
    if len(contenders) == 1:
        ends = between(best["low"], best["high"], unit)
        return f"{title}: {best['first']} is best, {gap(best['lead'], unit)} ahead of {best['second']} ({ends})."
    everybody = len(contenders) > 2 and not beaten
    names = f"any of the {len(contenders)} arms" if everybody else listed(contenders, "or")
    losers = f" {listed(beaten)} {'is' if len(beaten) == 1 else 'are'} not the best." if beaten else ""
    return f"{title}: {names} may be best; {on_lead(best, unit)}.{losers}"


def on_lead(best: Row, unit: str) -> str:
    """How the top two compare when neither is clearly ahead."""
    lead, low, high = best["lead"], best["low"], best["high"]
    if low == high == 0.0:
        return f"{best['first']} and {best['second']} are identical"
    return (
        f"{best['first']} is {gap(lead, unit)} ahead of {best['second']}, but the interval ({between(low, high, unit)}) "
        "contains zero"
    )


def on_measure(rows: Sequence[Row], baseline: str) -> str:
    """One sentence for a measure: which arms are above or below the baseline, and for which that is not clear; or nothing."""
    others = [row for row in rows if row["arm"] != baseline and row["verdict"] in ORDER]
    if not others:
        return ""
    others.sort(key=lambda row: ORDER[row["verdict"]])  # what is clear comes first
    about = others[0]
    level = f"{about['title']} ({way(about['better'])}) is {amount(float(about['mean_baseline']), about['unit'])}"
    said = "; ".join(on_difference(row, float(row["difference"])) for row in others)
    return f"{level} for the baseline, {baseline}; {said}."


def on_difference(row: Mapping[str, Any], size: float, more: str = "") -> str:
    """One arm against the baseline, with its interval, and after that what there is `more` to say of it."""
    arm, verdict, unit, low, high = (row[name] for name in ("arm", "verdict", "unit", "low", "high"))
    if verdict == "equal":
        return f"{arm} is identical{more}"
    if verdict == "equivalent":
        return f"{arm} is equivalent ({between(low, high, unit)}{more})"
    if verdict == UNCLEAR:
        return f"{arm} shows no clear difference ({between(low, high, unit)}{more})"
    nearer, farther = sorted((abs(low), abs(high)))
    return f"{arm} is {gap(abs(size), unit)} {verdict} ({between(nearer, farther, unit)}{more})"


def on_open(rows: Sequence[Row], baseline: str) -> str:
    """Which arms show no clear difference from the baseline, and in what; nothing where all is clear."""
    others = (row for row in rows if row["arm"] != baseline and row["verdict"] != "nothing to compare")
    arms = grouped(others, "arm").items()
    unclear = [f"{arm} in {_in_what(mine)}" for arm, mine in arms if any(row["verdict"] == UNCLEAR for row in mine)]
    return f"No clear difference from the baseline, {baseline}: {'; '.join(unclear)}." if unclear else ""


def _in_what(rows: Sequence[Row]) -> str:
    """The measures in which an arm shows no clear difference, or the others if those are fewer."""
    titles = [(row["title"][:1].lower() + row["title"][1:], row["verdict"] == UNCLEAR) for row in rows]
    unknown, known = ([title for title, unclear in titles if unclear == wanted] for wanted in (True, False))
    if not known:
        return "any measure"
    some, all_but = (unknown, "") if len(unknown) <= len(known) else (known, "all measures but ")
    return all_but + listed(sorted(some, key=lambda title: "," in title))  # one with a comma does not split the list
