"""What the words of a sweep ask for, composed and checked before any run, as one Sweep."""

from collections.abc import Sequence
from dataclasses import replace

from salesim.analyses.sweep.scenarios import Scenarios, SweepArms
from salesim.config.answer import margins_of
from salesim.config.axes import Axis, shown
from salesim.config.check_axes import VARIABLE, check_axes, linked, meaning_of
from salesim.config.compose_study import Composed, check_arm, check_places, key_of
from salesim.config.config_files import APPROACH, GROUPS
from salesim.config.design import points_on
from salesim.config.dotted_keys import at_path
from salesim.config.errors import InputError
from salesim.config.experiment import Experiment, experiment_of, settings_of
from salesim.config.options import StudySettings
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import scenario_from
from salesim.config.study import Sweep, given_by
from salesim.config.validation import as_mapping
from salesim.config.worlds import check_enough, worlds_of
from salesim.report.console.progress import watched

MOST_SCENARIOS = 50_000
MOST_RUNS = 20_000_000


def sweep_of(typed: Sequence[str], composer: Composer, line: str) -> Sweep:
    """The sweep that words ask for; `line` repeats it. Raises InputError if any scenario at any point cannot be run."""
    axes, plain = composer.axes(composer.words(typed))
    base = composer(plain)
    settings = settings_of(base.mapping)
    check_places(settings)
    axes = sorted(with_filed(axes, plain, settings, composer), key=lambda axis: axis.key)  # whatever the order of words
    check_axes(axes, base.mapping)
    scenario_from(base.mapping, folders=composer.folders[:-1])
    if not axes:
        raise InputError(
            "a sweep needs a setting with several values, as market.commoditization.pressure_per_week=0,0.001 or "
            "'market.customers.complexity_a=interval(1,4)'; `salesim run` runs a single scenario"
        )
    spec = with_arms(experiment_of(base.mapping), axes, plain)
    worlds = worlds_of(base.mapping, settings, composer.command, composer.folders, True)
    check_enough(worlds, settings.seeds, "ask for fewer seeds=…")
    points = points_on(spec.axes, settings.design, settings.points, settings.design_seed)
    check_size(len(points), len(spec.experiment.arms), len(spec.experiment.contests), settings.seeds)
    return as_sweep(Scenarios(spec, points, composer, worlds), settings, base, line)


def as_sweep(scenarios: Scenarios, settings: StudySettings, base: Composed, line: str) -> Sweep:
    """Arms, points and scenarios as one Sweep. Raises InputError for a scenario that cannot be run."""
    spec, composer, worlds = scenarios.spec, scenarios.composer, scenarios.worlds
    placed = tuple(watched(scenarios, len(scenarios), "scenarios"))
    usual = {axis.key: base.chosen[axis.key] if axis.key in GROUPS else at_path(base.mapping, axis.key) for axis in spec.axes}
    experiment = spec.experiment
    resolved = {
        "study": base.mapping["study"],
        "experiment": {"name": experiment.name, "arms": dict(experiment.arms), "contests": list(experiment.contests)},
        "axes": {axis.key: axis.text for axis in spec.axes},
        "scenario": as_mapping(scenarios.first),
    }
    return Sweep(
        name=settings.name or f"sweep_{experiment.name}",
        question=experiment.question,
        baseline=experiment.baseline,
        axes=spec.axes,
        design=settings.design,
        points=tuple(usual | point for point in scenarios.points),
        contests=tuple(experiment.contests),
        arms=tuple(experiment.arms),
        arm_key=spec.arm_key,
        first=scenarios.first,
        placed=placed,
        **given_by(settings),
        worlds=worlds,
        margins=margins_of(base.mapping["compare"].get("equivalence_margins")),
        resolved=resolved | ({"worlds": worlds.record()} if worlds else {}),
        command=line,
        settings={key_of(word): word.partition("=")[2] for word in spec.words if key_of(word).split(".")[0] in VARIABLE},
        notes={axis.key: meaning_of(axis.key, base.chosen, composer.folders) for axis in spec.axes},
    )


def with_filed(axes: Sequence[Axis], plain: Sequence[str], settings: StudySettings, composer: Composer) -> list[Axis]:
    """The axes of the study's file, then those of the command line, which go before them and before plain settings."""
    for key, value in settings.sweep.items():
        if not isinstance(value, str | int | float):
            raise InputError(f'study.sweep.{key} is {shown(value)}; it has to be a text, as "1,2" or "range(1,10)"')
    filed, fixed = composer.axes([f"{key}={value}" for key, value in settings.sweep.items()])
    if fixed:
        raise InputError(f"study.sweep has {fixed[0]}, which is a single value; write several, or set it outside study.sweep")
    given = {key_of(word) for word in (*plain, *(axis.key for axis in axes))}
    return [*(axis for axis in filed if axis.key not in given), *axes]


def with_arms(experiment: Experiment, axes: Sequence[Axis], words: Sequence[str]) -> SweepArms:
    """Where every arm sets nothing but what an axis varies, the axis gives the arms; without arms, a strategy's axis does.

    Raises InputError where an arm would replace an axis or a word of the command line.
    """
    for name, overrides in experiment.arms.items():
        check_arm(name, overrides)
    set_by = {name: {key_of(word) for word in overrides} for name, overrides in experiment.arms.items()}
    alone = len(experiment.arms) == 1 and not any(set_by.values())
    free = [key for key in APPROACH if alone or all(keys == {key} for keys in set_by.values())]
    giving = [axis for key in free for axis in axes if axis.key == key][:1]
    rest = [axis for axis in axes if axis not in giving]
    if giving:
        experiment, set_by = with_values(experiment, giving[0]), {}
    for axis in rest:
        name = next((name for name, keys in set_by.items() if axis.key in keys), "")
        if name:
            raise InputError(
                f"{axis.key}={axis.text} contradicts arm {name} of experiment {experiment.name}, which sets {axis.key}; "
                "experiment=null leaves its arms out"
            )
    replaced = set.intersection(*({key_of(word) for word in overrides} for overrides in experiment.arms.values()))
    for word in words:
        if key_of(word) in replaced:
            raise InputError(
                f"{word} would change nothing: every arm of experiment {experiment.name} sets {key_of(word)}; name several "
                f"values as {key_of(word)}=a,b to choose the arms, or experiment=null to leave them out"
            )
    arm_key = giving[0].key if giving else ""
    return SweepArms(experiment, arm_key, linked(rest, list(experiment.arms), arm_key), tuple(words))


def with_values(experiment: Experiment, axis: Axis) -> Experiment:
    """An experiment whose arms are the values of an axis. Raises InputError for an axis that depends on another one."""
    if axis.tied or axis.only_key:
        raise InputError(f"{axis.key}={axis.text} gives the arms, which run at every point; leave out what follows its values")
    arms = {str(value): [f"{axis.key}={value}"] for value in axis.values}
    return replace(experiment, arms=arms, baseline=experiment.baseline if experiment.baseline in arms else next(iter(arms)))


def check_size(n_points: int, n_arms: int, n_contests: int, seeds: int) -> None:
    """Refuse sizes nobody can wait for."""
    n_scenarios = n_points * n_arms * n_contests
    words = f"{n_points:,} points x {n_arms} arms x {n_contests} contests"
    if n_scenarios > MOST_SCENARIOS:
        raise InputError(f"the sweep has {n_scenarios:,} scenarios ({words}); there can be at most {MOST_SCENARIOS:,}")
    if n_scenarios * seeds > MOST_RUNS:
        raise InputError(
            f"the sweep has {n_scenarios * seeds:,} runs ({words} x {seeds:,} seeds); there can be at most {MOST_RUNS:,}"
        )
