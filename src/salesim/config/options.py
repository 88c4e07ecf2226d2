"""The options of every command, typed: bounds, choices and meaning. The defaults are in `configs/`.

Help, completion and validation are made from these classes. They are plain dataclasses, so that help is there at once;
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
    """What an option means, and what its values are names of (a measure, an arm), if anything."""

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
        Doc("What executes the runs; dask needs executor.address=tcp://HOST:8786. It does not change any result."),
    ]
    address: Annotated[str, Doc("The address of a Dask scheduler.")]


@dataclass(frozen=True)
class StudySettings:
    """How many runs, and how they are compared: the keys of `configs/study/`."""

    __pydantic_config__ = STRICT
    seeds: Annotated[int, Ge(1), Le(1_000_000), Doc("Runs of each arm. All arms use the same seeds.")]
    first_seed: Annotated[Seed, Doc("The seeds are this one and the following.")]
    workers: Annotated[int, Ge(0), Le(256), Doc("How many runs are executed at the same time; 0 is one for each core.")]
    executor: ExecutorSettings
    confidence: Annotated[
        float, Ge(0.5), Lt(1), Doc("The probability with which all intervals of a table hold at the same time.")
    ]
    records: Annotated[int, Ge(0), Doc("For how many seeds every deal and every week is kept.")]
    folder: Annotated[Text, Doc("Where the folder of the study is made.")]
    name: Annotated[Text | None, Doc("The name of the study and of its folder; null is the name of the experiment.")]
    sweep: dict[str, Any]
    design: Annotated[
        Literal["grid", "lhs", "sobol"],
        Doc("grid takes every value with every other; lhs and sobol spread points evenly, over intervals too."),
    ]
    points: Annotated[int, Ge(0), Doc("How many points lhs or sobol have (sobol: a power of two); a grid has its own number.")]
    design_seed: Annotated[Seed, Doc("The random seed of the design, not of the market.")]


@dataclass(frozen=True)
class CompareSettings:
    """What a comparison declares before its first run: the keys of `configs/compare/`."""

    __pydantic_config__ = STRICT
    measures: Annotated[
        tuple[Text, ...], Doc("What is judged. `salesim list` has all measures; fewer give narrower intervals.", "measure")
    ]
    interim_analyses: Annotated[
        tuple[int, ...], Doc("After how many pairs of runs the differences are judged; it ends when all are settled.")
    ]
    confirmation_seeds: Annotated[
        int,
        Ge(FEWEST_PAIRS),
        Le(1_000_000),
        Doc("How many new seeds are run at the end, to check the signs of the differences again."),
    ]
    first_confirmation_seed: Annotated[Seed, Doc("The new seeds are this one and the following.")]
    share_that_may_differ: Annotated[
        float,
        Gt(0),
        Lt(1),
        Doc("Two arms that were the same in every run count as equal once at most this share of runs can differ."),
    ]
    budget: Annotated[
        str | int | float | None,
        Doc("An upper limit for all runs together: 500runs, 90s, 2min or 1h; null is no limit."),
    ]
    equivalence_margins: Annotated[
        dict[str, float], Doc("The difference of each measure below which two arms count as equivalent.")
    ]


@dataclass(frozen=True)
class ExploreSettings:
    """How an exploration searches for where each arm wins: the keys of `configs/explore/`."""

    __pydantic_config__ = STRICT
    measure: Annotated[Text, Doc("The measure by which arms are compared. `salesim list` has all measures.", "measure")]
    tipping: Annotated[
        Text | None,
        Doc("Searches one number for the values at which two arms are level, as 'tipping=KEY=interval(0,1)'."),
    ]
    trajectories: Annotated[
        int, Ge(0), Le(1000), Doc("Trajectories of the Morris screening, 4 or more; 0 leaves the screening out.")
    ]
    points: Annotated[
        int,
        Ge(16),
        Le(65_536),
        Doc("Base points of the Sobol design, a power of two. More points are run; --dry-run says how many."),
    ]
    seeds: Annotated[int, Ge(3), Le(1_000_000), Doc("Runs of each arm at each point, to begin with.")]
    most_seeds: Annotated[
        int, Ge(3), Le(10_000), Doc("Runs of each arm, at most, at the points where it is not yet decided who wins.")
    ]
    tipping_seeds: Annotated[int, Ge(24), Le(100_000), Doc("Runs of each arm behind a tipping point.")]
    axes: dict[str, str]


@dataclass(frozen=True)
class ExplainSettings:
    """Which two arms an explanation is about, and how many runs it uses: the keys of `configs/explain/`."""

    __pydantic_config__ = STRICT
    arm: Annotated[Text | None, Doc("The arm in question; null is the first that is not `against`.", "arm")]
    against: Annotated[Text | None, Doc("The arm it is compared with; null is the baseline of the experiment.", "arm")]
    seeds: Annotated[int, Ge(4), Le(1_000_000), Doc("Runs of both arms; 20 or more are sensible.")]
    spiral_seeds: Annotated[
        int, Ge(4), Le(10_000), Doc("How many of these seeds are used for the fall of margins and the feedback loops.")
    ]
    orders: Annotated[
        int,
        Ge(0),
        Le(100_000),
        Doc("A sample of so many orders in which feedbacks join, 4 or more; 0 uses all subsets: 512 for nine feedbacks."),
    ]
    money_shock: Annotated[float, Gt(0), Le(0.2)]
    state_shock: Annotated[float, Gt(0), Le(0.2)]
    relative_shock: Annotated[float, Gt(0), Le(0.2)]


@dataclass(frozen=True)
class VerifyOptions:
    """How `salesim verify` checks a study."""

    __pydantic_config__ = STRICT
    runs: Annotated[int, Ge(1), Doc("How many runs are repeated.")] = 5


@dataclass(frozen=True)
class ExportOptions:
    """What `salesim export` writes."""

    __pydantic_config__ = STRICT
    format: Annotated[
        Literal["csv", "excel"], Doc("csv writes a file for each table, excel one workbook with a sheet for each table.")
    ] = "csv"


SCHEMAS: dict[str, type] = {
    "study": StudySettings,
    "compare": CompareSettings,
    "explore": ExploreSettings,
    "explain": ExplainSettings,
}


class Option(NamedTuple):
    """An option as a person writes it, the key of the settings that it is short for, and what its schema says."""

    word: str
    key: str
    doc: Doc
    hint: Any
    bounds: tuple[Any, ...] = ()
    default: Any = None  # where no file has it

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it may have, where they are a few words."""
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
    """The options of a schema that have a meaning of their own; `start` goes before their keys, as `study.`."""
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
    """What can be written short for a command, and the key it stands for; a command's own words go before the study's."""
    keys: dict[str, str] = {}
    for group in dict.fromkeys((command, "study", "compare")):
        for option in options_of(SCHEMAS[group], f"{group}.") if group in SCHEMAS else ():
            keys.setdefault(option.word, option.key)
    return keys
