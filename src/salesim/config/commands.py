"""The purpose, options and examples of each command. Help and completion are made from this table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from salesim.config.options import (
    ClassroomOptions,
    CompareSettings,
    EvidenceOptions,
    ExplainSettings,
    ExploreSettings,
    ExportOptions,
    FitSettings,
    HandoutSettings,
    Option,
    StudySettings,
    VerifyOptions,
    options_of,
)

EXPERIMENT = "Experiment whose arms are compared; `salesim list` describes them all. null: your settings are the only arm."
CONTEST = "alone: one vendor uses the arm; everyone: all vendors do; null: as the experiment says."
SHARED = (
    Option("experiment", "experiment", str, meaning=EXPERIMENT),
    Option("contest", "contest", Literal["alone", "everyone", "null"], meaning=CONTEST),
)
STUDY = tuple(options_of(StudySettings, "study."))
EXECUTION = ("workers", "executor", "executor.address", "confidence", "first_seed", "folder", "name", "store")
POINTS = ("design", "points", "design_seed")
SEVERAL = (
    ("KEY=a,b,c", "These values."),
    ("'KEY=range(0,4,1)'", "First value, end and step: 0, 1, 2, 3. The end itself is excluded. The default step is 1."),
    ("'KEY=interval(1,4)'", "Any number from 1 to 4. `sweep` then needs design=sobol or design=lhs."),
    ("'KEY=tag(log,interval(0.001,1))'", "Any number in the interval, spread evenly over orders of magnitude."),
    ("'strategy=glob(*)'", "Every strategy; channel and licence likewise."),
)
LINKED = (
    ("'KEY=a,b with OTHER'", "Changes together with the axis OTHER: first value with first value, second with second."),
    ("'KEY=a,b if OTHER=x'", "Varies only where the axis OTHER is x; elsewhere KEY keeps its own value. OTHER may be `arm`."),
)
FOLDER = "results/NAME"


@dataclass(frozen=True)
class Command:
    """A command: its line in `salesim --help`, its own page, and whether it starts runs and so has --dry-run."""

    summary: str
    purpose: str
    usage: str
    examples: tuple[str, ...]
    writes: str
    options: tuple[Option, ...] = ()
    several: bool = False
    makes_runs: bool = False


def study_options(*names: str) -> tuple[Option, ...]:
    """The named options of a study, then those for executing runs and writing results."""
    return tuple(option for name in (*names, *EXECUTION) for option in STUDY if option.word == name)


def options(*parts: Iterable[Option]) -> tuple[Option, ...]:
    """All options in order, without duplicates; the first of a name counts."""
    by_word: dict[str, Option] = {}
    for option in (each for part in parts for each in part):
        by_word.setdefault(option.word, option)
    return tuple(by_word.values())


COMMANDS = {
    "run": Command(
        "Compare the arms of an experiment. The word `run` can be omitted.",
        "Runs every arm of an experiment with the same seeds, and reports how much the arms differ.",
        "salesim [run] [OPTION=VALUE …] [KEY=VALUE …]",
        ("salesim run experiment=margin_spiral seeds=10", "salesim run strategy=mine --config-dir my/folder contest=alone"),
        f"{FOLDER}/ with report.html to open in a browser, all settings, and tables as CSV and Parquet: runs, years, "
        "differences, and every deal and week of the first seed.",
        options(SHARED, study_options("seeds", "worlds", "records", "series", "series_weeks", "discount_rate", "uncertain")),
        makes_runs=True,
    ),
    "compare": Command(
        "Run until every difference is settled, and give verdicts to act on.",
        "Runs until every verdict is settled or the budget is used up. You declare beforehand which measures are judged and "
        "which differences are too small to matter.",
        "salesim compare [OPTION=VALUE …] [KEY=VALUE …]",
        (
            "salesim compare experiment=cisco_channel budget=2min",
            "salesim compare 'measures=[win_rate,gross_margin]' equivalence_margins.win_rate=0.05",
        ),
        "results/compare_NAME/ with report.html to open in a browser, the verdicts, and their tables as CSV and Parquet.",
        options(SHARED, options_of(CompareSettings, "compare."), study_options("worlds")),
        makes_runs=True,
    ),
    "sweep": Command(
        "Run the arms with many combinations of settings.",
        "Runs every arm at many points (combinations of settings). It reports which setting affects which measure, and "
        "which arm is best at which points.",
        "salesim sweep KEY=VALUES … [OPTION=VALUE …]",
        (
            "salesim sweep market.commoditization.pressure_per_week=0,0.001,0.002 strategy=pitch,diagnostic seeds=10",
            "salesim sweep 'market.customers.complexity_a=interval(1,4)' design=sobol points=64 seeds=5",
        ),
        f"{FOLDER}/ with report.html to open in a browser, and tables as CSV and Parquet: runs, points, differences, effects. "
        "Without name=…, NAME is sweep_ followed by the name of the experiment.",
        options(SHARED, study_options(*POINTS, "seeds", "worlds")),
        several=True,
        makes_runs=True,
    ),
    "explore": Command(
        "Find where each arm wins when settings are uncertain.",
        "Varies uncertain settings of the market together. It reports which of them decide which arm wins, where each arm "
        "wins, and how large the regret of each choice can be, from an emulator that learns the differences in few runs. With "
        "tornado=true it moves every uncertain number alone, and reports what the differences hang on; with tipping=… it "
        "finds the values of one setting at which two arms are equal. By default it varies the settings in "
        "configs/explore/standard.yaml, except those that you fix.",
        "salesim explore ['KEY=interval(LOW,HIGH)' …] [OPTION=VALUE …]",
        (
            "salesim explore 'market.customers.complexity_a=interval(1,4)' weeks=260 points=32",
            "salesim explore tornado=true contest=alone",
            "salesim explore 'tipping=market.worth.spillover=interval(0,1)' contest=alone measure=gross_margin",
        ),
        f"{FOLDER}/explore/ with tables as CSV and Parquet, and a section in {FOLDER}/report.html.",
        options(SHARED, options_of(ExploreSettings, "explore."), study_options("worlds")),
        several=True,
        makes_runs=True,
    ),
    "explain": Command(
        "Explain why two arms differ, and why margins fall.",
        "Traces the difference between two arms from list price to profit and from deal to deal, and reports how much each "
        "feedback contributes to the fall of margins.",
        "salesim explain [OPTION=VALUE …] [KEY=VALUE …]",
        (
            "salesim explain arm=diagnostic against=pitch contest=everyone",
            "salesim explain experiment=cisco_channel arm=rebate seeds=20",
        ),
        f"{FOLDER}/explain/ with tables as CSV and Parquet, and a section in {FOLDER}/report.html.",
        options(SHARED, options_of(ExplainSettings, "explain."), study_options("worlds")),
        makes_runs=True,
    ),
    "evidence": Command(
        "Measure published facts and the claims of the article.",
        "Measures the published facts and the claims of the article that are listed in configs/evidence/, in a market where "
        "everyone pitches and in arms that differ from it, and lists the limits of theory. It reports which facts are met or "
        "missed, and by how much; a verdict for each claim, and where it turns round; and what cannot be asked.",
        "salesim evidence [facts|claims|limits] [ID …] [OPTION=VALUE …] [KEY=VALUE …]",
        ("salesim evidence facts seeds=4", "salesim evidence A1 S3 market.commoditization.pressure_per_week=0.002"),
        f"{FOLDER}/evidence/ with tables as CSV and Parquet, and sections in {FOLDER}/report.html. Without name=…, NAME is "
        "that of the market.",
        options(options_of(EvidenceOptions), study_options()),
        makes_runs=True,
    ),
    "fit": Command(
        "Find the markets that have your numbers.",
        "Looks for markets that reproduce the numbers in your file, or those out of an export of opportunities, each within "
        "its error, and keeps an ensemble of them. It reports which numbers no market reproduces or "
        "contradict each other, how far the numbers narrow each setting, and "
        "which settings stay as unknown as before.",
        "salesim fit [targets=FILE] [export=FILE mapping=FILE] ['KEY=interval(LOW,HIGH)' …] [OPTION=VALUE …] [KEY=VALUE …]",
        (
            "salesim fit targets=my/numbers.yaml market=reference",
            "salesim fit targets=my/numbers.yaml 'market.trust.loss=interval(0.1,0.9)' market.people.leave_per_year=0.1",
        ),
        "results/ours/fit/ with all worlds as members.csv and .parquet, those that were kept as the market ours in market/, "
        "and a section in results/ours/report.html. With name=NAME it is NAME instead of ours.",
        options(options_of(FitSettings, "fit."), study_options()),
        several=True,
        makes_runs=True,
    ),
    "classroom": Command(
        "Hold a lesson: a class predicts the margin spiral, cuts it, and competes.",
        "Holds a lesson on this machine: an instructor's screen, one for the projector, and the phones of a class. It needs no "
        "internet and no accounts, and listens on this machine alone unless network=true. With `replay FILE` it shows a "
        "finished class again. With --check it tries the port, the network and a run, and holds no class; with both it "
        "makes the runs of that class again and compares them bit for bit.",
        "salesim classroom [replay FILE] [OPTION=VALUE …] [--check]",
        (
            "salesim classroom network=true",
            "salesim classroom lesson=short language=de mode=hands",
            "salesim classroom --check",
        ),
        "results/classroom/DAY_LESSON/ with every event as class.jsonl, the answers as answers.csv, and summary.md.",
        tuple(options_of(ClassroomOptions)),
    ),
    "handout": Command(
        "Write a lesson as one page to take home.",
        "Writes one HTML file of a lesson, which opens without a network connection: feedbacks that the reader can cut, "
        "settings of the market that can be changed, and every path of a vendor through the rounds, all out of runs that "
        "were made beforehand. With notes=true it also writes notes for the instructor, as a PDF.",
        "salesim handout [lesson=NAME] [OPTION=VALUE …] [KEY=VALUE …]",
        ("salesim handout lesson=spiral", "salesim handout lesson=spiral notes=true seeds=4"),
        "results/handout_LESSON/LESSON.html, and with notes=true also LESSON_notes.md and LESSON_notes.pdf.",
        options(options_of(HandoutSettings, "handout."), study_options()),
        makes_runs=True,
    ),
    "show": Command(
        "Print all settings with unit, meaning and source.",
        "Prints every setting with its unit, meaning and source; those that you name come first. A group without a value, as "
        "in `salesim show study`, prints only that group. Values that differ from their files are marked with *.",
        "salesim show [GROUP] [KEY=VALUE …]",
        ("salesim show strategy=diagnostic", "salesim show market"),
        "no files.",
        options(SHARED[:1]),
    ),
    "list": Command(
        "List experiments, strategies, channels, licences, markets and measures.",
        "Lists everything that can be chosen by name, and all measures. With --config-dir it also lists your own files, and "
        "reports errors in them with file and line.",
        "salesim list",
        ("salesim list", "salesim list --config-dir my/folder"),
        "no files.",
    ),
    "verify": Command(
        "Repeat some runs of a study, and check that the results are identical.",
        "Repeats some runs of a finished study, and checks that the results are identical to the last bit. If they are not, "
        "it reports whether the market or only a measure has changed since. The exit code is 0 if all are identical, else 1.",
        "salesim verify FOLDER [runs=5]",
        ("salesim verify results/three_strategies", "salesim verify results/sweep_three_strategies runs=20"),
        "no files.",
        tuple(options_of(VerifyOptions)),
    ),
    "export": Command(
        "Write the tables or the summary of a study for other programs.",
        "Writes the tables of a finished study for other programs, with a description of the columns, or a summary of one page "
        "for a meeting.",
        "salesim export FOLDER [format=csv|excel|pdf|pptx]",
        ("salesim export results/three_strategies", "salesim export results/three_strategies format=pptx"),
        "FOLDER/export/ with the tables, a workbook, a sheet or slides.",
        tuple(options_of(ExportOptions)),
    ),
    "completion": Command(
        "Print a script that lets the TAB key complete commands in bash or zsh.",
        "Prints a script for your shell. With it, the TAB key completes commands, options, names of files, settings and their "
        "choices, and after --config-dir also your own files.",
        "salesim completion bash|zsh",
        ('eval "$(salesim completion bash)"   # in ~/.bashrc', 'eval "$(salesim completion zsh)"    # in ~/.zshrc'),
        "no files.",
    ),
}
