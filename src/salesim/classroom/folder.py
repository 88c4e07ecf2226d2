"""The folder of a class: begun, resumed after the server was killed, and finished with a table and a summary."""

import json
import os
import secrets
import time
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from salesim.classroom.lesson import Lesson
from salesim.classroom.records import ANSWERS, CLASS, ROOM_FILE, SUMMARY, Event, events_in, table_of
from salesim.classroom.room import Room
from salesim.classroom.server import Keys
from salesim.classroom.summary import summary_of
from salesim.classroom.wording import Wording
from salesim.config.errors import InputError
from salesim.config.validation import as_mapping, checked
from salesim.runs.files import cannot_write, write_whole
from salesim.runs.store import model_version
from salesim.version import __version__

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"  # none that looks like another one
CODE_LENGTH = 5
RESUMED_SECONDS = 12 * 3600  # after its last event a class is not resumed any more


def new_keys() -> Keys:
    """A room code and keys that nobody can guess."""
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    return Keys(code, secrets.token_urlsafe(16), secrets.token_urlsafe(16))


def begin(root: Path, name: str, lesson: Lesson, language: str) -> Path:
    """A new folder with the first line of its record, and the keys of its room. Raises InputError."""
    now = time.time()
    day = datetime.fromtimestamp(now).astimezone().strftime("%Y-%m-%d_%H-%M-%S")
    folder = root / f"{day}_{name}"
    first = {
        "kind": "begin",
        "time": round(now, 3),
        "name": name,
        "language": language,
        "version": __version__,
        "model": model_version(),
        "lesson": as_mapping(lesson),
    }
    try:
        folder.mkdir(parents=True)
        room = os.open(folder / ROOM_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # keys are nobody else's business
        with os.fdopen(room, "w") as file:
            json.dump(asdict(new_keys()), file)
    except OSError as error:
        raise cannot_write(folder, error) from error
    write_whole(folder / CLASS, json.dumps(first).encode() + b"\n")
    return folder


def unfinished(root: Path, name: str, lesson: Lesson) -> Path | None:
    """The folder of a class that was interrupted in the last hours and not ended, the newest of this lesson."""
    for folder in sorted(root.glob(f"*_{name}"), reverse=True):
        path = folder / CLASS
        if not path.is_file() or not (folder / ROOM_FILE).is_file():
            continue
        events = events_in(path)
        is_recent = time.time() - events[-1]["time"] < RESUMED_SECONDS
        if is_recent and events[-1]["kind"] != "end" and same_lesson(events[0], lesson):
            return folder
    return None


def same_lesson(first: Event, lesson: Lesson) -> bool:
    """Whether a class was begun with this lesson and this version of the model."""
    return bool(first["lesson"] == as_mapping(lesson) and first["model"] == model_version())


def keys_of(folder: Path) -> Keys:
    """The keys of a room. Raises InputError if their file is damaged."""
    try:
        return Keys(**json.loads((folder / ROOM_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{folder / ROOM_FILE} cannot be read; begin another class with new=true") from error


def room_of(events: list[Event]) -> Room:
    """The state that a record leads to. Raises InputError if its lesson is not one of this version."""
    room = Room(checked(Lesson, events[0]["lesson"], "lesson"))
    for event in events[1:]:
        try:
            room.apply(event)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"the record has a line that salesim did not write: {str(event)[:80]}") from error
    return room


def finish(folder: Path) -> list[Path]:
    """Write the table of answers and the summary of a class; returns their paths."""
    events = events_in(folder / CLASS)
    say = Wording(events[0]["language"])
    texts: dict[str, Any] = {ANSWERS: table_of(events), SUMMARY: summary_of(room_of(events), say, events)}
    for name, text in texts.items():
        write_whole(folder / name, text.encode())
    return [folder / name for name in texts]
