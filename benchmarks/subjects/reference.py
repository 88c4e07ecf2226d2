"""The whole market against the reference model in plain Mesa, one thread, all rules, the same weeks for both."""

import time
from collections.abc import Iterator

from tests import reference_model

from clocks import Work, figure, processor, ratio
from markets import bare, market_of
from rows import Row, row
from salesim.model.parameters import Scenario
from salesim.model.schedule import play

TITLE = "Plain Mesa over salesim"
SIZES = {1_000: 3, 10_000: 1}  # customers: repetitions of the reference model
WEEKS = 520
OURS = 5  # repetitions of salesim beside each of the reference model's; their median counts
LEAST = 150


def rows(quick: bool, full: bool) -> Iterator[Row]:
    """Initialization and all weeks, and the same with records."""
    for customers, times in SIZES.items():
        if quick and customers > 1_000:
            continue
        scenario = market_of(customers, WEEKS)
        turns = [turn(scenario) for _ in range(1 if quick else 3 if full else times)]
        bare_runs, references, plays, with_records = (list(column) for column in zip(*turns, strict=True))
        where = f"{customers:,} customers x {WEEKS} weeks"
        each = [customers * WEEKS / 1e9] * len(turns)
        yield row(f"{where}: salesim, ns a customer and week", ratio(bare_runs, each), " ns")
        yield row(f"{where}: plain Mesa, ns a customer and week", ratio(references, each), " ns")
        yield row(f"{where}: initialization and weeks", ratio(references, bare_runs), at_least=LEAST)
        yield row(f"{where}: the same with records", ratio(with_records, plays), at_least=LEAST)


def turn(scenario: Scenario) -> tuple[float, float, float, float]:
    """Seconds of salesim and of the reference model, without records and with them; the reference model runs once for both."""
    bare_run = of_a_run(lambda: bare(scenario), OURS)
    start = time.process_time()
    market = reference_model.PlainMarket(scenario, 1)
    for _ in range(scenario.weeks):
        market.step()
    reference = time.process_time() - start
    records = processor(market.records)
    return bare_run, reference, of_a_run(lambda: play(scenario, 1), OURS), reference + records


def of_a_run(work: Work, times: int) -> float:
    """Median seconds of a run."""
    return figure([processor(work) for _ in range(times)]).middle
