"""One difference has one interval, whoever is asked: run, sweep or explain."""

import pandas as pd
import pytest

from salesim.cli import main

SMALL = ("market.customers.count=60", "weeks=208", "market.selling.salespeople=3", "seeds=4")
FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left


def test_run_sweep_and_explain_have_the_same_interval_for_the_same_difference(tmp_path, monkeypatch):
    """Four seeds of three arms: it was -52,389 to 53,351 k$ a year in run and -293 to 1,254 in explain."""
    for module in ("config.compose_study", "analyses.sweep.spec"):
        monkeypatch.setattr(f"salesim.{module}.margins_of", lambda _: {"partner_margin": 0.5, "operating_profit_k": 1.0})
    words = [*SMALL, *FEW, "contest=alone", f"folder={tmp_path}"]
    assert main(["run", "experiment=three_strategies", *words]) == 0
    assert main(["explain", "arm=diagnostic", "against=pitch", *words]) == 0
    assert main(["sweep", "experiment=three_strategies", "strategy=pitch,diagnostic,rainmaking", "name=swept", *words]) == 0
    folder = tmp_path / "three_strategies"
    run = pd.read_parquet(folder / "differences.parquet").set_index(["arm", "measure"])
    bridge = pd.read_parquet(folder / "explain" / "bridge.parquet").set_index("step")
    ends = ["low", "high"]
    profit = run.loc[("diagnostic", "operating_profit_k"), ["difference", *ends]].tolist()
    assert profit == pytest.approx(bridge.loc["operating_profit", ["difference_k", *ends]].tolist())
    why = pd.read_parquet(folder / "bridge_differences.parquet")
    mine = why[(why["arm"] == "diagnostic") & (why["against"] == "pitch")].set_index("step")
    columns = ["arm_k", "against_k", "difference_k", *ends]
    assert mine[columns].to_numpy() == pytest.approx(bridge[columns].to_numpy())
    assert mine.index.tolist() == bridge.index.tolist()
    swept = pd.read_parquet(tmp_path / "swept" / "differences.parquet").set_index(["arm", "measure"])
    both = run[run["verdict"] != "baseline"]
    numbers = ["difference", *ends, "n"]
    assert swept.loc[both.index, numbers].to_numpy(float) == pytest.approx(both[numbers].to_numpy(float), nan_ok=True)
    assert set(swept.index) == set(both.index)
    assert swept.loc[both.index, "verdict"].tolist() == both["verdict"].tolist()
    assert "equivalent" in set(both["verdict"])
