"""The examples run: the notebook, the company of twelve numbers, and the market in Mesa's browser interface."""

import re
import runpy
import shlex
from pathlib import Path

import nbformat
import pytest
import yaml
from nbclient import NotebookClient

from salesim.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
NOTEBOOKS = sorted(EXAMPLES.rglob("*.ipynb"))
QUICK = {  # for the tests alone
    "run": ["weeks=40", "seeds=2", "workers=1"],
    "explain": ["weeks=208", "market.customers.count=40", "seeds=4", "workers=1"],
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom_and_is_kept_without_output(path, tmp_path):
    notebook = nbformat.read(path, 4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace("SEEDS = 6", "SEEDS = 2").replace("weeks=260", "weeks=104")
    NotebookClient(notebook, kernel_name="python3", timeout=120).execute(cwd=tmp_path)
    shown = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("application/vnd.plotly.v1+json" in output.get("data", {}) for output in shown)


def test_the_commands_of_the_company_end_well(tmp_path, monkeypatch, capsys):
    block = re.search(r"```sh\n(.*?)```", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    for line in block[1].splitlines():
        words = shlex.split(line.replace("examples/our_company", str(EXAMPLES / "our_company")))[1:]
        monkeypatch.chdir(tmp_path)
        assert main([*words, *QUICK.get(words[0], [])]) == 0, capsys.readouterr().err
    report = (tmp_path / "results" / "our_question" / "report.html").read_text(encoding="utf-8")
    assert "let executives own the top accounts" in report


def test_the_company_has_twelve_numbers_with_unit_meaning_and_source():
    path = EXAMPLES / "our_company" / "market" / "our_market.yaml"
    groups = {key: value for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items() if key != "defaults"}
    numbers = [line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"  \w+: ", line)]
    assert sum(map(len, groups.values())) == len(numbers) == 12
    assert all(line.partition("#")[2].count(";") == 2 for line in numbers)


def test_the_market_is_a_page_of_mesas_browser_interface():
    pytest.importorskip("solara", reason="it comes with mesa[viz]")
    page = runpy.run_path(str(EXAMPLES / "mesa_app" / "app.py"))
    for _ in range(60):
        page["market"].step()
    year = page["market"].datacollector.get_model_vars_dataframe()
    assert year["gross margin of the last 52 weeks (%)"].between(0, 100).any()
    assert set(page["settings"]["model_reporters"]) <= set(year)
