"""The scenarios of a sweep, each composed and checked before any run, as one Sweep."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from salesim.config.axes import Axis, Point, points_on, shown
from salesim.config.check_axes import VARIABLE, check_axes, is_whole, meaning_of
from salesim.config.compose_study import check_arm, check_place, differences, key_of, left_for_all
from salesim.config.config_files import APPROACH, GROUPS
from salesim.config.dotted_keys import put
from salesim.config.errors import InputError
from salesim.config.experiment import Experiment, experiment_of, settings_of
from salesim.config.options import StudySettings
from salesim.config.overrides.composer import Composer
from salesim.config.scenario import scenario_from
from salesim.config.study import Placed, Sweep, given_by
from salesim.config.validation import as_mapping
from salesim.model.parameters import Scenario
from salesim.runs.store import scenario_key

MOST_SCENARIOS = 50_000
MOST_RUNS = 20_000_000


@dataclass(frozen=True)
class SweepArms:
    """The arms of a sweep (overrides by name), what they are values of, the axes of the points, and the other words."""

    experiment: Experiment
    arm_key: str
    axes: tuple[Axis, ...]
    words: tuple[str, ...]


def sweep_of(typed: Sequence[str], composer: Composer, line: str) -> Sweep:
    """The sweep that words ask for; `line` repeats it. Raises InputError if any scenario at any point cannot be run."""
    axes, plain = composer.axes(composer.words(typed))
    base = composer(plain).mapping
    settings = settings_of(base)
    check_place(Path(settings.folder))
    axes = with_filed(axes, plain, settings, composer)
    check_axes(axes, base)
    scenario_from(base, folders=composer.folders[:-1])
    if not axes:
        raise InputError(
            "a sweep needs a setting with several values, as market.commoditization.pressure_per_week=0,0.001 or "
            "'market.customers.complexity_a=interval(1,4)'; `salesim run` runs a single scenario"
        )
    spec = with_arms(experiment_of(base), axes, plain)
    points = points_on(spec.axes, settings.design, settings.points, settings.design_seed)
    arms, contests = spec.experiment.arms, spec.experiment.contests
    check_size(len(points), len(arms), len(contests), settings.seeds)
    placed, first = [], None
    for point, contest, arm, scenario in scenarios(spec, points, composer):
        first = first or as_mapping(scenario)
        placed.append(Placed(point, contest, arm, scenario_key(scenario), differences(first, as_mapping(scenario))))
    return as_sweep(spec, points, placed, settings, base, composer, line)


def as_sweep(
    spec: SweepArms,
    points: Sequence[Point],
    placed: Sequence[Placed],
    settings: StudySettings,
    base: Mapping[str, Any],
    composer: Composer,
    line: str,
) -> Sweep:
    """Arms, points and scenarios as one Sweep."""
    experiment = spec.experiment
    *_, first = next(scenarios(spec, points, composer))
    resolved = {
        "study": base["study"],
        "experiment": {"name": experiment.name, "arms": dict(experiment.arms), "contests": list(experiment.contests)},
        "axes": {axis.key: axis.text for axis in spec.axes},
        "scenario": as_mapping(first),
    }
    return Sweep(
        name=settings.name or f"sweep_{experiment.name}",
        question=experiment.question,
        baseline=experiment.baseline,
        axes=spec.axes,
        design=settings.design,
        points=tuple(points),
        contests=tuple(experiment.contests),
        arms=tuple(experiment.arms),
        arm_key=spec.arm_key,
        first=first,
        placed=tuple(placed),
        **given_by(settings),
        resolved=resolved,
        command=line,
        settings={key_of(word): word.partition("=")[2] for word in spec.words if key_of(word).split(".")[0] in VARIABLE},
        notes={axis.key: meaning_of(axis.key, composer(spec.words).chosen, composer.folders) for axis in spec.axes},
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
    axes = [replace(axis, whole=True) if is_whole(axis.key) and axis.is_interval else axis for axis in axes]
    for name, overrides in experiment.arms.items():
        check_arm(name, overrides)
    set_by = {name: {key_of(word) for word in overrides} for name, overrides in experiment.arms.items()}
    alone = len(experiment.arms) == 1 and not any(set_by.values())
    named = [axis for axis in axes if axis.key in APPROACH]
    giving = [axis for axis in named if alone or all(keys == {axis.key} for keys in set_by.values())][:1]
    rest = tuple(axis for axis in axes if axis not in giving)
    if giving:
        arms = {str(value): [f"{giving[0].key}={value}"] for value in giving[0].values}
        baseline = experiment.baseline if experiment.baseline in arms else next(iter(arms))
        experiment = replace(experiment, arms=arms, baseline=baseline)
    else:
        for name, keys in set_by.items():
            for axis in rest:
                if axis.key in keys:
                    raise InputError(
                        f"{axis.key}={axis.text} contradicts arm {name} of experiment {experiment.name}, which sets "
                        f"{axis.key}; experiment=null leaves its arms out"
                    )
    replaced = set.intersection(*({key_of(word) for word in overrides} for overrides in experiment.arms.values()))
    for word in words:
        if key_of(word) in replaced:
            raise InputError(
                f"{word} would change nothing: every arm of experiment {experiment.name} sets {key_of(word)}; name several "
                f"values as {key_of(word)}=a,b to choose the arms, or experiment=null to leave them out"
            )
    return SweepArms(experiment, giving[0].key if giving else "", rest, tuple(words))


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


def scenarios(spec: SweepArms, points: Sequence[Point], composer: Composer) -> Iterator[tuple[int, str, str, Scenario]]:
    """Every scenario with its point, contest and arm, in this order. Raises InputError that names the place."""
    known: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, point in enumerate(points):
        chosen = [f"{key}={value}" for key, value in point.items() if key in GROUPS]
        for contest in spec.experiment.contests:
            for arm, overrides in spec.experiment.arms.items():
                try:
                    words = (*left_for_all(spec.words, [*overrides, *chosen]), *chosen, *overrides)
                    if words not in known:
                        known[words] = composer(words).mapping
                    yield number, contest, arm, scenario_from(at_point(known[words], point), contest, composer.folders[:-1])
                except InputError as error:
                    raise InputError(f"{named_place(number, len(points), point, arm)}: {with_axis(error, point)}") from error


def named_place(number: int, n_points: int, point: Point, arm: str) -> str:
    """A point and arm in words; points are counted from 0, as in the tables."""
    where = ", ".join(f"{key}={shown(value)}" for key, value in point.items())
    return f"point {number} of 0 to {n_points - 1} ({where}), arm {arm}" if where else f"arm {arm}"


def with_axis(error: InputError, point: Point) -> str:
    """What is wrong at a point; what an axis gives is changed there."""
    axis = next((key for key in point if error.text.startswith(f"{key} ")), "")
    return f"{error.text}; change the values of {axis}" if axis else str(error)


def at_point(mapping: Mapping[str, Any], point: Point) -> dict[str, Any]:
    """A copy of a composed mapping with a point's numbers and lists put in."""
    changed = deepcopy(dict(mapping))
    for key, value in point.items():
        if key not in GROUPS:
            put(changed, key, deepcopy(value))
    return changed
