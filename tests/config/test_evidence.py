"""The declared evidence is complete, and no entry contradicts another."""

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
READ = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (ROOT / "configs" / "evidence").glob("*.yaml")}
FACTS, CLAIMS, AIMS, LIMITS = (READ[name] for name in ("facts", "claims", "aims", "limits"))
KEYS = {
    "facts": {"what", "role", "checked", "source", "band", "measured", "period", "asks"}
    | {"how", "of", "arms", "step", "least", "vendor", "setting", "levels"},
    "claims": {"claim", "observable", "confirmed", "refuted", "rule", "aimed", "asks", "tests", "turns"},
    "aims": {"what", "band"},
    "limits": {"what", "source", "test", "asks"},
}


@pytest.mark.parametrize("name", KEYS)
def test_entries_have_known_keys_only(name):
    assert set().union(*READ[name].values()) <= KEYS[name]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_has_a_role_a_source_and_a_letter(fact):
    entry = FACTS[fact]
    assert entry["role"] in ("fitted", "predicted", "examined", "built in")
    assert entry["checked"] in "ABCD"
    assert entry["source"]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_can_be_asked_says_how_and_within_which_band(fact):
    entry = FACTS[fact]
    assert ("measured" in entry) != ("asks" in entry)
    if entry["role"] != "built in" and "asks" not in entry:
        low, high = entry["band"]
        assert (low is None) + (high is None) <= 1
        assert low is None or high is None or low < high


def test_at_most_fourteen_facts_are_fitted_and_none_of_them_from_memory():
    fitted = [fact for fact in FACTS.values() if fact["role"] == "fitted"]
    assert len(fitted) <= 14
    assert all(fact["checked"] != "D" and "asks" not in fact for fact in fitted)


def test_all_35_claims_are_there_and_what_keeps_one_from_being_claimed_is_named_once():
    assert len(CLAIMS) == 35
    assert all(sum(key in claim for key in ("rule", "aimed", "asks")) <= 1 for claim in CLAIMS.values())
    assert {claim["aimed"] for claim in CLAIMS.values() if "aimed" in claim} <= set(AIMS)


def test_a_limit_names_a_test_that_exists_or_what_is_missing():
    tree = ast.parse((ROOT / "tests" / "model" / "test_limits.py").read_text(encoding="utf-8"))
    tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert all(limit.get("test") in tests or ("asks" in limit and "test" not in limit) for limit in LIMITS.values())
