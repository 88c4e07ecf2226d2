"""The record of a class: one JSON line per event, on disk before anybody is told that it counts; and its table as CSV."""

import asyncio
import csv
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from salesim.config.errors import InputError
from salesim.runs.folder import locked

CLASS, ANSWERS, ROOM_FILE, SUMMARY = "class.jsonl", "answers.csv", "room.json", "summary.md"
Event = dict[str, Any]


class Journal:
    """Appends events to a file, many at a time, and applies each once it is on disk. Without a file it only applies them."""

    def __init__(self, file: io.FileIO | None, apply: Callable[[Event], None]) -> None:
        self.file, self.apply = file, apply
        self.waiting: list[tuple[Event, asyncio.Future[None]]] = []
        self.writer: asyncio.Task[None] | None = None

    async def add(self, event: Event) -> None:
        """Return when the event is on disk and applied. Raises OSError if the disk refuses it; then it is not applied."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((event, done))
        if self.writer is None or self.writer.done():
            self.writer = asyncio.create_task(self.write_all())
        await done

    async def write_all(self) -> None:
        """Write whatever waits until nothing does; one call of the disk serves all events that came meanwhile."""
        while self.waiting:
            batch, self.waiting = self.waiting, []
            try:
                await asyncio.to_thread(self.write, [event for event, _ in batch])
            except OSError as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            for event, done in batch:
                self.apply(event)
                if not done.done():
                    done.set_result(None)

    def write(self, events: list[Event]) -> None:
        """Append events, and wait for the disk. A write that fails is taken back, so that no half line stays."""
        if self.file is None:
            return
        text = b"".join(json.dumps(event, allow_nan=False).encode() + b"\n" for event in events)
        end = self.file.seek(0, os.SEEK_END)
        try:
            while text:
                text = text[self.file.write(text) :]
            os.fsync(self.file.fileno())
        except OSError:
            os.ftruncate(self.file.fileno(), end)
            raise


@contextmanager
def opened(path: Path) -> Iterator[io.FileIO]:
    """A record to append to, which no other process writes. Raises InputError if one does."""
    with path.open("ab", buffering=0) as file:
        if not locked(file.fileno()):
            raise InputError(f"another program holds the class in {path.parent}; stop it, or begin another class with new=true")
        yield file


def events_in(path: Path, mend: bool = False) -> list[Event]:
    """The events of a record. A last line that was cut off by a power cut is left out; `mend` removes it from the file.

    Raises InputError for a file that is no record, or is damaged elsewhere.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}; name the {CLASS} of a class") from error
    whole = text[: text.rfind(b"\n") + 1]
    try:
        events = [json.loads(line) for line in whole.splitlines()]
        kinds = [event["kind"] for event in events]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            f"{path} is not the record of a class, as salesim writes it; name a {CLASS}, or begin another class with new=true"
        ) from error
    if kinds[:1] != ["begin"]:
        raise InputError(f"{path} is not the record of a class: its first line does not begin one; name a {CLASS}")
    if mend and len(whole) < len(text):
        os.truncate(path, len(whole))
    return events


COLUMNS = ("seconds", "person", "step", "round", "item", "value")


def rows_of(events: list[Event]) -> Iterator[tuple[Any, ...]]:
    """A row for each part of each answer: seconds since the class began, and what was given."""
    start = events[0]["time"]
    for event in events:
        if event["kind"] == "answer":
            step, _, number = event["key"].partition(".")
            for item, value in parts_of(event["value"]).items():
                yield (round(event["time"] - start, 1), event["person"], step, number, item, value)


def parts_of(value: Any) -> dict[str, Any]:
    """The parts of an answer by name: years and confidence of a curve, feedbacks of a bet, or one choice."""
    if isinstance(value, dict):
        years = {f"year {year}": margin for year, margin in enumerate(value["years"], 1)}
        return years | {"confidence": value["confidence"]}
    if isinstance(value, list):
        return {f"choice {n}": each for n, each in enumerate(value, 1)}
    return {"choice": value}


def table_of(events: list[Event]) -> str:
    """All answers in the order in which they came, also those that were changed later, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(events))
    return text.getvalue()
