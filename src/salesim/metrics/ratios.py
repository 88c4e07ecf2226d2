"""Measures that are a ratio of two sums, or a mean over weeks; NaN where the denominator is 0."""

from collections.abc import Callable

from salesim.metrics.sums import YEAR_WEEKS, of_deals, of_last_year, of_weeks, sums_of
from salesim.model.records import Records

Measure = Callable[[Records, int], float]
Sums = Callable[[Records, int], dict[str, float]]


def ratio(part: float, whole: float) -> float:
    """Part / whole; NaN if the whole is 0."""
    return float(part / whole) if whole else float("nan")


def per_year(total: float, records: Records) -> float:
    """A total over the run as an amount per year."""
    return ratio(float(total) * YEAR_WEEKS, records.n_weeks)


def ratio_measure(sums: Sums, part: str, whole: str, meaning: str) -> Measure:
    """A measure: one of a vendor's `sums` over another, both names of `DEAL_SUMS` or of `WEEKLY`."""

    def measure(records: Records, vendor: int) -> float:
        totals = sums(records, vendor)
        return ratio(totals[part], totals[whole])

    measure.__doc__ = meaning
    return measure


def yearly_measure(sums: Sums, name: str, meaning: str) -> Measure:
    """A measure: one of a vendor's `sums` as an amount per year."""

    def measure(records: Records, vendor: int) -> float:
        return per_year(sums(records, vendor)[name], records)

    measure.__doc__ = meaning
    return measure


cycle_weeks = ratio_measure(of_deals, "cycle_weeks", "won", "Mean weeks from opening to signature of deals won.")
win_rate = ratio_measure(of_deals, "won", "closed", "Won, of all deals that have ended (won, lost, no decision).")
no_decision = ratio_measure(of_deals, "undecided", "closed", "No decision, of all deals that have ended.")
no_decision_ready = ratio_measure(of_deals, "ready_undecided", "ready", "No decision, of ended deals whose offer was ready.")
confidence_share = ratio_measure(of_deals, "unsure", "undecided", "Want of confidence, of deals without a decision.")
declined = ratio_measure(of_deals, "declined", "closed", "Declined by the vendor for a poor fit, of all deals that have ended.")
promise_kept = ratio_measure(of_deals, "kept", "kept_deals", "Mean of outcome over promise of delivered deals.")
delivered = ratio_measure(of_deals, "delivered", "delivered_deals", "Mean outcome of delivered deals.")
discount = ratio_measure(of_deals, "discount", "won", "Mean discount to the customer of deals won.")
pass_through = ratio_measure(
    of_deals,
    "pass_through",
    "quoted",
    "Mean short-run change of a partner's quote per small change of its cost, rivals' prices given.",
)
pass_through_elasticity = ratio_measure(
    of_deals, "elasticity", "quoted", "Mean short-run change of a partner's quote, % per % of its cost, rivals' prices given."
)
partner_margin = ratio_measure(of_deals, "partner_share", "sold", "Mean margin of partners' deals won, as a share of list.")
partner_discount = ratio_measure(of_last_year, "partner_discount", "weeks", "Mean discount of partners in the last year.")
trust = ratio_measure(of_last_year, "trust", "weeks", "Mean trust of all customers in the last year.")
perceived_sameness = ratio_measure(of_last_year, "perceived_sameness", "weeks", "Mean perceived sameness in the last year.")
cynicism = ratio_measure(of_last_year, "cynicism", "weeks", "Mean cynicism of salespeople in the last year.")
adoption = ratio_measure(of_last_year, "adoption", "weeks", "Mean adoption of the present approach in the last year.")
partner_sales = ratio_measure(of_deals, "sold", "won", "Through a partner, of all deals won.")
deals_won = yearly_measure(of_deals, "won", "Deals won a year.")


def turnover(records: Records, vendor: int) -> float:
    """Salespeople who leave in a year, as a share of the seats that were filled."""
    weeks = of_weeks(records, vendor)
    if not weeks["hours"]:
        return float("nan")
    seats = int(sums_of(records).seats[vendor])
    return ratio(weeks["leavers"] * YEAR_WEEKS, seats * weeks["weeks"] - weeks["vacancies"])


def won_per_seller(records: Records, vendor: int) -> float:
    """Deals won a year per seat of a salesperson that opened any."""
    return ratio(deals_won(records, vendor), int(sums_of(records).seats[vendor]))
