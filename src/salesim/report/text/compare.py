"""A saved comparison in sentences: one a measure, with size, interval and pairs; then how sure all of it is."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from salesim.metrics import METRICS
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import amount, between, contest_title, counted, declared, gap, listed, way
from salesim.report.text.verdict import ABOUT_THE_MODEL, Findings, Verdict, not_settled
from salesim.report.text.verdict import on_difference as verdict_words

Row = Mapping[str, Any]


def verdict_of_comparison(files: StudyFiles) -> Verdict:
    """A saved comparison: a sentence for each measure of each contest; what is open, how sure it is, how to repeat it."""
    record, contests = files.comparison, []
    statements, selection = (files.table(name).to_dict("records") for name in ("statements", "selection"))
    for contest in record["contests"]:
        lines = []
        for best in (row for row in selection if row["contest"] == contest):
            mine = [row for row in statements if (row["contest"], row["measure"]) == (contest, best["measure"])]
            parts = [on_best(best, best["unit"]), on_differences(mine, best["unit"], record["baseline"])]
            title = f"{best['title']} ({way(best['better'])})"
            lines.append(f"{title}: {' '.join(part for part in parts if part)}")
        contests.append(Findings(contest_title(contest), lines))
    return Verdict(
        contests, [*on_open(record, not_settled(statements)), *certainty(record), f"To repeat it: {record['command']}"]
    )


def declaration(record: Row) -> Iterator[str]:
    """What is declared before the first run; `record` has the plain values of the comparison."""
    n_scenarios = len(set(record["keys"].values()))
    same = "; ".join(f"{listed(names)} are the same" for names in record["same_scenarios"])
    yield (
        f"{record['name']}: {counted(len(record['arms']), 'arm')} x {counted(len(record['contests']), 'contest')}, "
        f"{counted(n_scenarios, 'scenario')} to run{f' ({same})' if same else ''}; judged on"
    )
    for measure, margin in record["equivalence_margins"].items():
        yield f"  {METRICS[measure].title}: equivalent within {declared(margin, METRICS[measure].unit)}"


def plan(record: Row, counts: Mapping[str, int]) -> str:
    """How many runs it takes, and what for; `counts` has those of the first interim analysis, of all, and the limit."""
    confirmation = f"{record['confirmation_seeds']} confirmation seeds ({counts['confirmation']:,} runs)"
    words = (
        f"Interim analyses after {after(record)} pairs, until every verdict is settled ({counts['first']:,} to "
        f"{counts['most']:,} runs), then {confirmation}"
    )
    limit = f"; the budget of {record['budget']} ends it after {counts['limit']:,} runs at most" if record["budget"] else ""
    return f"{words}{limit}"


def after(record: Row) -> str:
    """The pairs of the interim analyses, in words."""
    return listed([f"{pairs:,}" for pairs in record["interim_analyses"]])


def on_best(row: Row, unit: str) -> str:
    """Which arm is the best, or may be."""
    zone = declared(row["indifference_zone"], unit)
    if not row["leader"]:
        return "there is nothing to compare."
    if row["all_within_zone"]:
        return f"no choice to make, all are within {zone} of each other."
    if not row["decided"]:
        return f"best may be {' or '.join(row['candidates'].split(', '))}."
    best, second, low, high = row["best"], row["next"], row["lead_low"], row["lead_high"]
    if low == high == 0.0:
        return f"best are {best} and {second}, which are identical."
    if low > 0.0:
        small = f", by less than the equivalence margin of {zone}: no choice to make between them"
        less = small if high < row["indifference_zone"] else ""
        return f"best is {best}, {gap(row['lead'], unit)} ahead of {second} ({between(low, high, unit)}){less}."
    if max(-low, high) < row["indifference_zone"]:
        return f"best is {best}, which is equivalent to {second} within {zone} ({between(low, high, unit)})."
    lead = f"{gap(row['lead'], unit)} ahead of {second}" if row["lead"] > 0.0 else f"{gap(-row['lead'], unit)} behind {second}"
    return f"best, or within {zone} of the best, is {best}, {lead} ({between(low, high, unit)})."


def on_differences(rows: Sequence[Row], unit: str, baseline: str) -> str:
    """Every arm against the baseline: what is settled, by how much, after how many pairs."""
    if all(math.isnan(row["mean_baseline"]) for row in rows):
        return ""
    base = amount(next(row["mean_baseline"] for row in rows if not math.isnan(row["mean_baseline"])), unit)
    return f"Against {baseline} ({base}): " + "; ".join(on_difference(row) for row in rows) + "."


def on_difference(row: Row) -> str:
    """One arm against the baseline, with its interval and the pairs it comes from."""
    arm, unit, verdict, pairs = row["arm"], row["unit"], row["verdict"], f" after {row['pairs']:,} pairs"
    margin = declared(row["equivalence_margin"], unit)
    if verdict == "nothing to compare":
        return f"{arm} has nothing to compare in {row['played']:,} pairs{at_most(row, 'have it')}"
    if verdict == "equal":
        in_pairs = f" in {row['pairs']:,} pairs{at_most(row, 'differ')}"
        return verdict_words(row, 0.0, in_pairs) + on_confirmation(row, unit)
    if verdict == "equivalent":
        return f"{arm} is equivalent within {margin} ({between(row['low'], row['high'], unit)}{pairs})"
    if verdict == "cannot tell":
        return f"whether {arm} differs is not settled ({between(row['low'], row['high'], unit)}{pairs})"
    words = verdict_words(row, row["size"], pairs)
    if row["low"] == row["high"]:
        words = f"{words.partition(' (')[0]} in all of {row['pairs']:,} pairs{at_most(row, 'differ from that')}"
    less = f", less than the equivalence margin of {margin}" if row["beyond_margin"] == "no" else ""
    return f"{words}{less}{on_confirmation(row, unit)}"


def at_most(row: Row, what: str) -> str:
    """The share of runs that may be otherwise, where none was; nothing where that cannot be."""
    return f": at most {math.ceil(100 * row['may_differ']):.0f} % of runs {what}" if row["may_differ"] > 0.0 else ""


def on_confirmation(row: Row, unit: str) -> str:
    """What the confirmation seeds say where they have another sign."""
    if row["confirmed"] != "no":
        return ""
    way_of_it = "higher" if row["confirmation_difference"] > 0.0 else "lower"
    size = gap(abs(row["confirmation_difference"]), unit)
    return f"; not confirmed, in {row['confirmation_pairs']} confirmation seeds it is {size} {way_of_it}"


def on_open(record: Row, open_ones: str) -> Iterator[str]:
    """How many verdicts are not settled, and what may be done about it without more false verdicts."""
    if not open_ones:
        return
    last = record["interim_analyses"][-1]
    if record["stopped"] == "budget":
        yield (
            f"{open_ones}: the budget of {record['budget']} does not reach for the next interim analysis. The same command "
            f"with a larger budget goes on from here and keeps its error, as {last:,} pairs were declared beforehand."
        )
    else:
        anew = f"has to be declared anew, on seeds of its own (first_seed={record['first_seed'] + last} name=…)"
        if "ensemble" in record:
            anew = "needs worlds of its own: fit more of them (`salesim fit worlds=…`)"
        yield (
            f"{open_ones} after the last interim analysis. To add pairs now would give more false verdicts than declared; a "
            f"longer comparison {anew}."
        )


def certainty(record: Row) -> list[str]:
    """How sure all of it is, and where sizes and intervals come from."""
    share = f"{100 * record['confidence']:g} %"
    pairs = sorted(set(record["pairs"].values()))
    played = f"{pairs[0]:,} to {pairs[-1]:,}" if len(pairs) > 1 else f"{pairs[0]:,}"
    within = f" within a budget of {record['budget']}" if record["budget"] else ""
    return [
        f"{record['runs']:,} runs{within}: {played} pairs of an arm for the interim analyses, and "
        f"{record['confirmation_seeds']} confirmation seeds ({record['confirmation_runs']:,} runs) that no verdict depends on.",
        f"With {share} confidence all verdicts and all intervals are right, however many interim analyses there were; so are "
        f"all choices of a best, with {share}. A size is the mean of all pairs, its interval that of the interim analyses.",
        *([f"A pair is a world: the means of its {record['ensemble']['seeds_each']} seeds."] if "ensemble" in record else []),
        ABOUT_THE_MODEL,
    ]


def declared_on_page(record: Row, statements: pd.DataFrame) -> str:
    """What was declared before the first run, in one sentence."""
    measures = statements.drop_duplicates("measure")
    parts = [f"{row.title} ({declared(row.equivalence_margin, row.unit)})" for row in measures.itertuples()]
    budget = f", within a budget of {record['budget']}" if record["budget"] else ""
    return (
        f"Declared before the first run: {'; '.join(parts)}. In brackets the equivalence margin: a smaller difference counts "
        f"as none. Interim analyses after {after(record)} pairs, until every verdict was settled{budget}."
    )
