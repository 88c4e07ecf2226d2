"""What the shipped lessons show a class: no card is best against every pair of rivals, and which feedbacks recover margin.

python docs/proofs/classroom.py [seeds]      # 60 seeds of the competition if not said. Exits with 1 if a part does not hold.
"""

import sys
from dataclasses import replace
from itertools import combinations_with_replacement, product

import numpy as np
import numpy.typing as npt
from pages import page_of_claims

from salesim.classroom.lesson import Lesson, lesson_of
from salesim.classroom.results import Runs, profits
from salesim.config.config_files import configs_folder
from salesim.stats.intervals import simultaneous

FIRST_SEED, SEEDS, CONFIDENCE = 16001, 60, 0.95
RECOVERED, ENOUGH, OTHERS = 0.9, 5, 2  # share of seeds; feedbacks that recover margin in so many seeds, and that do not
Numbers = npt.NDArray[np.float64]


def scores(lesson: Lesson) -> tuple[list[tuple[str, str]], Numbers]:
    """Profit of the first team over all rounds, M$: seeds x pairs of rivals x cards; every team keeps its card."""
    pairs = list(combinations_with_replacement(lesson.cards, 2))
    runs = Runs(lesson)
    markets = [[[card] * lesson.rounds for card in (own, *pair)] for pair, own in product(pairs, lesson.cards)]
    values, _ = runs.over_seeds(
        [runs.market(market) for market in markets], lambda records: profits(records, lesson.weeks_per_round)[-1, 0]
    )
    return pairs, np.array(values).T.reshape(lesson.seeds, len(pairs), len(lesson.cards)) / 1000.0


def competition(lesson: Lesson) -> tuple[list[str], bool]:
    """The score of each card against each pair, and whether each card is clearly beaten by another one somewhere."""
    cards = list(lesson.cards)
    pairs, profit = scores(lesson)
    names = [lesson.cards[card].label["en"] for card in cards]
    mean = profit.mean(axis=0)
    lines = [f"| rivals | {' | '.join(names)} | best |", f"|---|{'---|' * (len(cards) + 1)}"]
    for row, pair in enumerate(pairs):
        rivals = " and ".join(lesson.cards[card].label["en"] for card in pair)
        lines.append(f"| {rivals} | {' | '.join(f'{each:.1f}' for each in mean[row])} | {names[int(mean[row].argmax())]} |")
    worst = [int(np.argmax(mean.max(axis=1) - mean[:, place])) for place in range(len(cards))]
    gaps = np.column_stack([profit[:, row, int(mean[row].argmax())] - profit[:, row, place] for place, row in enumerate(worst)])
    intervals = simultaneous(gaps, CONFIDENCE)
    lines += ["", "| card | furthest behind the best where rivals play | behind by, M$ | 95 % interval |", "|---|---|---|---|"]
    for place, row in enumerate(worst):
        rivals = " and ".join(lesson.cards[card].label["en"] for card in pairs[row])
        ends = f"{intervals.low[place]:.1f} to {intervals.high[place]:.1f}"
        lines.append(f"| {names[place]} | {rivals} | {intervals.mean[place]:.1f} | {ends} |")
    return lines, bool((intervals.low > 0.0).all())


def feedbacks(lesson: Lesson) -> tuple[list[str], bool]:
    """What the class sees when one feedback is cut: the lesson's own seeds."""
    cuts = Runs(lesson).cuts(1)["cuts"]
    lines = ["| feedback cut | points of margin recovered | share of seeds that recover |", "|---|---|---|"]
    for loop in sorted(cuts, key=lambda name: -cuts[name]["recovered"]):
        label = lesson.loops[loop].label["en"]
        lines.append(f"| {label} (`{loop}`) | {100 * cuts[loop]['recovered']:+.1f} | {100 * cuts[loop]['share']:.0f} % |")
    recover = sum(cut["share"] >= RECOVERED for cut in cuts.values())
    return lines, recover >= ENOUGH and len(cuts) - recover >= OTHERS


def main(n_seeds: int) -> int:
    """Print the page; 1 if a part of it does not hold."""
    lesson = lesson_of("spiral", (configs_folder(),))
    parts = {
        "No card is best against every pair of rivals": competition(replace(lesson, first_seed=FIRST_SEED, seeds=n_seeds)),
        f"Cut alone, at least {ENOUGH} feedbacks recover margin in {100 * RECOVERED:.0f} % of seeds, and at least {OTHERS} do "
        "not": feedbacks(lesson),
    }
    about = (
        f"Lessons `spiral` and `short`, market=teaching. The competition has {n_seeds} seeds that the lesson does not use: "
        "three teams choose a card in the first round and keep it for all rounds; "
        "the profit is that of the first team, in M$. The second table shows the pair of rivals against which each card is "
        "furthest behind; the pair was chosen by the same runs, and the intervals hold simultaneously for the pairs shown. The "
        "feedbacks are cut on the lesson's own seeds. The teaching market was chosen to show the second part, so that it does "
        "is no finding. For the first, one rule was chosen after a first measurement: what a team chooses in the first round "
        "is how its company was founded, and has no cost. Where all begin by pitching instead, and change in week 0 with the "
        "lesson's training, diagnosis is best against every pair."
    )
    return page_of_claims("classroom", "What the lessons show a class", about, parts)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS))
