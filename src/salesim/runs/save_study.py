"""What a study leaves in its folder: tables, differences, who is best, the records of some runs, and how it was made."""

import shutil
from collections.abc import Container, Iterable
from contextlib import ExitStack
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from salesim.config.answer import PROFIT
from salesim.config.study import Arm, Study
from salesim.config.validation import as_mapping
from salesim.metrics import CONTEXT, JUDGED, METRICS, SHOWN, tables
from salesim.metrics.money import BRIDGE
from salesim.metrics.sums import HORIZON_WEEKS
from salesim.metrics.survival import closing
from salesim.model.schedule import play
from salesim.model.series import KINDS, agents_now, snapshots
from salesim.runs.bridge_table import bridge_differences
from salesim.runs.digests import KEY, records_key
from salesim.runs.files import cannot_write, write_whole
from salesim.runs.folder import StudyFolder, record_of
from salesim.runs.money_tables import MONEY_TABLES, write_money
from salesim.runs.store import RunKey, RunSummary, runs_of, scenario_key
from salesim.runs.tables import TableFile, write_table
from salesim.runs.world_tables import WORLD_TABLES, world_tables
from salesim.stats.best import Best, best_of
from salesim.stats.differences import contrasts, differences, judged
from salesim.stats.intervals import separate

PER_RUN = ("runs", "years", "months", "passthrough", "bridge")
TABLES = (
    *PER_RUN, "closing", "segments", "differences", "context", "levels", "contrasts", "best", "bridge_differences",
    *MONEY_TABLES,
)  # fmt: skip
CELLS = tuple(product(tables.COMPLEXITY, tables.VALUE))
Row = dict[str, Any]
Runs = Iterable[tuple[Arm, int, RunSummary]]


def write_tables(study: Study, folder: Path, runs: Runs) -> None:
    """All tables of runs, in the order of contests, arms and seeds; `runs` is read once, a run at a time."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}  # of counts of an arm, all its seeds together
    longest: dict[tuple[str, str], int] = {}  # weeks of a run, after which no deal was watched
    with ExitStack() as open_tables:
        files = {name: open_tables.enter_context(TableFile(folder, name)) for name in PER_RUN}
        for arm, seed, summary in runs:
            world = {"world": study.worlds.at(seed)} if study.worlds else {}
            key: Row = {"contest": arm.contest, "arm": arm.name, **world, "seed": seed}
            files["runs"].add_row(key | summary["measures"])
            for name in ("years", "months", "passthrough"):
                files[name].add({**key, **summary[name]}, len(next(iter(summary[name].values()))))
            steps = {"step": BRIDGE, "amount_k": [summary["bridge"][step] for step in BRIDGE]}
            files["bridge"].add({**key, **steps}, len(BRIDGE))
            longest[arm.contest, arm.name] = arm.scenario.weeks
            mine = sums.setdefault((arm.contest, arm.name), {"durations": 0, "segments": 0})
            for name in mine:
                mine[name] = mine[name] + np.asarray(summary[name])
    with TableFile(folder, "closing") as curves, TableFile(folder, "segments") as cells:
        for (contest, name), mine in sums.items():
            shares, n_weeks = closing(mine["durations"])._asdict(), min(HORIZON_WEEKS, longest[contest, name])
            weeks = {"week": np.arange(n_weeks), **{end: share[:n_weeks] for end, share in shares.items()}}
            curves.add({"contest": contest, "arm": name, **weeks}, n_weeks)
            for (complexity, value), (won, closed) in zip(CELLS, mine["segments"].reshape(-1, 2).tolist(), strict=True):
                cell = {"complexity": complexity, "value": value, "won": won, "closed": closed}
                cells.add_row({"contest": contest, "arm": name, **cell})


def records_folder(folder: Path, contest: str, arm: str, seed: int) -> Path:
    """Where the records of a run are kept in a study's folder."""
    return folder / "records" / f"{contest}-{arm}-{seed}"


def write_records(study: Study, folder: Path, failed: Container[RunKey]) -> None:
    """Write deals and weeks of the first `study.records` seeds of every arm, except for runs that failed.

    Records that are there already stay; those that this study does not ask for are removed.
    """
    seeds = study.all_seeds[: study.records]
    wanted = {records_folder(folder, arm.contest, arm.name, seed): (run, of) for arm, seed, run, of in runs_of(study, seeds)}
    for stale in (folder / "records").glob("*"):
        if stale not in wanted and (stale / KEY).is_file():
            shutil.rmtree(stale, ignore_errors=True)
    for place, ((key, seed), scenario) in wanted.items():
        file = place / KEY
        if (key, seed) in failed or (file.is_file() and file.read_bytes() == records_key(place, key)):
            continue
        try:
            play(scenario, seed).export(place)
        except OSError as error:
            raise cannot_write(Path(error.filename or place), error) from error
        write_whole(file, records_key(place, key))


def kept_keys(study: Study) -> dict[str, str]:
    """The key of each run whose records are kept, by the name of their folder: in every world an arm has another one."""
    runs = runs_of(study, study.all_seeds[: study.records])
    return {records_folder(Path(), arm.contest, arm.name, seed).name: key for arm, seed, (key, _), _ in runs}


def write_series(study: Study, folder: Path, failed: Container[RunKey]) -> None:
    """Write `series_KIND` for the kinds of agents in `study.series`: rows every `series_weeks` weeks and at the end of a run.

    They are of the runs whose records are kept. Tables of kinds that the study does not ask for are removed.
    """
    for kind in set(KINDS) - set(study.series):
        for ending in ("parquet", "csv"):
            (folder / f"series_{kind}.{ending}").unlink(missing_ok=True)
    wanted = runs_of(study, study.all_seeds[: study.records])
    kept = [(arm, seed, scenario) for arm, seed, run, scenario in wanted if run not in failed]
    with ExitStack() as stack:
        files = {kind: stack.enter_context(TableFile(folder, f"series_{kind}")) for kind in study.series}
        for arm, seed, scenario in kept if files else ():
            for week, market in snapshots(scenario, seed, study.series_weeks):
                for kind, file in files.items():
                    columns = {name: column.tolist() for name, column in agents_now(market, week, kind).items()}
                    start: Row = {"contest": arm.contest, "arm": arm.name, "seed": seed, "week": week}
                    file.add(start | columns, len(next(iter(columns.values()))))


def write_comparisons(study: Study, folder: Path) -> None:
    """Differences from the baseline with intervals, contrasts, who is best on measures that are JUDGED, money over time."""
    runs = pd.read_parquet(folder / "runs.parquet")
    apart, pairs = differences(runs, study.baseline, SHOWN, study.confidence), contrasts_table(runs, study)
    write_table(folder, "differences", with_titles(judged(apart, study.margins)))
    context = differences(runs, study.baseline, CONTEXT, study.confidence)
    write_table(folder, "context", with_titles(judged(context, study.margins)))
    write_table(folder, "levels", levels_table(runs, study))
    write_table(folder, "contrasts", pairs)
    both = pd.concat([apart[apart["verdict"] != "baseline"].assign(against=study.baseline), pairs])
    write_steps(folder, study, both[both["measure"] == PROFIT])
    write_table(folder, "best", best_table(runs, study))
    write_money(folder, study)
    write_over_worlds(folder, study, runs)


def write_steps(folder: Path, study: Study, profit: pd.DataFrame) -> None:
    """Why arms earn more or less: of each pair of arms in `profit` the steps from list price to operating profit."""
    pairs = list(profit[["arm", "against"]].itertuples(index=False, name=None))
    bridge = pd.read_parquet(folder / "bridge.parquet")
    write_table(folder, "bridge_differences", bridge_differences(bridge, profit, pairs, study.confidence))


def contrasts_table(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The pairs of arms that the answer is about, on its measures, with the intervals that `differences` would have.

    Measures that are not SHOWN are a family of their own, so that they widen no other interval.
    """
    wanted = study.answer.measures
    families = [names for names in (SHOWN, [name for name in wanted if name not in SHOWN]) if set(names) & set(wanted)]
    tables = [contrasts(runs, study.answer.pairs, names, study.confidence) for names in families]
    table = with_titles(pd.concat(tables, ignore_index=True))
    return table[table["measure"].isin(wanted)]


def levels_table(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The mean over seeds of each measure of the answer, by contest and arm, with an interval of its own."""
    rows: list[Row] = []
    for (contest, arm), part in runs.groupby(["contest", "arm"], sort=False):
        values = part[list(study.answer.measures)].astype(float)
        values = values.groupby(part["world"]).mean() if study.worlds else values
        intervals = separate(values.to_numpy(), study.confidence)
        ends = np.stack([intervals.mean, intervals.low, intervals.high, intervals.n], axis=1).tolist()
        for measure, (mean, low, high, n) in zip(study.answer.measures, ends, strict=True):
            row: Row = {"contest": contest, "arm": arm, "measure": measure, "mean": mean, "low": low, "high": high}
            rows.append(row | {"n": int(n)})
    return with_titles(pd.DataFrame(rows, columns=["contest", "arm", "measure", "mean", "low", "high", "n"]))


def with_titles(table: pd.DataFrame) -> pd.DataFrame:
    """A table of measures with their title, unit and direction."""
    for place, part in enumerate(("title", "unit", "better"), start=table.columns.get_loc("measure") + 1):
        table.insert(place, part, [getattr(METRICS[name], part) for name in table["measure"]])
    return table


def write_over_worlds(folder: Path, study: Study, runs: pd.DataFrame) -> None:
    """What only a study over an ensemble of worlds has."""
    tables = world_tables(runs, study.worlds, study.arms, study.baseline) if study.worlds and study.worlds.judged else {}
    for name in WORLD_TABLES:
        if name in tables:
            write_table(folder, name, tables[name])
        else:
            for ending in ("parquet", "csv"):
                (folder / f"{name}.{ending}").unlink(missing_ok=True)


def best_table(runs: pd.DataFrame, study: Study) -> pd.DataFrame:
    """A row a contest and measure that is judged: the fields of `Best`, arms in lists; intervals as in the differences."""
    rows: list[Row] = []
    judged: dict[str, str] = {name: METRICS[name].better for name in JUDGED}
    for contest, part in runs.groupby("contest", sort=False):
        for best in best_of(part, judged, study.confidence, SHOWN):
            arms = {name: ", ".join(getattr(best, name)) for name in ("contenders", "beaten")}
            rows.append({"contest": contest, **best._asdict(), **arms})
    return pd.DataFrame(rows, columns=["contest", *Best._fields])


def write_record(study: Study, folder: StudyFolder, failed: dict[str, str]) -> None:
    """What was run: the resolved config, versions, seeds, and the line that repeats it."""
    write_whole(folder.path / "resolved.yaml", yaml.safe_dump(study.resolved, sort_keys=False).encode())
    record = {
        **record_of(study),
        "kind": "run",
        "answer": as_mapping(study.answer),
        "equivalence_margins": dict(study.margins),
        "market_changes": dict(study.market_changes),
        "contests": study.contests,
        "arms": list(dict.fromkeys(arm.name for arm in study.arms)),
        "keys": {f"{arm.contest}/{arm.name}": scenario_key(arm.scenario) for arm in study.arms},
        **({"ensemble": study.worlds.summary, "kept": kept_keys(study)} if study.worlds else {}),
    }
    more = (*(WORLD_TABLES if study.worlds and study.worlds.judged else ()), *(f"series_{kind}" for kind in study.series))
    folder.finish(record, failed, (*TABLES, *more))
