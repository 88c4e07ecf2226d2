"""The pages of `salesim --help` and `salesim sweep --help`: plain texts, so that they are there at once.

A word is written with its default, as points=64; tests compare them with the files in `configs/`.
"""

from collections.abc import Sequence

from salesim.config.errors import InputError, meant

GENERAL = """\
salesim: how should we sell as our product turns into a commodity?

  salesim                                the main job: three strategies compared
  salesim run experiment=margin_spiral   another experiment
  salesim compare budget=2min            a verdict to act on, within a budget or without
  salesim sweep market.commoditization.pressure_per_week=0,0.001,0.002
                                         the arms at many points of the settings, and what moves what
  salesim explore                        where each arm wins, over uncertain numbers
  salesim explain arm=diagnostic against=pitch
                                         why two arms differ, and what carries the fall of margins
  salesim list                           experiments, strategies, channels, licences, markets, measures
  salesim show strategy=diagnostic       everything that is set, with unit, meaning and source
  salesim verify results/NAME            play some of a study's runs again, compare the bits
  salesim export results/NAME format=excel
                                         its tables for other programs

  salesim COMMAND --help                 a command's words with choices and defaults, and examples

What is set, can be changed by its name: key=value, as often as you like (Hydra's overrides).

  market.commoditization.pressure_per_week=0.002   one number
  'rivals.strategies=[diagnostic,pitch]'           a list, in quotes for the shell
  seeds=10  workers=1  folder=/tmp/results         short for study.seeds=10 …
  name=mine                                        it goes to results/mine; compare's to results/compare_mine
  contest=alone                                    only our vendor changes;
  contest=everyone                                 the whole market does
  strategy=mine --config-dir my/folder             your own strategy, in my/folder/strategy/mine.yaml,
                                                   one arm more; `defaults: [pitch]` in it inherits
  '+experiment.arms.mild=["strategy.systems.promise_inflation=0.2"]'
                                                   one more arm
Options:
  --config-dir DIR   a folder with your own strategy/, channel/, licence/, market/, experiment/
                     or study/, searched before what is shipped
  --dry-run          of run, compare, sweep, explore, explain: check everything, say size and time,
                     play nothing
  --version, --help

A run that was stopped goes on where it was if the same command is given again.
"""

SEVERAL = """\
Several values, in quotes wherever there are brackets or blanks:
  KEY=a,b,c                  these values
  'KEY=range(0,4,1)'         first, end, step; the end itself is left out: 0, 1, 2, 3;
                             the step is 1 unless said
  'KEY=interval(1,4)'        any number from 1 to 4; of a sweep only with design=sobol or design=lhs
  'KEY=tag(log,interval(0.001,1))'   the same, spread evenly over orders of magnitude
"""

PLAYED = """\
  experiment=three_strategies  what is compared; `salesim list` has all, experiment=null leaves its arms out
  contest=null               alone: only our vendor changes; everyone: the whole market does;
                             null: as the experiment says
"""

PLAYERS = """\
  workers=0                  how many play side by side; 0 is one for each core
  executor=threads           who plays: threads, processes or dask (with executor.address=tcp://host:8786)
  confidence=0.95            that all intervals of a table hold together
  first_seed=1               seeds are this one and the next
  folder=results             where the study's folder is made
"""

RUN = f"""\
salesim run [WORDS]          play the arms of an experiment with the same seeds, and compare them;
                             the word `run` itself can be left out

Words, with what they are unless said:
{PLAYED}\
  seeds=40                   runs of each arm
  records=1                    seeds of which every deal and week is kept
{PLAYERS}\
  name=null                  the study's folder, results/NAME; null is that of the experiment
  KEY=VALUE                  any setting of `salesim show`, for all arms

Options:
  --dry-run                  check everything, say size, time and disk, play nothing

Examples:
  salesim run experiment=margin_spiral seeds=10
  salesim run strategy=mine --config-dir my/folder contest=alone

It leaves results/NAME/: report.html to open in a browser, resolved.yaml with all settings, and tables as
CSV and Parquet (runs, years, differences, the deals and weeks of the first seed).
"""

COMPARE = f"""\
salesim compare [WORDS]      declare what is judged, play until every verdict is settled,
                             and say what may be acted on

Words, with what they are unless said:
{PLAYED}\
  'measures=[gross_margin,cycle_weeks,pass_through]'   what is judged; `salesim list` has all measures
  equivalence_margins.gross_margin=0.01  smaller differences count as none; configs/compare/standard.yaml
                             has the margins of the other measures
  budget=null                null: until every verdict is settled; else the most that is played, confirmation
                             seeds included, as 500runs, 90s, 2min or 1h
  'interim_analyses=[10,20,40,80,160,320]'   pairs of runs after which the differences are judged
  confirmation_seeds=10      seeds on which the signs of differences are checked again
  compare.first_confirmation_seed=1000001   the first of them
  compare.share_that_may_differ=0.05   two arms that were the same in every run count as equal once at most
                             this share of runs can differ
{PLAYERS}\
  name=null                  the study's folder, results/compare_NAME; null is that of the experiment
  KEY=VALUE                  any setting of `salesim show`, for all arms

Options:
  --dry-run                  check everything, say size, time and disk, play nothing

Examples:
  salesim compare experiment=cisco_channel budget=2min
  salesim compare 'measures=[win_rate,gross_margin]' equivalence_margins.win_rate=0.05

It leaves results/compare_NAME/: report.html to open in a browser, and tables as CSV and Parquet
(statements, selection, interim_analyses).
"""

SWEEP = f"""\
salesim sweep KEY=VALUES …   play the arms at many points of the settings, and say what moves what
                             and who is best where

{SEVERAL}\
  strategy=pitch,diagnostic  the arms themselves (channel=…, licence=… too); strategy=glob(*) is all

Words, with what they are unless said:
{PLAYED}\
  design=grid                grid: every value with every other; sobol or lhs: points spread evenly,
                             over intervals too
  points=0                   how many points of sobol (a power of two) or lhs; a grid has its own number
  design_seed=1              luck of the design, not of the market
  seeds=40                   runs of each arm at each point
{PLAYERS}\
  name=null                  the study's folder, results/NAME; null is sweep_ and the experiment's name
  KEY=VALUE                  any setting of `salesim show`, for all points

Options:
  --dry-run                  check every point, say size, time and disk, play nothing

Examples:
  salesim sweep market.commoditization.pressure_per_week=0,0.001,0.002 strategy=pitch,diagnostic seeds=10
  salesim sweep 'market.customers.complexity_a=interval(1,4)' design=sobol points=64 seeds=5 --dry-run

It leaves results/NAME/: report.html to open in a browser, and tables as CSV and Parquet
(runs, points, differences, effects).
"""

EXPLORE = f"""\
salesim explore ['KEY=interval(LOW,HIGH)' …]       where each arm wins: screening, what decides,
                                                   rules in words, least regret
salesim explore 'tipping=KEY=interval(LOW,HIGH)'   where the arms cross along one number

{SEVERAL}\
  Without any, those of configs/explore/standard.yaml, less what you fix.

Words, with what they are unless said:
{PLAYED}\
  measure=operating_profit_k what arms are compared by; `salesim list` has all measures
  points=64                  base points of the design, a power of two from 16; more are played, and the
                             plan says how many
  seeds=5                    runs of each arm at each point at first
  most_seeds=20              the same where it is not yet decided who wins
  trajectories=8             of Morris screening, from 4; 0 leaves it out
  tipping_seeds=60           runs of each arm behind a tipping point
{PLAYERS}\
  name=null                  the study's folder, results/NAME; null is that of the experiment
  KEY=VALUE                  any setting of `salesim show`, for all points

Options:
  --dry-run                  check every point, say size and time, play nothing

Examples:
  salesim explore 'market.customers.complexity_a=interval(1,4)' weeks=260 points=32 --dry-run
  salesim explore 'tipping=market.worth.spillover=interval(0,1)' contest=alone measure=gross_margin

It leaves results/NAME/explore/ with tables as CSV and Parquet, and a section in results/NAME/report.html.
"""

EXPLAIN = f"""\
salesim explain [WORDS]      why two arms differ, from list price to profit and deal by deal, and what
                             carries the fall of margins

Words, with what they are unless said:
{PLAYED}\
  arm=NAME                   the arm in question; the first that is not `against`
  against=NAME               the arm it is held against; the experiment's baseline
  seeds=40                   runs of both arms, from 4; 20 or more are sensible
  spiral_seeds=10            the first of them, for the fall of margins and the loops, from 4
  orders=0                   orders in which feedbacks join, sampled, from 4; 0 plays all subsets instead:
                             of nine feedbacks 512, with each of spiral_seeds, about 5,500 runs in all
{PLAYERS}\
  name=null                  the study's folder, results/NAME; null is that of the experiment
  KEY=VALUE                  any setting of `salesim show`, for both arms

Options:
  --dry-run                  check it, say size and time, play nothing

Examples:
  salesim explain arm=diagnostic against=pitch contest=everyone
  salesim explain experiment=cisco_channel arm=rebate orders=8 seeds=10 --dry-run

It leaves results/NAME/explain/ with tables as CSV and Parquet, and a section in results/NAME/report.html.
"""

SHOW = """\
salesim show [WORDS]         print everything that is set, with unit, meaning and source, what is asked
                             for before the rest
salesim show GROUP           print a group alone: market, strategy, channel, licence, study, compare,
                             experiment, explore or explain

Words:
  strategy=NAME              a file of `salesim list`; market=, channel=, licence=, study=, compare= and
                             experiment= as well
  KEY=VALUE                  any setting; what differs from its file is marked *

Examples:
  salesim show strategy=diagnostic
  salesim show strategy=mine --config-dir my/folder

It leaves nothing but what it prints.
"""

LIST = """\
salesim list                 print what can be chosen: experiments, strategies, channels, licences,
                             markets, studies; and all measures

Options:
  --config-dir DIR           yours as well; of a file that cannot be used, which line is wrong

Examples:
  salesim list
  salesim list --config-dir my/folder

It leaves nothing but what it prints.
"""

VERIFY = """\
salesim verify FOLDER        play some of a study's runs again, and compare the bits; it says whether the
                             market or only a measure was changed since

Words, with what they are unless said:
  runs=5                     how many are played again

Examples:
  salesim verify results/three_strategies
  salesim verify results/sweep_three_strategies runs=20

It leaves the study as it is; the exit code is 0 if all is the same, else 1.
"""

EXPORT = """\
salesim export FOLDER        write a study's tables for other programs, and what their columns mean

Words, with what they are unless said:
  format=csv                 csv: a file a table; excel: one workbook, a sheet a table

Examples:
  salesim export results/three_strategies
  salesim export results/sweep_three_strategies format=excel

It leaves the folder export/ in the study's.
"""

PAGES = {
    "run": RUN,
    "compare": COMPARE,
    "sweep": SWEEP,
    "explore": EXPLORE,
    "explain": EXPLAIN,
    "show": SHOW,
    "list": LIST,
    "verify": VERIFY,
    "export": EXPORT,
}


def page_of(words: Sequence[str]) -> str:
    """The page of the first command among the words, else the general one. Raises InputError for `help` of no command."""
    if words[:1] == ["help"] and words[1:] and words[1] not in PAGES and not words[1].startswith("-"):
        raise InputError(f"{words[1]} is not a command; {meant(words[1], PAGES)} (`salesim --help` says more)")
    return next((PAGES[word] for word in words if word in PAGES), GENERAL)
