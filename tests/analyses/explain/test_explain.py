"""Explanations: money that adds up, deals that reconcile, parts that go to the planted feedback, gains of a planted loop."""

import contextlib
import io
import json
import re

import numpy as np
import pandas as pd
import pytest

from salesim.analyses.explain.bridge import play_arms
from salesim.analyses.explain.deals import money_of, side_by_side
from salesim.analyses.explain.loop_gains import links_table, loops_table, measured_loops
from salesim.analyses.explain.run import PARTS
from salesim.analyses.explain.spec import LOOPS, explanation_of
from salesim.analyses.explain.spiral import PRESSURE, spiral_of
from salesim.cli import main
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import default_scenario
from salesim.metrics import METRICS
from salesim.metrics.money import BRIDGE, bridge
from salesim.model.rng import uniform_for
from salesim.model.schedule import play
from salesim.report.console.progress import Stages
from salesim.report.console.tables import screen
from salesim.report.page.html import note, sentence
from salesim.report.study_files import read_analysis
from salesim.report.text.explain import TABLES, judged, sections
from salesim.report.text.printed import printed_bridge, step_words
from salesim.report.theme import MINUS
from salesim.runs.runner import Runner
from salesim.runs.store import RunStore
from salesim.runs.summary import summary

SMALL = ("market.customers.count=60", "weeks=208", "market.selling.salespeople=3", "seeds=4")
FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left
YEARS = (
    "gross_margin",
    "discount",
    "support_level",
    "reference_price",
    "partner_discount",
    "partner_margin",
    "trust",
    "perceived_sameness",
)


def spec_of(*words):
    folders = (configs_folder(),)
    return explanation_of([*SMALL, *words], Composer(folders, "explain"), "line")


@pytest.fixture
def runner(tmp_path):
    return Runner(RunStore(tmp_path / "runs"), ("measures", "bridge", "years"), 1, Stages(screen()))


def played(explanation, runner):
    """The runner, after both arms were played."""
    play_arms(explanation, runner)
    return runner


def run_with(**readings):
    """A run with these readings; what is not named is 0.5 throughout."""
    measures = dict.fromkeys(METRICS, 0.5) | {k: v for k, v in readings.items() if k in METRICS}
    years = {name: [readings.get(name, 0.5)] * 4 for name in YEARS}
    return {"measures": measures, "bridge": dict.fromkeys(BRIDGE, 0.0), "years": years}


def planted(scenario, seed, *_):
    """Margins fall by 4 points, and by 12 more if partners' requests are on; all feedbacks share the noise of a seed."""
    noise = 0.02 * (uniform_for(seed, 1, 2, 3) - 0.5)
    return run_with(margin_fall=0.04 + noise + 0.12 * scenario.market.loops.partner_requests)


def test_one_planted_feedback_gets_at_least_99_percent(monkeypatch, runner):
    monkeypatch.setattr("salesim.runs.summary.summary", planted)
    table, fall = spiral_of(spec_of(), runner)
    parts = table.set_index("feedback")["part"]
    assert parts["partner_requests"] / parts.drop(PRESSURE).sum() >= 0.99
    assert parts.sum() == pytest.approx(fall, abs=1e-12)
    assert parts[PRESSURE] == pytest.approx(0.04, abs=0.01)
    assert len(runner.requested) == 512 * 4


def test_feedbacks_that_fall_together_only_share_alike(monkeypatch, runner):
    def joint(scenario, seed, *_):
        on = scenario.market.loops
        return run_with(
            margin_fall=0.12 * on.partner_requests * on.word_of_mouth * on.promise_trust + 0.01 * uniform_for(seed, 1, 2, 3)
        )

    monkeypatch.setattr("salesim.runs.summary.summary", joint)
    table, fall = spiral_of(spec_of(), runner)
    rows = table.set_index("feedback")
    assert rows["part"].sum() == pytest.approx(fall, abs=1e-12)
    assert rows.loc["partner_requests", "part"] == pytest.approx(0.04)
    assert rows.loc["product_lead", "part"] == pytest.approx(0.0, abs=1e-12)


def test_in_the_real_market_a_feedback_that_is_alone_gets_all(runner):
    off = [f"market.loops.{name}=0" for name in LOOPS if name != "partner_requests"]
    table, fall = spiral_of(spec_of(*off), runner)
    assert list(table["feedback"]) == [PRESSURE, "partner_requests"]
    assert table["part"].sum() == pytest.approx(fall, abs=1e-12)
    assert len(runner.requested) == 2 * 4


@pytest.mark.parametrize("words", [(), ("licence=subscription",), ("channel=rebate",)])
def test_deals_reconcile_with_the_records_to_the_cent(words, runner):
    explanation = spec_of("contest=everyone", *words)
    tables, gap_k = side_by_side(explanation, played(explanation, runner))
    assert gap_k < 1e-5
    seed = explanation.study.first_seed
    records = [play(arm.scenario, seed) for arm in (explanation.arm, explanation.against)]
    years = explanation.arm.scenario.weeks / 52
    difference = bridge(records[0])["gross_margin"] - bridge(records[1])["gross_margin"]
    assert tables["deals"]["difference_k"].sum() / years == pytest.approx(difference, abs=1e-5)
    assert set(tables["deals"]["kind"]) >= {"both", "neither"}


def test_the_money_of_deals_is_the_gross_margin_of_the_records_under_any_licence_and_rebate():
    for licence, channel in (("perpetual", "rebate"), ("subscription", "on_request")):
        small = {"market.customers.count": 80, "weeks": 260, "licence": licence, "channel": channel}
        records = play(default_scenario(**small), 3)
        weeks = records.weeks[records.weeks.vendor == 0]
        assert money_of(records)["money_k"].sum() == pytest.approx((weeks.gross_margin_k - weeks.rebate_k).sum(), abs=1e-5)


def test_the_same_arm_twice_has_nothing_to_flip(runner):
    explanation = spec_of("contest=everyone", "+experiment.arms.twin=['strategy=pitch']", "arm=twin")
    tables, _ = side_by_side(explanation, played(explanation, runner))
    assert (tables["deals"]["difference_k"] == 0).all()
    assert set(tables["deals"]["kind"]) <= {"both", "neither"}


def linear(scenario, seed, *_):
    """A market whose price loop is linear: the reference follows the price by 0.6, the price follows the reference by 0.5."""
    market, shift = scenario.market, scenario.vendors[0].strategy.position.price_shift
    push = 0.5 + shift + 0.001 * uniform_for(seed, 1, 2, 3)
    if market.loops.reference_price:
        price = (push + 0.5 * 0.2) / (1 - 0.5 * 0.6)
        reference = 0.2 + 0.6 * price
    else:
        reference = market.customers.initial_reference
        price = push + 0.5 * reference
    return run_with(discount=1.0 - price, reference_price=reference)


def verdict_on(loop):
    """What the report says of a measured loop, from its tables."""
    (row,) = loops_table([loop]).to_dict("records")
    return "".join(judged(row, links_table([loop])))


def test_a_planted_linear_loop_has_the_gain_and_the_amplification_that_were_planted(monkeypatch, runner):
    monkeypatch.setattr("salesim.runs.summary.summary", linear)
    gain = next(each.gain for each in measured_loops(spec_of(), runner) if each.loop.name == "reference price")
    assert [link.value for link in gain.links] == pytest.approx([0.6, 0.5])
    assert gain.gain.value == pytest.approx(0.3)
    assert gain.predicted.value == pytest.approx(1 / 0.7)
    assert gain.measured.value == pytest.approx(1 / 0.7)


def test_a_loop_whose_feedback_is_off_has_no_gain_and_says_why(runner, monkeypatch):
    monkeypatch.setattr("salesim.runs.summary.summary", linear)
    gains = {each.loop.name: each for each in measured_loops(spec_of("market.loops.reference_price=0"), runner)}
    assert gains["reference price"].gain is None
    assert gains["reference price"].off == ("reference_price",)
    assert "reference_price is off" in verdict_on(gains["reference price"])


def test_where_nothing_moves_there_is_no_verdict(runner, monkeypatch):
    monkeypatch.setattr("salesim.runs.summary.summary", lambda *_: run_with())
    for each in measured_loops(spec_of(), runner):
        assert verdict_on(each).startswith("no verdict")


def test_a_small_market_is_explained_for_real(tmp_path, capsys):
    assert main(["explain", *SMALL, *FEW, f"folder={tmp_path}"]) == 0
    text = capsys.readouterr().out
    folder = tmp_path / "three_strategies" / "explain"
    table = pd.read_parquet(folder / "bridge.parquet")
    steps = table[~table["total"]]
    for column in ("arm_k", "against_k", "difference_k"):
        profit = table.loc[table["step"] == "operating_profit", column].iloc[0]
        assert steps[column].sum() == pytest.approx(profit, abs=1e-6)
    parts = pd.read_parquet(folder / "spiral.parquet")["part"]
    assert parts.sum() == pytest.approx(json.loads((folder / "explain.json").read_text())["fall"], abs=1e-12)
    for words in (
        "Why does diagnostic differ from pitch?",
        "deal by deal",
        "What carries the fall",
        "Do the loops amplify?",
        "to the cent",
    ):
        assert words in text
    assert max(len(line.rstrip()) for line in text.splitlines() if str(tmp_path) not in line) <= 100
    page = (tmp_path / "three_strategies" / "report.html").read_text(encoding="utf-8")
    for words in (
        "Why does diagnostic differ from pitch?",
        "The same customers, deal by deal",
        "What carries the fall of margins?",
    ):
        assert words in page


@pytest.fixture(scope="module")
def explained(tmp_path_factory):
    """The folder of a small explanation, and what the terminal said of it."""
    folder, screen = tmp_path_factory.mktemp("saved"), io.StringIO()
    with contextlib.redirect_stdout(screen):
        assert main(["explain", *SMALL, *FEW, f"folder={folder}"]) == 0
    return folder / "three_strategies", " ".join(screen.getvalue().split())


def figure_in(page, name):
    """The traces of a drawing in a page."""
    start = page.index("[", page.index(f'"{name}",'))
    return json.JSONDecoder().raw_decode(page[start:])[0]


def test_terminal_table_and_figure_show_the_same_figures(explained):
    folder, terminal = explained
    page = (folder / "report.html").read_text(encoding="utf-8")
    shown = printed_bridge(pd.read_parquet(folder / "explain" / "bridge.parquet"))
    shown = shown.set_index(shown["step"].map(step_words))
    (waterfall,) = figure_in(page, "why-bridge")
    start, *steps, end = (int(text.replace(MINUS, "-").replace(",", "")) for text in waterfall["text"])
    assert start + sum(steps) == end
    assert (start, end) == tuple(shown.loc["operating profit", ["against_k", "arm_k"]])
    for name, height in zip(waterfall["x"][1:-1], steps, strict=True):
        assert f"{name} {shown.at[name, 'arm_k']:,.0f} {shown.at[name, 'against_k']:,.0f} {height:+,} " in terminal


def test_terminal_and_page_show_the_sentences_and_notes_that_are_made_of_the_tables(explained):
    folder, terminal = explained
    page = (folder / "report.html").read_text(encoding="utf-8")
    for section in sections(read_analysis(folder / "explain" / "explain.json", TABLES)):
        for text in (*section.findings[0].first, section.title, section.note):
            assert text in terminal
        for text in section.findings[0].first:
            assert sentence(text) in page
        assert note(section.note) in page


def test_the_parts_of_sentences_and_drawings_sum_as_they_stand(explained):
    folder, terminal = explained
    number = r"([-+\d,]+)"
    words = rf"Of {number} k\$ a year in gross margin, {number} come .* win, {number} from .* alone, {number} from needs"
    deals = re.search(words, terminal)
    whole, *parts = (int(figure.replace(",", "")) for figure in deals.groups())
    assert sum(parts) == whole
    (bars,) = figure_in((folder / "report.html").read_text(encoding="utf-8"), "why-spiral")
    *parts, whole = (float(label.split()[-1].replace(MINUS, "-")) for label in bars["y"])
    assert sum(parts) == pytest.approx(whole)
    assert f"the whole fall {whole}" in terminal


@pytest.mark.parametrize("experiment", ["three_strategies", "cisco_channel"])
def test_what_the_whole_market_does_is_explained_for_real(tmp_path, capsys, experiment):
    words = [*SMALL, *FEW, f"experiment={experiment}", "contest=everyone", f"folder={tmp_path}"]
    assert main(["run", *words, "records=0"]) == 0
    assert main(["explain", *words]) == 0
    assert "The whole market sells this way; 4 seeds" in capsys.readouterr().out
    folder = tmp_path / experiment
    record = json.loads((folder / "explain" / "explain.json").read_text())
    runs = pd.read_parquet(folder / "runs.parquet")
    profit = pd.read_parquet(folder / "explain" / "bridge.parquet").set_index("step").loc["operating_profit"]
    for column, arm in (("arm_k", record["arm"]), ("against_k", record["against"])):
        mine = runs[(runs["contest"] == "everyone") & (runs["arm"] == arm)]
        assert mine["operating_profit_k"].mean() == pytest.approx(profit[column])
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "the whole market sells this way.</p>" in page
    assert "Not made of the same runs" not in page


def test_the_plan_says_how_many_runs_it_will_be_and_plays_none(tmp_path, capsys, monkeypatch):
    words = ["explain", *SMALL, *FEW, f"folder={tmp_path}"]
    assert main([*words, "--dry-run"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "4 seeds are few" in text
    assert "No run was started, as --dry-run asks" in text
    assert not list(tmp_path.iterdir())
    planned = int(re.search(r"About ([\d,]+) runs: 8 of both arms", text)[1].replace(",", ""))
    assert main(words) == 0
    capsys.readouterr()
    record = json.loads((tmp_path / "three_strategies" / "explain" / "explain.json").read_text())
    assert planned == pytest.approx(record["runs"], rel=0.1)
    assert main([*words, "--dry-run"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert f"About {record['runs']} runs" in text
    assert "All runs are finished already" in text


def test_the_fall_is_shared_out_with_forty_seeds_and_fewer_say_what_they_cannot_tell(explained):
    assert len(explanation_of(["weeks=208"], Composer((configs_folder(),), "explain"), "line").spiral_seeds) == 40
    _, terminal = explained
    advice = "use more, for example seeds=40 spiral_seeds=40."
    assert re.search(rf"4 seeds tell (no part of the fall|\d of 7 parts) from zero; {re.escape(advice)}", terminal)


def test_runs_that_salesim_run_has_kept_are_not_played_again(tmp_path, capsys):
    small = [*SMALL, *FEW, "contest=alone", f"folder={tmp_path}"]
    assert main(["run", *small, "records=0"]) == 0
    assert main(["explain", *small]) == 0
    assert "both arms:" not in capsys.readouterr().out  # nothing left to play


def test_a_seed_that_failed_is_left_out_of_bridge_and_deals_alike(tmp_path, capsys, monkeypatch):
    def sometimes(scenario, seed, *_):
        if seed == 2:
            raise ArithmeticError("seed 2 fails")
        return summary(scenario, seed, PARTS)

    monkeypatch.setattr("salesim.runs.summary.summary", sometimes)
    assert main(["explain", *SMALL[:-1], "seeds=5", *FEW, f"folder={tmp_path}"]) == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "runs failed, and the others were used without them" in text
    assert "sum to the difference in the records of every seed, to the cent" in text


def test_the_columns_of_the_bridge_add_up_as_they_are_shown():
    from salesim.report.text.printed import added_up

    totals = [place in (4, 7, 13) for place in range(14)]
    for seed in range(50):
        amounts = np.random.default_rng(seed).normal(size=14) * 100
        for place in np.flatnonzero(totals):
            amounts[place] = sum(amounts[n] for n in range(place) if not totals[n])
        shown = added_up(amounts.tolist(), totals)
        assert [shown[place] for place in (4, 7, 13)] == [round(amounts[place]) for place in (4, 7, 13)]
        for place in np.flatnonzero(totals):
            assert shown[place] == sum(shown[n] for n in range(place) if not totals[n])
        assert np.abs(np.array(shown) - amounts).max() < 2
