import runpy
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def test_odd_is_current_and_names_every_rule():
    made = runpy.run_path(str(DOCS / "make_odd.py"))
    assert (DOCS / "odd.md").read_text(encoding="utf-8") == made["odd"]()
    package = made["PACKAGE"]
    homes = {
        str(path.relative_to(package)) for path in package.rglob("*.py") if "\n@rule\n" in path.read_text(encoding="utf-8")
    }
    assert homes == {place for place, _ in made["ROOMS"]}


def test_every_rule_says_what_it_does():
    made = runpy.run_path(str(DOCS / "make_odd.py"))
    rules = [rule for place, _ in made["ROOMS"] for rule in made["rules_of"](made["PACKAGE"] / place)]
    assert len(rules) > 100
    assert [name for name, text in rules if len(text) < 20] == []
