"""What the pages say is so: their code runs, their links lead somewhere, and generated pages are up to date."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from salesim.cli import main
from salesim.config.scenario import default_scenario
from salesim.model.schedule import play
from tests.analyses.crm.crm_export import export_of

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").rglob("*.md"))
PAGES += sorted((ROOT / "experiments").glob("*/README.md"))
PAGES.append(ROOT / "examples" / "README.md")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_a_page_runs(page, tmp_path):
    code = "\n".join(blocks(page, "python"))
    ended = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    inner = [link for link in links if "://" not in link]
    assert not [link for link in inner if not (page.parent / link).exists()]


@pytest.mark.parametrize(("maker", "page"), [("make_records", "records.md"), ("make_evidence", "evidence.md")])
def test_a_generated_page_is_up_to_date(maker, page):
    found = importlib.util.spec_from_file_location(maker, ROOT / "docs" / f"{maker}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == module.page(), "run `make docs`"


QUICK = {  # for the tests alone
    "fit": ["weeks=156", "points=250", "wave_points=120", "waves=1", "worlds=30", "checks=2", "workers=1"],
    "show": [],
    "run": ["weeks=20", "seeds=2", "workers=1"],
}


def test_the_commands_of_the_page_about_a_crm_lead_from_an_export_to_a_report(tmp_path, monkeypatch):
    page = ROOT / "docs" / "from_your_crm.md"
    mapping, numbers = blocks(page, "yaml")
    scenario = default_scenario(**{"market.customers.count": 300, "market.bargaining.unit_cost_share": 0.45, "weeks": 200})
    export_of(play(scenario, 4)).to_csv(tmp_path / "opportunities.csv", index=False)
    (tmp_path / "mapping.yaml").write_text(mapping)
    (tmp_path / "numbers.yaml").write_text(numbers)
    monkeypatch.chdir(tmp_path)
    for line in "".join(blocks(page, "sh")).splitlines():
        _, *words = shlex.split(line)
        quick = QUICK[words[0]]
        replaced = {word.partition("=")[0] for word in quick}
        assert main([*(word for word in words if word.partition("=")[0] not in replaced), *quick]) == 0, line
    assert "that have your numbers" in (tmp_path / "results" / "three_strategies" / "report.html").read_text()
