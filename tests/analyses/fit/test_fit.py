"""`salesim fit`: worlds have the given numbers, it resumes, workers do not matter, and what cannot be reached is named."""

import json

import numpy as np
import pandas as pd
import pytest
import yaml

from salesim.analyses.fit.spec import fit_of
from salesim.cli import main
from salesim.config.config_files import configs_folder
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import default_scenario
from salesim.model.schedule import play
from salesim.runs.summary import summary
from tests.analyses.crm.crm_export import MAPPING, export_of, last_day

SMALL = (
    "market=reference",
    "weeks=104",
    "market.customers.count=60",
    "points=100",
    "wave_points=50",
    "waves=1",
    "worlds=20",
    "checks=3",
)
TWO = ("'market.bargaining.unit_cost_share=interval(0.2,0.7)'", "'market.buying.need_chance=interval(0.01,0.04)'")
OTHERS = [
    "buying.convince_chance=0.1", "buying.stall_chance=0.05", "buying.status_quo_level=-0.3",
    "commoditization.taste_spread=0.3",
    "commoditization.pressure_per_week=0.001", "customers.price_weight=1.0", "customers.complexity_a=2.0",
    "people.leave_per_year=0.1", "trust.loss=0.5", "executives.cost_per_hour_k=0.4",
    "delivery.rework=1.59", "delivery.rework_share=0.295",
]  # fmt: skip
WORDS = (*SMALL, *(word.strip("'") for word in TWO), *(f"market.{word}" for word in OTHERS))
COST = 0.35  # share of list, of the market that is fitted


@pytest.fixture
def numbers(tmp_path):
    """A file with two numbers of a market whose unit cost is COST, each with a small error."""
    fixed = dict(word.split("=") for word in OTHERS)
    settings = {f"market.{key}": float(value) for key, value in fixed.items()}
    small = {"market": "reference", "weeks": 104, "market.customers.count": 60, "market.buying.need_chance": 0.02}
    scenario = default_scenario(**settings, **small, **{"market.bargaining.unit_cost_share": COST})
    runs = [summary(scenario, 500 + seed, ("measures",))["measures"] for seed in range(4)]
    means = {name: float(np.mean([run[name] for run in runs])) for name in ("gross_margin", "deals_won")}
    return written(tmp_path, {name: {"value": value, "standard_error": 0.02 * value} for name, value in means.items()})


def written(folder, targets):
    file = folder / "numbers.yaml"
    file.write_text(yaml.safe_dump(targets))
    return file


def table(folder, name):
    return pd.read_csv(folder / "ours" / "fit" / f"{name}.csv")


def fitted(file, folder, *more):
    replaced = {word.partition("=")[0] for word in more}
    words = [word for word in WORDS if word.partition("=")[0] not in replaced]
    return main(["fit", f"targets={file}", *words, f"folder={folder}", *more])


def test_worlds_have_the_numbers_and_the_setting_behind_them_lies_in_its_range(tmp_path, numbers, capsys):
    assert fitted(numbers, tmp_path, "workers=1") == 0
    members, settings = table(tmp_path, "members"), table(tmp_path, "settings").set_index("name")
    assert members["kept"].mean() >= 0.8
    assert members["weight"].sum() == pytest.approx(1.0)
    low, high, left = settings.loc["unit_cost_share", ["range_low", "range_high", "spread_left"]]
    assert low - 0.02 <= COST <= high + 0.02
    assert left < 0.5
    text = capsys.readouterr().out
    assert "210 runs: 100 over the priors, 50 in 1 wave, and 60 for 20 worlds with 3 seeds" in text
    assert "Does it resemble your market?" in (tmp_path / "ours" / "report.html").read_text()


def test_a_member_run_again_by_hand_has_the_numbers_of_its_row(tmp_path, numbers):
    assert fitted(numbers, tmp_path, "workers=1") == 0
    member = table(tmp_path, "members").iloc[3]
    settings = {key: member[key] for key in member.index if key.startswith("market.")}
    fixed = {f"market.{key}": float(value) for key, value in (word.split("=") for word in OTHERS)}
    scenario = default_scenario(**{"market": "reference", "weeks": 104, "market.customers.count": 60} | fixed | settings)
    first = 1 + 100 + 50 + 3 * 3
    runs = [summary(scenario, seed, ("measures",))["measures"]["gross_margin"] for seed in range(first, first + 3)]
    assert member["gross_margin"] == pytest.approx(np.mean(runs))


def test_the_same_ensemble_comes_from_processes_and_after_a_stop(tmp_path, numbers, capsys):
    assert fitted(numbers, tmp_path / "one", "workers=1") == 0
    assert fitted(numbers, tmp_path / "two", "workers=2", "executor=processes", "points=64") == 0  # some of the runs
    assert fitted(numbers, tmp_path / "two", "workers=2", "executor=processes") == 0
    one, two = ((tmp_path / name / "ours" / "fit" / "members.csv").read_bytes() for name in ("one", "two"))
    assert one == two
    capsys.readouterr()
    assert fitted(numbers, tmp_path / "one", "workers=1") == 0
    assert "markets of the priors: " not in capsys.readouterr().out  # no run was missing


def test_the_central_market_can_be_shown_and_run(tmp_path, numbers, capsys):
    assert fitted(numbers, tmp_path, "workers=1") == 0
    capsys.readouterr()
    own = f"--config-dir={tmp_path / 'ours' / 'fit'}"
    assert main(["show", "market.bargaining", "market=ours", own]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "fitted" in text
    assert "Does it resemble your market?" in text
    assert main(["run", "market=ours", own, "experiment=null", "weeks=10", "seeds=1", f"folder={tmp_path / 'run'}"]) == 0
    resolved = yaml.safe_load((tmp_path / "run" / "only_pitch" / "resolved.yaml").read_text())
    central = table(tmp_path, "members").query("central").iloc[0]
    shares = resolved["scenario"]["market"]
    assert shares["bargaining"]["unit_cost_share"] == central["market.bargaining.unit_cost_share"]
    assert shares["customers"]["count"] == 60


def test_a_number_that_no_market_has_is_named_and_no_market_is_written(tmp_path, numbers, capsys):
    assert fitted(numbers, tmp_path, "workers=1") == 0
    written(tmp_path, {"gross_margin": {"value": 0.95, "standard_error": 0.01}})
    assert fitted(numbers, tmp_path, "workers=1") == 1
    text = " ".join(capsys.readouterr().out.split())
    assert "Out of reach: no market of the priors has gross margin of deals won 95.0 %" in text
    assert not (tmp_path / "ours" / "fit" / "market" / "ours.yaml").exists()
    record = json.loads((tmp_path / "ours" / "fit" / "fit.json").read_text())
    assert (record["kept"], record["runs"]) == (0, 130)  # 10 markets were made for it, and run with 3 seeds


def test_without_one_of_the_numbers_the_ranges_are_wider(tmp_path, numbers):
    assert fitted(numbers, tmp_path / "both", "workers=1", "worlds=60") == 0
    given = yaml.safe_load(numbers.read_text())
    written(tmp_path, {"deals_won": given["deals_won"]})
    assert fitted(numbers, tmp_path / "one", "workers=1", "worlds=60") == 0
    both, one = (table(tmp_path / name, "settings").set_index("name")["spread_left"] for name in ("both", "one"))
    assert one["unit_cost_share"] > 2.0 * both["unit_cost_share"]
    assert one["unit_cost_share"] > 0.8  # nothing else knows it


def test_numbers_that_nobody_has_written_yet_are_asked_for_with_an_example(capsys):
    assert main(["fit", "targets=nobodys_numbers.yaml"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "targets is nobodys_numbers.yaml, and there is no such file; write one, with lines such as `win_rate: {" in said


def test_the_reasons_of_the_priors_are_printed_before_any_run_and_by_show(tmp_path, numbers, capsys):
    assert main(["fit", f"targets={numbers}", "market=reference", f"folder={tmp_path / 'out'}", "--dry-run"]) == 0
    assert "prior: from software-like to hardware-like cost" in " ".join(capsys.readouterr().out.split())
    assert main(["show", "fit.priors"]) == 0
    assert "a purchase every 4" in capsys.readouterr().out


def test_verify_checks_the_files_of_a_fit(tmp_path, numbers, capsys):
    assert fitted(numbers, tmp_path, "workers=1") == 0
    assert main(["verify", str(tmp_path / "ours"), "runs=2"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "the same" in text.rpartition("computed again from the kept runs")[2]
    assert "not covered" not in text
    for name in ("members.csv", "market/ours.yaml"):
        file = tmp_path / "ours" / "fit" / name
        whole = file.read_bytes()
        file.write_bytes(whole.replace(b"0", b"1", 1))
        assert main(["verify", str(tmp_path / "ours"), "runs=2"]) == 1
        assert f"fit/{name} was altered" in capsys.readouterr().out
        file.write_bytes(whole)


def test_a_setting_that_the_numbers_do_not_touch_is_called_unknown(tmp_path, capsys):
    words = ["market.executives.cost_per_hour_k=interval(0.2,0.8)", "market.buying.need_chance=0.02", "worlds=80"]
    file = written(tmp_path, {"gross_margin": {"value": 0.5, "standard_error": 0.01}})
    assert fitted(file, tmp_path, *words) == 0
    settings = table(tmp_path, "settings").set_index("name")
    assert settings["unknown"].to_dict() == {"unit_cost_share": False, "cost_per_hour_k": True}
    said = " ".join(capsys.readouterr().out.split())
    assert "the numbers narrow 1 setting (unit_cost_share); as unknown as before: cost_per_hour_k." in said


def test_a_setting_of_the_users_market_file_that_may_change_is_named(tmp_path, capsys):
    (tmp_path / "market").mkdir()
    (tmp_path / "market" / "mine.yaml").write_text("defaults: [reference, _self_]\ncustomers: {complexity_a: 3.0, count: 60}\n")
    file = written(tmp_path, {"gross_margin": {"value": 0.5, "standard_error": 0.01}})
    asked = ["fit", f"targets={file}", "market=mine", "--config-dir", str(tmp_path), f"folder={tmp_path}", "--dry-run"]
    assert main(asked) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "Your market file gives market.customers.complexity_a, which may change all the same" in said
    assert main([*asked, "market.customers.complexity_a=3"]) == 0
    assert "Your market file" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("targets", "words", "message"),
    [
        ({"win_rates": {"value": 0.2, "standard_error": 0.1}}, [], "line 1: win_rates is not a measure; did you mean win_rate"),
        ({"win_rate": 0.2}, [], "it has to have a value and a standard_error"),
        ({"win_rate": {"value": "high", "tolerance": 0.1}}, [], "value of win_rate is 'high'"),
        ({"win_rate": {"value": 25, "tolerance": 1}}, [], "write 0.25 for 25 %"),
        ({"win_rate": {"value": 0.2, "standard_error": -1}}, [], "it has to be 0 or more"),
        ({"margin_fall": {"value": 0.2, "standard_error": 1}}, [], "fewer than 208 weeks"),
        ({"win_rate": {"value": 0.2, "standard_error": 0.1}}, ["points=50", "market.trust.gain=interval(0.1,0.3)",
          "market.trust.norm=interval(0.1,0.3)", "market.trust.initial=interval(0.1,0.3)",
          "market.worth.lead=interval(0.1,0.3)"], "6 settings need 56 runs or more"),
        ({"win_rate": {"value": 0.2, "standard_error": 0.1}}, ["wave_points=20", "market.trust.gain=interval(0.1,0.3)",
          "market.trust.norm=interval(0.1,0.3)", "market.trust.initial=interval(0.1,0.3)",
          "market.worth.lead=interval(0.1,0.3)"], "6 settings need 28 or more in a wave"),
        ({"win_rate": {"value": 0.2, "standard_error": 0.1}}, ["strategy.systems.coaching=interval(0,1)"], "the market alone"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_before_any_run(tmp_path, capsys, targets, words, message):
    file = written(tmp_path, targets)
    assert fitted(file, tmp_path / "out", *words) == 2
    error = capsys.readouterr().err
    assert message in error
    assert not (tmp_path / "out").exists()


@pytest.fixture
def export(tmp_path):
    """An export that a market whose unit cost is COST has written, its mapping, and the words of a fit."""
    settings = {f"market.{key}": float(value) for key, value in (word.split("=") for word in OTHERS)}
    more = {"market.buying.need_chance": 0.02, "market.bargaining.unit_cost_share": COST, "market.customers.count": 300}
    more |= {"market.selling.salespeople": 8}
    file, mapping = tmp_path / "export.csv", tmp_path / "mapping.yaml"
    export_of(play(default_scenario(**settings, **more, market="reference", weeks=221), 12)).to_csv(file, index=False)
    mapping.write_text(f"{MAPPING}last_day: {last_day(221)}\nleave_out: [won_per_seller, weeks_to_win]\n")
    return [
        f"export={file}",
        f"mapping={mapping}",
        "weeks=208",
        "market.customers.count=300",
        "market.selling.salespeople=8",
        "workers=1",
    ]


def fit_of_export(export, folder, *more):
    replaced = {word.partition("=")[0] for word in export}
    words = [word for word in WORDS if word.partition("=")[0] not in replaced]
    return main(["fit", *words, *export, f"folder={folder}", *more])


def test_an_export_becomes_an_ensemble_in_which_its_setting_lies_and_its_last_quarter_is_scored(tmp_path, export, capsys):
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    assert fit_of_export(export, tmp_path / "out") == 0
    settings = table(tmp_path / "out", "settings").set_index("name")
    low, high = settings.loc["need_chance", ["range_low", "range_high"]]
    assert low <= 0.02 <= high
    record = json.loads((tmp_path / "out" / "ours" / "fit" / "fit.json").read_text())
    assert {row["measure"] for row in record["quarter"]} == set(record["measures"])
    assert sum(abs(row["z"]) < 3.0 for row in record["quarter"]) >= len(record["quarter"]) - 1
    assert "Is the last quarter, which was held back, predicted?" in capsys.readouterr().out
    assert "How your export was read" in (tmp_path / "out" / "ours" / "report.html").read_text()
    assert {file: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before
    kept = [file.read_text(errors="ignore") for file in (tmp_path / "out").rglob("*") if file.is_file()]
    assert not [text for text in kept if "006000" in text]  # no row of the export


def test_numbers_of_a_file_come_before_those_of_an_export(tmp_path, export, capsys):
    file = written(tmp_path, {"discount": {"value": 0.31, "standard_error": 0.01}})
    assert fit_of_export(export, tmp_path / "out", f"targets={file}", "--dry-run") == 0
    spec = fit_of([*export, f"targets={file}", f"folder={tmp_path / 'out'}"], Composer((configs_folder(),), "fit"), "")
    assert [(target.value, target.standard_error) for target in spec.targets if target.measure == "discount"] == [(0.31, 0.01)]
    assert "win_rate" not in [target.measure for target in spec.targets]
    assert "won_in_year" in [target.measure for target in spec.targets]


def test_without_numbers_it_says_how_to_give_them(capsys):
    assert main(["fit"]) == 2
    assert "targets=FILE" in capsys.readouterr().err
