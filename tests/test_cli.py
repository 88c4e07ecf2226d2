"""The command line as a person uses it; runs are replaced by a note of what would be run, but for one small one."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from salesim.cli import main
from salesim.config.config_files import choices, configs_folder
from salesim.metrics import METRICS
from salesim.model import compile_cache
from salesim.model import jit as rules
from salesim.model.schedule import play
from salesim.report.console.progress import Stages
from salesim.report.console.study import head_of

EXPERIMENTS = sorted(choices("experiment", (configs_folder(),)))


@pytest.fixture
def studies(monkeypatch):
    """A list that gets every study that would be run; its run is then interrupted."""
    found = []

    def note(study, tell=None):
        found.append(study)
        raise KeyboardInterrupt

    monkeypatch.setattr("salesim.analyses.run.run_study", note)
    return found


@pytest.fixture
def own(tmp_path):
    """A folder with a strategy that inherits from pitch, and one that inherits from that."""
    (tmp_path / "own" / "strategy").mkdir(parents=True)
    (tmp_path / "own" / "strategy" / "mine.yaml").write_text("defaults: [pitch, _self_]\nsystems: {coaching: 0.9}\n")
    (tmp_path / "own" / "strategy" / "heir.yaml").write_text("defaults: [mine, _self_]\nsupport: {delivery_share: 0.2}\n")
    return str(tmp_path / "own")


def arms(study):
    return [(arm.contest, arm.name) for arm in study.arms]


def strategy_of(study, name, vendor=0):
    return next(arm for arm in study.arms if arm.name == name).scenario.vendors[vendor].strategy


@pytest.mark.parametrize("words", [[], ["run"], ["experiment=three_strategies"], ["run", "experiment=three_strategies"]])
def test_without_words_the_main_job_is_run(studies, words):
    main(words)
    names = ("pitch", "diagnostic", "rainmaking")
    assert arms(studies[0]) == [(contest, name) for contest in ("alone", "everyone") for name in names]
    assert studies[0].baseline == "pitch"
    assert studies[0].seeds == 40
    for arm in studies[0].arms:
        ours, *rivals = arm.scenario.vendors
        assert ours.strategy.name == arm.name
        assert {rival.strategy.name for rival in rivals} == {"pitch" if arm.contest == "alone" else arm.name}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_shipped_experiment_has_different_arms_and_names_its_command(studies, name):
    main([f"experiment={name}"])
    assert studies[0].name == name
    scenarios = [repr(arm.scenario) for arm in studies[0].arms]
    assert len(set(scenarios)) >= len(scenarios) - 1  # an arm of pitchers among pitchers is the same in both contests
    assert studies[0].baseline in [arm.name for arm in studies[0].arms]
    comments = (configs_folder() / "experiment" / f"{name}.yaml").read_text().splitlines()[:1]
    assert comments == [f"# salesim run experiment={name}"]


@pytest.mark.parametrize("words", [["seeds=3", "run"], ["contest=alone", "seeds=3"], ["seeds=3", "contest=alone", "run"]])
def test_the_order_of_words_has_no_effect(studies, words):
    main(["run", "seeds=3", "contest=alone"])
    main([*words, *{"contest=alone"} - {*words}])
    assert studies[0].arms == studies[1].arms
    assert studies[0].resolved == studies[1].resolved


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["compare"],
        ["sweep", "strategy=pitch,diagnostic"],
        ["explore", "points=16", "trajectories=0", "emulator_points=0"],
        ["explain"],
    ],
    ids=lambda words: words[0],
)
def test_a_dry_run_of_any_command_says_what_it_takes_and_leaves_nothing(tmp_path, capsys, words):
    small = ["market.customers.count=30", "weeks=208", "contest=alone", "workers=1", f"folder={tmp_path / 'here'}"]
    assert main([*small, "--dry-run", *words]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "a run takes" in text
    assert f"in {tmp_path / 'here'}" in text
    assert text.endswith("All of it is checked. No run was started, as --dry-run asks.")
    assert not list(tmp_path.iterdir())


def test_the_spiral_switches_off_every_feedback_in_turn(studies):
    main(["experiment=margin_spiral"])
    cut = {}
    for arm in studies[0].arms:
        loops = arm.scenario.market.loops
        cut[arm.name] = [name for name in loops.__dataclass_fields__ if getattr(loops, name) == 0]
    names = list(studies[0].arms[0].scenario.market.loops.__dataclass_fields__)
    assert cut["all_on"] == []
    for name in names:
        assert cut[f"no_{name}"] == [name]


def test_settings_reach_every_arm_and_the_study(studies):
    main(["market.customers.count=900", "study.seeds=7", "contest=everyone", "study.folder=elsewhere"])
    assert {arm.scenario.market.customers.count for arm in studies[0].arms} == {900}
    assert {arm.contest for arm in studies[0].arms} == {"everyone"}
    assert studies[0].seeds == 7
    assert studies[0].folder == Path("elsewhere")
    assert studies[0].command == "salesim market.customers.count=900 study.seeds=7 contest=everyone study.folder=elsewhere"


def test_a_contest_can_be_asked_that_the_experiment_does_not_name(studies):
    main(["experiment=margin_spiral", "contest=alone"])
    assert {arm.contest for arm in studies[0].arms} == {"alone"}


@pytest.mark.parametrize("place", ["before", "after", "with ="])
def test_a_strategy_of_ones_own_inherits_and_is_one_arm_more(studies, own, place):
    option = [f"--config-dir={own}"] if place == "with =" else ["--config-dir", own]
    main([*option, "strategy=mine"] if place == "before" else ["run", "strategy=mine", *option])
    assert [name for contest, name in arms(studies[0]) if contest == "alone"] == ["pitch", "diagnostic", "rainmaking", "mine"]
    mine, pitch = strategy_of(studies[0], "mine"), strategy_of(studies[0], "pitch")
    assert mine.name == "mine"
    assert mine.systems.coaching == 0.9
    assert mine.support == pitch.support


def test_a_strategy_inherits_over_two_files_and_for_rivals_as_for_ourselves(studies, own):
    main(["--config-dir", own, "strategy=heir", "rivals.strategies=[heir]"])
    assert strategy_of(studies[0], "heir") == strategy_of(studies[0], "pitch", vendor=1)
    assert strategy_of(studies[0], "heir").systems.coaching == 0.9
    assert strategy_of(studies[0], "heir").support.delivery_share == 0.2


def test_an_initiative_may_name_a_strategy_of_ones_own(studies, own):
    main(["--config-dir", own, "initiatives=[{week: 10, strategy: mine, training_hours: 8}]"])
    assert strategy_of(studies[0], "pitch").name == "pitch"
    assert studies[0].arms[0].scenario.vendors[0].initiatives[0].strategy.systems.coaching == 0.9


def test_ctrl_c_says_how_to_go_on(studies, capsys):
    assert main(["study.seeds=3"]) == 130
    message = capsys.readouterr().err
    assert "the same command goes on" in message
    assert "salesim study.seeds=3" in message


def test_help_and_version_import_nothing_heavy():
    script = "import sys; from salesim.cli import main; main(sys.argv[1:]); print(sorted(sys.modules))"
    for words in (["--help"], ["sweep", "--help"], ["--version"]):
        done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
        assert "salesim" in done.stdout
        for heavy in ("hydra", "numpy", "pandas", "numba", "plotly", "pydantic", "rich"):
            assert f"'{heavy}'" not in done.stdout


def test_show_gives_value_unit_meaning_and_source_and_marks_changes(capsys):
    assert main(["show", "market.customers.neighbours=8"]) == 0
    lines = capsys.readouterr().out.splitlines()
    changed = [line for line in lines if line.startswith("* ") and "file:" in line]
    assert len(changed) == 1
    for part in ("neighbours", "8", "file: 6", "customers", "how many others a customer", "Watts &"):
        assert part in changed[0]
    assert max(map(len, lines)) <= 160


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["strategy=diagnostic"], "strategy   "),
        (["market.trust.loss=0.3"], "market.commoditization   "),
        (["weeks=52"], "run   "),
        (["seeds=3"], "study   "),
        (["experiment=margin_spiral"], "experiment margin_spiral"),
        ([], "run   "),
    ],
)
def test_show_begins_with_what_was_asked(capsys, words, first):
    assert main(["show", *words]) == 0
    assert capsys.readouterr().out.startswith(first)


@pytest.mark.parametrize(
    ("words", "first", "not_there"),
    [
        (["study"], "study   ", "market.trust"),
        (["market", "strategy=diagnostic"], "market.commoditization   ", "strategy   "),
        (["explore=standard"], "explore   ", "market.trust  "),
        (["explain"], "explain   ", "market.trust"),
    ],
)
def test_show_of_a_group_prints_it_alone(capsys, words, first, not_there):
    assert main(["show", *words]) == 0
    text = capsys.readouterr().out
    assert text.startswith(first)
    assert not_there not in text


def test_show_has_the_meaning_of_inherited_values(capsys, own):
    assert main(["show", "strategy=mine", "--config-dir", own]) == 0
    text = capsys.readouterr().out
    assert "coaching of salespeople" in text
    assert "0.9" in text


def test_list_names_what_can_be_chosen(capsys, own):
    assert main(["list", "--config-dir", own]) == 0
    text = capsys.readouterr().out
    for name in (*EXPERIMENTS, "pitch", "diagnostic", "mine", "hold_and_teach", "subscription", "reference"):
        assert name in text
    for heading in ("compare=", "explore=", "explain="):
        assert heading in text


def test_list_has_every_measure_with_unit_direction_and_meaning(capsys):
    assert main(["list"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    for name, metric in METRICS.items():
        line = next(line for line in lines if line[:1] == [name] and len(line) > 3)
        assert " ".join(line[1:]).startswith(f"{metric.unit} {metric.better} is good ")
        assert len(line) > 6


def test_a_small_study_is_run_told_and_written(capsys, tmp_path):
    small = ["market.customers.count=60", "weeks=104", "study.seeds=3", "study.workers=1", f"study.folder={tmp_path}"]
    assert main(["run", "contest=alone", *small]) == 0
    text = capsys.readouterr().out
    for part in (
        "Which way of selling",
        "pitch",
        "diagnostic",
        "rainmaking",
        "Gross margin",
        "Answer",
        "Measure by measure",
        "report.html",
    ):
        assert part in text
    assert max(len(line.rstrip()) for line in text.splitlines() if str(tmp_path) not in line) <= 100
    assert (tmp_path / "three_strategies" / "report.html").is_file()
    assert (tmp_path / "three_strategies" / "resolved.yaml").is_file()


def test_a_study_goes_on_where_it_was_and_quiet_lines_say_so(capsys, tmp_path):
    words = ["experiment=null", "market.customers.count=60", "weeks=52", "records=0", f"folder={tmp_path}"]
    assert main([*words, "seeds=2"]) == 0
    assert main([*words, "seeds=5"]) == 0
    assert "5 runs, 2 of them finished earlier" in capsys.readouterr().out


def test_runs_that_failed_are_said_and_change_the_exit_code(capsys, monkeypatch, tmp_path):
    def cannot_run(scenario, seed):
        if seed == 2:
            raise ArithmeticError("seed 2 cannot be run")
        return play(scenario, seed)

    monkeypatch.setattr("salesim.runs.summary.play", cannot_run)
    words = ["experiment=null", "market.customers.count=60", "weeks=52", "records=0", "seeds=3", f"folder={tmp_path}"]
    assert main(words) == 1
    assert "1 run failed" in capsys.readouterr().out


def test_the_head_of_a_study_says_its_runs_which_arms_share_them_and_whether_they_are_too_few(studies):
    main(["seeds=2"])
    _, size, few = head_of(studies[0])
    assert size == (
        "three_strategies: 3 arms x 2 contests (alone, everyone) x 2 seeds = 10 runs (alone/pitch and everyone/pitch are the "
        "same, and run once)"
    )
    assert few.startswith("2 seeds show only large differences")
    main(["seeds=40"])
    assert len(head_of(studies[1])) == 2


def test_progress_on_a_terminal_is_a_bar_that_goes_away():
    console = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    with Stages(console) as progress:
        progress.advance(0, 18)
        progress.advance(9, 18)
        progress.bar.refresh()
    assert " 9/18" in console.file.getvalue()


def test_progress_elsewhere_is_some_lines_that_tell_earlier_runs_from_those_of_this_command(monkeypatch):
    monkeypatch.setattr("salesim.report.console.progress.LEAST_SECONDS", 0.0)
    console = Console(file=io.StringIO(), width=100, color_system=None)
    stages = Stages(console)
    stages.begin("both arms")
    stages.advance(1200, 5000)
    for done in range(1200, 5001, 100):
        stages.advance(done, 5000)
    first, *rest = console.file.getvalue().splitlines()
    assert first == "both arms: 5,000 runs, 1,200 of them finished earlier"
    places = ["  1,300 of 5,000", "  2,500 of 5,000", "  3,800 of 5,000"]
    assert [line.partition(" runs")[0] for line in rest] == places


@pytest.mark.parametrize("terminal", [True, False])
def test_the_first_run_of_a_version_says_that_rules_are_compiled_and_is_no_measure_of_the_others(terminal, monkeypatch):
    monkeypatch.setattr(rules, "is_compiled", lambda _: False)
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system=None)
    stages = Stages(console)
    stages.started -= 1000
    for done in (0, 1, 50, 100):
        stages.advance(done, 100)
    said = console.file.getvalue()
    assert "compiled, once for this version" in said
    assert terminal or said.endswith("50 of 100 runs, about 1 s left\n")


def test_a_rule_is_compiled_once_it_was_called(tmp_path, monkeypatch):
    monkeypatch.setattr(compile_cache, "folders", lambda: (tmp_path,))

    def doubled(number):
        return 2 * number

    compiled = rules.rule(doubled)
    assert not rules.is_compiled(compiled)
    assert compiled(2) == 4
    assert rules.is_compiled(compiled)
    assert rules.is_compiled(doubled)


def test_a_run_with_other_settings_says_what_it_replaces_and_keeps_no_records_of_arms_that_are_gone(tmp_path, capsys):
    small = ["market.customers.count=60", "weeks=104", "contest=alone", "experiment=null", f"folder={tmp_path}", "name=mine"]
    assert main(["run", *small, "strategy=diagnostic", "seeds=2"]) == 0
    assert main(["run", *small, "strategy=diagnostic", "seeds=3"]) == 0
    assert "keeps both" not in capsys.readouterr().out
    records = tmp_path / "mine" / "records"
    before = {place.name for place in records.iterdir()}
    assert main(["run", *small, "strategy=rainmaking", "seeds=3"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "strategy=diagnostic seeds=3` go. name=… keeps both" in said
    after = {place.name for place in records.iterdir()}
    assert len(after) == len(before)
    assert after != before or "diagnostic" not in "".join(before)


SMALL = ("market.customers.count=40", "market.selling.salespeople=2", "weeks=26", "contest=alone", "seeds=2", "workers=1")


def shell(line, folder):
    """Exit codes of the parts of a pipe of the shell, and what it wrote to stderr."""
    script = f'salesim() {{ "{sys.executable}" -m salesim "$@"; }}\n{line}\necho "${{PIPESTATUS[@]}}"'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=folder)
    return done.stdout.splitlines()[-1], done.stderr


@pytest.mark.parametrize("command", ["show", "list", "help"])
def test_a_reader_that_has_seen_enough_ends_a_command_quietly(tmp_path, command):
    codes, said = shell(f"salesim {command} | true", tmp_path)
    assert codes == "141 0"
    assert said == ""


def test_a_run_goes_on_when_nobody_reads_its_output(tmp_path):
    codes, said = shell(f"salesim run {' '.join(SMALL)} | true", tmp_path)
    assert codes == "0 0"
    assert said == "salesim: nobody reads the output any more; the command goes on, and writes its results\n"
    assert (tmp_path / "results" / "three_strategies" / "report.html").is_file()


def test_a_run_whose_output_is_closed_is_done_all_the_same(tmp_path):
    assert shell(f"salesim run {' '.join(SMALL)} >&-", tmp_path) == ("0", "")
    assert (tmp_path / "results" / "three_strategies" / "report.html").is_file()


def test_output_to_a_full_disk_is_said_once(tmp_path):
    codes, said = shell("salesim show > /dev/full", tmp_path)
    assert codes == "2"
    assert said.startswith("salesim: the disk is full")
    assert said.count("\n") == 1


@pytest.mark.parametrize(
    "place",
    [
        "salesim.config.overrides.grammar.Grammar.change",
        "salesim.config.overrides.composer.composed",
        "salesim.config.experiment.checked",
    ],
)
def test_ctrl_c_while_settings_are_read_is_the_one_sentence(monkeypatch, capsys, place):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(place, interrupted)
    assert main(["show", "weeks=52"]) == 130
    assert capsys.readouterr().err.startswith("salesim: stopped; finished runs are kept")


@pytest.mark.parametrize(
    "module", ["salesim.cli", "salesim.config.commands", "salesim.config.overrides.composer", "rich", "numpy"]
)
def test_ctrl_c_during_an_import_is_one_sentence_and_its_exit_code(tmp_path, module):
    script = f"""
import runpy, signal, sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal(signal.SIGINT)
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
sys.argv = ["salesim", "show"]
runpy.run_module("salesim", run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 130
    assert done.stderr.startswith("salesim: stopped")
    assert done.stderr.count("\n") == 1


def test_a_part_of_a_group_can_be_shown(capsys):
    assert main(["show", "market.customers", "rivals"]) == 0
    text = capsys.readouterr().out
    for part in ("complexity_a", "rivals.strategies"):
        assert part in text
    for part in ("initial_sameness", "initiatives"):
        assert part not in text


@pytest.mark.parametrize(
    ("word", "said"), [("customers", "did you mean market.customers?"), ("market.custmers", "did you mean market.customers?")]
)
def test_a_part_that_is_none_is_refused_with_what_was_meant(capsys, word, said):
    assert main(["show", word]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("words", [["k" * 100_000 + "=1"], ["weeks=" + "1" * 5000], ["show", "weeks=" + "[" * 3000]])
def test_a_message_is_short_however_long_a_word_is(capsys, words):
    assert main(words) == 2
    message = capsys.readouterr().err
    assert len(message) < 1000
    assert "Traceback" not in message
