"""The options of every command, typed: bounds, choices and meaning. The defaults are in `configs/`.

Help, completion and validation are made from these classes. They are plain dataclasses, so that help appears at once;
pydantic checks them when a command needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from annotated_types import Ge, Gt, Le, Lt, MinLen

STRICT: Any = {"extra": "forbid", "strict": True, "allow_inf_nan": False}
LARGEST_SEED = 2**31
FEWEST_PAIRS = 10  # of runs behind a verdict of `compare`


class Doc(NamedTuple):
    """The meaning of an option, and what its values name (a measure, an arm), if anything."""

    text: str
    names: str = ""


Text = Annotated[str, MinLen(1)]
Seed = Annotated[int, Ge(0), Le(LARGEST_SEED)]


@dataclass(frozen=True)
class ExecutorSettings:
    """What executes the runs."""

    __pydantic_config__ = STRICT
    kind: Annotated[
        Literal["threads", "processes", "dask"],
        Doc("What executes the runs; dask needs executor.address=tcp://HOST:8786. The results do not depend on it."),
    ]
    address: Annotated[str, Doc("Address of the Dask scheduler.")]


@dataclass(frozen=True)
class StudySettings:
    """How many runs, and how they are compared: the keys of `configs/study/`."""

    __pydantic_config__ = STRICT
    seeds: Annotated[
        int,
        Ge(1),
        Le(1_000_000),
        Doc("Number of runs of each arm, or a list of seeds such as [1,5,9]. All arms use the same seeds."),
    ]
    first_seed: Annotated[Seed, Doc("First seed; the others follow consecutively.")]
    workers: Annotated[int, Ge(0), Le(256), Doc("Number of runs at the same time; 0 means one for each core.")]
    executor: ExecutorSettings
    confidence: Annotated[float, Ge(0.5), Lt(1), Doc("Simultaneous confidence level of all intervals of a table.")]
    records: Annotated[int, Ge(0), Doc("Number of seeds for which every deal and every week is saved.")]
    folder: Annotated[Text, Doc("Folder in which the folder of the study is created.")]
    name: Annotated[Text | None, Doc("Name of the study and of its folder; null derives it from the experiment.")]
    sweep: dict[str, Any]
    design: Annotated[
        Literal["grid", "lhs", "sobol"],
        Doc("grid combines every value with every other; lhs and sobol spread points evenly, also over intervals."),
    ]
    points: Annotated[int, Ge(0), Doc("Number of points for lhs or sobol (sobol: a power of two); 0 for a grid.")]
    design_seed: Annotated[Seed, Doc("Random seed of the design; the market does not use it.")]
    store: Annotated[
        Text | None,
        Doc("Folder of finished runs that several studies share; null keeps them in the folder of the study."),
    ] = None
    seed_list: tuple[Seed, ...] = ()  # out of a list in `seeds`, which then is their number


@dataclass(frozen=True)
class CompareSettings:
    """What a comparison declares before its first run: the keys of `configs/compare/`."""

    __pydantic_config__ = STRICT
    measures: Annotated[
        tuple[Text, ...],
        Doc("Measures to judge; `salesim list` describes them all. Fewer measures give narrower intervals.", "measure"),
    ]
    interim_analyses: Annotated[
        tuple[int, ...], Doc("Numbers of pairs of runs after which the differences are judged, until all are settled.")
    ]
    confirmation_seeds: Annotated[
        int,
        Ge(FEWEST_PAIRS),
        Le(1_000_000),
        Doc("How many confirmation seeds are run at the end to check the sign of each difference."),
    ]
    first_confirmation_seed: Annotated[Seed, Doc("First confirmation seed; the others follow consecutively.")]
    share_that_may_differ: Annotated[
        float,
        Gt(0),
        Lt(1),
        Doc("Two arms that were identical in every pair are settled once at most this share of pairs may still differ."),
    ]
    budget: Annotated[
        str | int | float | None,
        Doc("Upper limit for all runs together, such as 500runs, 90s, 2min or 1h; null means no limit."),
    ]
    equivalence_margins: Annotated[
        dict[str, float], Doc("Smallest difference of each measure that matters; arms that differ by less are equivalent.")
    ]


@dataclass(frozen=True)
class ExploreSettings:
    """How an exploration searches for where each arm wins: the keys of `configs/explore/`."""

    __pydantic_config__ = STRICT
    measure: Annotated[Text, Doc("Measure by which arms are compared; `salesim list` describes all measures.", "measure")]
    tipping: Annotated[
        Text | None,
        Doc("Finds the values of one setting at which two arms are equal, for example 'tipping=KEY=interval(0,1)'."),
    ]
    trajectories: Annotated[
        int, Ge(0), Le(1000), Doc("Number of trajectories of the Morris screening, at least 4; 0 omits the screening.")
    ]
    points: Annotated[
        int,
        Ge(16),
        Le(65_536),
        Doc("Base points of the Sobol design, a power of two. More points are run; --dry-run prints the number."),
    ]
    seeds: Annotated[int, Ge(3), Le(1_000_000), Doc("Number of runs of each arm at each point in the first stage.")]
    most_seeds: Annotated[
        int, Ge(3), Le(10_000), Doc("Largest number of runs of each arm at a point where no difference is clear yet.")
    ]
    tipping_seeds: Annotated[int, Ge(24), Le(100_000), Doc("Number of runs of each arm for a tipping point.")]
    axes: dict[str, str]


@dataclass(frozen=True)
class ExplainSettings:
    """Which two arms an explanation is about, and how many runs it uses: the keys of `configs/explain/`."""

    __pydantic_config__ = STRICT
    arm: Annotated[Text | None, Doc("Arm to explain; null means the first one that is not `against`.", "arm")]
    against: Annotated[Text | None, Doc("Arm to compare it with; null means the baseline of the experiment.", "arm")]
    seeds: Annotated[int, Ge(4), Le(1_000_000), Doc("Number of runs of each of the two arms; at least 20 are advisable.")]
    spiral_seeds: Annotated[
        int, Ge(4), Le(10_000), Doc("Number of these seeds that are used for the fall of margins and the feedback loops.")
    ]
    orders: Annotated[
        int,
        Ge(0),
        Le(100_000),
        Doc("Number of sampled orders of adding feedbacks, at least 4; 0 runs all subsets (512 for nine feedbacks)."),
    ]
    money_shock: Annotated[float, Gt(0), Le(0.2)]
    state_shock: Annotated[float, Gt(0), Le(0.2)]
    relative_shock: Annotated[float, Gt(0), Le(0.2)]


@dataclass(frozen=True)
class VerifyOptions:
    """How `salesim verify` checks a study."""

    __pydantic_config__ = STRICT
    runs: Annotated[int, Ge(1), Doc("Number of runs to repeat.")] = 5


@dataclass(frozen=True)
class ExportOptions:
    """What `salesim export` writes."""

    __pydantic_config__ = STRICT
    format: Annotated[
        Literal["csv", "excel"],
        Doc("csv writes one file for each table; excel writes one workbook with a sheet for each table."),
    ] = "csv"


SCHEMAS: dict[str, type] = {
    "study": StudySettings,
    "compare": CompareSettings,
    "explore": ExploreSettings,
    "explain": ExplainSettings,
}


class Option(NamedTuple):
    """An option as it is typed, the key of the setting that it abbreviates, and what its schema says about it."""

    word: str
    key: str
    doc: Doc
    hint: Any
    bounds: tuple[Any, ...] = ()
    default: Any = None  # for an option that no file contains

    @property
    def choices(self) -> tuple[str, ...]:
        """The permitted values of an option that has a fixed list of them."""
        return tuple(map(str, get_args(self.hint))) if get_origin(self.hint) is Literal else ()

    @property
    def allowed(self) -> str:
        """The choices or the bounds, in brackets."""
        if self.choices:
            return f"({' | '.join(self.choices)})"
        limits = limits_of(self.bounds)
        low = limits.get("ge", limits.get("gt"))
        high = f"to {limits['le']:,}" if "le" in limits else f"to below {limits['lt']:,}" if "lt" in limits else "or more"
        return "" if low is None else f"({low:,} {high})"


def limits_of(rules: Iterable[Any]) -> dict[str, Any]:
    """Bounds by name (ge, gt, le, lt), out of the metadata of a type."""
    return {name: getattr(rule, name) for rule in rules for name in ("ge", "gt", "le", "lt") if hasattr(rule, name)}


def options_of(schema: type, start: str = "") -> Iterator[Option]:
    """The documented options of a schema; `start` is put before their keys, for example `study.`."""
    for name, hint in get_type_hints(schema, include_extras=True).items():
        if hint is ExecutorSettings:
            kind, address = options_of(ExecutorSettings, f"{start}{name}.")
            yield kind._replace(word=name)
            yield address._replace(word=f"{name}.address")
            continue
        docs = [part for part in getattr(hint, "__metadata__", ()) if isinstance(part, Doc)]
        if docs:
            bounds = tuple(part for part in hint.__metadata__ if not isinstance(part, Doc))
            yield Option(name, start + name, docs[0], get_args(hint)[0], bounds, getattr(schema, name, None))


def short_words(command: str) -> Mapping[str, str]:
    """The short names of settings in a command, and their keys; a command's own options take precedence over the study's."""
    keys: dict[str, str] = {}
    for group in dict.fromkeys((command, "study", "compare")):
        for option in options_of(SCHEMAS[group], f"{group}.") if group in SCHEMAS else ():
            keys.setdefault(option.word, option.key)
    return keys
