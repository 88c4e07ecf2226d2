"""Measures: pure functions of the records and a vendor's row.

A new measure needs a line in `METRICS`, which adds it to runs.csv; tables and reports show those in `SHOWN`. A user's own
measures (`measure`, `config.own_measures`) are added to both while a command runs.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from salesim.metrics import facts, money, ratios, survival
from salesim.metrics.ratios import Measure
from salesim.metrics.sums import FALL_WEEKS, HORIZON_WEEKS, YEAR_WEEKS
from salesim.model.records import Records


class Metric(NamedTuple):
    """A measure: its function, its unit, the direction that is better for the vendor, and its title.

    It is NaN in runs of fewer than `fewest_weeks`. A user's own measure has its equivalence `margin` here; those of the others
    are in `configs/compare`.
    """

    function: Measure
    unit: str
    better: Literal["up", "down"]
    title: str
    fewest_weeks: int = 0
    margin: float | None = None


METRICS: dict[str, Metric] = {
    "gross_margin": Metric(money.gross_margin, "share", "up", "Gross margin of deals won"),
    "cycle_weeks": Metric(ratios.cycle_weeks, "weeks", "down", "Sales cycle of deals won"),
    "pass_through": Metric(ratios.pass_through, "share", "down", "Pass-through of partners' discounts"),
    "pass_through_elasticity": Metric(
        ratios.pass_through_elasticity, "% per %", "down", "Partners' price change, % per % of their cost"
    ),
    "operating_profit_k": Metric(money.operating_profit_k, "k$ a year", "up", "Operating profit"),
    "win_rate": Metric(ratios.win_rate, "share", "up", "Win rate"),
    "no_decision": Metric(ratios.no_decision, "share", "down", "Deals that end in no decision"),
    "promise_kept": Metric(ratios.promise_kept, "share", "up", "Promise kept"),
    "trust": Metric(ratios.trust, "0 to 1", "up", "Customers' trust in the last year"),
    "margin_fall": Metric(money.margin_fall, "share", "down", "Fall of gross margin, first two years to last two", FALL_WEEKS),
    "revenue_k": Metric(money.revenue_k, "k$ a year", "up", "Revenue"),
    "discount": Metric(ratios.discount, "share of list", "down", "Discount to the customer"),
    "partner_margin": Metric(ratios.partner_margin, "share of list", "up", "Partner's margin"),
    "partner_discount": Metric(ratios.partner_discount, "share of list", "down", "Partners' discount in the last year"),
    "deals_won": Metric(ratios.deals_won, "deals a year", "up", "Deals won"),
    "open_cycle_weeks": Metric(
        survival.weeks_to_decision, "weeks", "down", "Time to any decision, open deals counted right", HORIZON_WEEKS
    ),
    "no_decision_ready": Metric(ratios.no_decision_ready, "share", "down", "No decision among deals with an offer"),
    "confidence_share": Metric(ratios.confidence_share, "share", "down", "No decision for want of confidence"),
    "declined": Metric(ratios.declined, "share", "down", "Deals declined for poor fit"),
    "delivered": Metric(ratios.delivered, "0 to 1", "up", "Outcome delivered"),
    "contract_value_k": Metric(money.contract_value_k, "k$", "up", "Money a contract brought"),
    "turnover": Metric(ratios.turnover, "share a year", "down", "Salespeople who leave"),
    "cynicism": Metric(ratios.cynicism, "0 to 1", "down", "Cynicism of salespeople in the last year"),
    "adoption": Metric(ratios.adoption, "0 to 1", "up", "Adoption of the approach in the last year"),
    "perceived_sameness": Metric(ratios.perceived_sameness, "0 to 1", "down", "Sameness seen by customers in the last year"),
    "won_in_year": Metric(
        survival.of_curves(survival.won_in_year), "share", "up", "Deals won within a year of opening", YEAR_WEEKS + 1
    ),
    "undecided_in_year": Metric(
        survival.of_curves(survival.undecided_in_year), "share", "down", "Deals undecided a year after opening", YEAR_WEEKS + 1
    ),
    "weeks_to_win": Metric(
        survival.of_curves(survival.weeks_to_win), "weeks", "down", "Mean weeks to win, within a year", YEAR_WEEKS + 1
    ),
    "median_weeks_to_win": Metric(
        survival.of_curves(survival.median_weeks_to_win), "weeks", "down", "Median weeks to win, within a year", YEAR_WEEKS + 1
    ),
    "discount_spread": Metric(facts.discount_spread, "share of list", "down", "Spread of the discount to the customer"),
    "partner_sales": Metric(ratios.partner_sales, "share", "up", "Deals won through partners"),
    "won_per_seller": Metric(ratios.won_per_seller, "deals a year", "up", "Deals won per salesperson"),
}
PRIMARY = ("gross_margin", "cycle_weeks", "pass_through")
JUDGED = ("operating_profit_k", *PRIMARY)  # measures on which the best arm is named
SHOWN = [*PRIMARY, "operating_profit_k", "win_rate", "no_decision", "promise_kept", "trust", "margin_fall", "partner_margin"]
CONTEXT = ("deals_won", "discount", "partner_sales")  # compared with intervals of their own, which widen none of those SHOWN
# Measures that need a number of the scenario too, and are in no table but `runs`.
OF_SCENARIO = ("churn", "lifetime_value_k", "priced_at_bound")


def measured(records: Records, vendor: int = 0) -> dict[str, float]:
    """All measures of one vendor; NaN where there is nothing to measure."""
    return {name: metric.function(records, vendor) for name, metric in METRICS.items()}


def fewest_weeks(name: str) -> int:
    """How many weeks a run needs for a measure; 0 for a name that is none of this version."""
    return METRICS[name].fewest_weeks if name in METRICS else 0


def measure_names() -> tuple[str, ...]:
    """All measures in the order of the table `runs`."""
    return (*METRICS, *OF_SCENARIO)


def measure(title: str, *, unit: str, better: Literal["up", "down"], equivalence_margin: float) -> Callable[[Measure], Measure]:
    """Make a function of `(records, vendor)` a measure of one's own, in the file `measures.py` of a `--config-dir` folder.

    It reads `records.deals` and `records.weeks`, and returns a number, NaN if there is nothing to measure. `equivalence_margin`
    is the smallest difference that matters, in the measure's `unit`. Raises ValueError for what is no title, unit, direction or
    margin.
    """
    for name, text in {"title": title, "unit": unit}.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"the {name} of a measure is {text!r}; it has to be a text")
    if better not in ("up", "down"):
        raise ValueError(f"better is {better!r}; it has to be 'up' or 'down'")
    if isinstance(equivalence_margin, bool) or not isinstance(equivalence_margin, int | float) or not equivalence_margin > 0:
        raise ValueError(f"equivalence_margin is {equivalence_margin!r}; it has to be a number above 0, in {unit}")

    def marked(function: Measure) -> Measure:
        function.metric = Metric(function, unit, better, title, margin=float(equivalence_margin))  # type: ignore[attr-defined]
        return function

    return marked


def adopt(own: Mapping[str, Metric]) -> None:
    """Make these the own measures, in place of those before."""
    for name in [name for name, metric in METRICS.items() if metric.margin is not None]:
        del METRICS[name]
        SHOWN.remove(name)
    METRICS.update(own)
    SHOWN.extend(own)
