"""What an experiment declares of the answer to its question: measures, contrasts, years, and what is too small."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from salesim.config.errors import InputError, meant
from salesim.config.options import STRICT
from salesim.metrics import METRICS
from salesim.model.parameters import Text

PROFIT = "operating_profit_k"
OF_MONEY = ("first_ahead", "reversal")  # kinds of answers that are about profit over time


@dataclass(frozen=True, config=STRICT)
class AnswerSettings:
    """The `answer` of an experiment; without one, the arm with the highest profit is the answer.

    `kind` is what the first sentence says: `best` which arm is best on the first of `measures`, `first_ahead` from which month
    on an arm has earned more than the baseline, `fall` how much falls and which part each arm takes away, `contrast` how the
    `pairs` differ in all `measures`, `reversal` whether the first and the last of `years` have different winners. `order` has
    lists of arms from the least to the most of something. Differences below `threshold`, in the unit of the first measure, are
    too small to matter; null is the equivalence margin of the measure.
    """

    kind: Literal["best", "first_ahead", "fall", "contrast", "reversal"] = "best"
    measures: Annotated[tuple[Text, ...], Field(min_length=1)] = (PROFIT,)
    pairs: tuple[tuple[Text, Text], ...] = ()
    order: tuple[tuple[Text, ...], ...] = ()
    years: tuple[int, int] | None = None
    threshold: Annotated[float, Field(ge=0)] | None = None


def check_answer(answer: AnswerSettings, arms: Collection[str]) -> None:
    """Refuse an answer that the arms or measures cannot give. Raises InputError."""
    for key, names in {"pairs": answer.pairs, "order": answer.order}.items():
        for arm in (name for group in names for name in group):
            if arm not in arms:
                raise InputError(f"experiment.answer.{key} names {arm!r}, which is not an arm; {meant(arm, arms)}")
    for measure in answer.measures:
        if measure not in METRICS:
            raise InputError(f"experiment.answer.measures names {measure!r}, which is not a measure; {meant(measure, METRICS)}")
    for pair in answer.pairs:
        if pair[0] == pair[1]:
            raise InputError(f"experiment.answer.pairs has {pair[0]} twice in a pair; a pair has two different arms")
    kind = f"experiment.answer.kind is {answer.kind}"
    if answer.kind == "contrast" and not answer.pairs:
        raise InputError(f"{kind}, and answer.pairs is empty; name pairs of arms, as pairs: [[one, other]]")
    if answer.kind in OF_MONEY and answer.measures[0] != PROFIT:
        raise InputError(f"{kind}, which is about profit, and answer.measures begins with {answer.measures[0]}; leave it out")
    if answer.kind == "reversal" and answer.years is None:
        raise InputError(f"{kind}, and answer.years is missing; name the two years to compare, as years: [1, 10]")
    if answer.years and not 1 <= answer.years[0] < answer.years[1]:
        raise InputError(
            f"experiment.answer.years is {list(answer.years)}; years count from 1, and the first has to be before the last"
        )


def margins_of(declared: object) -> dict[str, float]:
    """Equivalence margins by measure: those that own measures have in their file, and the declared ones that are numbers."""
    own = {name: metric.margin for name, metric in METRICS.items() if metric.margin}
    given = declared if isinstance(declared, dict) else {}
    return own | {name: float(margin) for name, margin in given.items() if isinstance(margin, int | float)}


def with_threshold(answer: AnswerSettings, margins: Mapping[str, float]) -> AnswerSettings:
    """The answer with the equivalence margin of its first measure, if it declares no threshold."""
    threshold = margins.get(answer.measures[0]) if answer.threshold is None else answer.threshold
    return replace(answer, threshold=threshold)
