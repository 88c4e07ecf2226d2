"""Measured evidence in words: facts that are met or missed, verdicts of claims and where they turn, limits."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from salesim.report.study_files import Row, StudyFiles, grouped
from salesim.report.text.amounts import counted, listed, seeds_words, sentence_case, spaced
from salesim.report.text.origin import Record
from salesim.report.text.tables import Cell, Grid
from salesim.report.text.verdict import Findings, Section

ENDS = ("mean", "low", "high", "n")
TABLES = {
    "facts": (
        "id", "what", "role", "checked", "period", "source", "measured", "band_low", "band_high", *ENDS, "result", "miss",
        "clear", "asks",
    ),
    "claims": ("id", "claim", "observable", "verdict", "tests", "tests_for", "rule", "aimed", "asks"),
    "tests": ("id", "test", "how", "measure", "side", "equivalence_margin", *ENDS, "result"),
    "turns": ("id", "setting", "level", "side", *ENDS),
    "limits": ("id", "what", "source", "test", "asks"),
}  # fmt: skip
VERDICTS = ("confirmed", "refuted", "mixed", "as written into a rule", "as aimed at", "not measured", "cannot be asked")
UNMEASURED = {
    "cannot be asked": ("fact that cannot be asked", "what is missing"),
    "built in by a rule": ("fact that is built in", "rule"),
}
MEASURED = ("met", "missed", "not measured")
KINDS = {
    **dict.fromkeys(("met", "for", "confirmed"), "better"),
    **dict.fromkeys(("missed", "against", "too small", "refuted"), "worse"),
}
READ = "Beside each mean stands its {:g} % interval over seeds, which holds by itself. "
BANDS = READ + "? means that the interval crosses an edge of the band."
TESTS = READ + (
    "for: all of it lies on the expected side of 0; against: on the other side; too small: within the equivalence margin. A "
    "claim is confirmed if all its tests are for it, refuted if one is against it or too small, else mixed."
)
Line = list[Cell]


def plan(_: Record, counts: Mapping[str, int]) -> str:
    """What the runs are for."""
    if not counts["scenarios"]:
        return "No runs: nothing that is asked for is measured by one."
    parts = (("facts", "fact", ""), ("tests", "test", " of claims"), ("turns", "level", " at which a claim may turn"))
    sought = [f"{counted(counts[name], one)}{more}" for name, one, more in parts if counts[name]]
    runs, seeds = counts["scenarios"] * counts["seeds"], counted(counts["seeds"], "seed")
    return f"{counted(runs, 'run')}: {counted(counts['scenarios'], 'scenario')} x {seeds}, for {listed(sought)}"


def sections(files: StudyFiles) -> list[Section]:
    """Facts, claims and limits, as far as they were asked for."""
    made = {"facts": of_facts, "claims": of_claims, "limits": of_limits}
    first, *others = [section(files) for name, section in made.items() if files.rows(name)]
    return [first._replace(answer=sentence_case(f"{'; '.join(answer(files))}.")), *others]


def answer(files: StudyFiles) -> Iterator[str]:
    """How many facts are met, which verdicts claims have, and how many limits are held."""
    for role, mine in grouped(files.rows("facts"), "role").items():
        results = [row["result"] for row in mine if row["result"] in MEASURED]
        met = results.count("met")
        if results:
            yield f"{met} of {counted(len(results), f'{role} fact')} {be(met)} met"
    if claims := files.rows("claims"):
        verdicts = Counter(row["verdict"] for row in claims)
        said = [f"{verdicts[verdict]} {verdict}" for verdict in VERDICTS if verdicts[verdict]]
        yield f"of {counted(len(claims), 'claim')}, {listed(said)}"
    if limits := files.rows("limits"):
        held = sum(bool(row["test"]) for row in limits)
        yield f"{held} of {counted(len(limits), 'limit')} {be(held)} held by tests, and {len(limits) - held} cannot be asked"


def of_facts(files: StudyFiles) -> Section:
    """Facts by their role, then those that cannot be asked and those that a rule says."""
    rows = files.rows("facts")
    measured = [row for row in rows if row["result"] in MEASURED]
    grids = [
        Grid(cells("", f"{role} fact", "band", "mean", "result"), list(map(fact_line, mine)))
        for role, mine in grouped(measured, "role").items()
    ]
    for result, head in UNMEASURED.items():
        some = [cells(row["id"], fact_words(row), row["asks"] or row["measured"]) for row in rows if row["result"] == result]
        grids += [Grid(cells("", *head), some)] if some else []
    percent = 100 * files.record["confidence"]
    return Section("Published facts", [Findings("", list(scores(rows)))], grids, BANDS.format(percent), made_of(files.record))


def scores(rows: Sequence[Row]) -> Iterator[str]:
    """How many facts of each role are met."""
    for role, mine in grouped(rows, "role").items():
        answered = [row for row in mine if row["result"] in MEASURED]
        met = [row for row in answered if row["result"] == "met"]
        clear, unverified = sum(bool(row["clear"]) for row in met), sum(row["checked"] == "D" for row in met)
        more = f", {clear} of them with the whole interval" if met else ""
        doubt = f"; {unverified} of these {be(unverified)} unverified" if unverified else ""
        lacking = sum(row["result"] == "cannot be asked" for row in mine)
        left = f"; {lacking} more cannot be asked" if lacking else ""
        if answered or lacking:
            yield f"{sentence_case(role)}: {len(met)} of {len(answered)} {be(len(answered))} met{more}{doubt}{left}."


def fact_line(row: Row) -> Line:
    """A measured fact: its band, its mean, whether it is met."""
    result = f"missed by {shown(abs(row['miss']))}" if row["result"] == "missed" else row["result"]
    unclear = "" if row["clear"] or row["result"] == "not measured" else " ?"
    return [*cells(row["id"], fact_words(row), band(row)), mean(row), Cell(result + unclear, kind=KINDS.get(row["result"], ""))]


def fact_words(row: Row) -> str:
    """A fact in words; one from memory is never without the word unverified."""
    period = f" [{row['period']}]" if row["period"] else ""
    doubt = " (unverified)" if row["checked"] == "D" and "unverified" not in row["what"] else ""
    return f"{row['what']}{period}{doubt}"


def of_claims(files: StudyFiles) -> Section:
    """Claims with their verdicts, the tests behind them, and where they turn."""
    tests, turns, lines = (grouped(files.rows("tests"), "id"), grouped(files.rows("turns"), "id"), list[Line]())
    for row in files.rows("claims"):
        verdict = Cell(row["verdict"], kind=KINDS.get(row["verdict"], ""))
        lines.append([Cell(row["id"], kind="total"), Cell(row["claim"], kind="total"), *cells("", ""), verdict])
        for test in tests.get(row["id"], ()):
            result = Cell(test["result"], kind=KINDS.get(test["result"], ""))
            lines.append([*cells(" ", test_words(test), f"{test['side']} 0"), mean(test), result])
        remarks = {"rule": "rule: {}", "aimed": "aimed at: {}", "asks": "what is missing: {}"}
        notes = [words.format(row[name]) for name, words in remarks.items() if row[name]]
        notes += [turn_words(turns[row["id"]])] if row["id"] in turns else []
        lines += [cells(" ", note, "", "", "") for note in notes]
    grid = Grid(cells("", "claim, and its tests", "expected", "mean", "verdict"), lines)
    note = TESTS.format(100 * files.record["confidence"])
    return Section("Claims of the article", [], [grid], note, made_of(files.record))


def test_words(test: Row) -> str:
    """A test in words: the measure, and what is made of it over its arms."""
    from salesim.metrics import METRICS  # scipy and numba, which other pages do not need

    titles = [
        METRICS[name].title if name in METRICS else spaced(name.removesuffix("_k")) for name in test["measure"].split(" and ")
    ]
    return f"{' and '.join(titles)} ({test['how']})"


def turn_words(levels: Sequence[Row]) -> str:
    """Between which levels of a setting the sign changes, or that it does not.

    >>> levels = [{"setting": "a.b", "level": str(n), "mean": n - 2.5, "low": n - 3, "high": n - 2} for n in (1, 4)]
    >>> turn_words(levels)
    'turns: the sign changes between a.b = 1 and 4'
    """
    known = [row for row in levels if math.isfinite(row["mean"])]
    signs = [math.copysign(1.0, row["mean"]) if row["mean"] else 0.0 for row in known]
    setting = levels[0]["setting"]
    unclear = [row["level"] for row in known if not (row["low"] > 0 or row["high"] < 0)]
    span = f"{levels[0]['level']} to {levels[-1]['level']}"
    if len(unclear) == len(known):
        return f"does it turn? Unclear at every level of {setting} from {span}"
    doubt = f" (unclear at {listed(unclear)})" if unclear else ""
    changes = [place for place in range(1, len(known)) if signs[place] * signs[place - 1] < 0]
    if changes:
        places = [f"{known[place - 1]['level']} and {known[place]['level']}" for place in changes]
        return f"turns: the sign changes between {setting} = {', and between '.join(places)}{doubt}"
    return f"does not turn: the sign stays from {setting} = {span}{doubt}"


def of_limits(files: StudyFiles) -> Section:
    """Limits, the test that holds each, or what is missing."""
    rows = files.rows("limits")
    held, lacking = ([row for row in rows if row[name]] for name in ("test", "asks"))
    grids = [Grid(cells("", "limit", "test that holds it"), [cells(row["id"], row["what"], row["test"]) for row in held])]
    if lacking:
        lines = [cells(row["id"], row["what"], row["asks"]) for row in lacking]
        grids.append(Grid(cells("", "limit that cannot be asked", "what is missing"), lines))
    note = "The tests are in tests/model/test_limits.py; `make test` runs them."
    return Section("Limits of theory", [], grids if held else grids[1:], note, "From tests of the rules.")


def band(row: Row) -> str:
    """A band in words.

    >>> band({"band_low": 0.05, "band_high": 0.2}), band({"band_low": math.nan, "band_high": 0.0})
    ('0.05 to 0.2', 'at most 0')
    """
    low, high = row["band_low"], row["band_high"]
    if math.isnan(low) and math.isnan(high):
        return ""
    return f"at most {high:g}" if math.isnan(low) else f"at least {low:g}" if math.isnan(high) else f"{low:g} to {high:g}"


def mean(row: Row) -> Cell:
    """A mean with its interval."""
    ends = f"[{shown(row['low'])}, {shown(row['high'])}]" if math.isfinite(row["low"]) else ""
    return Cell(shown(row["mean"]), more=ends)


def shown(value: float) -> str:
    """A number in about three digits.

    >>> shown(-0.00014), shown(41.23), shown(1234.5), shown(math.nan)
    ('0.000', '41.2', '1,234', '–')
    """
    if not math.isfinite(value):
        return "–"
    digits = 3 if abs(value) < 1 else 2 if abs(value) < 10 else 1 if abs(value) < 1000 else 0
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def cells(*texts: str) -> Line:
    """Plain cells."""
    return [Cell(text) for text in texts]


def be(count: int) -> str:
    """The verb of a number of things."""
    return "is" if count == 1 else "are"


def made_of(record: Record) -> str:
    """Of which runs a section is made."""
    seeds, runs = seeds_words(record["seeds"]), counted(record["runs"], "run")
    return f"From {seeds} of a market where everyone pitches, and of arms that differ from it; {runs}."
