"""`salesim run`: the arms of an experiment with the same seeds, compared; then what would turn the answer round."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from salesim.analyses.explore import turns
from salesim.analyses.protocol import Analysis, Estimate
from salesim.analyses.records import check_series, cost_of_arms
from salesim.config.compose_study import study_of
from salesim.config.overrides.composer import Composer
from salesim.config.study import Study
from salesim.report.console.study import print_answer, print_question
from salesim.report.text.turns import plan
from salesim.runs.run_study import run_study
from salesim.runs.runner import Progress
from salesim.runs.store import runs_of


class Spec(NamedTuple):
    """A study, and at which numbers its answer is tried; None if it is not."""

    study: Study
    turns: turns.Turns | None


def parse(typed: Sequence[str], composer: Composer, line: str) -> Spec:
    """The study that words ask for. Raises InputError for what cannot be run."""
    words = composer.words(typed)
    study = study_of(words, composer, line)
    check_series(study)
    return Spec(study, turns.turns_of(study, words, composer, line))


def cost(spec: Spec) -> Estimate:
    """Every arm with every seed, where what arms share is counted once, and the arms of the answer at the ends of numbers."""
    study = spec.study
    wanted = {run for _, _, run, _ in runs_of(study, study.all_seeds)}
    n_runs, price, counts, more = len(wanted), cost_of_arms(study, wanted), dict[str, int](), 1.0
    if spec.turns:
        n_ends, n_crossings, ends = turns.cost(spec.turns)
        n_runs += n_ends
        more += n_crossings / n_runs
        counts = {"ends": n_ends, "crossings": n_crossings, "numbers": len(spec.turns.axes)}
        price = price._replace(
            seconds=price.seconds + ends.seconds, disk_bytes=price.disk_bytes + ends.disk_bytes,
            n_finished=price.n_finished + ends.n_finished,
        )  # fmt: skip
    return Estimate(n_runs, price, study.own_folder, more, counts)


def run(spec: Spec, progress: Progress) -> Path:
    """The study first, whole; then its answer is tried."""
    folder = run_study(spec.study, progress)
    turns.remove(folder)
    if spec.turns:
        turns.try_ends(spec.turns, progress)
    return folder


ANALYSIS = Analysis(
    parse=parse,
    cost=cost,
    run=run,
    print_question=print_question,
    print_answer=print_answer,
    save=lambda _, folder: folder,
    record=lambda spec: spec.study,
    plan=lambda _, counts: plan(counts),
)
