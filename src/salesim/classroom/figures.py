"""The figures of the projector, as the drawing code takes them: what to draw, never how."""

from collections import Counter
from itertools import groupby
from typing import Any

import numpy as np

from salesim.classroom.aggregates import (
    drawn_steps,
    errors,
    first_to_play,
    histogram,
    last_round,
    latest_curves,
    ranked_markets,
)
from salesim.classroom.lesson import Option
from salesim.classroom.results import TEAMS
from salesim.classroom.room import Room, Seat
from salesim.classroom.wording import Wording

Figure = dict[str, Any]
BEST_PAIRS = 3
MOST_MARKETS = 3  # of the best and of the worst ones in the debriefing
MOST_ROWS = 8  # of a table, so that it can be read from the last row of seats
MARKET_COLOUR, CLASS_COLOUR = "#b34700", "#0b62a4"


def axis(room: Room) -> Figure:
    """The axis on which margins are drawn."""
    return {"low": room.lesson.lowest_margin, "high": room.lesson.highest_margin}


def source(room: Room, say: Wording, key: str) -> str:
    """The runs behind a number, so that anybody can repeat them."""
    result = room.results[key]
    first, seeds = result["first_seed"], result["seeds"]
    return say("runs_note", seeds=seeds, first=first, last=first + seeds - 1, digest=result["digest"])


def revealed(room: Room, say: Wording) -> list[Figure]:
    """The market up to a year, over the median and the middle half of the class."""
    drawn, market = latest_curves(room), room.results["curve"]
    series: list[Figure] = []
    if len(drawn):
        low, middle, high = np.quantile(drawn, (0.25, 0.5, 0.75), axis=0)
        fan = {"mean": middle.tolist(), "low": low.tolist(), "high": high.tolist()}
        series.append({"name": say("class_middle"), **fan, "colour": CLASS_COLOUR, "dash": "7 4"})
    until = room.screen.number
    seen = {"mean": market["mean"][:until], "colour": MARKET_COLOUR, "dash": "", "width": 5}
    series.append({"name": say("the_market"), **seen})
    return [{"kind": "lines", "title": say("margin"), **axis(room), "series": series, "source": source(room, say, "curve")}]


def compared(room: Room, say: Wording) -> list[Figure]:
    """The teaching market beside the reference market, with the range over seeds."""
    bands = {"teaching_market": "curve", "compared_market": "compared"}
    series = [
        {"name": say(name), **{part: room.results[key][part] for part in ("mean", "low", "high")}}
        for name, key in bands.items()
    ]
    lines = {"kind": "lines", "title": say("margin"), **axis(room), "series": series, "table": True}
    return [{**lines, "source": f"{source(room, say, 'curve')}; {source(room, say, 'compared')}"}]


def bets(room: Room, say: Wording) -> list[Figure]:
    """How often each feedback was chosen."""
    votes = histogram(room, room.screen.step)
    bars = [{"label": say.of(each.label), "value": votes[loop]} for loop, each in say.by_label(room.lesson.loops).items()]
    return [{"kind": "bars", "title": say("bets"), "bars": bars, "unit": "count"}]


def cut_result(room: Room, say: Wording) -> list[Figure]:
    """What each cut recovers, the best first; of pairs the best ones, and those that the class chose most."""
    key = f"cuts{room.step.cuts}"
    cuts, votes = room.results[key]["cuts"], cut_votes(room, room.screen.step)
    ranked = sorted(cuts, key=lambda cut: -cuts[cut]["recovered"])
    most = max(votes, key=lambda cut: votes[cut]) if votes else ranked[0]
    if room.step.cuts == 1:
        bars = [
            {"label": names(room, say, cut), "value": cuts[cut]["recovered"], **betted(say, votes[cut], votes[most])}
            for cut in ranked
        ]
        figure: Figure = {"kind": "bars", "title": say("points_recovered"), "bars": bars, "unit": "points"}
    else:
        figure = pairs(room, say, ranked, votes)
    return [{**figure, "source": source(room, say, key)}, *cut_curves(room, say, list(dict.fromkeys([ranked[0], most])))]


def betted(say: Wording, count: int, most: int) -> Figure:
    """How many bet on a cut, and whether no other got more."""
    is_most = 0 < count == most
    return {"told": say("most_bets" if is_most else "its_bets", count=count), "strong": is_most}


def pairs(room: Room, say: Wording, ranked: list[str], votes: Counter[str]) -> Figure:
    """Pairs of feedbacks: how many bet on them, what they recover together, and what both recover alone, summed."""
    both, alone = room.results["cuts2"]["cuts"], room.results["cuts1"]["cuts"]
    chosen = {*ranked[:BEST_PAIRS], *(cut for cut, _ in votes.most_common(BEST_PAIRS))}
    rows = [
        [
            names(room, say, cut),
            str(votes[cut]),
            say.points(both[cut]["recovered"]),
            say.points(sum(alone[loop]["recovered"] for loop in cut.split("+"))),
        ]
        for cut in ranked
        if cut in chosen
    ]
    head = [say("feedbacks"), say("n_bets"), say("together"), say("alone_summed")]
    return {"kind": "table", "title": say("points_recovered"), "head": head, "rows": rows}


def cut_curves(room: Room, say: Wording, cuts: list[str]) -> list[Figure]:
    """The yearly margin with nothing cut, and with some cuts."""
    result = room.results[f"cuts{room.step.cuts}"]
    series = [{"name": say("uncut"), "mean": result["base"]["mean"]}]
    series += [{"name": names(room, say, cut), "mean": result["cuts"][cut]["mean"]} for cut in cuts]
    return [{"kind": "lines", "title": say("margin"), **axis(room), "series": series}]


def cut_votes(room: Room, step: str) -> Counter[str]:
    """How many people bet on each cut, feedbacks joined by `+`; hands are counted for single feedbacks alone."""
    votes = Counter("+".join(bet) for bet in room.answers.get(step, {}).values())
    if room.lesson.steps[step].cuts == 1:
        votes.update(room.counts.get(step, {}))
    return votes


def names(room: Room, say: Wording, cut: str) -> str:
    """The names of feedbacks that are cut together."""
    return " + ".join(say.of(room.lesson.loops[loop].label) for loop in cut.split("+"))


def cards(room: Room, say: Wording, played: Any) -> str:
    """Cards in the order in which they were played, as Pitch ×2 → Diagnose."""
    runs = [(card, len(list(same))) for card, same in groupby(played)]
    return " → ".join(say.of(room.lesson.cards[card].label) + (f"\u00a0×{n}" if n > 1 else "") for card, n in runs)


def round_result(room: Room, say: Wording) -> list[Figure]:
    """Cards of the round and what each of them earned; the best teams so far."""
    result = room.results.get(f"{room.screen.step}.{room.screen.number}")
    if not result:
        return []
    played = [teams[seat][-1] for teams in result["cards"] for seat in range(len(teams))]
    bars = [
        {"label": say.of(card.label), "value": played.count(name)} for name, card in room.lesson.cards.items()
    ]  # fmt: skip
    teams = sorted(
        (
            (profit, result["error_k"][market][team], market, team)
            for market, profits in enumerate(result["profit_k"])
            for team, profit in enumerate(profits)
        ),
        key=lambda row: -row[0],
    )  # fmt: skip
    rows = [
        [f"{market + 1}.{team + 1}", cards(room, say, result["cards"][market][team]), say.millions(profit, error)]
        for profit, error, market, team in teams[:MOST_ROWS]
    ]
    notes = [say("team_error")]
    seats = [Seat(market, team) for market in range(room.n_markets) for team in range(TEAMS)]
    if any(room.is_empty(room.screen.step, seat) for seat in seats):
        notes.append(say("by_rule"))
    head = [f"{say('market')}.{say('team')}", say("cards"), say("unit")]
    title = say("best_teams", shown=len(rows), count=len(teams)) if len(rows) < len(teams) else say("profit")
    table = {"kind": "table", "title": title, "head": head, "rows": rows, "note": " ".join(notes)}
    key = f"{room.screen.step}.{room.screen.number}"
    return [
        {"kind": "bars", "title": say("cards_played"), "bars": bars, "unit": "count"},
        {**table, "source": source(room, say, key)},
    ]


def predictions(room: Room, say: Wording) -> dict[str, str]:
    """How far the class was off before and after talking, by step."""
    labels = dict(zip(drawn_steps(room), ("prediction_before", "prediction_after"), strict=False))
    return {step: say(labels[step], error=say.points(error), n=n) for step, (error, n) in errors(room).items()}


def first_line(say: Wording, card: str, firsts: list[tuple[int, Seat]]) -> str:
    """Which team played a card first, or how many did in the same round."""
    if not firsts:
        return say("nobody_played", card=card)
    number, seat = firsts[0]
    count = sum(each == number for each, _ in firsts)
    if count > 1:
        return say("first_cards", count=count, card=card, round=number)
    return say("first_card", market=seat.market + 1, team=seat.team + 1, card=card, round=number)


def debriefing(room: Room, say: Wording) -> list[Figure]:
    """Markets by the profit of all teams; who played the watched card first; predictions before and after talking."""
    lines = list(predictions(room, say).values())
    step = next((name for name in room.lesson.order if room.lesson.steps[name].kind == "compete"), "")
    if not last_round(room, step)[0]:
        return [{"kind": "told", "lines": lines}]
    card = room.lesson.watched_card
    label, firsts = say.of(room.lesson.cards[card].label), first_to_play(room, step, card)
    lines.append(first_line(say, label, firsts))
    rows = [
        [
            each.place,
            str(each.market + 1),
            say.millions(each.profit_k, each.error_k),
            *(cards(room, say, team) for team in each.cards),
        ]
        for each in ranked_markets(room, step)
    ]
    rows = rows if len(rows) <= 2 * MOST_MARKETS else [*rows[:MOST_MARKETS], ["…"] * len(rows[0]), *rows[-MOST_MARKETS:]]
    head = [say("rank"), say("market"), say("unit"), *(f"{say('team')} {team + 1}" for team in range(TEAMS))]
    table = {"kind": "table", "title": say("industry_profit"), "head": head, "rows": rows}
    return [{"kind": "told", "lines": lines}, {**table, "note": f"{say('market_error')} {say('places_note')}"}]


def chosen(room: Room, say: Wording) -> list[Figure]:
    """How often each option of a question was chosen; the right one is marked."""
    votes = histogram(room, room.screen.step)
    options: dict[str, Option] = room.step.options
    bars = [
        {"label": say.of(each.label), "value": votes[name]}
        | ({"strong": True, "told": say("right_one")} if name == room.step.right else {})
        for name, each in options.items()
    ]
    return [{"kind": "bars", "title": say("answers"), "bars": bars, "unit": "count"}]


SHOWN = {
    ("reveal", "year"): revealed,
    ("cut", "counts"): bets,
    ("cut", "result"): cut_result,
    ("markets", "shown"): compared,
    ("compete", "result"): round_result,
    ("debrief", "shown"): debriefing,
    ("question", "result"): chosen,
}


def figures(room: Room, say: Wording) -> list[Figure]:
    """The figures of the screen that is shown; none while answers are given, so that nobody copies the majority."""
    shown = SHOWN.get((room.step.kind, room.screen.stage))
    return shown(room, say) if shown else []
