"""Measures that published facts are stated in, as functions of the records and a vendor's row; NaN if there is none.

`configs/evidence/facts.yaml` says which fact is measured by which of them, and in which arms.
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from salesim.metrics.money import churn, margin
from salesim.metrics.ratios import per_year, ratio
from salesim.metrics.sums import YEAR_WEEKS, of_deals, of_weeks, once, sums_of
from salesim.model.enums import Outcome
from salesim.model.records import RecordArray, Records

QUARTER_WEEKS = 13
SPAN = 3 * YEAR_WEEKS  # "early" and "late": the first three years, and the last three


@once
def deals_of(records: Records, vendor: int) -> RecordArray:
    """The deals of a vendor (a copy)."""
    return records.deals[records.deals.vendor == vendor]


def mean(values: npt.NDArray[np.float64]) -> float:
    """The mean; NaN of nothing."""
    return float(np.mean(values)) if len(values) else float("nan")


def correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    """Pearson's correlation; NaN where one of both does not vary."""
    if len(one) < 3 or np.std(one) == 0.0 or np.std(other) == 0.0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Least-squares slope of y on x; NaN where x does not vary."""
    return float(np.polyfit(x, y, 1)[0]) if len(x) > 2 and np.std(x) > 0.0 else float("nan")


def won_early(records: Records, vendor: int) -> float:
    """Deals won that were opened in the first three years."""
    deals = deals_of(records, vendor)
    return float(np.sum((deals.outcome == Outcome.WON) & (deals.opened_week < SPAN)))


def won_late(records: Records, vendor: int) -> float:
    """Deals won in the last three years."""
    deals = deals_of(records, vendor)
    return float(np.sum((deals.outcome == Outcome.WON) & (deals.closed_week >= records.n_weeks - SPAN)))


def variable_cost_k(records: Records, vendor: int) -> float:
    """Product and support cost, k$ a year."""
    weeks = of_weeks(records, vendor)
    return per_year(weeks["product_cost_k"] + weeks["support_k"], records)


@once
def quoted(records: Records, vendor: int) -> RecordArray:
    """Deals for which a price was asked for and given: those that were forecast."""
    deals = deals_of(records, vendor)
    return deals[np.isfinite(deals.price) & (deals.closed_week >= 0)]


def forecast_won(records: Records, vendor: int) -> float:
    """Share won of the deals that were forecast."""
    return mean(quoted(records, vendor).outcome == Outcome.WON)


def forecast_undecided(records: Records, vendor: int) -> float:
    """Share without a decision of the deals that were forecast."""
    return mean(quoted(records, vendor).outcome == Outcome.NO_DECISION)


def priced_at_bound(records: Records, vendor: int, floors: Sequence[float]) -> float:
    """Share of quotes at the list price, or direct ones at one of `floors`, the lowest prices that were allowed."""
    prices, quotes = sums_of(records).cut_prices[vendor], of_deals(records, vendor)
    at_floor = np.any([abs(prices - floor) <= 1e-9 for floor in floors], axis=0)
    return ratio(quotes["at_list"] + np.count_nonzero(at_floor), quotes["priced"])


@once
def through_partners(records: Records, vendor: int) -> RecordArray:
    """Quotes of partners."""
    deals = quoted(records, vendor)
    return deals[deals.partner >= 0]


def pass_through_spread(records: Records, vendor: int) -> float:
    """Standard deviation over partners of their mean pass-through elasticity; NaN for fewer than two partners."""
    deals = through_partners(records, vendor)
    elasticity = deals.pass_through * deals.partner_cost / deals.price
    means = [mean(elasticity[deals.partner == partner]) for partner in np.unique(deals.partner)]
    return float(np.std(means, ddof=1)) if len(means) > 1 else float("nan")


def reseller_margin(records: Records, vendor: int) -> float:
    """Gross margin of partners on what they sell."""
    deals = deals_of(records, vendor)
    sold = deals[(deals.partner >= 0) & (deals.outcome == Outcome.WON)]
    return ratio(float(sold.partner_margin_k.sum()), float(sold.price_k.sum()))


def best_reseller_margin(records: Records, vendor: int) -> float:
    """Margin of the best tenth of partners over the mean of all."""
    deals = deals_of(records, vendor)
    sold = deals[(deals.partner >= 0) & (deals.outcome == Outcome.WON)]
    margins = [
        margin(float(rows.price_k.sum()), float(rows.partner_cost_k.sum()))
        for rows in (sold[sold.partner == partner] for partner in np.unique(sold.partner))
    ]
    return ratio(float(np.quantile(margins, 0.9)), float(np.mean(margins))) if margins else float("nan")


def end_price_late(records: Records, vendor: int) -> float:
    """Mean price of partners' quotes after the first year, list prices."""
    deals = through_partners(records, vendor)
    return mean(deals.price[deals.opened_week >= YEAR_WEEKS])


def cycle_median(records: Records, vendor: int) -> float:
    """Median weeks from opening to signature."""
    deals = deals_of(records, vendor)
    won = deals[deals.outcome == Outcome.WON]
    return float(np.median(won.closed_week - won.opened_week)) if len(won) else float("nan")


def discount_spread(records: Records, vendor: int) -> float:
    """Standard deviation of the discount to the customer over deals won."""
    prices = sums_of(records).won_prices[vendor]
    return float(np.std(prices)) if len(prices) else float("nan")


def undecided_weeks_ratio(records: Records, vendor: int) -> float:
    """Mean weeks of deals without a decision over those of deals won."""
    deals = deals_of(records, vendor)
    weeks = deals.closed_week - deals.opened_week
    return ratio(mean(weeks[deals.outcome == Outcome.NO_DECISION]), mean(weeks[deals.outcome == Outcome.WON]))


def purchase_by_group_size(records: Records, vendor: int) -> float:
    """Slope of the share of a vendor's purchases that end in a contract with anybody, on the size of the buying group."""
    deals = records.deals[records.deals.closed_week >= 0]
    purchase = np.asarray(deals.customer, np.int64) * (records.n_weeks + 1) + deals.opened_week
    _, first, which = np.unique(purchase, return_index=True, return_inverse=True)
    bought = np.bincount(which, weights=deals.outcome == Outcome.WON).astype(np.float64)
    ours = np.bincount(which, weights=deals.vendor == vendor) > 0
    return slope(deals.group_size[first].astype(float)[ours], bought[ours])


def won_by_access(records: Records, vendor: int) -> float:
    """Correlation of winning with access at the offer, less what both owe to the size of the group."""
    deals = quoted(records, vendor)
    if len(deals) < 3:
        return float("nan")
    size = deals.group_size.astype(float)
    left = [y - size * slope(size, y) for y in (deals.access, (deals.outcome == Outcome.WON).astype(float))]
    return correlation(*left)


def won_by_trust(records: Records, vendor: int) -> float:
    """Correlation of winning with trust at the opening, over deals that were forecast."""
    deals = quoted(records, vendor)
    return correlation(deals.trust_opening, (deals.outcome == Outcome.WON).astype(float))


def observed_elasticity(records: Records, vendor: int) -> float:
    """Price elasticity of winning that a logit regression of winning on the price finds in the quotes alone, at their means.

    What an analyst would estimate who has the quotes and their outcomes, and nothing else.
    """
    deals = quoted(records, vendor)
    won, price = (deals.outcome == Outcome.WON).astype(float), deals.price.astype(float)
    if not 0.0 < mean(won) < 1.0 or np.std(price) == 0.0:
        return float("nan")
    design, weights = np.column_stack([np.ones_like(price), price - price.mean()]), np.zeros(2)
    for _ in range(25):  # Newton's method on a concave likelihood
        chance = 1.0 / (1.0 + np.exp(-design @ weights))
        curvature = (design * (chance * (1.0 - chance))[:, None]).T @ design
        weights += np.linalg.solve(curvature, design.T @ (won - chance))
    return float(weights[1] * price.mean() * (1.0 - won.mean()))


def last_week_share(records: Records, vendor: int) -> float:
    """Share of deals signed in the last week of a quarter; 1/13 without any timing."""
    deals = deals_of(records, vendor)
    return mean(deals.closed_week[deals.outcome == Outcome.WON] % QUARTER_WEEKS == QUARTER_WEEKS - 1)


def discount_by_week(records: Records, vendor: int) -> float:
    """Mean discount of direct quotes in weeks 1, 12 and 13 of a quarter, less that in weeks 5 to 9."""
    deals = quoted(records, vendor)
    deals = deals[deals.partner < 0]
    week = deals.closed_week % QUARTER_WEEKS
    edge = (week == 0) | (week >= QUARTER_WEEKS - 2)
    middle = (week >= 4) & (week <= 8)
    return mean(1.0 - deals.price[edge]) - mean(1.0 - deals.price[middle])


def promise_missed(records: Records, vendor: int) -> float:
    """Share of deliveries whose outcome stays more than 0.05 under the promise."""
    deals = deals_of(records, vendor)
    done = deals[deals.delivered_week >= 0]
    return mean(done.delivered < done.promise - 0.05)


def promise_met(records: Records, vendor: int) -> float:
    """Share of deliveries whose outcome meets the promise."""
    deals = deals_of(records, vendor)
    done = deals[deals.delivered_week >= 0]
    return mean(done.delivered >= done.promise)


def quarterly_variation(records: Records, vendor: int) -> float:
    """Coefficient of variation of a vendor's quarterly revenue."""
    revenue = records.weeks.revenue_k[records.weeks.vendor == vendor]
    whole = len(revenue) // QUARTER_WEEKS * QUARTER_WEEKS
    quarters = revenue[:whole].reshape(-1, QUARTER_WEEKS).sum(axis=1)
    return ratio(float(np.std(quarters)), float(np.mean(quarters))) if len(quarters) else float("nan")


def margin_change(records: Records, vendor: int) -> float:
    """Gross margin of deals won in the last year less that of the first."""
    deals = deals_of(records, vendor)
    won = deals[deals.outcome == Outcome.WON]
    parts = [won[won.closed_week >= records.n_weeks - YEAR_WEEKS], won[won.closed_week < YEAR_WEEKS]]
    late, early = (margin(float(rows.net_price_k.sum()), float(rows.unit_cost_k.sum())) for rows in parts)
    return late - early


def renewal_less_win_by_depth(records: Records, vendor: int) -> float:
    """Correlation of depth with keeping a contract for more than a year, less its correlation with winning."""
    deals = quoted(records, vendor)
    won = deals[(deals.outcome == Outcome.WON) & (deals.closed_week < records.n_weeks - 2 * YEAR_WEEKS)]
    kept = (won.ended_week < 0) | (won.ended_week - won.closed_week > YEAR_WEEKS)
    return correlation(won.depth, kept.astype(float)) - correlation(deals.depth, (deals.outcome == Outcome.WON).astype(float))


def won_large_less_small(records: Records, vendor: int) -> float:
    """Share won of the deals with more than the median at stake, less that of the others."""
    deals = quoted(records, vendor)
    if not len(deals):
        return float("nan")
    large = deals.value_k > np.median(deals.value_k)
    return mean(deals.outcome[large] == Outcome.WON) - mean(deals.outcome[~large] == Outcome.WON)


def steepest_reseller_margin(records: Records, vendor: int) -> float:
    """Largest fall of partners' gross margin from one year to the next, in points a quarter."""
    deals = deals_of(records, vendor)
    sold = deals[(deals.partner >= 0) & (deals.outcome == Outcome.WON)]
    years = [sold[sold.closed_week // YEAR_WEEKS == year] for year in range(records.n_weeks // YEAR_WEEKS)]
    margins = np.array([ratio(float(rows.partner_margin_k.sum()), float(rows.price_k.sum())) for rows in years])
    falls = np.diff(margins)
    return float(100.0 / 4.0 * np.nanmin(falls)) if np.isfinite(falls).any() else float("nan")


def at_quota(records: Records, vendor: int) -> float:
    """Share of salespeople's quarters with bookings at quota or above: 5 % over the moving mean of the place, as in `pay`."""
    deals = deals_of(records, vendor)
    won = deals[deals.outcome == Outcome.WON]
    seats, n_quarters = np.unique(deals.salesperson), records.n_weeks // QUARTER_WEEKS
    quarter = np.minimum(won.closed_week // QUARTER_WEEKS, n_quarters - 1)
    if not n_quarters:
        return float("nan")
    booked = np.zeros((len(seats), n_quarters))
    np.add.at(booked, (np.searchsorted(seats, won.salesperson), quarter), won.net_price_k)
    usual, reached = booked[:, 0].copy(), []
    for column in booked.T[1:]:
        reached.append(column >= 1.05 * usual)
        usual += 0.1 * (column - usual)
    return float(np.mean(reached)) if reached else float("nan")


def own_weeks(records: Records, vendor: int) -> RecordArray:
    """The weeks of a vendor."""
    return records.weeks[records.weeks.vendor == vendor]


def launched(weeks: RecordArray) -> int:
    """The week in which the first programme began: adoption is 1 until then; -1 if none did."""
    below = np.flatnonzero(weeks.adoption < 1.0)
    return int(below[0]) if len(below) else -1


def adoption_lost(records: Records, vendor: int) -> float:
    """Share of the adoption after a programme's training that is gone a year later."""
    weeks = own_weeks(records, vendor)
    start = launched(weeks)
    if start < 0 or start + YEAR_WEEKS >= len(weeks):
        return float("nan")
    return 1.0 - ratio(float(weeks.adoption[start + YEAR_WEEKS]), float(weeks.adoption[start]))


def failed_launch(records: Records, vendor: int) -> float:
    """1 if adoption is under one half a year after the first programme began, else 0."""
    weeks = own_weeks(records, vendor)
    start = launched(weeks)
    return float(weeks.adoption[start + YEAR_WEEKS] < 0.5) if 0 <= start < len(weeks) - YEAR_WEEKS else float("nan")


def revenue_late(records: Records, vendor: int) -> float:
    """Revenue of the last three years, k$ a year."""
    return float(own_weeks(records, vendor).revenue_k[-SPAN:].sum()) / 3.0


def profit_first_half(records: Records, vendor: int) -> float:
    """Operating profit of the first two quarters, k$ a year."""
    return 2.0 * float(own_weeks(records, vendor).operating_profit_k[: 2 * QUARTER_WEEKS].sum())


def profit_last_year(records: Records, vendor: int) -> float:
    """Operating profit of the last year, k$."""
    return float(own_weeks(records, vendor).operating_profit_k[-YEAR_WEEKS:].sum())


def win_rate_turn(records: Records, vendor: int) -> float:
    """Share won of forecast deals in the fourth and fifth year, less that in the first."""
    deals = quoted(records, vendor)
    year = deals.closed_week // YEAR_WEEKS
    return mean(deals.outcome[(year == 3) | (year == 4)] == Outcome.WON) - mean(deals.outcome[year == 0] == Outcome.WON)


def utilization(records: Records, vendor: int) -> float:
    """Hours that salespeople worked on deals over the hours they had."""
    weeks = own_weeks(records, vendor)
    return ratio(float(weeks.hours_used.sum()), float(weeks.hours_used.sum() + weeks.hours_free.sum()))


FACT_MEASURES: dict[str, Callable[[Records, int], float]] = {
    function.__name__: function
    for function in (
        won_early, won_late, variable_cost_k, forecast_won, forecast_undecided, observed_elasticity,
        pass_through_spread, reseller_margin, best_reseller_margin, end_price_late, cycle_median, undecided_weeks_ratio,
        purchase_by_group_size, won_by_access, won_by_trust, last_week_share, discount_by_week, promise_missed, promise_met,
        quarterly_variation, margin_change, utilization, renewal_less_win_by_depth, won_large_less_small,
        steepest_reseller_margin, at_quota, adoption_lost, failed_launch, revenue_late, profit_first_half,
        profit_last_year, win_rate_turn, churn,
    )
}  # fmt: skip
