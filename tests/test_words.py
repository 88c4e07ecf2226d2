"""The field's words are used, not private ones that once stood in their place."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("src", "tests", "docs", "configs", "experiments", "benchmarks")
PAGES = ("README.md", "CONTRIBUTING.md", "Makefile", "pyproject.toml")

# What is refused, and what to write instead.
PRIVATE = {
    r"\bluck(y|ily)?\b": "common random numbers, or chance",
    r"\bkeyed draws?\b": "counter-based random numbers",
    r"\b(stem|leaf)\(": "key, uniform",
    r"\b(born|grown)\(": "initialize, with_capacity",
    r"\b(draws|variates|week|windows|settings|ledger)\.py\b": "rng, beta_quantiles, schedule, views, parameters, records",
    r"\b(own_files|complaints|varying)\.py\b": "user_files, validation, axes",
    r"\b(ask|leave|say|tell|door|pieces|swept|where|why|tipping)\.py\b": "spec, save, narrative, console, html, root_finding",
    r"\bhabits?\b": "discount_expectation",
    r"\bwake\b": "prospecting_rate",
    r"\bbooks\b": "records",
    r"\bcommodity_belief\b": "perceived_sameness",
    r"\bshel(f|ves)\b": "RunStore",
    r"\b[Cc]lass (Known|Kept|Pool|Player|Bench|Look)\b": "RunIndex, LazyResult, executor, Runner, SampleSource, Theme",
    r"\bmatters[.:=[]": "equivalence_margins",
    r"\blooks[=:]|\bcompare\.looks\b|\b(each|every|all|first|last|interim) looks\b": "interim_analyses",
    r"\bfresh[ _]seeds?\b|\bfirst_fresh|\bcompare\.fresh\b": "confirmation_seeds",
    r"\brace\b": "selection",
    r"\bpaired\.gain\b": "variance_reduction",
    r"\bflipped deals\b|\bdeals that flip": "matched deals",
    r"\bthe door\b": "command line",
    r"\bthe house\b|\bhouse (tests|rules)\b|\brooms\b|\bcellars?\b": "package, modules, layers",
    r"\btally\b": "sums of the records, totals of the market",
}
VAGUE_NAMES = {"found", "asked", "told"}

# These name former settings on purpose: "did you mean" answers them.
FORMER_SETTINGS = tuple(
    Path(path)
    for path in (
        "src/salesim/config/errors.py",
        "tests/analyses/compare/test_bad_requests.py",
        "tests/config/test_bad_files.py",
    )
)


def texts() -> list[Path]:
    """All texts that people read, but for this file and those that name former settings."""
    suffixes = (".py", ".md", ".yaml", ".c", ".h")
    files = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    left_out = {Path(__file__), *(ROOT / path for path in FORMER_SETTINGS)}
    return [path for path in [*files, *(ROOT / page for page in PAGES)] if path not in left_out]


@pytest.mark.parametrize("pattern", PRIVATE, ids=PRIVATE.get)
def test_no_private_word_stands_where_the_field_has_one(pattern):
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in texts()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line, re.IGNORECASE)
    ]
    assert not lines, f"write {PRIVATE[pattern]} in\n" + "\n".join(lines)


def test_no_variable_is_named_for_the_way_its_value_was_obtained():
    places = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "src").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.arg) and node.arg in VAGUE_NAMES)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in VAGUE_NAMES)
    ]
    assert not places, f"say what it is (runs, intervals, spec) in {places}"
