"""What every layer above the compiled weeks costs, as a multiple of the bare run: 1,000 customers, 520 weeks."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from clocks import Figure, alternating, figure, processor, ratio
from markets import at_start, bare, market_of
from rows import Row, row
from salesim.model.mesa_model import SalesMarket
from salesim.model.parameters import Scenario
from salesim.model.schedule import play
from salesim.runs.executors import Summarize
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore, scenario_key
from salesim.runs.summary import measures_text, summary_text

TITLE = "Layers over the bare run (initialization and all weeks in one call)"
CUSTOMERS, WEEKS = 1_000, 520
RUNS = 60  # of the study layer


def rows(quick: bool, _full: bool) -> Iterator[Row]:
    """Alternating; initialization included."""
    scenario = market_of(CUSTOMERS, WEEKS)
    seconds = measured(scenario, 3 if quick else 15)
    base = seconds["bare"]
    start = Figure(*(100 * part for part in ratio(seconds["initialize"], base)))
    yield row("initialization, share of the bare run", start, " %")
    yield row("`SalesMarket(scenario, rng=seed).run()`", ratio(seconds["mesa"], base), at_most=1.15)
    yield row("the same with all agents made", ratio(seconds["agents"], base))
    yield row("the same in `step()`, week by week with the collector", ratio(seconds["steps"], base))
    yield row("`play`, with records", ratio(seconds["play"], base), at_most=1.5)
    yield row("`play` and `Records.export`", ratio(seconds["export"], base))
    sweeps, studies = study_layer(scenario, quick)
    yield row("study layer of sweeps and compare: measures, executor and store, over the runs", sweeps, " %", at_most=5)
    yield row("study layer of `salesim run`: all tables as well, over the runs", studies, " %", at_most=5)


def measured(scenario: Scenario, times: int) -> dict[str, list[float]]:
    """Seconds of each layer."""
    with tempfile.TemporaryDirectory() as folder:
        works = {
            "bare": lambda: bare(scenario, 7),
            "initialize": lambda: at_start(scenario, 7),
            "mesa": lambda: SalesMarket(scenario, rng=7).run(),
            "agents": lambda: with_agents(scenario),
            "steps": lambda: in_steps(scenario),
            "play": lambda: play(scenario, 7),
            "export": lambda: play(scenario, 7).export(Path(folder)),
        }
        alternating(works, 1)
        return alternating(works, times, of_a_run)


def of_a_run(work: Callable[[], object]) -> float:
    """Processor seconds, initialization included."""
    return processor(work)


def with_agents(scenario: Scenario) -> None:
    """A run whose agents somebody looks at."""
    model = SalesMarket(scenario, rng=7)
    model.run()
    len(model.agents)
    model.end()


def in_steps(scenario: Scenario) -> None:
    """A run as a Mesa user steps it."""
    model = SalesMarket(scenario, rng=7)
    while model.running:
        model.step()
    model.end()


def study_layer(scenario: Scenario, quick: bool) -> tuple[Figure, Figure]:
    """What `run_missing` adds to the runs it makes, in percent of them: with measures alone, and with all tables."""
    seeds = range(1, 1 + RUNS)
    key = scenario_key(scenario)

    def of_study(summarize: Summarize) -> None:
        with tempfile.TemporaryDirectory() as folder:
            run_missing({(key, seed): scenario for seed in seeds}, RunStore(Path(folder)), 1, None, summarize)

    def of_runs() -> None:
        for seed in seeds:
            play(scenario, seed)

    works = {
        "runs": of_runs,
        "sweeps": lambda: of_study(measures_text),
        "studies": lambda: of_study(summary_text),
    }
    alternating(works, 1)
    seconds = alternating(works, 1 if quick else 7, of_a_run)
    more = {name: [100 * (a / b - 1.0) for a, b in zip(seconds[name], seconds["runs"], strict=True)] for name in works}
    return figure(more["sweeps"]), figure(more["studies"])
