"""Settings of a scenario that are possible alone, but not together."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from salesim.model.parameters import Channel, Market, Scenario, Strategy


def contradictions(scenario: Scenario) -> Iterator[str]:
    """Everything that contradicts something else, one sentence each."""
    yield from of_market(scenario.market)
    for number, vendor in enumerate(scenario.vendors):
        start = "" if number == 0 else f"{vendor.name}: "
        yield from of_approach(start, vendor.strategy, vendor.channel, scenario.market)
        for plan_number, plan in enumerate(vendor.initiatives):
            yield from of_approach(f"{start}initiatives[{plan_number}].", plan.strategy, plan.channel, scenario.market)
        yield from of_weeks(start, [plan.week for plan in vendor.initiatives], scenario.weeks)


def of_market(market: Market) -> Iterator[str]:
    """Numbers of the market that contradict each other."""
    customers, people = market.customers, market.people
    if customers.neighbours % 2:
        yield f"market.customers.neighbours is {customers.neighbours}; it has to be even, half on each side of a ring"
    if customers.neighbours >= customers.count:
        sizes = f"market.customers.neighbours is {customers.neighbours} and market.customers.count is {customers.count}"
        yield f"{sizes}; there have to be more customers than a customer has neighbours"
    if people.learning_mean < people.learning_spread / 2:
        yield (
            f"market.people.learning_mean is {people.learning_mean} and learning_spread is {people.learning_spread}; "
            "the mean has to be at least half the spread, as otherwise some people would unlearn"
        )


def of_approach(start: str, strategy: Strategy, channel: Channel, market: Market) -> Iterator[str]:
    """Levers of one strategy and channel that contradict each other or the market."""
    levers = strategy.segmentation
    pairs = (
        ("strategy.segmentation", levers, "pursue_complexity_min", "pursue_complexity_max"),
        ("channel", channel, "start_discount", "discount_cap"),
    )
    for place, part, low, high in pairs:
        if getattr(part, low) > getattr(part, high):
            values = f"{start}{place}.{low} is {getattr(part, low)} and {high} is {getattr(part, high)}"
            yield f"{values}; the first has to be at most the second"
    if levers.sponsored_share > 0 and market.executives.count == 0:
        yield (
            f"{start}strategy.segmentation.sponsored_share is {levers.sponsored_share} and market.executives.count is 0; "
            "there has to be an executive who sponsors"
        )


def of_weeks(start: str, weeks: Sequence[int], n_weeks: int) -> Iterator[str]:
    """Initiatives that are out of order, two in one week, or after the end."""
    for early, late in pairwise(weeks):
        if late <= early:
            yield f"{start}initiatives are in weeks {list(weeks)}; each has to come after the one before"
    if weeks and weeks[-1] >= n_weeks:
        yield f"{start}an initiative is in week {weeks[-1]}, but the run ends after {n_weeks} weeks; change one of them"
