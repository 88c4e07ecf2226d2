"""The page of a hand-out: frame, style, drawing code and numbers in one file."""

import html
import json
import shlex
from functools import cache
from pathlib import Path
from typing import Any

from salesim.classroom.handout.measured import Measured
from salesim.classroom.handout.packing import blocks, digests
from salesim.classroom.handout.spec import KINDS, LANGUAGE, Handout
from salesim.classroom.lesson import said
from salesim.config.compose_study import key_of
from salesim.report.text.amounts import which
from salesim.runs.store import model_version
from salesim.version import __version__

STATIC = Path(__file__).parents[1] / "static"
MOST_BYTES = 150_000
SEEDS = ("study.seeds", "study.first_seed")
NOT_OF_RUNS = ("strategy", "weeks", "handout", "study")  # groups of words that a chart's own command says, or does not need


def page_of(spec: Handout, results: Measured) -> str:
    """The whole page."""
    frame = static("handout.html")
    numbers = json.dumps(facts(spec) | {"blocks": blocks(results)}, separators=(",", ":")).replace("</", "<\\/")
    parts = {
        "STYLE": static("handout.css"),
        "DRAWING": static("drawing.js"),
        "SCRIPT": static("handout.js"),
        "NUMBERS": numbers,
        "TITLE": html.escape(spec.study.question),
    }
    for name, text in parts.items():
        frame = frame.replace(f"[[{name}]]", text)
    return frame


@cache
def static(name: str) -> str:
    """A file of the page."""
    return (STATIC / name).read_text(encoding="utf-8")


def facts(spec: Handout) -> dict[str, Any]:
    """What the page says besides its numbers: names, and what repeats each run."""
    lesson, settings = spec.lesson, spec.settings
    cards = [lesson.cards[name] for name in settings.cards]
    own = [word for word in spec.words if key_of(word) in SEEDS or key_of(word).split(".")[0] not in NOT_OF_RUNS]
    own = [*map(shlex.quote, own), *folder_in(shlex.split(spec.study.command))]
    return {
        "title": spec.study.question,
        "years": spec.n_years,
        "seeds": list(spec.study.all_seeds),
        "seeds_in_words": which(list(spec.study.all_seeds)),
        "loops": [{"key": key, "name": said(loop.label, LANGUAGE)} for key, loop in lesson.loops.items()],
        "levers": [
            {"key": key, "title": lever.title, "values": lever.values, "names": lever.names, "now": spec.now(key)}
            for key, lever in settings.levers.items()
        ],
        "cards": [
            {"key": card.strategy, "name": said(card.label, LANGUAGE), "about": said(card.about, LANGUAGE)} for card in cards
        ],
        "rounds": lesson.rounds,
        "weeks_per_round": lesson.weeks_per_round,
        "training_hours": lesson.training_hours,
        "digests": {kind: digests(spec.keys[kind]) for kind in KINDS},
        "words": " ".join(own),
        "market": next(word.partition("=")[2] for word in spec.words if key_of(word) == "market"),
        "command": spec.study.command,
        "version": __version__,
        "model": model_version(),
    }


def folder_in(line: list[str]) -> list[str]:
    """The words of a command line that name the person's own folder, if there is one."""
    for place, word in enumerate(line):
        if word.partition("=")[0] == "--config-dir":
            return [shlex.quote(each) for each in line[place : place + (1 if "=" in word else 2)]]
    return []
