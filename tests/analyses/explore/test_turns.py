"""What would turn the answer of `salesim run` round, where the truth is planted: profit is replaced by a formula with noise."""

import re

import pandas as pd
import pytest

from salesim.analyses.explore import turns
from salesim.cli import main
from salesim.config.scenario import default_scenario
from salesim.report.study_files import read_study
from salesim.report.text.answer import answer_of
from salesim.runs import summary
from salesim.stats import intervals
from tests.analyses.explore.test_explore import normal

SMALL = (
    "run",
    "contest=alone",
    "market.customers.count=40",
    "market.selling.salespeople=2",
    "weeks=52",
    "seeds=8",
    "workers=1",
)
REAL = summary.summary
SHARE = "market.delivery.rework_share"
USUAL = default_scenario().market.delivery.rework_share
TIPS = {"pitch": 0.7 * USUAL, "rainmaking": 0.93 * USUAL}  # shares below which they earn more than diagnostic
ARMS = [f"experiment.arms.{name}=['strategy={name}','{SHARE}=0.3']" for name in ("pitch", "diagnostic", "rainmaking")]


def planted(scenario, seed, parts):
    """Diagnostic earns more than another arm where rework_share is above that of TIPS."""
    arm = scenario.vendors[0].strategy.name
    gains = {name: 1000.0 * (tip - TIPS["pitch"]) for name, tip in TIPS.items()}
    gain = (gains | {"diagnostic": 1000.0 * (scenario.market.delivery.rework_share - TIPS["pitch"])})[arm]
    result = REAL(scenario, seed, parts)
    result["measures"]["operating_profit_k"] = 500.0 + gain + 20.0 * normal(seed, 0) + 3.0 * normal(seed, len(arm))
    return result


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """A function: give the command with further words; returns the study's folder, and what was printed."""
    monkeypatch.setattr(intervals, "RESAMPLES", 1000)
    monkeypatch.setattr(summary, "summary", planted)

    def once(*words, code=0):
        assert main([*(words if words[:1] == ("explore",) else (*SMALL, *words)), f"folder={tmp_path}"]) == code
        return tmp_path / "three_strategies", " ".join("".join(capsys.readouterr()).split())

    return once


def hangs_on(folder):
    """The sentences of the answer on what it hangs on."""
    return answer_of(read_study(folder)).hangs_on


def shards(folder):
    """Names of all kept runs."""
    return sorted(file.as_posix() for file in folder.rglob("shard-*"))


def test_an_answer_says_where_it_turns_round_beside_the_baseline_and_beside_the_second_best(run):
    folder, printed = run()
    tips = pd.read_parquet(folder / "explore" / "turns_tipping.parquet").set_index("against")
    assert list(tips.index) == ["pitch", "rainmaking"]
    for against, truth in TIPS.items():
        row = tips.loc[against]
        assert (row["arm"], row["axis"]) == ("diagnostic", "rework_share")
        assert row["low"] <= truth <= row["high"]
        at = f"{row['at']:.3g} ({row['low']:.3g} to {row['high']:.3g})"
        sentence = next(words for words in hangs_on(folder) if "is ahead of diagnostic" in words and against in words)
        assert f" is below {at}: there {against} is ahead of diagnostic. It is set to {USUAL:g}" in sentence
        assert sentence.startswith("It turns round where rework_share (deliveries whose customer insists")
        assert sentence in printed
    assert re.search(r"All of it is about one market, and 6 of its \d\d uncertain numbers were checked\.", printed)


def test_an_answer_that_nothing_tried_turns_says_where_it_is_least_sure(run):
    folder, _ = run("uncertain=[market.delivery.rework,market.buying.convince_chance]")
    (beside_pitch, beside_second) = (words for words in hangs_on(folder) if "uncertain number" in words)
    bars = pd.read_parquet(folder / "explore" / "turns.parquet")
    least = bars[bars["against"] == "pitch"][["low_end", "high_end"]].to_numpy().min()
    assert beside_pitch.startswith(
        "None of 2 uncertain numbers by itself turns it round: diagnostic stays ahead of pitch at each"
    )
    assert f": by {least:.0f} (" in beside_pitch
    assert "ahead of rainmaking" in beside_second


def test_a_number_that_the_command_line_fixes_is_not_tried(run):
    folder, printed = run(f"{SHARE}=0.6")
    assert "at both ends of 5 uncertain numbers" in printed
    assert "rework_share" not in set(pd.read_parquet(folder / "explore" / "turns.parquet")["axis"])


def test_the_same_command_again_runs_nothing_and_says_the_same(run):
    folder, first = run()
    before = shards(folder)
    _, again = run()
    assert "All runs are finished already" in again
    assert "what would turn the answer round, 6 numbers" in first
    assert "what would turn the answer round, 6 numbers" not in again
    assert shards(folder) == before
    assert first[first.index("Answer") :] == again[again.index("Answer") :]


def test_a_command_stopped_while_it_tries_its_answer_leaves_a_whole_study_and_goes_on(run, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(turns, "tables_of", stop)
        folder, _ = run(code=130)
    assert answer_of(read_study(folder)) is not None
    assert not (folder / "explore" / "turns.json").exists()
    _, printed = run()
    assert re.search(r"About .* for the \d+ that are left|All runs are finished already|What", printed)
    assert "what would turn the answer round, 6 numbers" not in printed  # they were kept
    assert any(words.startswith("It turns round") for words in hangs_on(folder))


def test_without_uncertain_numbers_nothing_is_tried_and_nothing_is_left_of_it(run):
    folder, _ = run()
    _, printed = run("uncertain=[]")
    assert "turn the answer round," not in printed
    assert not list((folder / "explore").glob("turns*"))
    assert "Find out which of the uncertain numbers the answer hangs on" in printed


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("uncertain=[market.delivery.rewrk]", "market.delivery.rewrk is not a setting; did you mean market.delivery.rework"),
        ("uncertain=[market.customers.count]", "study.uncertain names market.customers.count, which has no declared range"),
    ],
)
def test_numbers_that_do_not_exist_or_have_no_range_are_refused_before_any_run(run, word, said):
    folder, printed = run(word, code=2)
    assert said in printed
    assert not folder.exists()


def test_a_number_that_every_arm_sets_is_left_out_unless_it_was_asked_for(run):
    _, printed = run(*ARMS, "--dry-run")
    assert "at both ends of 5 uncertain numbers" in printed
    _, printed = run(*ARMS, f"uncertain=[{SHARE}]", code=2)
    assert f"every arm of experiment three_strategies sets {SHARE}" in printed


@pytest.mark.parametrize("word", ["experiment=margin_spiral", "seeds=4", "experiment=null"])
def test_an_answer_about_no_choice_or_of_few_seeds_is_not_tried(tmp_path, capsys, word):
    kept = [each for each in SMALL if not each.startswith(word.partition("=")[0])]
    assert main([*kept, word, f"folder={tmp_path}", "--dry-run"]) == 0
    assert "turn the answer round" not in capsys.readouterr().out


def test_a_whole_tornado_beside_the_study_says_more_and_is_kept(run):
    run(
        "explore",
        "tornado=true",
        *SMALL[1:-2],
        "workers=1",
        f"{SHARE}=interval(0.05,0.8)",
        "tornado_seeds=8",
        "tipping_seeds=24",
    )
    folder, printed = run()
    assert (folder / "explore" / "tornado.json").is_file()
    files = read_study(folder)
    assert files.tornado is not None
    first = next(words for words in hangs_on(folder) if words.startswith("It turns round"))
    tip = files.tornado.tables["tornado_tipping"].set_index("arm").loc["diagnostic"]
    assert f"is below {tip['at']:.3g} ({tip['low']:.3g} to {tip['high']:.3g}): there pitch is ahead" in first
    assert "uncertain numbers were checked" not in printed


def test_a_tornado_of_another_measure_or_a_table_that_is_missing_leaves_the_answer_as_it_is(run):
    folder, _ = run("uncertain=[market.delivery.rework]")
    whole = hangs_on(folder)
    more = ("measure=win_rate", "market.delivery.rework=interval(0,2.5)", "tornado_seeds=4", "tipping_seeds=24")
    run("explore", "tornado=true", *SMALL[1:-2], "workers=1", *more)
    assert read_study(folder).tornado is not None
    assert hangs_on(folder) == whole
    (folder / "explore" / "turns.parquet").unlink()
    assert not [words for words in hangs_on(folder) if "uncertain number" in words]


def test_verify_covers_what_was_tried_and_computes_it_again(tmp_path, capsys):
    assert main([*SMALL, f"folder={tmp_path}"]) == 0
    folder, table = tmp_path / "three_strategies", tmp_path / "three_strategies" / "explore" / "turns.csv"
    assert main(["verify", str(folder)]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "not covered" not in said
    assert ": the same" in said.rpartition("computed again from the kept runs")[2]
    table.write_text(table.read_text().replace("rework", "work"))
    assert main(["verify", str(folder)]) == 1
    assert "explore/turns.csv was altered" in " ".join(capsys.readouterr().out.split())
