"""Notes for the instructor: the text of a lesson, in which `{{name}}` stands for a number or a table of the runs."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, product
from pathlib import Path

import numpy as np

from salesim.classroom.handout.measured import Measured
from salesim.classroom.handout.spec import LANGUAGE, Handout
from salesim.classroom.lesson import said
from salesim.config.errors import InputError, meant
from salesim.report.text.amounts import listed, which
from salesim.stats.intervals import Numbers
from salesim.version import __version__

NAME = re.compile(r"\{\{(\w+)\}\}")
RECOVERS = 0.9  # share of runs in which a feedback that counts brings margin back
BINS, BAR = 8, "#"
Rows = Iterable[Sequence[str]]


def text_of(spec: Handout, folders: Sequence[Path]) -> str:
    """The text of a lesson's notes, without its numbers. Raises InputError if there is none."""
    name = f"{spec.settings.lesson}_notes.md"
    for folder in folders:
        if (folder / "lesson" / name).is_file():
            return (folder / "lesson" / name).read_text(encoding="utf-8")
    raise InputError(f"lesson {spec.settings.lesson} has no notes; write lesson/{name} in a folder of --config-dir")


def notes_of(spec: Handout, results: Measured, text: str) -> str:
    """The notes with their numbers. Raises InputError for a name that stands for nothing."""
    numbers = {**origin(spec), **of_cuts(spec, results), **of_levers(spec, results), **of_paths(spec, results)}
    for name in NAME.findall(text):
        if name not in numbers:
            raise InputError(f"the notes of lesson {spec.settings.lesson} have {{{{{name}}}}}; {meant(name, numbers)}")
    return NAME.sub(lambda match: numbers[match[1]], text)


def origin(spec: Handout) -> dict[str, str]:
    """Of what runs the numbers are."""
    seeds = list(spec.study.all_seeds)
    return {
        "title": spec.study.question,
        "n_seeds": str(len(seeds)),
        "seeds": which(seeds),
        "command": spec.study.command,
        "version": __version__,
        "n_runs": f"{len(spec.wanted):,}",
    }


def of_cuts(spec: Handout, results: Measured) -> dict[str, str]:
    """The fall of the margin, and what comes back when feedbacks are cut."""
    names = [said(loop.label, LANGUAGE) for loop in spec.lesson.loops.values()]
    margin, late = results.loops_margin[0], results.loops_late
    gains = late - late[0]
    single = {name: gains[1 << i] for i, name in enumerate(names)}
    ranked = sorted(names, key=lambda name: -single[name].mean())
    pairs = {(a, b): gains[1 << names.index(a) | 1 << names.index(b)] for a, b in combinations(ranked, 2)}
    best = sorted(pairs, key=lambda pair: -pairs[pair].mean())
    weak = [name for name in ranked if np.mean(single[name] > 0) < RECOVERS]
    return {
        "year_1": share(np.nanmean(margin[:, 0])),
        "year_last": share(np.nanmean(margin[:, -1])),
        "year_last_range": f"{share(np.nanmin(margin[:, -1]))} to {share(np.nanmax(margin[:, -1]))}",
        "n_years": str(spec.n_years),
        "fall": points(np.nanmean(margin[:, 0] - margin[:, -1])),
        "largest_step": points(-np.diff(np.nanmean(margin, axis=0)).min()),
        "smallest_step": points(-np.diff(np.nanmean(margin, axis=0)).max()),
        "table_margin": table(
            ("year", "gross margin", "lowest to highest run"),
            ((str(n + 1), share(np.nanmean(each)), f"{share(np.nanmin(each))} to {share(np.nanmax(each))}")
             for n, each in enumerate(margin.T)),
        ),
        "best_cut": ranked[0],
        "best_gain": points(single[ranked[0]].mean()),
        "second_cut": ranked[1],
        "n_cuts": str(len(names)),
        "n_strong": str(len(names) - len(weak)),
        "weak_cuts": listed(weak) or "none",
        "table_cuts": table(
            ("feedback cut", "points recovered", "lowest to highest run", "runs in which it recovers"),
            ((name, signed(single[name].mean()), f"{signed(single[name].min())} to {signed(single[name].max())}",
              f"{np.sum(single[name] > 0)} of {len(single[name])}") for name in ranked),
        ),
        "best_pair": listed(best[0]),
        "best_pair_gain": points(pairs[best[0]].mean()),
        "best_pair_sum": points(sum(single[name].mean() for name in best[0])),
        "n_pairs": str(len(pairs)),
        "n_pairs_less": str(sum(pairs[pair].mean() < sum(single[name].mean() for name in pair) for pair in pairs)),
        "all_cut_gain": points(gains[-1].mean()),
        "sum_of_cuts": points(sum(each.mean() for each in single.values())),
        "all_cut_late": share(late[-1].mean()),
        "late": share(late[0].mean()),
    }  # fmt: skip


def of_levers(spec: Handout, results: Measured) -> dict[str, str]:
    """What the market's settings move, one at a time, and where each card earns most."""
    levers, cards = spec.settings.levers, card_names(spec)
    places = list(product(*(range(len(lever.values)) for lever in levers.values())))
    own = tuple(spec.now(key) for key in levers)
    profit = results.levers_profit.mean(axis=2)
    wins = np.bincount(profit.argmax(axis=1), minlength=len(cards))
    rows = []
    for n, lever in enumerate(levers.values()):
        for place, name in enumerate(lever.names):
            at = places.index((*own[:n], place, *own[n + 1 :]))
            margin = np.nanmean(results.levers_margin[at], axis=0)
            rows.append((lever.title if place == 0 else "", name, share(margin[-1]), *map(million, profit[at])))
    return {
        "n_points": str(len(places)),
        "table_levers": table(("setting", "value", f"margin in year {spec.n_years}", *cards), rows),
        "winners": listed([f"{card} at {n}" for card, n in zip(cards, wins, strict=True)]),
        "table_cards": table(
            ("for ten years", "profit, M$ a year", "lowest to highest run"),
            ((card, million(each.mean()), ends(each))
             for card, each in zip(cards, results.levers_profit[places.index(own)], strict=True)),
        ),
    }  # fmt: skip


def of_paths(spec: Handout, results: Measured) -> dict[str, str]:
    """The paths by profit, and what a change costs before it pays."""
    cards, rounds = card_names(spec), spec.lesson.rounds
    paths = [" - ".join(path) for path in product(cards, repeat=rounds)]
    profit = results.paths_profit.mean(axis=2)
    mean = profit.mean(axis=1)
    order = np.argsort(-mean).tolist()
    always = {card: paths.index(" - ".join([card] * rounds)) for card in cards}
    shown = [*order[:5], *(at for at in always.values() if at not in order[:5]), order[-1]]
    turn = results.paths_profit[always[cards[1]]] - results.paths_profit[0]
    counts, edges = np.histogram(mean, BINS)
    return {
        "n_paths": str(len(paths)),
        "best_path": paths[order[0]],
        "best_profit": million(mean[order[0]]),
        "spread_of_seeds": million((profit.max(axis=1) - profit.min(axis=1)).mean()),
        "spread_of_paths": million(mean.max() - mean.min()),
        "table_paths": table(
            ("place", "path", "profit, M$ a year", "lowest to highest run"),
            ((str(order.index(at) + 1), paths[at], million(mean[at]), ends(profit[at]))
             for at in sorted(set(shown), key=order.index)),
        ),
        "first_card": cards[0],
        "other_card": cards[1],
        "worst_year": str(int(turn.mean(axis=0).argmin()) + 1),
        "table_turn": table(
            ("year", f"profit of always {cards[1]} less that of always {cards[0]}, M$", "runs in which it is more"),
            ((str(n + 1), f"{each.mean() / 1000:+.2f}", f"{np.sum(each > 0)} of {len(each)}") for n, each in enumerate(turn.T)),
        ),
        "table_profits": table(
            ("profit, M$ a year", "paths", ""),
            ((f"{million(low)} to {million(high)}", str(n), BAR * round(30 * n / counts.max()))
             for low, high, n in zip(edges[:-1], edges[1:], counts, strict=True)),
        ),
    }  # fmt: skip


def card_names(spec: Handout) -> list[str]:
    """The cards as a reader sees them."""
    return [said(spec.lesson.cards[name].label, LANGUAGE) for name in spec.settings.cards]


def table(head: Sequence[str], rows: Rows) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def share(value: float) -> str:
    """A share as percent."""
    return f"{100 * value:.1f} %"


def points(value: float) -> str:
    """A difference of shares in points."""
    return f"{100 * value:.1f}"


def signed(value: float) -> str:
    """The same with its sign."""
    return f"{100 * value:+.1f}"


def ends(values_k: Numbers) -> str:
    """The least and the largest of several amounts."""
    return f"{million(values_k.min())} to {million(values_k.max())}"


def million(value_k: Numbers | float) -> str:
    """k$ as M$."""
    return f"{float(value_k) / 1000:.2f}"
