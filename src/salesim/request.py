"""What was asked: the command, the folders to search, and the overrides, out of the words of a command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesim.errors import InputError, meant

HELP = """\
salesim: how should we sell as our product turns into a commodity?

  salesim                                the main job: three strategies compared
  salesim run experiment=margin_spiral   another experiment
  salesim compare experiment=margin_spiral
                                         a verdict to act on: as many runs as it takes
  salesim compare budget=2min            or as many as there is time for; budget=500runs: as many as
                                         these, pilot and fresh seeds included
  salesim list                           experiments, strategies, channels, licences, markets, measures
  salesim show strategy=diagnostic       everything that is set, with unit, meaning and source
  salesim run strategy=mine --config-dir my/folder
                                         your own strategy, in my/folder/strategy/mine.yaml,
                                         compared with the three; several of your own:
                                         salesim sweep strategy=pitch,mine,yours

  salesim sweep market.commoditization.pressure_per_week=0,0.001,0.002
        'market.customers.complexity_a=interval(1,4)' design=sobol points=64 seeds=5
                                         the arms at many points of the settings: values as a,b,c or
                                         range(first,end,step); interval(low,high) with design=sobol
                                         or lhs; --dry-run says how long it takes and plays nothing
  salesim verify results/NAME            play some of a study's runs again, compare the bits; says
                                         whether the market or only a measure was changed since
  salesim export results/NAME format=excel
                                         its tables for other programs (or format=csv)
  salesim explore 'market.worth.spillover=interval(0,1)' points=64
                                         where each arm wins; without an interval, the usual six
  salesim explore 'tipping=market.worth.spillover=interval(0,1)'
                                         where the arms cross along one number
  salesim explain arm=diagnostic against=pitch
                                         why two arms differ, and what carries the fall of margins

What is set, can be changed by its name: key=value, as often as you like (Hydra's overrides).

  market.commoditization.pressure_per_week=0.002   one number
  'rivals.strategies=[diagnostic,pitch]'           a list, in quotes for the shell
  seeds=10  workers=1  folder=/tmp/results         short for study.seeds=10 …
  name=mine                                        the study's own folder, in results/
  executor=processes                               who plays: threads (as shipped), processes, or
  executor=dask executor.address=tcp://host:8786   the workers of a Dask cluster
  measures=[win_rate,gross_margin]  matters.win_rate=0.05
                                                   what compare judges, and the smallest
                                                   difference that matters
  contest=alone                                    only our vendor changes;
  contest=everyone                                 the whole market does
  '+experiment.arms.mild=["strategy.systems.promise_inflation=0.2"]'
                                                   one more arm
Options:
  --config-dir DIR   a folder with your own strategy/, channel/, licence/, market/, experiment/
                     or study/, searched before what is shipped; `defaults: [pitch]` in a
                     strategy's file inherits all that it does not say itself
  --dry-run          of sweep: check every point, say size, time and disk, play nothing
  --version, --help

A run that was stopped goes on where it was if the same command is given again.
"""
COMMANDS = ("run", "compare", "sweep", "explore", "explain", "show", "list", "verify", "export")
DRY_RUN = "--dry-run"
PLANNED = ("sweep", "explore", "explain")  # commands that say what they will take
GROUPS = ("market", "strategy", "channel", "licence", "study", "compare", "experiment")
SETTLED = ("explore", "explain")  # groups with one file each, which is not chosen


@dataclass(frozen=True)
class Request:
    """What was asked: a command, overrides, folders to search (a person's own first), and the line itself."""

    command: str
    overrides: tuple[str, ...]
    folders: tuple[Path, ...]
    line: str
    dry_run: bool = False


def understood(words: list[str], line: str) -> Request:
    """Command, options and overrides in the words of a command line. Raises InputError."""
    words, own = without_folder(words)
    dry_run = DRY_RUN in words
    words = [word for word in words if word != DRY_RUN]
    command = "run"
    if words and "=" not in words[0] and words[0][:1] not in "+~":
        command = words.pop(0)
        if command not in COMMANDS:
            raise InputError(f"{command} is not a command; {meant(command, COMMANDS)} (`salesim --help` says more)")
    if dry_run and command not in PLANNED:
        raise InputError(f"{DRY_RUN} is an option of {', '.join(PLANNED)}; `salesim {command}` makes no plan before")
    from salesim.library import check_folder, configs_folder

    if own:
        check_folder(own, (*GROUPS, *SETTLED))
    return Request(command, tuple(words), (*([own.resolve()] if own else []), configs_folder()), line, dry_run)


def without_folder(words: Sequence[str]) -> tuple[list[str], Path | None]:
    """The words without `--config-dir`, and its folder. Raises InputError for any other option."""
    rest, own = [], None
    waiting = iter(words)
    for word in waiting:
        option, _, value = word.partition("=")
        if option == "--config-dir":
            folder = value or next(waiting, "")
            if not folder:
                raise InputError("--config-dir needs a folder behind it")
            own = Path(folder)
        elif word.startswith("-") and word != DRY_RUN:
            nearest = meant(option, ("--config-dir", DRY_RUN, "--version", "--help"))
            raise InputError(f"{option} is not an option; {nearest}")
        else:
            rest.append(word)
    return rest, own
