"""What speaks against believing the answer of a study, from its own tables."""

from collections.abc import Iterator, Sequence
from itertools import islice

from salesim.report.aggregates import paired
from salesim.report.study_files import Row
from salesim.report.text.amounts import contest_words, counted, declared, listed, number, percent
from salesim.report.text.answer import Question
from salesim.report.text.effects import PROFIT, gain, is_clear, size, titled
from salesim.report.text.levers import about_market, command_for
from salesim.report.text.verdict import not_settled, too_few

MOST_DOUBTS = 6  # that an answer gives, the weightiest
MANY_AT_BOUND = 0.1  # share of quotes from which on bounds decide prices


def doubts(question: Question) -> list[str]:
    """The weightiest reasons for doubt, and last that all is about one market."""
    market = list(on_market(question))
    return [*islice(on_numbers(question), MOST_DOUBTS - len(market)), *market]


def on_numbers(question: Question) -> Iterator[str]:
    """What the tables say against the answer, the weightiest first; about a choice only where one is to be made."""
    from salesim.report.text.answers import leader

    contest = question.theme.contests[0]
    yield from on_seeds(question)
    if question.declared["kind"] != "fall":
        arm = leader(question, contest)
        yield from on_size(question, contest, arm)
        yield from on_edge(question, arm)
        for part in (on_losing_seeds, on_drawbacks):
            yield from part(question, contest, arm)
        yield from on_losses(question, contest)
    yield from on_bounds(question)
    yield from on_no_reaction(question, contest)


def on_market(question: Question) -> Iterator[str]:
    """That all is about one market, or about what a fit was allowed to change, and the commands that say how far that holds."""
    record, tried, whole = question.files.record, question.files.turns, question.files.tornado
    command = command_for(record, "explore", "tornado=true")
    ask = f"which of the uncertain numbers the answer hangs on ({command})"
    if "ensemble" in record:
        same = "The worlds differ in the settings that salesim fit was allowed to change, and share all others."
        yield same if whole else f"{same} Find out {ask}."
        return
    few = ""
    if tried and not whole:
        few = f", and {len(tried.record['axes'])} of its {tried.record['declared']} uncertain numbers were checked"
        ask = f"whether the others turn the answer round ({command})"
    known = "" if whole else f"{ask}, "
    yield (
        f"All of it is about one market{few}. Find out {known}how many published facts that market misses "
        f"({about_market(record, 'evidence', 'facts')}) and which markets have your numbers "
        f"({about_market(record, 'fit', 'targets=our_numbers.yaml')})."
    )


def on_seeds(question: Question) -> Iterator[str]:
    """Few seeds."""
    rows = question.differences.values()
    if few := too_few(int(max(row["n"] for row in rows))):
        yield few


def on_seeds_that_confirm(statements: Sequence[Row]) -> Iterator[str]:
    """Verdicts of a comparison that are open, or whose sign the confirmation seeds do not have."""
    other_sign = [f"{row['arm']} in {titled(row)}" for row in statements if row["confirmed"] == "no"]
    if words := not_settled(statements):
        yield f"{words}."
    if other_sign:
        yield f"The confirmation seeds have the other sign for {listed(other_sign)}."


def on_losing_seeds(question: Question, contest: str, arm: str) -> Iterator[str]:
    """Seeds in which the chosen arm is worse than the baseline."""
    row = question.row(contest, arm)
    pairs = paired(question.files.table("runs"), question.baseline, question.measure).get((contest, arm), [])
    if row is None or arm == question.baseline or not pairs:
        return
    sign = 1.0 if row["better"] == "up" else -1.0
    behind = [sign * difference for difference, _ in pairs if sign * difference < 0.0]
    if behind:
        worst = number(min(behind), str(row["unit"]))
        yield (
            f"A run is one possible course of events: in {len(behind)} of {counted(len(pairs), 'seed')} {arm} does worse than "
            f"{question.baseline}, at most {worst.lstrip('-')} {row['unit']}."
        )


def on_edge(question: Question, arm: str) -> Iterator[str]:
    """The best arm is the least or the most that was tried."""
    for arms in question.declared["order"]:
        if arm in (arms[0], arms[-1]):
            side = "least" if arm == arms[0] else "most"
            yield f"{arm} is the {side} that was tried ({' < '.join(arms)}): the best may lie beyond it."


def on_losses(question: Question, contest: str) -> Iterator[str]:
    """Arms that lose money in some year."""
    losers = []
    for arm in question.theme.arms:
        years = [row for row in question.years(contest, arm) if row[PROFIT] < 0.0]
        if years:
            worst = min(years, key=lambda row: row[PROFIT])
            losers.append(
                f"{arm} in {counted(len(years), 'year')} (worst: year {worst['year'] + 1}, {number(worst[PROFIT], 'k$')} k$)"
            )
    if losers:
        yield f"Arms that lose money, which a company might stop: {listed(losers)}."


def on_size(question: Question, contest: str, arm: str) -> Iterator[str]:
    """A clear difference that may be too small to matter; where it is, the sentence says so."""
    row, threshold = question.row(contest, arm), question.declared["threshold"]
    if row is None or not threshold or not is_clear(row) or arm == question.baseline:
        return
    nearer, farther = sorted((abs(row["low"]), abs(row["high"])))
    if nearer < threshold <= farther:
        least = declared(threshold, str(row["unit"]))
        yield f"The difference may be too small to matter: less than {least} changes no decision."


def on_drawbacks(question: Question, contest: str, arm: str) -> Iterator[str]:
    """Measures in which the chosen arm is clearly worse than the baseline."""
    measures = dict.fromkeys(measure for where, name, measure in question.differences if (where, name) == (contest, arm))
    rows = [row for measure in measures if (row := question.row(contest, arm, measure)) and is_clear(row) and gain(row) < 0.0]
    rows = [row for row in rows if row["verdict"] != "equivalent"]
    if rows and arm != question.baseline:
        worse = [f"{titled(row)} {size(row['difference'], row['low'], row['high'], row['unit'], signed=True)}" for row in rows]
        yield f"{arm} is worse than {question.baseline} in {'; '.join(worse)}."


def on_bounds(question: Question) -> Iterator[str]:
    """Quotes at the list price or at the lowest price that the vendor allows, in any contest."""
    runs = question.files.table("runs")
    if "priced_at_bound" not in runs:
        return
    shares = runs.groupby(["contest", "arm"], sort=False)["priced_at_bound"].mean()
    if shares.max() >= MANY_AT_BOUND:
        contest, arm = shares.idxmax()
        where = f"{arm}, {contest_words(contest)}" if len(question.theme.contests) > 1 else arm
        yield (
            f"Up to {percent(shares.max())} of quotes ({where}) are at the list price or at the lowest price allowed, "
            "where a limit sets the price, and not the market."
        )


def on_no_reaction(question: Question, contest: str) -> Iterator[str]:
    """Measures in which no arm differs from the baseline."""
    measures = dict.fromkeys(measure for where, _, measure in question.differences if where == contest)
    still = []
    for measure in measures:
        rows = [row for arm in question.theme.others if (row := question.row(contest, arm, measure))]
        if rows and all(row["verdict"] in ("equal", "equivalent", "cannot tell") for row in rows):
            still.append(titled(rows[0]))
    if still and len(still) < len(measures):
        yield f"No arm differs from {question.baseline} clearly and by enough to matter in {listed(still)}."
