"""A section says of what it was made, and where the rest of its page was made of something else."""

import json

import pytest

from salesim.cli import main
from salesim.report.text.origin import differences

SMALL = ("market.customers.count=40", "weeks=208", "market.selling.salespeople=2", "contest=alone", "records=0")
FEW = tuple(f"market.loops.{name}=0" for name in ("selling_sameness", "product_lead", "word_of_mouth"))  # 64 subsets are left


@pytest.fixture
def study(tmp_path):
    """A function: leave a study's record and settings; gives its folder."""

    def left(**changes):
        page = {"seeds": [1, 2], "keys": {"alone/pitch": "p", "alone/diagnostic": "d"}, "model": "m"} | changes
        (tmp_path / "study.json").write_text(json.dumps(page))
        return tmp_path

    return left


def section(**changes):
    keys = {"alone/pitch": "p", "alone/diagnostic": "d"}
    return {"seeds": [1, 2], "keys": keys, "model": "m"} | changes


def test_a_section_of_the_same_runs_has_nothing_to_remark(study, tmp_path):
    assert differences(section(), tmp_path) == []  # not run yet
    assert differences(section(), study()) == []
    assert differences(section(seeds=5), study()) == []  # an exploration has seeds of its own by nature


def test_other_seeds_arms_versions_and_settings_are_said(study):
    found = differences(section(seeds=[1, 2, 3], model="n", keys={"alone/pitch": "p", "alone/diagnostic": "e"}), study())
    assert found == [
        "here are 3 seeds (1 to 3), there 2 seeds (1 to 2)",
        "the model was of another version; give both commands again",
        "other settings are behind diagnostic (alone against its rivals); compare the commands",
    ]
    keys = {"everyone/pitch": "q", "everyone/hold_and_teach": "r", "alone/pitch": "p"}
    (missing,) = differences(section(keys=keys), study())
    assert missing == "it does not show pitch, hold and teach (the whole market sells this way)"
    assert differences(section(), study(kind="sweep")) == ["that is of a sweep"]


def test_a_page_with_other_seeds_says_so_at_the_head_of_the_section_and_on_the_terminal(tmp_path, capsys):
    words = [*SMALL, *FEW, f"folder={tmp_path}"]
    page = tmp_path / "three_strategies" / "report.html"
    assert main(["run", *words, "seeds=2"]) == 0
    assert main(["explain", *(word for word in words if word != "records=0"), "seeds=4"]) == 0
    said = "here are 4 seeds (1 to 4), there 2 seeds (1 to 2)"
    assert said in " ".join(capsys.readouterr().out.split())
    text = page.read_text(encoding="utf-8")
    assert "From 4 seeds (1 to 4) of diagnostic and pitch, alone against its rivals." in text
    assert f"Not made of the same runs as the rest of the report: {said}." in text
    assert main(["run", *words, "seeds=4"]) == 0
    assert "Not made of the same runs" not in page.read_text(encoding="utf-8")
