"""The pages keep up with the code: the ODD document, the decisions, the README and the page for contributors."""

import ast
import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from salesim.model.agents.customer import CUSTOMER, RELATION
from salesim.model.agents.executive import EXECUTIVE
from salesim.model.agents.partner import PARTNER
from salesim.model.agents.purchase import PURCHASE
from salesim.model.agents.salesperson import SALESPERSON
from salesim.model.agents.vendor import INITIATIVE, LEVERS, VENDOR
from salesim.model.parameters import Market
from salesim.model.schedule import PHASES

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "salesim"
ODD = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
EXPERIMENTS = sorted(path.stem for path in (ROOT / "configs" / "experiment").glob("*.yaml"))
SECTIONS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [
    tuple(name for name in layer.split(" | ") if not name.startswith("("))  # a name in brackets may be missing
    for contract in CONTRACTS
    if contract["type"] == "layers"
    for layer in contract["layers"]
]
HAND_WRITTEN = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")] + sorted((ROOT / "docs").rglob("*.md"))


def section(number: int) -> str:
    """Text of one of the seven sections."""
    return re.split(r"^## \d\. .*$", ODD, flags=re.MULTILINE)[number]


def rules() -> list[str]:
    """Names of all functions under `@rule` in the package."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src" / "salesim").rglob("*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return [f.name for f in functions if any(isinstance(d, ast.Name) and d.id == "rule" for d in f.decorator_list)]


def settings() -> set[str]:
    """Dotted names of all numbers of the market."""
    return {f"{group.name}.{number.name}" for group in fields(Market) for number in fields(group.type)}


def test_the_odd_document_has_its_seven_sections_in_order():
    assert re.findall(r"^## \d\. (.*)$", ODD, re.MULTILINE) == list(SECTIONS)


def processes() -> list[str]:
    """Names of the rules that have a paragraph."""
    return re.findall(r"^\*\*`(\w+)`\*\*\. \S", section(7), re.MULTILINE)


def helpers() -> dict[str, str]:
    """The rules that have a line, and the line."""
    return dict(re.findall(r"^- `(\w+)`: (\S.*)$(?=\n- `|\n\n|\n*\Z)", section(7), re.MULTILINE))


def test_every_rule_has_a_paragraph_or_a_line_and_each_of_them_a_rule():
    assert sorted([*processes(), *helpers()]) == sorted(rules())


def test_every_phase_has_a_paragraph():
    assert [name for name in PHASES if name not in processes()] == []


def test_the_document_has_the_phases_that_a_week_calls():
    assert re.findall(r"^\d+\. `(\w+)`", section(3), re.MULTILINE) == list(PHASES)


@pytest.mark.parametrize("kind", [CUSTOMER, RELATION, PURCHASE, VENDOR, INITIATIVE, SALESPERSON, EXECUTIVE, PARTNER])
def test_every_state_variable_is_named(kind):
    assert not [name for name in kind.names if f"`{name}`" not in section(2)]


def test_every_number_of_the_market_has_its_place_and_every_name_its_number():
    groups = "|".join(group.name for group in fields(Market))
    text = re.sub(r"\]\([^)]*\)", "]", ODD)  # without the targets of links
    used = set(re.findall(rf"(?<![\w/.])((?:{groups})\.[a-z]\w*)", text))
    assert sorted(settings() - used) == []
    assert sorted(used - settings()) == []


def test_every_lever_has_its_place():
    assert not [name for name in LEVERS.names or () if not re.search(rf"\b{name}\b", ODD)]


def test_decisions_are_numbered_and_say_why():
    assert [path.name[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    for path in DECISIONS:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(path.name[:4])}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_the_readme_lists_every_experiment_once():
    listed = re.findall(r"^\| \[(\w+)\]\(experiments/", README, re.MULTILINE)
    assert sorted(listed) == EXPERIMENTS


def test_the_readme_has_at_most_200_lines():
    assert len(README.splitlines()) <= 200


def test_the_tree_in_the_readme_names_the_layers_from_top_to_bottom_and_nothing_else():
    tree = README.split("src/salesim/", 1)[1].split("\ntests/", 1)[0]
    named = re.findall(r"^[├└]── (\S+)", tree, re.MULTILINE)
    assert sorted(named) == sorted({"cli.py"} | {f"{path.parent.name}/" for path in PACKAGE.glob("*/__init__.py")})
    assert [name.removesuffix(".py").rstrip("/") for name in named] == [name for layer in LAYERS for name in layer]


def test_the_page_for_contributors_shows_the_layers_of_the_import_contract():
    shown = re.search(r"^    (cli > .*)$", CONTRIBUTING, re.MULTILINE)
    assert shown is not None
    assert [tuple(layer.split(" | ")) for layer in shown[1].split(" > ")] == LAYERS


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_source_file_a_page_names_exists(page):
    text = page.read_text(encoding="utf-8")
    tops = "|".join(["src", "tests", "configs", "docs", "benchmarks", *(name for layer in LAYERS for name in layer)])
    places = set(re.findall(rf"`((?:{tops})/[\w/.]+)", text))
    assert not [place for place in places if not any((start / place.rstrip(".")).exists() for start in (ROOT, PACKAGE))]


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "compare",
        "sweep",
        "explore",
        "explain",
        "evidence",
        "fit",
        "classroom",
        "handout",
        "show",
        "list",
        "verify",
        "export",
    ],
)
def test_every_command_is_described(command):
    assert re.search(rf"^## .*\b{command}\b", COMMANDS, re.MULTILINE)
    assert f"salesim {command} " in COMMANDS
