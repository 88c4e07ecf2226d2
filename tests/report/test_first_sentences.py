"""Every analysis begins with one sentence that answers what was asked, on terminal and page alike."""

import io
from types import SimpleNamespace

import pandas as pd
import pytest
from rich.console import Console

from salesim.report.console.sections import print_sections
from salesim.report.page.sections import exhibit
from salesim.report.study_files import StudyFiles
from salesim.report.text import evidence, levers, tornado
from salesim.report.text.explore_answer import on_design, on_tipping
from salesim.report.text.fit import answer as on_fit
from salesim.report.text.sweep_answer import on_arms, on_moving
from salesim.report.text.verdict import Section
from salesim.report.theme import theme_of

ARMS = ["pitch", "probe", "listen"]
RECORD = {
    "contests": ["alone"],
    "arms": ARMS,
    "baseline": "pitch",
    "title": "Operating profit",
    "unit": "k$ a year",
    "points": 8,
    "seeds": 20,
}
PROFIT = "operating_profit_k"


def swept(firsts, clear=True, **axes):
    """A sweep and its leads: who is best at each point, all by 100 k$, and the values of each axis there."""
    leads = pd.DataFrame({"first": firsts, "second": "pitch", "lead": 100.0, "clear": clear, **axes})
    return SimpleNamespace(axes=[SimpleNamespace(key=key, name=key) for key in axes]), leads


def test_a_sweep_names_the_setting_that_tells_which_arm_is_best_and_from_where_to_where():
    sweep, leads = swept(["probe", "probe", "listen", "listen"] * 2, hours=[1, 1, 2, 2] * 2, price=[1, 2] * 4)
    assert on_arms(sweep, leads) == (
        "Which arm has the best profit hangs most on hours: probe at 1, listen at 2 (so at all 8 points). The best arm is "
        "clear at all of them."
    )


def test_neighbouring_levels_with_the_same_best_arm_are_one_range_and_words_are_listed():
    sweep, leads = swept(["probe", "probe", "listen", "probe"], clear=[True, False, False, False], hours=[1, 2, 3, 2])
    assert "probe from 1 to 2, listen at 3 (so at all 4 points). The best arm is clear at 1 of them" in on_arms(sweep, leads)
    sweep, leads = swept(["probe", "listen", "probe"], channel=["rebate", "teach", "request"])
    assert "hangs most on channel: probe at rebate and request, listen at teach" in on_arms(sweep, leads)


def test_a_sweep_says_so_where_one_arm_is_best_everywhere_or_no_setting_tells_where():
    sweep, leads = swept(["probe"] * 3, clear=False, hours=[1, 2, 3])
    leads["lead"] = [100.0, 150.0, 200.0]
    assert on_arms(sweep, leads) == (
        "probe has the best profit at all 3 points, 100 to 200 k$ a year ahead of the next; that is clear at none of them."
    )
    sweep, leads = swept(["probe", "probe", "listen", "probe"], hours=[1, 2, 1, 2], price=[1, 1, 2, 2])
    leads.loc[2, "lead"] = 1.0
    assert "probe has the best profit at 3 of 4 points; no setting alone tells where" in on_arms(sweep, leads)


def test_a_sweep_names_the_setting_that_moves_profit_most_and_not_the_arms():
    rows = [
        {"contest": "alone", "measure": PROFIT, "parameter": name, "level_low": "1", "level_high": "4", "at_low": 900.0,
         "at_high": 400.0, "share": share}
        for name, share in (("strategy", 0.9), ("hours", 0.3), ("price", 0.1))
    ]  # fmt: skip
    axes = [SimpleNamespace(key=name, name=name) for name in ("hours", "price")]
    (said,) = on_moving(SimpleNamespace(axes=axes, effects=pd.DataFrame(rows), alone=True), "alone")
    assert (
        said
        == "Profit moves most with hours: from 900 k$ a year at 1 to 400 k$ a year at 4, 30 % of the variance between points."
    )


def explored(best_shares, indices=()):
    """An exploration with the share of points at which each arm is best, and total indices of probe."""
    regret = pd.DataFrame({"contest": "alone", "arm": ARMS, "best_share": best_shares})
    columns = ["contest", "arm", "axis", "total", "total_half", "chance_share"]
    rows = pd.DataFrame(
        [{"contest": "alone", "arm": "probe", "total_half": 0.1, **index} for index in indices], columns=columns
    )
    return StudyFiles(RECORD, {"regret": regret, "indices": rows})


def test_an_exploration_says_where_each_arm_is_best_and_what_decides_the_first():
    index = [{"axis": "hours", "total": 0.7, "chance_share": 0.1}, {"axis": "price", "total": 0.2, "chance_share": 0.1}]
    assert list(on_design(explored([0.125, 0.625, 0.25], index))) == [
        "Operating profit is best with probe at 63 %, listen at 25 % and pitch at 12 % of 8 points.",
        "The difference of probe from pitch hangs most on hours (70 % of its variance).",
    ]


def test_an_exploration_names_no_deciding_number_where_most_is_chance():
    index = [{"axis": "hours", "total": 0.7, "chance_share": 0.6}]
    assert len(list(on_design(explored([0.1, 0.7, 0.2], index)))) == 1


def test_tipping_says_which_arm_turns_where_and_which_stays():
    crossing = {"contest": "alone", "arm": "probe", "at": 2.0, "low": 1.0, "high": 3.0, "after": 1, "open_low": False,
                "open_high": True}  # fmt: skip
    curve = pd.DataFrame({"contest": "alone", "arm": ["listen", "probe"], "low": [1.0, -1.0], "high": [2.0, 1.0]})
    record = RECORD | {"axes": [{"name": "rework"}]}
    assert on_tipping(StudyFiles(record, {"tipping": pd.DataFrame([crossing]), "tipping_curve": curve})) == (
        "Along rework, probe overtakes pitch at 2 (1 to 3 or more); listen is ahead of pitch throughout."
    )


def bars(arm, mean, turns):
    """The rows of a tornado of an arm: two numbers, of which the second may turn the sign."""
    return [
        {"contest": "alone", "arm": arm, "axis": axis, "at_low": 1.0, "at_high": 4.0, "as_set": mean, "as_set_low": mean - 50,
         "as_set_high": mean + 50, "low_end": mean - 80, "high_end": -30.0 if turn else mean + 90, "moves": True, "turns": turn}
        for axis, turn in (("hours", False), ("price", turns))
    ]  # fmt: skip


AHEAD = "In operating profit, with 20 seeds, probe is 400 (350 to 450) k$ a year ahead of pitch."
BETWEEN = "In operating profit, with 20 seeds, probe is neither clearly ahead of pitch nor behind: +20 (-30 to +70) k$ a year."


@pytest.mark.parametrize(
    ("mean", "turns", "first", "then"),
    [
        (400.0, True, AHEAD, "Of 2 uncertain numbers, 1 alone turns the sign, first price, +320 at 1 and -30 at 4."),
        (400.0, False, AHEAD, "None of 2 uncertain numbers alone clearly turns the sign; it moves most with hours, +320 at 1 "
                              "and +490 at 4."),
        (20.0, False, BETWEEN, "None of 2 uncertain numbers alone clearly turns the sign; it moves most with hours, -60 at 1 "
                               "and +110 at 4."),
    ],
)  # fmt: skip
def test_a_tornado_says_the_gain_and_how_many_numbers_can_turn_it(mean, turns, first, then):
    tips = pd.DataFrame(columns=["contest", "arm", "axis"])
    rows = pd.DataFrame(bars("listen", mean - 10, False) + bars("probe", mean, turns))
    files = StudyFiles(RECORD, {"tornado": rows, "tornado_tipping": tips})
    assert tornado.answer(files) == f"{first} {then}"


def parts(*rows):
    """The lever table of profit: way, group, difference; each interval is 20 wide."""
    table = pd.DataFrame(rows, columns=["way", "group", "difference"])
    return table.assign(measure=PROFIT, title="Operating profit", unit="k$ a year", better="up",
                        low=table["difference"] - 10, high=table["difference"] + 10)  # fmt: skip


def test_an_explanation_says_which_group_brings_most_and_which_the_other_way():
    table = parts(
        ("whole", "", 300.0), ("added", "pay", 60.0), ("added", "support", 250.0), ("added", "interaction", -10.0),
        ("average", "pay", -100.0), ("average", "support", 400.0),
    )  # fmt: skip
    assert levers.answer(StudyFiles({"arm": "probe", "against": "pitch"}, {"levers": table})) == (
        "probe earns 300 (290 to 310) k$ a year more than pitch. Of the groups of levers, averaged over all orders of adding "
        "groups, support brings most: +400 (+390 to +410); pay most the other way, -100 (-110 to -90)."
    )


def test_a_fit_says_what_the_numbers_fixed_and_what_stayed_unknown():
    settings = [
        {"name": name, "spread_left": left, "unknown": left > 0.9} for name, left in (("a", 0.2), ("b", 0.95), ("c", 0.1))
    ]
    targets = pd.DataFrame({"measure": ["x", "y"], "title": "", "missed": 0.0})
    files = StudyFiles({"kept": 90, "worlds": 100}, {"targets": targets, "settings": pd.DataFrame(settings)})
    assert list(on_fit(files)) == [
        "90 of 100 worlds have all 2 numbers when they are run again, and are kept; the numbers narrow 2 settings (c and a); "
        "as unknown as before: b."
    ]


def test_evidence_counts_facts_claims_and_limits():
    facts = pd.DataFrame({"role": ["fitted", "fitted", "predicted"], "result": ["met", "missed", "cannot be asked"]})
    claims, limits = pd.DataFrame({"verdict": ["mixed", "confirmed", "mixed"]}), pd.DataFrame({"test": ["a", ""]})
    said = list(evidence.answer(StudyFiles({}, {"facts": facts, "claims": claims, "limits": limits})))
    assert said == [
        "1 of 2 fitted facts is met", "of 3 claims, 1 confirmed and 2 mixed",
        "1 of 2 limits is held by tests, and 1 cannot be asked",
    ]  # fmt: skip


def test_terminal_and_page_begin_with_the_same_sentence(tmp_path):
    section = Section("Where does each win?", [], [], "How it is read.", "From 8 runs.", answer="probe wins at all 8 points.")
    console = Console(width=100, record=True, file=io.StringIO())
    record = RECORD | {"runs": 8, "failed": 0, "keys": {}, "model": ""}
    print_sections([section], record, tmp_path, "explore", console)
    said = console.export_text()
    assert said.index("Answer\nprobe wins at all 8 points.") < said.index(section.title)
    page = exhibit(section, theme_of(record))
    assert page.index('<p class="answer">Probe wins at all 8 points.</p>') < page.index("From 8 runs.")
    assert page.count("wins at all") == said.count("wins at all") == 1


def test_an_exploration_without_known_regret_does_not_say_who_is_best():
    assert list(on_design(explored([float("nan")] * 3))) == []
