"""Wrong input ends in one message that names the fault, exit code 2, and no run."""

import errno
import shlex

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salesim.cli import main
from salesim.config.config_files import base_mapping
from salesim.config.dotted_keys import dotted
from tests.refusals import refusal

EXPERIMENT = """# @package _global_
experiment:
  name: two
  question: Which?
  baseline: {baseline}
  contests: [alone]
  arms:
    one: [strategy=pitch]
    other: [{override}]
"""


@pytest.fixture(autouse=True)
def no_run(monkeypatch):
    def started(*args):
        raise AssertionError("a run started")

    monkeypatch.setattr("salesim.runs.runner.outcomes", started)


@pytest.fixture
def own(tmp_path):
    """A function that writes files into a person's own folder, and names the folder."""

    def make(**files):
        for name, text in files.items():
            path = tmp_path / "own" / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return str(tmp_path / "own")

    return make


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("weks=3", "did you mean weeks?"),
        ("market.customers.complexity=3", "did you mean market.customers.complexity_a or market.customers.complexity_b?"),
        ("strategy.promise_inflation=0.2", "did you mean strategy.systems.promise_inflation?"),
        ("seed=3", "did you mean seeds?"),
        ("market.customers.cuont=3", "did you mean market.customers.count?"),
        ("strategy.suport.delivery_share=0.1", "did you mean strategy.support"),
        ("+foo=1", "foo is not a setting"),
        ("++market.customers.cnt=1", "did you mean market.customers.count?"),
        ("market.customers.count=abc", "'abc'; it has to be a whole number from 1"),
        ("market.customers.count=-3", "-3; it has to be a whole number from 1"),
        ("market.customers.count=1000000000", "it has to be a whole number from 1 to 3000000"),
        ("market.customers=3", "it has to be a group with the keys"),
        ("market.customers.list_share=nan", "nan"),
        ("market.loops.word_of_mouth=2", "0 or 1"),
        ("weeks=0", "weeks is 0"),
        ("weeks=1.5", "weeks is 1.5"),
        ("weeks=", "weeks is ''"),
        ("weeks=3,4", "several values"),
        ("weeks=[", "cannot be read"),
        ("seeds=1,2", "all runs share it"),
        ("study.seeds=[1,1,2]", "study.seeds is [1, 1, 2], and 1 is there twice; a list has different seeds"),
        ("name='my study'", "a name has no blanks, only letters, digits, _ - + and ."),
        ("weeks=${nothing}", "nothing"),
        ("~market.loops", "market.loops is missing"),
        ("=3", "has no key"),
        ("", "cannot be read"),
        ("strategy=digital", "no strategy named 'digital'"),
        ("strategy=mine", "is found with --config-dir FOLDER, as FOLDER/strategy/mine.yaml"),
        ("strategy=diagnstic", "did you mean diagnostic?"),
        ("strategy=null", "name of a file"),
        ("strategy=[pitch,diagnostic]", "name of a file"),
        ("strategy=diagnostic", "would change nothing"),
        ("strategy.support.delivery_share=2", "number from 0 to 1"),
        ("rivals.strategies=[pich]", "did you mean pitch?"),
        ("rivals.strategies=pitch", "list of names"),
        ("initiatives=3", "has to be a list"),
        ("initiatives=[{week: 3}]", "training_hours is missing"),
        ("initiatives=[{week: 900, strategy: diagnostic, training_hours: 1}]", "ends after 520 weeks"),
        ("market.customers.neighbours=7", "even"),
        ("channel.start_discount=0.6", "the first has to be at most the second"),
        ("study.seeds=0", "study.seeds is 0"),
        ("study.confidence=1", "study.confidence is 1"),
        ("study.records=100", "study.records is 100"),
        ("contest=both", "alone or everyone"),
        ("experiment=margin_spirl", "did you mean margin_spiral?"),
        ("experiment.name=../x", "experiment.name"),
        ("experiment.baseline=nobody", "not an arm"),
        ("experiment.arms.pitch=3", "experiment.arms.pitch is 3"),
        ("hydra.run.dir=x", "hydra.run.dir is not a setting"),
        ("--cofnig-dir=x", "did you mean --config-dir?"),
        ("--config-dir", "needs a folder"),
        ("sho", "did you mean show?"),
    ],
)
def test_a_wrong_word_is_refused_with_a_message_that_names_it(capsys, word, said):
    assert said in refusal(capsys, word)


def test_what_contradicts_something_else_is_refused(capsys):
    message = refusal(capsys, "strategy.segmentation.sponsored_share=0.2", "market.executives.count=0")
    assert "sponsored_share" in message
    assert "executives.count" in message


@pytest.mark.parametrize("command", ["run", "show"])
def test_run_and_show_refuse_the_same(capsys, command):
    assert "did you mean weeks?" in refusal(capsys, command, "weks=3")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "seeds=2", "study.seeds=3"], "study.seeds is given twice (study.seeds=2 and study.seeds=3)"),
        (["compare", "budget=1min", "budget=2min"], "compare.budget is given twice"),
        (["explain", "arm=pitch", "arm=diagnostic"], "arm is given twice"),
        (["explain", "weeks=208,260"], "weeks=208,260 has several values; an explanation is about one market"),
        (["show", "strategy=pitch", "strategy=diagnostic"], "strategy is given twice"),
    ],
)
def test_a_word_or_value_too_many_is_refused(capsys, words, said):
    assert said in refusal(capsys, *words)


def test_list_takes_no_settings(capsys):
    assert "takes no settings" in refusal(capsys, "list", "weeks=3")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [mine\nsupport:\n", "not valid YAML in line"),
        ("- a list\n", "holds no settings"),
        ("defaults: [mine, _self_]\n", "inherits from itself"),
        ("defaults: pitch\n", "it has to be a list of names, as [pitch]"),
        ("defaults: 3\n", "it has to be a list of names, as [pitch]"),
        (
            "defaults: [pitch]\npromise_inflation: 0.2\n",
            "line 2: strategy.promise_inflation is not a setting; did you mean strategy.sy",
        ),
        ("defaults: [pitch]\nsupport: {promise_inflation: 0.2}\n", "did you mean strategy.systems.promise_inflation?"),
        ("defaults: [pich, _self_]\n", "did you mean pitch?"),
        ("defaults: [pitch, _self_]\nsuport: {}\n", "did you mean strategy.support?"),
        ("defaults: [pitch, _self_]\nsystems: {coaching: 7}\n", "strategy.systems.coaching is 7"),
        ("name: mine\n", "is missing"),
    ],
)
def test_a_wrong_strategy_file_is_refused_before_any_run(capsys, own, text, said):
    assert said in refusal(capsys, "strategy=mine", "--config-dir", own(strategy__mine=text))


def test_a_file_that_is_not_text_is_refused(capsys, own, tmp_path):
    folder = own(strategy__mine="name: x\n")
    (tmp_path / "own" / "strategy" / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    assert "mine.yaml is not a text file in UTF-8" in refusal(capsys, "strategy=mine", "--config-dir", folder)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("defaults: [pich]\n", 1, "there is no strategy named 'pich' to inherit from; did you mean pitch?"),
        ("defaults: [pitch]\nsystems:\n  coaching: 7\n", 3, "strategy.systems.coaching is 7; it has to be a number"),
        ("# mine\ndefaults: [pitch]\nsuport: {}\n", 3, "suport is not a setting; did you mean strategy.support?"),
        ("name: mine\nsupport:\n  delivery_share: 0.1\n", None, "write `defaults: [pitch]` as its first line"),
        ("defaults: [seven]\n", None, "seven.yaml line 1: strategy.systems.coaching is 7"),
    ],
)
@pytest.mark.parametrize("words", [["strategy=mine"], ["rivals.strategies=[mine]"]])
def test_a_broken_file_is_named_with_its_line_wherever_it_is_used(capsys, own, words, text, line, said):
    folder = own(strategy__mine=text, strategy__seven="{defaults: [pitch], systems: {coaching: 7}}\n")
    message = refusal(capsys, "show", *words, "--config-dir", folder)
    assert said in message
    if line:
        assert f"/own/strategy/mine.yaml line {line}: " in message


def test_a_broken_file_that_an_experiment_chooses_is_named(capsys, own):
    text = EXPERIMENT.format(baseline="one", override="weeks=3").replace(
        "experiment:", "defaults: [override /strategy: mine]\nexperiment:"
    )
    folder = own(strategy__mine="defaults: [pich]\n", experiment__two=text)
    assert "/own/strategy/mine.yaml line 1: there is no strategy" in refusal(capsys, "experiment=two", "--config-dir", folder)


def test_a_broken_file_does_not_stop_what_does_not_need_it(capsys, own):
    folder = own(strategy__mine="defaults: [pich]\n", strategy__fine="defaults: [pitch]\n", study__bad="seeds: [\n")
    assert main(["show", "strategy=fine", "--config-dir", folder]) == 0
    capsys.readouterr()
    assert main(["list", "--config-dir", folder]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "mine broken: " in text
    assert "mine.yaml line 1: there is no strategy named 'pich' to inherit from; did you mean pitch?" in text
    assert "fine as pitch, with changes (yours)" in text
    assert "bad.yaml is not valid YAML in line 2" in text


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("+experiment.arms.mine=[strategy=packaged]", """'+experiment.arms.mine=["strategy=packaged"]'"""),
        ("+experiment.arms.mine=strategy=packaged", """'+experiment.arms.mine=["strategy=packaged"]'"""),
        ('experiment.arms.mine=["strategy=packaged"]', """'+experiment.arms.mine=["strategy=packaged"]'"""),
        ("rivals.strategies=pitch,pitch", "'rivals.strategies=[pitch,pitch]'"),
        ("strategy=pitch,packaged", "salesim sweep strategy=pitch,packaged weeks=52 --dry-run"),
        ("weeks=52,104", "salesim sweep seeds=1 weeks=52,104 --dry-run"),
    ],
)
def test_the_hint_of_a_refusal_works_as_it_is_printed(capsys, word, hint, tmp_path):
    more = "weeks=52" if "weeks" not in word else "seeds=1"
    words = shlex.split(hint.removesuffix(" --dry-run"))
    assert hint.removesuffix(" --dry-run") in refusal(capsys, word, more)
    command = [*words[1:], "--dry-run", f"folder={tmp_path}"] if words[0] == "salesim" else ["show", *words]
    assert main(command) == 0


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (["market.customers.complexity_a=1,", "2"], "'market.customers.complexity_a=1, 2'"),
        (
            ["weeks=52", "rivals.strategies=[diagnostic,", "pitch,", "pitch]", "seeds=2"],
            "'rivals.strategies=[diagnostic, pitch, pitch]'",
        ),
    ],
)
def test_a_blank_in_a_list_is_told_of_quotes(capsys, words, whole):
    assert f"put quotes around all of it, as {whole}, or leave the blank out" in refusal(capsys, *words)


def test_every_arm_is_checked_before_the_first_run(capsys, own):
    folder = own(experiment__two=EXPERIMENT.format(baseline="one", override="strategy.support.delivery_share=2"))
    message = refusal(capsys, "experiment=two", "--config-dir", folder)
    assert "arm other" in message
    assert "delivery_share is 2" in message


def test_a_baseline_that_is_no_arm_is_refused(capsys, own):
    folder = own(experiment__two=EXPERIMENT.format(baseline="none", override="strategy=diagnostic"))
    assert "experiment.baseline is 'none'" in refusal(capsys, "experiment=two", "--config-dir", folder)


def test_an_arm_may_not_change_what_all_arms_share(capsys, own):
    folder = own(experiment__two=EXPERIMENT.format(baseline="one", override="study.seeds=3"))
    assert "study.seeds=3" in refusal(capsys, "experiment=two", "--config-dir", folder)


def test_a_config_folder_that_is_missing_or_a_file_is_refused(capsys, tmp_path):
    assert "does not exist" in refusal(capsys, "--config-dir", str(tmp_path / "nowhere"))
    (tmp_path / "file").write_text("x")
    assert "is a file" in refusal(capsys, "--config-dir", str(tmp_path / "file"))
    assert "none of the folders market/, strategy/" in refusal(capsys, "--config-dir", str(tmp_path))


def test_a_results_folder_that_cannot_be_made_is_refused(capsys, tmp_path):
    (tmp_path / "file").write_text("x")
    for place in ("/proc/x", tmp_path / "file", tmp_path / "file" / "inside"):
        assert "study.folder" in refusal(capsys, f"study.folder={place}")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/results/runs"), "the disk is full (/results/runs)"),
        (PermissionError(errno.EACCES, "Permission denied", "/results"), "Permission denied (/results)"),
        (MemoryError(), "not enough memory"),
    ],
)
def test_trouble_of_the_machine_ends_in_one_message(capsys, monkeypatch, tmp_path, error, said):
    def trouble(*args):
        raise error

    monkeypatch.setattr("salesim.analyses.run.run_study", trouble)
    assert said in refusal(capsys, f"study.folder={tmp_path}")


VALUES = ["1", "-1", "0.5", "1e999", "nan", "null", "abc", "''", "[]", "[1,a]", "{a: 1}", "${weeks}", "1,2", "pitch"]
KEYS = sorted(key for key, _ in dotted(base_mapping()))
WORDS = st.one_of(
    st.text(alphabet="abe.=+~[]{}'\",:$ 0123456789-\\/é", max_size=24),
    st.builds(
        "{}{}{}={}".format,
        st.sampled_from(["", "", "", "+", "++", "~"]),
        st.sampled_from(KEYS),
        st.sampled_from(["", "", "", ".x", "s"]),
        st.sampled_from(VALUES),
    ),
)


@settings(max_examples=25, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=2))
def test_any_words_end_in_an_answer_or_in_one_message(capsys, words):
    code = main(["show", *words])
    streams = capsys.readouterr()
    assert code in (0, 2)
    assert streams.err.count("\n") == (code == 2), streams.err
    assert "Traceback" not in streams.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["sweep", "records=2", "weeks=26,27"],
            "records=2 is for `salesim run`; options of `salesim sweep` are design, points",
        ),
        (["run", "design=sobol"], "design=sobol is for `salesim sweep`; options of `salesim run` are seeds, worlds, records"),
        (["run", "arm=pitch"], "arm=pitch is for `salesim explain`"),
        (["sweep", "study.records=2"], "study.records=2 is for `salesim run`"),
        (["explore", "runs=3"], "runs=3 is for `salesim verify`"),
        (["run", "explain.seeds=3"], "explain.seeds=3 is for `salesim explain`"),
    ],
)
def test_an_option_of_another_command_is_refused_with_the_commands_that_have_it(capsys, words, said):
    assert said in refusal(capsys, *words)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("rivals=[]", "rivals is []; it has to be a group with the keys strategies, channel, licence"),
        ("initiatives={week: 2}", "initiatives is {'week': 2}; it has to be a list"),
        ("rivals.foo=1", "rivals.foo is not a setting; allowed are rivals.strategies, rivals.channel, rivals.licence"),
        ("experiment.foo=1", "experiment.foo is not a setting; did you mean experiment.name?"),
        ('+experiment.arms.x=["strategy.bogus=1"]', "strategy.bogus is not a setting; did you mean strategy.position?"),
        ('+experiment.arms.x=["weeks=1"]', "experiment.arms.x sets weeks=1; arms may differ in"),
        ('+experiment.arms.x=["strategy.name=a","strategy.name=b"]', "strategy.name is given twice"),
        ("weeks=${weeks}", "'weeks=${weeks}' refers to another setting or to the environment; write the value itself"),
        ("folder=${oc.env:NOPE}", "'folder=${oc.env:NOPE}' refers to another setting"),
        ("rivals.strategies.7=pitch", "rivals.strategies.7 is not a setting"),
        ("+weeks.x=3", "weeks.x is not a setting"),
        ("~weeks", "'~weeks' cannot be left out"),
        ("~strategy.name=pitch", "cannot be left out"),
        ("market.loops.word_of_mouth=true", "market.loops.word_of_mouth is true; it has to be 0 or 1"),
        ("market.partners.teaching_speed=2", "teaching_speed is 2; it has to be a number from 0 to 1"),
    ],
)
def test_what_cannot_be_set_is_named_by_its_key(capsys, word, said):
    assert said in refusal(capsys, word)


def test_no_kind_of_value_is_named_as_a_library_does(capsys):
    for word in (
        "measures=[5]",
        "measures=5",
        "interim_analyses=[a]",
        "equivalence_margins.win_rate=x",
        "name=[x]",
        "budget=[1]",
    ):
        message = refusal(capsys, "compare", word)
        assert "typing" not in message
        assert "Annotated" not in message
    assert "compare.measures[0] is 5; it has to be a text" in refusal(capsys, "compare", "measures=[5]")


def test_two_words_for_the_same_setting_are_refused_however_they_are_written(capsys):
    words = ("market.customers.count=20", "+market.customers={count: 3}")
    assert "are both given, and the one is a part of the other" in refusal(capsys, *words)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("count: 2024-01-01", "line 3: market.customers.count is '2024-01-01'; it has to be a whole number"),
        ("count: !!set {a}", "line 3: market.customers.count is {'a'}, which is no text, number, list or group"),
        ("count: !!binary aGk=", "line 3: market.customers.count is b'hi', which is no text"),
        ("[1]: 2", "is not valid YAML in line 3: a key has to be a word"),
        ("1: 2", "line 3: market.customers.1 is not a setting"),
        ("count: " + "1" * 5000, "is not valid YAML: a value is too long"),
        ("count: &x {a: *x}", "a value that contains itself"),
        ("count: ${weeks}", "line 3: market.customers.count is '${weeks}'; it has to be a whole number"),
    ],
)
def test_a_value_of_a_file_that_none_can_be_is_told_with_its_place(capsys, own, line, said):
    folder = own(market__mine=f"defaults: [reference]\ncustomers:\n  {line}\n")
    assert said in refusal(capsys, "market=mine", "--config-dir", folder)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hydra: {run: {dir: x}}\n", "line 2: hydra is not a setting"),
        ("market: 3\n", "line 2: market is 3; a file is chosen with `defaults: [override /market: NAME]`"),
        ("strategy: diagnostic\n", "line 2: strategy is 'diagnostic'; a file is chosen with"),
    ],
)
def test_what_an_experiment_cannot_set_is_told_with_its_line(capsys, own, text, said):
    assert said in refusal(
        capsys, "experiment=mine", "--config-dir", own(experiment__mine="defaults: [three_strategies]\n" + text)
    )


def test_a_group_that_an_experiment_cannot_choose_is_refused(capsys, own):
    folder = own(experiment__mine="defaults: [three_strategies, override /strateg: pitch]\n")
    assert "chooses a strateg; did you mean strategy?" in refusal(capsys, "experiment=mine", "--config-dir", folder)
