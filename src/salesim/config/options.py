"""The options of every command, typed: bounds and choices. The defaults and meanings are in `configs/`.

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
IN_FILES = (  # settings that are no options
    "sweep", "axes", "priors", "levers", "default_weeks", "seed_list", "money_shock", "state_shock", "relative_shock",
)  # fmt: skip


Text = Annotated[str, MinLen(1)]
Seed = Annotated[int, Ge(0), Le(LARGEST_SEED)]


@dataclass(frozen=True)
class ExecutorSettings:
    """What executes the runs."""

    __pydantic_config__ = STRICT
    kind: Literal["threads", "processes", "dask"]
    address: str


@dataclass(frozen=True)
class StudySettings:
    """How many runs, and how they are compared: the keys of `configs/study/`."""

    __pydantic_config__ = STRICT
    seeds: Annotated[int, Ge(1), Le(1_000_000)]
    first_seed: Seed
    workers: Annotated[int, Ge(0), Le(256)]
    executor: ExecutorSettings
    confidence: Annotated[float, Ge(0.5), Lt(1)]
    records: Annotated[int, Ge(0)]
    series: tuple[Literal["vendors", "customers", "relations", "salespeople", "executives", "partners"], ...]
    series_weeks: Annotated[int, Ge(1)]
    folder: Text
    name: Text | None
    sweep: dict[str, Any]
    design: Literal["grid", "lhs", "sobol"]
    points: Annotated[int, Ge(0)]
    design_seed: Seed
    discount_rate: Annotated[float, Ge(0), Lt(1)]
    uncertain: tuple[Text, ...]
    worlds: str | int = "all"
    store: Text | None = None
    seed_list: tuple[Seed, ...] = ()  # out of a list in `seeds`, which then is their number


@dataclass(frozen=True)
class CompareSettings:
    """What a comparison declares before its first run: the keys of `configs/compare/`."""

    __pydantic_config__ = STRICT
    measures: tuple[Text, ...]
    interim_analyses: tuple[int, ...]
    confirmation_seeds: Annotated[int, Ge(FEWEST_PAIRS), Le(1_000_000)]
    first_confirmation_seed: Seed
    share_that_may_differ: Annotated[float, Gt(0), Lt(1)]
    budget: str | int | float | None
    equivalence_margins: dict[str, float]


@dataclass(frozen=True)
class ExploreSettings:
    """How an exploration searches for where each arm wins: the keys of `configs/explore/`."""

    __pydantic_config__ = STRICT
    measure: Text
    tipping: Text | None
    tornado: bool
    members: Text | None
    emulator_points: Annotated[int, Ge(0), Le(2000)]
    least_r2: Annotated[float, Ge(0), Le(1)]
    trajectories: Annotated[int, Ge(0), Le(1000)]
    points: Annotated[int, Ge(16), Le(65_536)]
    seeds: Annotated[int, Ge(3), Le(1_000_000)]
    most_seeds: Annotated[int, Ge(3), Le(10_000)]
    tipping_seeds: Annotated[int, Ge(24), Le(100_000)]
    tornado_seeds: Annotated[int, Ge(4), Le(10_000)]
    axes: dict[str, str]


@dataclass(frozen=True)
class ExplainSettings:
    """Which two arms an explanation is about, and how many runs it uses: the keys of `configs/explain/`."""

    __pydantic_config__ = STRICT
    arm: Text | None
    against: Text | None
    seeds: Annotated[int, Ge(4), Le(1_000_000)]
    spiral_seeds: Annotated[int, Ge(4), Le(10_000)]
    money_shock: Annotated[float, Gt(0), Le(0.2)]
    state_shock: Annotated[float, Gt(0), Le(0.2)]
    relative_shock: Annotated[float, Gt(0), Le(0.2)]


@dataclass(frozen=True)
class FitSettings:
    """To which numbers a market is fitted, what may change in it, and how many runs that takes: the keys of `configs/fit/`."""

    __pydantic_config__ = STRICT
    targets: Text | None
    export: Text | None
    mapping: Text | None
    default_weeks: Annotated[int, Ge(1), Le(5200)]
    points: Annotated[int, Ge(50), Le(1_000_000)]
    waves: Annotated[int, Ge(0), Le(20)]
    wave_points: Annotated[int, Ge(20), Le(100_000)]
    worlds: Annotated[int, Ge(10), Le(10_000)]
    checks: Annotated[int, Ge(2), Le(1000)]
    priors: dict[str, str]


@dataclass(frozen=True)
class LeverSettings:
    """A setting that the reader of a hand-out may change: its values, and how each is called."""

    __pydantic_config__ = STRICT
    title: Text
    values: Annotated[tuple[float, ...], MinLen(2)]
    names: tuple[Text, ...]


@dataclass(frozen=True)
class HandoutSettings:
    """What a hand-out shows of a lesson: the keys of `configs/handout/`."""

    __pydantic_config__ = STRICT
    lesson: Text
    seeds: Annotated[int, Ge(2), Le(20)]
    cards: Annotated[tuple[Text, ...], MinLen(2)]
    notes: bool
    levers: dict[str, LeverSettings]


@dataclass(frozen=True)
class EvidenceOptions:
    """Which entries of `configs/evidence/` are measured."""

    kind: Annotated[Literal["all", "facts", "claims", "limits"], "What is asked; the word alone does it as well."] = "all"
    ids: Annotated[Text, "Some entries only, as ids=[A1,S3]; the ids alone do it as well."] = "all"
    seeds: Annotated[int, Ge(1), Le(1_000_000), "Number of runs of each arm. All arms use the same seeds."] = 12


@dataclass(frozen=True)
class VerifyOptions:
    """How `salesim verify` checks a study."""

    __pydantic_config__ = STRICT
    runs: Annotated[int, Ge(1), Le(1_000_000), "Number of runs to repeat."] = 5


@dataclass(frozen=True)
class ExportOptions:
    """What `salesim export` writes."""

    __pydantic_config__ = STRICT
    format: Annotated[
        Literal["csv", "excel", "pdf", "pptx"],
        "csv: one file for each table; excel: one workbook, which opens on the summary; pdf: the summary on one sheet; pptx: "
        "the answer as a slide, with the tables as an appendix.",
    ] = "csv"


@dataclass(frozen=True)
class ClassroomOptions:
    """How `salesim classroom` holds a lesson."""

    __pydantic_config__ = STRICT
    lesson: Annotated[Text, "Lesson to hold, a file in configs/lesson/ or in lesson/ of your own folder."] = "spiral"
    language: Annotated[Text, "Language of the screens, a file in salesim/classroom/texts/."] = "en"
    network: Annotated[bool, "true lets phones in the same network reach this machine; otherwise nobody else can."] = False
    port: Annotated[int, Ge(1), Le(65_535), "Port on which it listens."] = 8765
    mode: Annotated[
        Literal["phones", "hands"], "hands: the instructor counts raised hands, where phones cannot reach this machine."
    ] = "phones"
    new: Annotated[bool, "true begins another class, although one of this lesson was interrupted."] = False
    folder: Annotated[Text, "Folder in which each class gets a folder of its own."] = "results/classroom"


SCHEMAS: dict[str, type] = {
    "study": StudySettings,
    "compare": CompareSettings,
    "explore": ExploreSettings,
    "explain": ExplainSettings,
    "fit": FitSettings,
    "handout": HandoutSettings,
}


class Option(NamedTuple):
    """An option as it is typed, the key of the setting that it abbreviates, and what its schema says about it.

    Its default and meaning are here only if no file contains it.
    """

    word: str
    key: str
    hint: Any
    bounds: tuple[Any, ...] = ()
    meaning: str = ""
    default: Any = None

    def is_meant_by(self, key: str) -> bool:
        """Whether a whole key, or a part of its group, is this option."""
        return key in (self.word, self.key) or key.startswith(f"{self.key}.")

    @property
    def choices(self) -> tuple[str, ...]:
        """The permitted values of an option that has a fixed list of them."""
        return tuple(map(str, get_args(self.hint))) if get_origin(self.hint) is Literal else ()

    @property
    def allowed(self) -> str:
        """The choices or the bounds, in brackets."""
        if self.choices:
            return f"({' | '.join(self.choices)})"
        bounds = bounds_in_words(self.bounds)
        return f"({bounds})" if bounds else ""


def limits_of(rules: Iterable[Any]) -> dict[str, Any]:
    """Bounds by name (ge, gt, le, lt), out of the metadata of a type."""
    return {name: getattr(rule, name) for rule in rules for name in ("ge", "gt", "le", "lt") if hasattr(rule, name)}


def bounds_in_words(rules: Iterable[Any]) -> str:
    """Bounds as `from 0 to below 1`; empty if there are none."""
    limits = limits_of(rules)
    low = f"from {limits['ge']}" if "ge" in limits else f"above {limits['gt']}" if "gt" in limits else ""
    high = f" to {limits['le']}" if "le" in limits else f" to below {limits['lt']}" if "lt" in limits else ""
    return low + (high or " upwards" * ("ge" in limits))


def options_of(schema: type, start: str = "") -> Iterator[Option]:
    """The options of a schema; `start` is put before their keys, for example `study.`."""
    for name, hint in get_type_hints(schema, include_extras=True).items():
        if hint is ExecutorSettings:
            kind, address = options_of(ExecutorSettings, f"{start}{name}.")
            yield kind._replace(word=name)
            yield address._replace(word=f"{name}.address")
        elif name not in IN_FILES:
            rules = getattr(hint, "__metadata__", ())
            meaning = next((rule for rule in rules if isinstance(rule, str)), "")
            yield Option(name, start + name, get_args(hint)[0] if rules else hint, rules, meaning, getattr(schema, name, None))


def short_words(command: str) -> Mapping[str, str]:
    """The short names of settings in a command, and their keys; a command's own options take precedence over the study's."""
    keys: dict[str, str] = {}
    for group in dict.fromkeys((command, "study", "compare")):
        for option in options_of(SCHEMAS[group], f"{group}.") if group in SCHEMAS else ():
            keys.setdefault(option.word, option.key)
    return keys
