"""Plays an explanation: both arms, their deals side by side, what carries the fall of margins, and loop gains."""

from dataclasses import dataclass

import pandas as pd

from salesim.analyses.explain.bridge import bridge_of
from salesim.analyses.explain.cost import PARTS
from salesim.analyses.explain.deals import SideBySide, side_by_side
from salesim.analyses.explain.loop_gains import MeasuredLoop, measured_loops
from salesim.analyses.explain.spec import Explanation
from salesim.analyses.explain.spiral import Spiral, spiral_of
from salesim.analyses.records import open_runner
from salesim.runs.runner import Progress


@dataclass(frozen=True)
class ExplanationResult:
    """Money, deals, the fall and the loops; how many runs were asked for, and how many of them failed."""

    bridge: pd.DataFrame
    deals: SideBySide
    spiral: Spiral
    loops: list[MeasuredLoop]
    runs: int
    failed: int


def run(spec: Explanation, progress: Progress) -> ExplanationResult:
    """Play what is asked for. Raises InputError if a difference or the fall cannot be measured."""
    with open_runner(spec.study, spec.folder, PARTS, progress) as runner:
        bridge, deals = bridge_of(spec, runner), side_by_side(spec, runner)
        loops, spiral = measured_loops(spec, runner), spiral_of(spec, runner)
        return ExplanationResult(bridge, deals, spiral, loops, len(runner.requested), len(runner.failed))
