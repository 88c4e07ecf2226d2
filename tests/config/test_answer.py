"""What an experiment declares of its answer is checked before any run."""

import pytest

from salesim.cli import main
from salesim.config.answer import AnswerSettings, check_answer, with_threshold
from salesim.config.compose_study import study_of
from salesim.config.config_files import choices, configs_folder
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer

KINDS = {
    "cisco_channel": "best", "cisco_sponsorship": "best", "margin_spiral": "fall", "motive_diagnostic": "first_ahead",
    "simple_and_busy": "contrast", "three_strategies": "reversal", "tired_of_programmes": "contrast",
}  # fmt: skip


def study(*words: str):
    return study_of([*words], Composer([configs_folder()]), "salesim run")


def test_every_shipped_experiment_declares_the_answer_of_its_own_question():
    assert {name: study(f"experiment={name}").answer.kind for name in choices("experiment", [configs_folder()])} == KINDS


def test_without_a_declaration_the_answer_is_the_arm_with_the_best_profit():
    assert study("experiment=null").answer == AnswerSettings(threshold=100)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            {"pairs": (("pitch", "diagnstic"),)},
            "experiment.answer.pairs names 'diagnstic', which is not an arm; did you mean diag",
        ),
        ({"order": (("pitch", "none"),)}, "experiment.answer.order names 'none', which is not an arm"),
        ({"measures": ("profit",)}, "experiment.answer.measures names 'profit', which is not a measure"),
        ({"pairs": (("pitch", "pitch"),)}, "has pitch twice in a pair"),
        ({"kind": "contrast"}, "experiment.answer.kind is contrast, and answer.pairs is empty"),
        ({"kind": "first_ahead", "measures": ("win_rate",)}, "is about profit, and answer.measures begins with win_rate"),
        ({"kind": "reversal"}, "answer.years is missing"),
        ({"years": (3, 3)}, "the first has to be before the last"),
    ],
)
def test_an_answer_that_cannot_be_given_is_refused_with_the_way_out(answer, said):
    with pytest.raises(InputError) as refused:
        check_answer(AnswerSettings(**answer), ["pitch", "diagnostic"])
    assert said in str(refused.value)


def test_an_unknown_kind_is_refused_with_those_there_are(capsys):
    assert main(["run", "experiment.answer.kind=bst"]) != 0
    assert "it has to be best or first_ahead or fall or contrast or reversal" in capsys.readouterr().err


def test_the_threshold_is_the_equivalence_margin_unless_it_is_declared():
    margins = {"operating_profit_k": 70}
    assert with_threshold(AnswerSettings(), margins).threshold == 70.0
    assert with_threshold(AnswerSettings(threshold=5.0), margins).threshold == 5.0


def test_a_study_knows_what_its_experiment_sets_in_the_market_and_not_what_its_words_do():
    changes = study("experiment=simple_and_busy", "market.buying.need_chance=0.05").market_changes
    assert changes["market.selling.salespeople"] == 2
    assert "market.buying.need_chance" not in changes
    assert study("experiment=three_strategies", "market.trust.loss=0.5").market_changes == {}
