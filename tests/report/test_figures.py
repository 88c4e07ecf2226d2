"""Figures, from the traces and layout that the page hands to plotly.js."""

import json

import pandas as pd
import pytest

from salesim.report.aggregates import destinations, segment_shares
from salesim.report.figures import study as figures
from salesim.report.figures.figure import script
from salesim.report.study_files import read_study
from salesim.report.text import readings
from salesim.report.theme import ARM_COLOURS, BASELINE_COLOUR, Theme, faded

TWO = Theme(arms=("pitch", "diagnostic"), contests=("alone",), baseline="pitch")


def both(**columns: list[object]) -> pd.DataFrame:
    """A table of two arms in one contest, given column by column."""
    n = len(next(iter(columns.values()))) // 2
    return pd.DataFrame({"contest": "alone", "arm": ["pitch"] * n + ["diagnostic"] * n} | columns)


def traces_of(figure):
    """The traces as they are written in the page."""
    return json.loads(script(figure.traces))


def line(figure, name):
    return next(trace for trace in traces_of(figure) if trace["name"] == name and trace["mode"] == "lines+markers")


def test_the_line_is_the_mean_over_seeds_of_our_own_vendor():
    years = both(year=[0, 0, 0] * 2, seed=[1, 2, 1] * 2, vendor=[0, 0, 1] * 2, gross_margin=[0.1, 0.3, 0.9] * 2)
    assert list(line(figures.margins(years, TWO), "pitch")["y"]) == pytest.approx([0.2])


def test_the_mean_pass_through_weighs_quotes():
    quotes = both(year=[0, 0] * 2, partner=[0, 1] * 2, pass_through=[0.5, 1.0] * 2, quotes=[3, 1] * 2)
    assert list(line(figures.pass_through(quotes, TWO), "diagnostic")["y"]) == pytest.approx([0.625])
    assert readings.pass_through(quotes, TWO)["alone"] == (
        "The customers' part of one more dollar of discount with every arm: 62 cents."
    )


def test_the_bar_cuts_list_price_into_parts_that_add_up():
    steps = both(
        step=["list_price", "customer_discount", "net_price", "product_cost", "operating_profit"] * 2,
        amount_k=[200.0, -50.0, 150.0, -170.0, -20.0, 100.0, -20.0, 80.0, -50.0, 30.0],
    )
    sums = {arm: sum(share for _, share in parts.values()) for (_, arm), parts in destinations(steps).items()}
    assert sums == pytest.approx({"pitch": 1.0, "diagnostic": 1.0})
    assert readings.bridge(steps, TWO)["alone"] == (
        "Of 100 $ at list price, operating profit is highest with diagnostic (30 $, and 20 $ of discounts to customers) and "
        "lowest with pitch (-10 $, and 25 $ of discounts to customers)."
    )


def test_the_week_by_which_half_have_decided_is_the_first_at_or_under_half():
    curves = both(week=[0, 1, 2] * 2, undecided=[1.0, 0.6, 0.5, 1.0, 0.4, 0.2])
    assert readings.closing(curves, TWO) == {
        "alone": "The time until half of the deals are decided is shortest with diagnostic (1 week) and longest with pitch "
        "(2 weeks)."
    }


def test_a_segment_without_ended_deals_has_no_win_rate():
    counts = both(complexity=["low", "high"] * 2, value=["small"] * 4, won=[1, 0, 3, 0], closed=[4, 0, 4, 0])
    shares = segment_shares(counts)
    assert shares["alone", "diagnostic"] == {("low", "small"): 0.75}
    assert ("high", "small") not in shares["alone", "pitch"]
    assert readings.segments(counts, TWO)["alone"] == (
        "Compared with pitch, the win rate in the best segment with diagnostic: 75 % against 25 % at low complexity and small "
        "value."
    )


def test_profit_is_said_to_be_higher_only_if_the_interval_says_so():
    differences = both(
        measure=["operating_profit_k"] * 2, difference=[0.0, 90.0], low=[0.0, -10.0], high=[0.0, 190.0],
        verdict=["baseline", "cannot tell"], title=["Operating profit"] * 2, unit=["k$ a year"] * 2, better=["up"] * 2,
        mean_baseline=[20.0] * 2,
    )  # fmt: skip
    assert readings.earnings(differences, TWO)["alone"] == (
        "Operating profit (higher is better) is 20 k$ a year for the baseline, pitch; diagnostic shows no clear difference "
        "(-10 to 190 k$ a year)."
    )
    runs = both(seed=[1, 2] * 2, operating_profit_k=[10.0, 20.0, 110.0, 100.0])
    drawing = figures.earnings(differences, runs, TWO)
    mean = next(trace for trace in traces_of(drawing) if trace.get("error_x"))
    assert (mean["x"], mean["error_x"]["array"], mean["error_x"]["arrayminus"]) == ([90.0], [100.0], [100.0])
    seeds = next(trace for trace in traces_of(drawing) if len(trace["x"]) == 2)
    assert sorted(seeds["x"]) == [80.0, 100.0]


def test_eleven_arms_have_eleven_colours_and_each_keeps_its_own(make_study):
    arms = [f"arm_{number}" for number in range(11)]
    files = read_study(make_study(arms=arms, seeds=2))
    theme = files.theme
    colours = {arm: theme.colour(arm) for arm in theme.arms}
    assert len(set(colours.values())) == 11
    assert colours["arm_0"] == BASELINE_COLOUR
    assert set(colours.values()) == {BASELINE_COLOUR, *ARM_COLOURS}
    drawings = [figures.margins(files.table("years"), theme), figures.closing(files.table("closing"), theme)]
    drawings.append(figures.earnings(files.table("differences"), files.table("runs"), theme))
    for trace in (trace for drawing in drawings for trace in traces_of(drawing)):
        colour = colours[trace["legendgroup"].replace(" ", "_")]
        shade = trace.get("fillcolor") or trace["marker" if trace["mode"] == "markers" else "line"]["color"]
        assert shade == colour or str(shade).startswith(faded(colour, 0.0).removesuffix("0.0)"))


def test_each_arm_is_named_once_in_a_legend(make_study):
    files = read_study(make_study(seeds=3))
    theme = files.theme
    for draw, table in ((figures.margins, "years"), (figures.trust_and_sameness, "years"), (figures.closing, "closing")):
        assert list(draw(files.table(table), theme).named()) == ["pitch", "diagnostic", "rainmaking"]
