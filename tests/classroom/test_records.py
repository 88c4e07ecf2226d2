"""The record: on disk before it counts, whole after a power cut, replayed bit for bit, and a table without names."""

import asyncio
import csv
import io
import json
import os

import pytest

from salesim.classroom.command import repeated, shown_again
from salesim.classroom.folder import begin, finish, keys_of, room_of, unfinished
from salesim.classroom.records import ANSWERS, CLASS, ROOM_FILE, SUMMARY, Journal, events_in, opened
from salesim.classroom.results import Runs
from salesim.classroom.room import Room
from salesim.classroom.session import Session
from salesim.config.errors import InputError
from salesim.model.schedule import play
from tests.classroom.conftest import leader, phone, place_of, serving

PEOPLE = [f"person{n}" for n in range(5)]


async def held(folder, lesson, runs):
    """A class of five that answers everything, recorded in a folder; its last state."""
    path = folder / CLASS
    room = room_of(events_in(path))
    with opened(path) as file:
        await held_in(Session(room, Journal(file, room.apply), runs), lesson)
    return room


async def held_in(session, lesson):
    for person in PEOPLE:
        await session.join(person)
    cards = list(lesson.cards)
    given = {"draw": {"years": [0.4, 0.3, 0.2], "confidence": 2}, "question": "memory"}
    for place, screen in enumerate(lesson.screens):
        await session.go(place)
        for n, person in enumerate(PEOPLE if screen.key else ()):
            step = lesson.steps[screen.step]
            cut = [list(lesson.loops)[(n + more) % len(lesson.loops)] for more in range(step.cuts)]
            value = {"cut": cut, "compete": cards[(n + screen.number) % len(cards)]}.get(step.kind) or given[step.kind]
            await session.answer(person, screen.key, value)
    await session.record("end")


@pytest.fixture(scope="module")
def finished(tmp_path_factory, lesson, runs):
    folder = begin(tmp_path_factory.mktemp("classes"), "small_spiral", lesson, "en")
    return folder, asyncio.run(held(folder, lesson, runs))


def test_the_record_leads_to_the_state_of_the_class_again(finished):
    folder, room = finished
    assert room_of(events_in(folder / CLASS)) == room


def test_a_finished_class_is_shown_again_screen_by_screen_and_takes_no_answer(finished, runs):
    folder, _ = finished
    before = (folder / CLASS).read_bytes()
    room = shown_again(events_in(folder / CLASS))
    with serving(Session(room, Journal(None, room.apply), runs, is_replay=True)) as (address, server):
        lead, shown = leader(address, server), 0
        assert phone(address, server).reply["refused"] == "locked"
        while not lead.state["is_last"]:
            shown += bool(lead.state["figures"])
            assert lead.state["replay"]
            lead.ask(do="next")
            lead.until(lambda state: state["place"] == room.position)
    assert shown == sum(each.stage in ("year", "counts", "result") for each in room.lesson.screens) + 2  # markets, debriefing
    assert (folder / CLASS).read_bytes() == before


def test_every_recorded_number_comes_out_again_bit_for_bit(finished, lesson):
    folder, _ = finished
    results = room_of(events_in(folder / CLASS)).results
    assert {*results} == {"curve", "compared", "cuts1", "cuts2", "compete.1", "compete.2"}
    assert repeated(results, Runs(lesson), print) == 0
    results["compete.2"]["profit_k"][0][0] += 1e-9
    assert repeated(results, Runs(lesson), print) == 1


def test_a_decision_at_a_later_week_leaves_every_earlier_week_as_it_was(runs):
    before, after = (runs.market([team] * 3) for team in (("pitch", "pitch"), ("pitch", "diagnose")))
    one, other = play(before, 5).weeks, play(after, 5).weeks
    early = one["week"] < runs.lesson.weeks_per_round
    short = play(runs.market([("pitch",)] * 3), 5).weeks
    for name in one.dtype.names:
        assert one[name][early].tobytes() == other[name][early].tobytes() == short[name].tobytes()
    assert (one["training_k"] != other["training_k"]).any()


def test_the_table_has_every_answer_and_the_summary_every_step(finished):
    folder, room = finished
    finish(folder)
    rows = list(csv.DictReader(io.StringIO((folder / ANSWERS).read_text())))
    curves = len(PEOPLE) * 2 * (3 + 1)
    bets = len(PEOPLE) * (1 + 2)
    assert len(rows) == curves + bets + len(PEOPLE) * (room.lesson.rounds + 1)
    assert {row["person"] for row in rows} == {*PEOPLE}
    text = (folder / SUMMARY).read_text()
    for name in ("predict", "revise", "cut", "cut_two", "compete", "exit"):
        assert f"## {room.lesson.steps[name].title['en']}" in text
    assert "Customers remember prices, promises and results ✓: 5" in text


def test_a_last_line_that_was_cut_off_is_left_out_and_the_rest_resumed(finished, tmp_path):
    folder, _ = finished
    text = (folder / CLASS).read_bytes()
    torn = tmp_path / CLASS
    for length in (len(text) - 1, len(text) - 20):
        torn.write_bytes(text[:length])
        assert events_in(torn, mend=True) == events_in(folder / CLASS)[:-1]
        assert torn.read_bytes() == text[: text[:-1].rfind(b"\n") + 1]


@pytest.mark.parametrize("text", ["", "nonsense\n", '{"kind": "go"}\n', '{"kind": "begin"}\nnonsense\n', "[1]\n"])
def test_what_is_no_record_is_refused(record, text):
    record.write_text(text)
    with pytest.raises(InputError, match="not the record of a class"):
        events_in(record)


def test_an_event_that_the_disk_refuses_does_not_count_and_leaves_no_half_line(record, lesson, monkeypatch):
    room = Room(lesson)

    def full(_):
        raise OSError(28, "No space left on device")

    async def scenario(journal):
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            await journal.add({"kind": "join", "person": "p1", "time": 0.0})
        monkeypatch.undo()
        await journal.add({"kind": "join", "person": "p2", "time": 0.0})

    with opened(record) as file:
        asyncio.run(scenario(Journal(file, room.apply)))
    assert list(room.people) == ["p2"]
    assert [json.loads(line)["person"] for line in record.read_text().splitlines()] == ["p2"]


def test_two_programs_cannot_hold_the_same_class(record):
    with opened(record), pytest.raises(InputError, match="another program holds the class"), opened(record):
        pass


def test_only_an_interrupted_class_of_the_same_lesson_is_resumed(finished, tmp_path, lesson):
    folder, _ = finished
    assert unfinished(folder.parent, "small_spiral", lesson) is None
    begun = begin(tmp_path, "small_spiral", lesson, "en")
    assert unfinished(tmp_path, "small_spiral", lesson) == begun
    assert unfinished(tmp_path, "short", lesson) is None
    assert keys_of(begun) == keys_of(begun)
    assert (begun / ROOM_FILE).stat().st_mode & 0o077 == 0


def test_a_round_is_run_again_only_if_its_cards_changed(lesson, runs, monkeypatch):
    room = Room(lesson)
    session = Session(room, Journal(None, room.apply), runs)
    calls = []
    monkeypatch.setattr(runs, "round", lambda cards: calls.append(cards) or Runs.round(runs, cards))

    async def scenario():
        await session.join("p1")
        for place in range(place_of(lesson, "compete"), place_of(lesson, "compete") + 2):
            await session.go(place)
        await session.go(place_of(lesson, "compete"))
        await session.go(place_of(lesson, "compete") + 1)
        assert len(calls) == 1
        await session.go(place_of(lesson, "compete"))
        await session.answer("p1", "compete.1", "rainmake")
        await session.go(place_of(lesson, "compete") + 1)

    asyncio.run(scenario())
    assert len(calls) == 2
    assert room.results["compete.1"]["cards"][0][0] == ["rainmake"]
