"""The first sentence of an exploration: where each arm is best and what decides it, or where arms tip along an axis."""

from collections.abc import Iterator

import pandas as pd

from salesim.report.aggregates import of
from salesim.report.study_files import StudyFiles
from salesim.report.text.amounts import contest_words, counted, listed, percent
from salesim.report.text.printed import printed_shares
from salesim.report.text.tornado import range_words, turned

MOSTLY_CHANCE = 0.5  # share of the variance from which indices say more of chance than of axes


def on_design(files: StudyFiles) -> Iterator[str]:
    """At which share of points each arm is best, and which number decides whether the leading one is ahead."""
    record, theme, contest = files.record, files.theme, files.theme.contests[0]
    known = files.tables["regret"].set_index(["contest", "arm"])["best_share"]
    shares = {arm: float(known.get((contest, arm), 0.0)) for arm in theme.arms}
    ranked = sorted(theme.arms, key=lambda arm: -shares[arm])
    if any(shares.values()):
        whole = printed_shares([shares[arm] for arm in ranked])
        words = listed([f"{arm} at {share:.0f} %" for arm, share in zip(ranked, whole, strict=True)])
        where = f", {contest_words(contest)}" if len(theme.contests) > 1 else ""
        yield f"{record['title']} is best with {words} of {counted(record['points'], 'point')}{where}."
    arm = next(arm for arm in ranked if arm != theme.baseline)
    if decides := deciding(of(files.tables["indices"], contest, arm)):
        yield f"The difference of {arm} from {theme.baseline} hangs most on {decides}."


def deciding(indices: pd.DataFrame) -> str:
    """The number that explains most of the variance of a difference; empty where that is mostly chance."""
    known = indices.dropna(subset=["total"])
    if known.empty or float(known["chance_share"].iloc[0]) > MOSTLY_CHANCE:
        return ""
    first = known.loc[known["total"].idxmax()]
    return f"{first['axis']} ({percent(min(1.0, max(0.0, first['total'])))} of its variance)"


def on_tipping(files: StudyFiles) -> str:
    """Where each arm overtakes the baseline or falls behind it."""
    contest, parts = files.theme.contests[0], list[str]()
    for arm in files.theme.others:
        crossings = of(files.tables["tipping"], contest, arm).to_dict("records")
        turns = [f"{turned(row, files.record['baseline'])} at {range_words(row)})" for row in crossings]
        parts.append(f"{arm} {' and '.join(turns) or steady(files, contest, arm)}")
    where = f", {contest_words(contest)}" if len(files.theme.contests) > 1 else ""
    return f"Along {files.record['axes'][0]['name']}{where}, {'; '.join(parts)}."


def steady(files: StudyFiles, contest: str, arm: str) -> str:
    """Where an arm without a tipping point stands along the axis."""
    curve, baseline = of(files.tables["tipping_curve"], contest, arm), files.record["baseline"]
    if (curve["low"] > 0).all():
        return f"is ahead of {baseline} throughout"
    return f"is behind {baseline} throughout" if (curve["high"] < 0).all() else "has no tipping point"
