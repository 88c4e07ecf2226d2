"""Commands as Python functions."""

import numpy as np
import pandas as pd
import pytest

import salesim
from salesim import compare, explain, run_study, sweep
from salesim.config.errors import InputError

SMALL = {"weeks": 13, "market.customers.count": 20, "workers": 1, "contest": "alone"}
PRESSURE = "market.commoditization.pressure_per_week"


def test_a_study_is_run_and_opened_without_a_word(tmp_path, capsys):
    study = run_study(seeds=np.int64(3), folder=tmp_path, name="mine", **SMALL)
    assert study.folder == tmp_path / "mine"
    assert len(study.runs) == 9
    assert study.record["failed"] == 0
    assert capsys.readouterr() == ("", "")


def test_words_are_those_of_the_command_line_and_the_record_repeats_them(tmp_path):
    study = sweep(f"{PRESSURE}=0,0.002", "strategy=pitch,diagnostic", seeds=2, folder=tmp_path, **SMALL)
    assert sorted(study.runs[PRESSURE].unique()) == [0.0, 0.002]
    assert study.record["command"].startswith(f"salesim sweep {PRESSURE}=0,0.002 strategy=pitch,diagnostic seeds=2")


def test_it_prints_what_the_command_prints_if_asked(tmp_path, capsys):
    run_study(seeds=2, folder=tmp_path, quiet=False, **SMALL)
    assert "Answer" in capsys.readouterr().out


def test_lists_none_and_numbers_are_taken(tmp_path):
    study = compare(measures=["win_rate"], interim_analyses=(10,), confirmation_seeds=10, budget=None, folder=tmp_path, **SMALL)
    assert set(study["statements"]["measure"]) == {"win_rate"}


def test_own_measures_are_found_with_config_dir(tmp_path):
    (tmp_path / "measures.py").write_text(
        "from salesim import measure\n@measure('Deals', unit='deals', better='up', equivalence_margin=2)\n"
        "def deals_seen(records, vendor):\n    return len(records.deals)\n"
    )
    study = run_study(seeds=2, folder=tmp_path / "results", config_dir=tmp_path, **SMALL)
    assert pd.api.types.is_numeric_dtype(study.runs["deals_seen"])


@pytest.mark.parametrize(("function", "settings"), [(run_study, {"seedz": 3}), (explain, {"weeks": 52}), (sweep, {"seeds": 0})])
def test_what_the_command_refuses_is_an_error_that_is_raised(function, settings, tmp_path, capsys):
    with pytest.raises(InputError):
        function(folder=tmp_path / "results", **settings)
    assert not (tmp_path / "results").exists()
    assert capsys.readouterr() == ("", "")


def test_a_dry_run_has_no_study(tmp_path):
    with pytest.raises(InputError, match="makes no study"):
        run_study("--dry-run", seeds=2, folder=tmp_path, **SMALL)


def test_every_name_of_the_package_is_there_and_says_what_it_is():
    for name in salesim.__all__:
        assert getattr(salesim, name)
    assert set(salesim._HOMES) | {"__version__"} == set(salesim.__all__)
