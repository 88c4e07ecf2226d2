"""The whole market against its twin in plain Mesa, one thread, all rules, the same weeks for both."""

from collections.abc import Iterator

import plain_mesa
from clocks import alternating, ratio
from markets import bare, market_of
from rows import Row, row
from salesim.scenario import Scenario
from salesim.week import play

TITLE = "Plain Mesa over salesim"
SIZES = {1_000: (520, 3), 10_000: (156, 1)}  # customers: weeks, repetitions of both
LEAST = 150


def rows(quick: bool, full: bool) -> Iterator[Row]:
    """Birth and weeks, and the same with books."""
    for customers, (weeks, times) in SIZES.items():
        if quick and customers > 1_000:
            continue
        scenario = market_of(customers, 156 if quick else weeks)
        times = 1 if quick else 3 if full else times
        bare(scenario, 2)
        works = {
            "ours": lambda scenario=scenario: bare(scenario),
            "with books": lambda scenario=scenario: play(scenario, 1),
            "twin": lambda scenario=scenario: stepped(scenario),
            "twin with books": lambda scenario=scenario: plain_mesa.play(scenario, 1),
        }
        seconds = alternating(works, times)
        where = f"{customers:,} customers x {scenario.weeks} weeks"
        each = customers * scenario.weeks / 1e9
        yield row(f"{where}: salesim, ns a customer and week", ratio(seconds["ours"], [each] * times), " ns")
        yield row(f"{where}: plain Mesa, ns a customer and week", ratio(seconds["twin"], [each] * times), " ns")
        yield row(where, ratio(seconds["twin"], seconds["ours"]), at_least=LEAST)
        yield row(f"{where}, with books", ratio(seconds["twin with books"], seconds["with books"]), at_least=LEAST)


def stepped(scenario: Scenario) -> None:
    """A run of the twin without its books."""
    market = plain_mesa.PlainMarket(scenario, 1)
    for _ in range(scenario.weeks):
        market.step()
