"""The commands: what each is for, its options, and examples. Help and completion are made from this table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from salesim.config.options import (
    CompareSettings,
    Doc,
    ExplainSettings,
    ExploreSettings,
    ExportOptions,
    Option,
    StudySettings,
    VerifyOptions,
    options_of,
)

SHARED = (
    Option(
        "experiment",
        "experiment",
        Doc("What is compared. `salesim list` shows all experiments; experiment=null leaves its arms out.", "experiment"),
        str,
    ),
    Option(
        "contest",
        "contest",
        Doc("In alone, only our vendor changes; in everyone, the whole market does; null is as the experiment says."),
        Literal["alone", "everyone", "null"],
    ),
)
STUDY = tuple(options_of(StudySettings, "study."))
EXECUTION = ("workers", "executor", "executor.address", "confidence", "first_seed", "folder", "name")
POINTS = ("design", "points", "design_seed")
SEVERAL = (
    ("KEY=a,b,c", "These values."),
    ("'KEY=range(0,4,1)'", "First, end and step. The end itself is left out: 0, 1, 2, 3. The step is 1 if it is left out."),
    ("'KEY=interval(1,4)'", "Any number from 1 to 4. A sweep needs design=sobol or design=lhs for it."),
    ("'KEY=tag(log,interval(0.001,1))'", "The same, spread evenly over orders of magnitude."),
    ("'strategy=glob(*)'", "Every strategy; channel and licence likewise."),
)
FOLDER = "results/NAME"


@dataclass(frozen=True)
class Command:
    """A command: one line of `salesim --help`, its own page, and whether it makes runs and so has --dry-run."""

    summary: str
    purpose: str
    usage: str
    examples: tuple[str, ...]
    leaves: str
    options: tuple[Option, ...] = ()
    several: bool = False
    makes_runs: bool = False


def study_options(*names: str) -> tuple[Option, ...]:
    """Options of a study by name, then those about what executes the runs and where results go."""
    return tuple(option for name in (*names, *EXECUTION) for option in STUDY if option.word == name)


def options(*parts: Iterable[Option]) -> tuple[Option, ...]:
    """Options one after the other, each word once; the first one counts."""
    by_word: dict[str, Option] = {}
    for option in (each for part in parts for each in part):
        by_word.setdefault(option.word, option)
    return tuple(by_word.values())


COMMANDS = {
    "run": Command(
        "Compare the arms of an experiment. The word `run` itself can be left out.",
        "Runs every arm of an experiment with the same seeds, and says how large the differences between them are.",
        "salesim [run] [OPTION=VALUE …] [KEY=VALUE …]",
        ("salesim run experiment=margin_spiral seeds=10", "salesim run strategy=mine --config-dir my/folder contest=alone"),
        f"{FOLDER} with report.html to open in a browser, all settings, and tables as CSV and Parquet: runs, years, "
        "differences, and every deal and week of the first seed.",
        options(SHARED, study_options("seeds", "records")),
        makes_runs=True,
    ),
    "compare": Command(
        "Reach a verdict to act on, with as many runs as it takes.",
        "You declare which measures count and which differences are too small to count. It runs until every verdict is "
        "settled or the budget is used up, and says what you may act on.",
        "salesim compare [OPTION=VALUE …] [KEY=VALUE …]",
        (
            "salesim compare experiment=cisco_channel budget=2min",
            "salesim compare 'measures=[win_rate,gross_margin]' equivalence_margins.win_rate=0.05",
        ),
        "results/compare_NAME with report.html to open in a browser, the verdict, and its tables as CSV and Parquet.",
        options(SHARED, options_of(CompareSettings, "compare."), study_options()),
        makes_runs=True,
    ),
    "sweep": Command(
        "Run the arms at many points of the settings.",
        "Runs every arm at many points of the settings, and says which setting moves which measure, and who is best where.",
        "salesim sweep KEY=VALUES … [OPTION=VALUE …]",
        (
            "salesim sweep market.commoditization.pressure_per_week=0,0.001,0.002 strategy=pitch,diagnostic seeds=10",
            "salesim sweep 'market.customers.complexity_a=interval(1,4)' design=sobol points=64 seeds=5",
        ),
        f"{FOLDER} with report.html to open in a browser, and tables as CSV and Parquet: runs, points, differences, effects. "
        "Without name=…, NAME is sweep_ and the name of the experiment.",
        options(SHARED, study_options(*POINTS, "seeds")),
        several=True,
        makes_runs=True,
    ),
    "explore": Command(
        "Find where each arm wins, over numbers nobody knows exactly.",
        "Varies uncertain numbers of the market at the same time. It says which of them decide who wins, in which region each "
        "arm wins, and how much you may regret a choice. With tipping=… it finds the values of one number where the lead "
        "changes. If you name no number, it varies those of configs/explore/standard.yaml that you do not fix.",
        "salesim explore ['KEY=interval(LOW,HIGH)' …] [OPTION=VALUE …]",
        (
            "salesim explore 'market.customers.complexity_a=interval(1,4)' weeks=260 points=32",
            "salesim explore 'tipping=market.worth.spillover=interval(0,1)' contest=alone measure=gross_margin",
        ),
        f"{FOLDER}/explore with tables as CSV and Parquet, and a section in {FOLDER}/report.html.",
        options(SHARED, options_of(ExploreSettings, "explore."), study_options()),
        several=True,
        makes_runs=True,
    ),
    "explain": Command(
        "See why two arms differ, and why margins fall.",
        "Follows the difference between two arms from list price to profit and from deal to deal, and says which feedback "
        "loops carry the fall of margins.",
        "salesim explain [OPTION=VALUE …] [KEY=VALUE …]",
        (
            "salesim explain arm=diagnostic against=pitch contest=everyone",
            "salesim explain experiment=cisco_channel arm=rebate orders=8 seeds=10",
        ),
        f"{FOLDER}/explain with tables as CSV and Parquet, and a section in {FOLDER}/report.html.",
        options(SHARED, options_of(ExplainSettings, "explain."), study_options()),
        makes_runs=True,
    ),
    "show": Command(
        "Print the settings, each with its unit, meaning and source.",
        "Prints every setting with its unit, meaning and source; what you name comes first. A name without a value, as in "
        "`salesim show study`, prints that group alone. What differs from its file is marked with *.",
        "salesim show [GROUP] [KEY=VALUE …]",
        ("salesim show strategy=diagnostic", "salesim show market"),
        "nothing but what it prints.",
        options(SHARED[:1]),
    ),
    "list": Command(
        "List experiments, strategies, channels, licences, markets and measures.",
        "Lists everything that can be chosen by name, and all measures. With --config-dir it lists yours as well, and says "
        "which line of which file is wrong.",
        "salesim list",
        ("salesim list", "salesim list --config-dir my/folder"),
        "nothing but what it prints.",
    ),
    "verify": Command(
        "Repeat some runs of a study, and compare them bit by bit.",
        "Repeats some runs of a finished study and compares every bit. If they differ, it says whether the market was "
        "changed since, or only a measure. The exit code is 0 if all is the same, else 1.",
        "salesim verify FOLDER [runs=5]",
        ("salesim verify results/three_strategies", "salesim verify results/sweep_three_strategies runs=20"),
        "the study as it is.",
        tuple(options_of(VerifyOptions)),
    ),
    "export": Command(
        "Write the tables of a study for other programs.",
        "Writes the tables of a finished study for other programs, and what their columns mean.",
        "salesim export FOLDER [format=csv]",
        ("salesim export results/three_strategies", "salesim export results/sweep_three_strategies format=excel"),
        "the folder export/ inside the folder of the study.",
        tuple(options_of(ExportOptions)),
    ),
    "completion": Command(
        "Print what makes the TAB key complete words in bash or zsh.",
        "Prints a script for your shell. With it, the TAB key completes commands, options, names of files, settings and their "
        "choices; your own files too, behind --config-dir.",
        "salesim completion bash|zsh",
        ('eval "$(salesim completion bash)"   # in ~/.bashrc', 'eval "$(salesim completion zsh)"    # in ~/.zshrc'),
        "nothing but what it prints.",
    ),
}
