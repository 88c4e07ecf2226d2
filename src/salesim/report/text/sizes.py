"""How large a study or a sweep is, in words: arms, contests, seeds and runs."""

from collections.abc import Mapping
from typing import Any

from salesim.config.study import Study, Sweep
from salesim.report.text.amounts import counted, listed
from salesim.report.text.verdict import unit_of
from salesim.report.text.worlds import size
from salesim.runs.store import scenarios


def size_of_study(study: Study) -> str:
    """How many arms, contests and seeds; how many runs that is, and which arms share theirs."""
    arms, contests, distinct = len({arm.name for arm in study.arms}), study.contests, scenarios(study)
    seeds = size(study.worlds.summary) if study.worlds else counted(study.seeds, "seed")
    words = [counted(arms, "arm"), f"{counted(len(contests), 'contest')} ({', '.join(contests)})", seeds]
    groups = "; ".join(listed(names) for names in distinct.values() if len(names) > 1)
    same = f" ({groups} are the same, and run once)" if groups else ""
    return f"{' x '.join(words)} = {counted(len(distinct) * study.seeds, 'run')}{same}"


def size_of_sweep(sweep: Sweep) -> str:
    """How many runs, and of what."""
    record = {"points": len(sweep.points), "design": sweep.design, "arms": sweep.arms, "contests": sweep.contests}
    different = len({placed.key for placed in sweep.placed}) * sweep.seeds
    once = f", {different:,} of them different" if different < sweep.n_runs else ""
    record |= {"ensemble": sweep.worlds.summary} if sweep.worlds else {}
    return f"{size_of_record(record | {'seeds': sweep.all_seeds})} = {sweep.n_runs:,} runs{once}"


def size_of_record(record: Mapping[str, Any]) -> str:
    """How many points, arms, contests and seeds a sweep has."""
    arms, contests = record["arms"], record["contests"]
    parts = [f"{counted(record['points'], 'point')} ({record['design']})"]
    parts += [f"{counted(len(arms), 'arm')} ({', '.join(arms)})"] if len(arms) > 1 else []
    parts += [f"{counted(len(contests), 'contest')} ({', '.join(contests)})", counted(len(record["seeds"]), unit_of(record))]
    return " x ".join(parts)
