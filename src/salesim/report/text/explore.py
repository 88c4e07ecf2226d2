"""The answer of an exploration in sentences, by contest and arm."""

import math

import numpy as np

from salesim.analyses.explore.axes import Named, in_words
from salesim.analyses.explore.points import Arm
from salesim.analyses.explore.run import Explored, Tipped
from salesim.analyses.explore.spec import Exploration
from salesim.metrics import METRICS
from salesim.report.text.amounts import between, gap
from salesim.report.text.printed import printed_shares
from salesim.stats.discovery import Found, Score
from salesim.stats.prim import Box
from salesim.stats.root_finding import Crossing, Curve

SHOWN_INDICES = 3
WIDE = 0.5  # half an interval of an index, from which it says little
NEARLY_NONE = 0.1  # share of points that may be undecided where an arm is said to win everywhere
MOSTLY_LUCK = 0.5  # share of the variance from which indices say more of luck than of axes
Sentences = dict[str, dict[str, list[str]]]  # contest -> arm -> sentences


def percent(share: float) -> str:
    """A share in whole percent."""
    return f"{100 * share:.0f} %"


def sentences_of_design(asked: Exploration, explored: Explored) -> Sentences:
    """Where each arm is ahead of the baseline and what decides it; under the baseline's name, who loses least."""
    found: Sentences = {contest: {} for contest in asked.study.contests}
    for arm in asked.others:
        lines = [shares(explored.found[arm], asked.study.baseline), *rules(asked, explored, arm)]
        lines.append(decided_by(explored, arm))
        found[arm[0]][arm[1]] = [line for line in lines if line]
    for contest in asked.study.contests:
        found[contest][asked.study.baseline] = [least_regret(asked, explored, contest)]
    return found


def shares(found: Found, baseline: str) -> str:
    """At how many points an arm is ahead, behind, or undecided."""
    wins, losses, undecided = printed_shares([found.wins, found.losses, found.undecided])
    return f"ahead of {baseline} at {wins:.0f} % of the points, behind at {losses:.0f} %, undecided at {undecided:.0f} %"


def rules(asked: Exploration, explored: Explored, arm: Arm) -> list[str]:
    """The box in words, with its score; or why there is none."""
    found = explored.found[arm]
    if found.box is None or found.box_score is None:
        decided = found.wins + found.losses
        if not decided:
            return ["no rule: not one point is decided"]
        where = "everywhere" if found.undecided <= NEARLY_NONE else "wherever it is decided"
        nearly = "" if 1.0 in (found.wins, found.losses) else "(nearly) "
        if found.wins / decided > 0.9:
            return [f"wins {nearly}{where}; no rule is needed"]
        return [f"loses {nearly}{where}; no rule is needed" if found.wins / decided < 0.1 else "too few points for a rule"]
    verb = "wins where" if found.names > 0 else "wins except where"
    kind = "wins" if found.names > 0 else "losses"
    return [f"{verb} {of_box(asked, explored.kept, found.box)}", scored(found.box_score, kind)]


def of_box(asked: Exploration, axes: tuple[Named, ...], box: Box) -> str:
    """A box in words."""
    bounds = {axis.name: (float(low), float(high)) for axis, low, high in zip(axes, box.low, box.high, strict=True)}
    return in_words(bounds, asked.second)


def scored(score: Score, kind: str) -> str:
    """What a rule is worth on points it was not made from."""
    if math.isnan(score.density):
        return f"on {score.points} points held out this names none"
    return (
        f"on {score.points} decided points held out this covers {percent(score.coverage)} of the {kind}, and "
        f"{percent(score.density)} of what it names are {kind} (without a rule {percent(score.hits / score.points)})"
    )


def decided_by(explored: Explored, arm: Arm) -> str:
    """The axes that explain most of the variance of the difference."""
    table = explored.indices
    mine = table[(table["contest"] == arm[0]) & (table["arm"] == arm[1])].sort_values("total", ascending=False)
    if mine["total"].isna().all():
        return "" if mine.empty else "no indices: the difference was the same, or could not be measured, at some points"
    luck = float(mine["luck"].iloc[0])
    if luck > MOSTLY_LUCK:
        share = percent(min(luck, 1.0))
        return f"what decides it cannot be told: {share} of the difference's variance is luck; ask for more seeds"
    parts = [index_words(str(row.axis), row.total, row.total_half) for row in mine.head(SHOWN_INDICES).itertuples()]
    noise = f"; luck of the seeds is about {percent(luck)} of the variance" if luck >= 0.005 else ""
    wide = "; intervals are wide, ask for more points" if mine["total_half"].max() > WIDE else ""
    return f"share of the difference's variance (Sobol total index): {', '.join(parts)}{noise}{wide}"


def index_words(axis: str, total: float, half: float) -> str:
    """A total index with its interval; none of them can be below 0 or above 1, though an estimate can.

    >>> index_words("spillover", 1.1, 0.3)
    'spillover 1.00 (0.80 to 1.00)'
    """
    value, low, high = (min(1.0, max(0.0, each)) for each in (total, total - half, total + half))
    return f"{axis} {value:.2f} ({low:.2f} to {high:.2f})"


def least_regret(asked: Exploration, explored: Explored, contest: str) -> str:
    """The arm that loses least at its worst."""
    table = explored.regret[(explored.regret["contest"] == contest) & (explored.regret["worst_point"] >= 0)]
    if table.empty:
        return "nothing can be said of regret: some arm could not be measured"
    first, *rest = table.sort_values("worst").itertuples()
    unit = METRICS[asked.measure].unit
    close = [row.arm for row in rest if row.low < first.high]
    sure = f", though {' and '.join(close)} may lose no more" if close else ""
    if first.worst <= 0 or first.arm == first.behind:
        return f"loses least at its worst: {first.arm}, which is never behind{sure}"
    ends = between(first.low, first.high, unit)
    return f"loses least at its worst: {first.arm}, {gap(first.worst, unit)} behind {first.behind} ({ends}){sure}"


def sentences_of_tipping(asked: Exploration, tipped: Tipped) -> Sentences:
    """Where each arm overtakes the baseline or falls behind."""
    found: Sentences = {contest: {} for contest in asked.study.contests}
    for arm, crossings in tipped.crossings.items():
        lines = [crossed(asked, crossing) for crossing in crossings]
        found[arm[0]][arm[1]] = lines or [never(asked, tipped.curves[arm])]
    return found


def crossed(asked: Exploration, crossing: Crossing) -> str:
    """A tipping point in words."""
    (axis,), baseline = asked.axes, asked.study.baseline
    turn = f"overtakes {baseline}" if crossing.after > 0 else f"falls behind {baseline}"
    low = three_digits(crossing.low) if not crossing.open_low else f"{axis.low:g} or less"
    high = three_digits(crossing.high) if not crossing.open_high else f"{axis.high:g} or more"
    at = f"{axis.name} = {three_digits(crossing.at)} ({low} to {high})"
    if axis.name in asked.second:
        b = asked.second[axis.name]
        at += f", a mean {axis.name[:-2]} of {crossing.at / (crossing.at + b):.2f}"
    return f"{turn} at {at}, from {crossing.seeds} seeds not looked at before"


def three_digits(value: float) -> str:
    """A number with three digits that count, the last zeros too.

    >>> three_digits(0.96), three_digits(366.2)
    ('0.960', '366')
    """
    return f"{value:#.3g}".rstrip(".")


def never(asked: Exploration, curve: Curve) -> str:
    """Why there is no tipping point."""
    (axis,), unit = asked.axes, METRICS[asked.measure].unit
    span = f"between {axis.name} = {axis.low:g} and {axis.high:g}"
    if (curve.low > 0).all() or (curve.high < 0).all():
        word = "ahead of" if curve.low[0] > 0 else "behind"
        least, most = np.abs(curve.mean).min(), np.abs(curve.mean).max()
        size = gap(most, unit) if gap(least, unit) == gap(most, unit) else between(least, most, unit)
        return f"no tipping point {span}: it is {word} {asked.study.baseline} throughout, by {size}"
    return f"no tipping point can be told {span}: the difference keeps its sign, or cannot be told from zero"
