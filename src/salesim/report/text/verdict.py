"""What a study found: who is best, what differs and by how much, what is unclear. Built only from the tables."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import amount, at_most, between, contest_title, counted, gap, is_tiny, listed, way

ABOUT_THE_MODEL = "These results describe the model with these settings, not a real company."
UNCLEAR = "cannot tell"  # the verdict of a difference whose interval contains zero
Row = Mapping[Any, Any]


class Findings(NamedTuple):
    """Sentences about one contest: those that come first, and one for each measure."""

    title: str
    first: Sequence[str]
    rest: Sequence[str] = ()


class Verdict(NamedTuple):
    """What a study found contest by contest, and how sure it is."""

    contests: Sequence[Findings]
    certainty: Sequence[str]


def verdict_of(files: StudyFiles) -> Verdict:
    """The verdict of a study; that of a comparison is in `text.compare`."""
    differences, best = files.table("differences"), files.table("best")
    if differences.empty:
        return Verdict([], [])
    baseline, contests = files.theme.baseline, []
    for contest, rows in differences.groupby("contest", sort=False):
        about = rows.drop_duplicates("measure").set_index("measure").to_dict("index")
        mine = best[best["contest"] == contest].to_dict("records") if not best.empty else []
        first = [on_best(row, about[row["measure"]]) for row in mine if math.isfinite(row["low"])]
        first += [open_question] if (open_question := on_open(rows, baseline)) else []
        rest = [text for _, part in rows.groupby("measure", sort=False) if (text := on_measure(part, baseline))]
        contests += [Findings(contest_title(str(contest)), first, rest)] if first or rest else []
    n, compares = int(differences["n"].max()), len(files.theme.arms) > 1
    alone = [f"These are means over {counted(n, 'seed')}.", ABOUT_THE_MODEL]
    return Verdict(contests, certainty(n, float(files.record["confidence"])) if compares else alone)


def too_few(n: int) -> str:
    """What so few seeds can show, and how to get more; nothing if they are enough."""
    from salesim.stats.intervals import FEW_SEEDS  # with scipy, which a page need not wait for

    if n < 2:
        return "One seed gives no interval. Use more seeds, for example seeds=40."
    return f"{n} seeds show only large differences. Use more seeds, for example seeds=40." if n < FEW_SEEDS else ""


def certainty(n: int, confidence: float) -> list[str]:
    """How certain the verdict is."""
    few = [too_few(n)] if too_few(n) else []
    if n < 2:
        return few
    return [
        *few,
        f"Numbers in brackets are intervals, from {counted(n, 'seed')} that the arms share. Within each contest, the intervals "
        f"of all differences from the baseline hold simultaneously with {100 * confidence:g} % confidence, and so do those "
        "between the leading arms.",
        f"No clear difference does not mean that there is none. {ABOUT_THE_MODEL}",
    ]


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
    both, lead, low, high = f"{best['first']} and {best['second']}", best["lead"], best["low"], best["high"]
    if low == high == 0.0:
        return f"{both} are identical"
    if is_tiny(lead, unit):
        return f"{both} are within {at_most(max(-low, high), unit)} of each other"
    return (
        f"{best['first']} is {gap(lead, unit)} ahead of {best['second']}, but the interval ({between(low, high, unit)}) "
        "contains zero"
    )


def on_measure(rows: pd.DataFrame, baseline: str) -> str:
    """One sentence for a measure: which arms are above or below the baseline, and for which that is not clear; or nothing."""
    others = rows[(rows["arm"] != baseline) & (rows["verdict"] != "nothing to compare")].to_dict("records")
    if not others:
        return ""
    about, unit = others[0], str(others[0]["unit"])
    clear, unclear = [], []
    for row in others:
        if row["verdict"] in ("higher", "lower"):
            nearer, farther = sorted((abs(row["low"]), abs(row["high"])))
            size = gap(abs(float(row["difference"])), unit)
            clear.append(f"{row['arm']} is {size} {row['verdict']} ({between(nearer, farther, unit)})")
        elif row["verdict"] == UNCLEAR:
            unclear.append(f"{row['arm']} shows no clear difference ({between(row['low'], row['high'], unit)})")
    same = [str(row["arm"]) for row in others if row["verdict"] == "equal"]
    equal = [f"{listed(same)} {'is' if len(same) == 1 else 'are'} identical"] if same else []
    base = amount(float(about["mean_baseline"]), unit)
    level = f"{about['title']} ({way(about['better'])}) is {base} for the baseline, {baseline}"
    return f"{level}; {'; '.join([*clear, *unclear, *equal])}."


def on_open(rows: pd.DataFrame, baseline: str) -> str:
    """Which arms show no clear difference from the baseline, and in what; nothing where all is clear."""
    others = rows[(rows["arm"] != baseline) & (rows["verdict"] != "nothing to compare")]
    arms = [
        f"{arm} in {_in_what(part)}" for arm, part in others.groupby("arm", sort=False) if (part["verdict"] == UNCLEAR).any()
    ]
    return f"No clear difference from the baseline, {baseline}: {'; '.join(arms)}." if arms else ""


def _in_what(rows: pd.DataFrame) -> str:
    """The measures in which an arm shows no clear difference, or the others if those are fewer."""
    titles, unclear = rows["title"].str[:1].str.lower() + rows["title"].str[1:], rows["verdict"] == UNCLEAR
    unknown, known = list(titles[unclear]), list(titles[~unclear])
    if not known:
        return "any measure"
    some, all_but = (unknown, "") if len(unknown) <= len(known) else (known, "all measures but ")
    return all_but + listed(sorted(some, key=lambda title: "," in title))  # one with a comma does not split the list
