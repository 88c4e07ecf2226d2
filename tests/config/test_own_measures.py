"""A user's own measures: the file `measures.py` of a `--config-dir` folder."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from salesim import open_study
from salesim.cli import main
from salesim.config.errors import InputError
from salesim.config.own_measures import OwnFile, adopt, measures_in
from salesim.metrics import METRICS, SHOWN, measured
from salesim.runs.executors import run_chunk
from salesim.runs.store import model_version
from salesim.runs.summary import measures_text
from salesim.runs.verify import verified
from tests.faults.cluster import cluster
from tests.records_factory import synthetic

SMALL = ["seeds=3", "weeks=13", "market.customers.count=20", "workers=1", "contest=alone"]
HEAD = "from salesim import measure\n@measure('Deals', unit='deals', better='down', equivalence_margin=2)\n"
DEALS = HEAD + "def deals_seen(records, vendor):\n    return len(records.deals)\n"


@pytest.fixture(autouse=True)
def without_own_measures():
    yield
    adopt(OwnFile())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "measures.py").write_text(DEALS)
    return tmp_path / "own"


def run(own: Path, *words: str) -> Path:
    folder = own.parent / "results"
    assert main([*words, *SMALL, f"folder={folder}", "--config-dir", str(own)]) == 0
    return folder


def test_an_own_measure_is_in_runs_differences_and_record(own: Path):
    folder = run(own, "run") / "three_strategies"
    runs, differences = (pd.read_parquet(folder / f"{name}.parquet") for name in ("runs", "differences"))
    assert runs["deals_seen"].min() >= 0
    mine = differences[differences["measure"] == "deals_seen"]
    assert mine[["title", "unit", "better"]].drop_duplicates().to_numpy().tolist() == [["Deals", "deals", "down"]]
    assert (folder / "measures.py").read_text() == DEALS
    adopt(OwnFile())
    assert "own measures were not checked: deals_seen" in verified(folder, 1).lines[-1]
    long = open_study(folder).long()
    assert set(long.loc[long["measure"] == "deals_seen", "unit"]) == {"deals"}


def test_an_own_measure_is_judged_with_its_own_equivalence_margin(own: Path):
    words = ["measures=[deals_seen]", "interim_analyses=[10]", "confirmation_seeds=10"]
    folder = own.parent / "results"
    small = [word for word in SMALL if not word.startswith("seeds")]
    assert main(["compare", *words, *small, f"folder={folder}", "--config-dir", str(own)]) == 0
    record = json.loads((folder / "compare_three_strategies" / "compare.json").read_text())
    assert record["equivalence_margins"] == {"deals_seen": 2.0}


def test_an_own_measure_is_in_the_tables_of_a_sweep(own: Path):
    folder = run(own, "sweep", "market.commoditization.pressure_per_week=0,0.002") / "sweep_three_strategies"
    assert "deals_seen" in set(pd.read_parquet(folder / "differences.parquet")["measure"])
    assert "deals_seen" in pd.read_parquet(folder / "points.parquet")


def test_verify_computes_own_measures_again_and_notices_when_their_copy_is_altered(own: Path, capsys):
    folder = run(own, "run", "series=[partners]") / "three_strategies"
    assert main(["verify", str(folder), "runs=1"]) == 0
    said = capsys.readouterr().out
    assert "computed again from the kept runs" in said
    assert "not covered" not in said
    (folder / "measures.py").write_text(f"{DEALS}\n")
    assert main(["verify", str(folder), "runs=1"]) == 1
    assert "measures.py was altered" in capsys.readouterr().out


def test_own_measures_end_with_the_command(own: Path):
    run(own, "run")
    assert "deals_seen" in METRICS
    main(["list"])
    assert "deals_seen" not in METRICS
    assert "deals_seen" not in SHOWN


def test_another_text_of_the_file_gives_runs_of_their_own():
    before = model_version()
    adopt(OwnFile("my/measures.py", DEALS))
    with_own = model_version()
    adopt(OwnFile("my/measures.py", f"{DEALS}\n"))
    assert len({before, with_own, model_version()}) == 3
    adopt(OwnFile())
    assert model_version() == before


def test_a_worker_that_does_not_have_the_file_computes_the_measure():
    file = OwnFile("elsewhere/measures.py", DEALS)
    adopt(file)
    version = model_version()
    adopt(OwnFile())  # as in a new process
    assert run_chunk((), measures_text, version, file) == []
    assert "deals_seen" in METRICS


def test_worker_processes_have_the_measure(own: Path):
    folder = run(own, "run", "executor=processes")
    assert pd.read_parquet(folder / "three_strategies" / "runs.parquet")["deals_seen"].notna().all()


def test_workers_of_a_cluster_have_the_measure(own: Path):
    with cluster(own.parent) as address:
        folder = run(own, "run", "executor=dask", f"executor.address={address}")
    assert pd.read_parquet(folder / "three_strategies" / "runs.parquet")["deals_seen"].notna().all()


def test_own_measures_cannot_change_the_records():
    writing = HEAD + "def wrong(records, vendor):\n    records.deals['price'] = 0\n    return 1\n"
    measures = measures_in(OwnFile("measures.py", writing))
    with pytest.raises(InputError, match=r"measures.py line 4: the measure wrong fails: ValueError: .*read-only"):
        measures["wrong"].function(synthetic(1), 0)


def test_own_measures_do_not_change_the_others():
    before = measured(synthetic(1))
    adopt(OwnFile("measures.py", DEALS))
    after = measured(synthetic(1))
    assert after.pop("deals_seen") == 300
    assert after == pytest.approx(before, nan_ok=True, rel=0)


BAD = {
    "": "has no measure",
    "x = (": r"line 1: '\(' was never closed",
    "import nowhere_at_all": "line 1: ModuleNotFoundError: No module named 'nowhere_at_all'",
    "import sys\nsys.exit(3)": "line 2: SystemExit: 3",
    DEALS.replace("'down'", "'less'"): "line 2: ValueError: better is 'less'; it has to be 'up' or 'down'",
    DEALS.replace(", equivalence_margin=2", ""): "line 2: TypeError: .*equivalence_margin",
    DEALS.replace("margin=2", "margin=0"): "line 2: ValueError: equivalence_margin is 0; it has to be a number above 0",
    DEALS.replace("margin=2", "margin=float('nan')"): "equivalence_margin is nan",
    DEALS.replace("'Deals'", "''"): "the title of a measure is ''",
    DEALS.replace("deals_seen", "win_rate"): "win_rate is the name of another column",
    DEALS.replace("deals_seen", "seed"): "seed is the name of another column",
    DEALS.replace("deals_seen", "win_rate_low"): "win_rate_low is the name of another column",
    HEAD.replace("@measure", "f = measure").rstrip() + "(lambda records, vendor: 1.0)": "write its function with def",
    DEALS.replace("len(records.deals)", "None"): "gives None",
    DEALS.replace(
        "len(records.deals)", "1 / len(records.deals)"
    ): "line 4: the measure deals_seen fails on a run without deals",
    DEALS.replace("len(records.deals)", "'many'"): "the measure deals_seen gives 'many'; it has to be a number",
    DEALS.replace("len(records.deals)", "float('inf')"): "gives inf",
    DEALS.replace("(records, vendor)", "(records)"): "TypeError",
}


@pytest.mark.parametrize("text", BAD)
def test_a_file_that_cannot_be_used_is_refused_before_any_run(text: str, own: Path, capsys: pytest.CaptureFixture[str]):
    (own / "measures.py").write_text(text)
    assert main(["run", *SMALL, f"folder={own.parent / 'results'}", "--config-dir", str(own)]) == 2
    said = capsys.readouterr().err
    assert re.search(BAD[text], said), said
    assert said.startswith(f"salesim: {own / 'measures.py'}")
    assert said.count("\n") == 1
    assert not (own.parent / "results").exists()


def test_a_measure_that_fails_in_a_run_is_said_before_the_runs(own: Path, capsys: pytest.CaptureFixture[str]):
    (own / "measures.py").write_text(DEALS.replace("len(records.deals)", "1 / (len(records.deals) == 0)"))
    assert main(["run", *SMALL, f"folder={own.parent / 'results'}", "--config-dir", str(own)]) == 2
    assert "line 4: the measure deals_seen fails: ZeroDivisionError" in capsys.readouterr().err
    assert not (own.parent / "results").exists()


def test_a_numpy_number_is_a_number(own: Path):
    text = DEALS.replace("return len(records.deals)", "import numpy as np; return np.float32(0.5)")
    assert measures_in(OwnFile("measures.py", text))["deals_seen"].function(synthetic(1), 0) == 0.5


def test_a_file_saved_by_a_windows_editor_is_read(own: Path):
    (own / "measures.py").write_bytes(b"\xef\xbb\xbf" + DEALS.replace("\n", "\r\n").encode())
    assert main(["list", "--config-dir", str(own)]) == 0
    assert "deals_seen" in METRICS


def test_the_file_leaves_no_trace_in_its_folder(own: Path):
    main(["list", "--config-dir", str(own)])
    assert [path.name for path in own.iterdir()] == ["measures.py"]
    assert "own_measures" not in sys.modules


def test_the_list_and_the_help_say_so(own: Path, capsys: pytest.CaptureFixture[str]):
    main(["list", "--config-dir", str(own)])
    assert "deals_seen" in capsys.readouterr().out
    main(["--help"])
    assert "run as Python code" in " ".join(capsys.readouterr().out.split())


def test_missing_values_stay_missing():
    adopt(OwnFile("measures.py", DEALS.replace("len(records.deals)", "float('nan')")))
    assert np.isnan(measured(synthetic(1))["deals_seen"])
