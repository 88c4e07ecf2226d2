"""The numbers of a hand-out are those of runs, which the commands on its page repeat; and they are packed without loss."""

import base64
import json
import re
import shlex
from itertools import product

import numpy as np
import pytest

from salesim.classroom.handout.command import check_size
from salesim.classroom.handout.measured import blank
from salesim.classroom.handout.packing import band, packed
from salesim.classroom.handout.page import MOST_BYTES, page_of
from salesim.classroom.handout.spec import handout_of
from salesim.config.compose_study import study_of
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.metrics.tables import money
from salesim.model.schedule import play
from salesim.runs.store import scenario_key


def values_of(block):
    """What the page reads."""
    raw = np.frombuffer(base64.b64decode(block["text"]), f"<u{block['bytes']}")
    return (block["low"] + raw * block["step"]).reshape(block["shape"])


def repeated(tab, section, folder):
    """The study of the command under a chart, and the digits of its settings."""
    text = tab.inner_text(f"#{section}-source")
    words = shlex.split(tab.inner_text(f"#{section}-source code"))[2:]
    words = [word for word in words if word not in ("--config-dir", "own")]
    composer = Composer((folder / "own", configs_folder()), "run")
    return study_of(composer.words(words), composer, ""), re.search(r"Settings (\w{8})\.", text)[1]


@pytest.mark.parametrize("section", ["loops", "levers", "paths"])
def test_the_command_under_a_chart_repeats_its_runs(phone, folder, section):
    phone.locator("#switches input").nth(1).uncheck()
    phone.locator("#lever-choices select").select_option(index=0)
    phone.locator("#rounds select").nth(1).select_option(index=1)
    study, digits = repeated(phone, section, folder)
    assert list(study.all_seeds) == [3, 4, 5]
    assert scenario_key(study.arms[0].scenario)[:8] == digits


def test_the_margin_of_a_cut_is_that_of_all_deals_of_its_runs(phone, folder):
    phone.locator("#switches input").nth(0).uncheck()
    study, _ = repeated(phone, "loops", folder)
    runs = [money(play(study.arms[0].scenario, seed)) for seed in study.all_seeds]
    late = [1 - np.sum(run["cost_k"], axis=0)[-2:].sum() / np.sum(run["net_k"], axis=0)[-2:].sum() for run in runs]
    assert f"{100 * np.mean(late):.1f} %" in phone.inner_text("#loops-answer")


def test_the_profit_of_a_path_is_that_of_its_runs(phone, folder):
    phone.locator("#rounds select").nth(0).select_option(index=1)
    study, _ = repeated(phone, "paths", folder)
    profits = [play(study.arms[0].scenario, seed).weeks for seed in study.all_seeds]
    mean = np.mean([weeks.operating_profit_k[weeks.vendor == 0].sum() / 10 for weeks in profits])
    assert f"Profit: {mean / 1000:.1f} M$ a year" in phone.inner_text("#paths-answer")


def test_the_page_counts_the_paths_from_which_a_path_differs_by_no_more_than_chance(phone):
    profits = values_of(json.loads(phone.text_content("#numbers"))["blocks"]["paths"]["profit"])
    for first, second in product(range(2), repeat=2):
        for place, card in enumerate((first, second)):
            phone.locator("#rounds select").nth(place).select_option(index=card)
        own = 2 * first + second
        gaps = np.delete(profits[own] - profits, own, axis=0)
        alike = np.sum(np.abs(gaps.mean(axis=1)) <= gaps.std(axis=1, ddof=1) / np.sqrt(gaps.shape[1]))
        assert f"of 4 paths, from {alike} of which it differs by no more" in phone.inner_text("#paths-answer")


def test_a_second_call_makes_no_run_again_and_writes_the_same_page(handout, page, capsys):
    before = page.read_bytes()
    assert handout() == 0
    assert "All runs are finished already" in capsys.readouterr().out
    assert page.read_bytes() == before


def test_packed_numbers_are_half_a_step_away_at_most_and_a_band_never_narrower():
    values = np.random.default_rng(1).normal(0.3, 0.1, (7, 5, 10))
    block = packed(values, 2)
    assert np.abs(values_of(block) - values).max() <= 0.5001 * block["step"]
    parts = {name: values_of(block) for name, block in band(values).items()}
    assert np.all(parts["low"] <= values.min(axis=1) + 1e-12)
    assert np.all(parts["high"] >= values.max(axis=1) - 1e-12)
    assert np.all(packed(np.full(3, 2.5), 1)["low"] == 2.5)


def test_the_shipped_lesson_shows_every_cut_lever_point_and_path_on_a_small_page():
    spec = handout_of([], Composer((configs_folder(),), "handout"), "salesim handout")
    check_size(spec)
    assert len(page_of(spec, blank(spec)).encode()) < MOST_BYTES
    assert {kind: len(each) for kind, each in spec.scenarios.items()} == {"loops": 512, "levers": 375, "paths": 243}
    cut = spec.scenarios["loops"][0b11].market.loops
    assert [getattr(cut, name) for name in list(spec.lesson.loops)[:3]] == [0, 0, 1]
    paths = list(product(("pitch", "diagnostic", "rainmaking"), repeat=5))
    place = paths.index(("pitch", "diagnostic", "diagnostic", "pitch", "rainmaking"))
    plans = [(each.week, each.strategy.name) for each in spec.scenarios["paths"][place].vendors[0].initiatives]
    assert plans == [(104, "diagnostic"), (312, "pitch"), (416, "rainmaking")]


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("lesson=spirl", "there is no lesson named 'spirl'; did you mean spiral?"),
        ("cards=[pitch,diagnos]", "handout.cards has diagnos, which is no card of lesson small; did you mean diagnose?"),
        ("strategy=pitch", "strategy=pitch cannot be set here, as the lesson says it"),
        ("seeds=40", "handout.seeds is 40; it has to be a whole number from 2 to 20"),
        ("market.customers.count=60,80", "market.customers.count=60,80 has several values"),
    ],
)
def test_what_cannot_be_handed_out_is_refused_before_any_run(handout, capsys, word, message):
    assert handout(word) == 2
    assert message in capsys.readouterr().err


def test_a_page_that_would_be_too_large_is_refused(handout, capsys):
    assert handout("handout=standard", "lesson=spiral", "seeds=20", "--dry-run") == 2
    assert "the page would have" in capsys.readouterr().err
