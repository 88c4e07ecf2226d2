"""Measures the evidence: runs every scenario once, answers every entry seed by seed, and makes the tables of verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import product, starmap
from typing import Any

import numpy as np
import pandas as pd

from salesim.analyses.evidence.answers import answers, measures_of
from salesim.analyses.evidence.spec import Asked, Evidence, evidence_of
from salesim.analyses.evidence.verdicts import FOR, NOTHING, Answer, of_claim, of_fact, of_test
from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.records import Result, cost_of_runs, open_runner, result_of
from salesim.report.console.sections import print_asked, print_evidence
from salesim.report.text.evidence import TABLES, plan
from salesim.runs.runner import Progress, Runner
from salesim.stats.intervals import Numbers, separate, share_interval

OPTIONAL = ("period", "measured", "asks", "rule", "aimed", "observable", "test")  # texts of an entry
PARTS = ("evidence",)  # of a run, which are kept
Answers = dict[tuple[str, str, int], Answer]  # by kind, id and place


def cost(spec: Evidence) -> Estimate:
    """How many runs the scenarios take, each of them once."""
    runs, timed = set(product(spec.scenarios, spec.study.all_seeds)), list(spec.scenarios.values())
    timed = [timed[0], timed[len(timed) // 2]] if timed else [spec.study.arms[0].scenario]
    folder = spec.file.parent
    price = cost_of_runs(spec.study, folder, PARTS, runs, timed)
    counts = {kind: sum(request.kind == kind for request in spec.requests) for kind in ("facts", "tests", "turns")}
    counts |= {"scenarios": len(spec.scenarios), "seeds": spec.study.seeds}
    return Estimate(len(runs), price, folder, counts=counts)


def run(spec: Evidence, progress: Progress) -> Result:
    """Run what is asked for, and answer it."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        wanted = product(spec.scenarios.items(), spec.study.all_seeds)
        runner.run(f"{len(spec.scenarios)} scenarios", ((key, scenario, seed) for (key, scenario), seed in wanted))
        results = answered(spec, runner)
        rows = {
            "facts": [
                {"id": name, **fact, **of_fact(fact, results.get(("facts", name, 0), NOTHING))}
                for name, fact in spec.entries["facts"].items()
            ],
            "tests": test_rows(spec, results),
            "turns": turn_rows(spec, results),
            "limits": [{"id": name, **limit} for name, limit in spec.entries["limits"].items()],
        }
        rows["claims"] = claim_rows(spec, rows["tests"])
        return result_of(runner, {name: frame(rows[name], columns) for name, columns in TABLES.items()})


def frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows as a table; a text that an entry does not have is empty."""
    return pd.DataFrame([{**dict.fromkeys(OPTIONAL, ""), **row} for row in rows], columns=list(columns))


def answered(spec: Evidence, runner: Runner) -> Answers:
    """Mean and interval of every answer; each interval holds by itself."""
    table = np.full((spec.study.seeds, len(spec.requests)), np.nan)
    known = {key: [runner.result(key, seed) for seed in spec.study.all_seeds] for key in spec.scenarios}
    for column, request in enumerate(spec.requests):
        values = [measured(request, known[key]) for key in request.keys]
        table[:, column] = answers(request.entry, values)
    table[~np.isfinite(table)] = np.nan
    if not spec.requests or np.isnan(table).all():
        return {}
    stats = separate(table, spec.study.confidence)
    results = zip(stats.mean.tolist(), stats.low.tolist(), stats.high.tolist(), stats.n.tolist(), strict=True)
    return {
        (request.kind, request.id, request.place): of_share(answer, spec) if request.entry["how"] == "share above" else answer
        for request, answer in zip(spec.requests, starmap(Answer, results), strict=True)
    }


def of_share(answer: Answer, spec: Evidence) -> Answer:
    """A share of seeds with the interval of a share."""
    ends = share_interval(round(answer.mean * answer.n), answer.n, spec.study.confidence) if answer.n else NOTHING[:3]
    return Answer(*ends, answer.n)


def measured(request: Asked, runs: list[Any]) -> Mapping[str, Numbers]:
    """The measures of an arm over seeds; NaN where a run failed."""
    vendor = request.entry.get("vendor", 0)
    kept = [run["evidence"][vendor] if run else {} for run in runs]
    return {name: np.array([mine.get(name, np.nan) for mine in kept]) for name in measures_of(request.entry)}


def test_rows(spec: Evidence, results: Answers) -> list[dict[str, Any]]:
    """A row for each test of each claim."""
    rows = []
    for request in spec.requests:
        if request.kind == "tests":
            answer, entry = results.get((request.kind, request.id, request.place), NOTHING), request.entry
            margin = spec.margins.get(measures_of(entry)[0], 0.0)
            own = {"test": request.place, "measure": " and ".join(measures_of(entry)), "equivalence_margin": margin}
            result = of_test(entry["side"], answer, margin)
            rows.append({"id": request.id, **entry, **own, **answer._asdict(), "result": result})
    return rows


def claim_rows(spec: Evidence, tests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each claim, with its verdict."""
    rows = []
    for name, claim in spec.entries["claims"].items():
        mine = [test["result"] for test in tests if test["id"] == name]
        own = {"verdict": of_claim(claim, mine), "tests": len(mine), "tests_for": mine.count(FOR)}
        rows.append({"id": name, **claim, **own})
    return rows


def turn_rows(spec: Evidence, results: Answers) -> list[dict[str, Any]]:
    """A row for each level of the setting that may turn a claim round."""
    rows = []
    for request in spec.requests:
        if request.kind == "turns":
            turn = spec.entries["claims"][request.id]["turns"]
            own = {"id": request.id, "setting": turn["setting"], "level": str(turn["levels"][request.place])}
            answer = results.get((request.kind, request.id, request.place), NOTHING)
            rows.append({**own, "side": request.entry["side"], **answer._asdict()})
    return rows


ANALYSIS = Analysis(parse=evidence_of, cost=cost, run=run, print_question=print_asked, plan=plan, print_answer=print_evidence)
