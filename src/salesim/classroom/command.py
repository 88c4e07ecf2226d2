"""`salesim classroom`: begin or resume a class, try everything beforehand, or show a finished class again."""

import asyncio
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import segno
import uvicorn

from salesim.classroom.apart import RunsApart
from salesim.classroom.folder import begin, finish, keys_of, new_keys, room_of, unfinished
from salesim.classroom.lesson import Lesson, lesson_of, said
from salesim.classroom.network import HERE, listen, network_address
from salesim.classroom.records import CLASS, Event, Journal, events_in, opened
from salesim.classroom.results import Runs
from salesim.classroom.room import Room, Timer
from salesim.classroom.server import Server, config_of
from salesim.classroom.session import Session, made_again
from salesim.classroom.wording import Wording, texts_of
from salesim.config.config_files import place_of
from salesim.config.options import ClassroomOptions
from salesim.config.request import CHECK, Request
from salesim.model.signals import undisturbed
from salesim.report.console.tables import screen

REPLAY = "replay"
Tell = Callable[[str], None]


def classroom(request: Request, options: ClassroomOptions, file: str) -> int:
    """Do what the command line asks; `file` is the record to show again, empty for a class. Raises InputError."""
    tell = partial(screen().print, soft_wrap=True, highlight=False, markup=False)
    texts_of(options.language)
    if file:
        return replay(place_of(file), options, CHECK in request.words, tell)
    lesson = lesson_of(options.lesson, request.folders)
    if CHECK in request.words:
        return check(lesson, options, tell)
    return hold(lesson, options, tell)


def check(lesson: Lesson, options: ClassroomOptions, tell: Tell) -> int:
    """Try the lesson, the port, the network and the compiled rules, and print what to do."""
    tell(f"lesson   {said(lesson.title, options.language)}, {lesson.minutes:g} minutes")
    listen(options.port, options.network).close()
    tell(f"port     {options.port} is free")
    address = network_address()
    if not address:
        reach = "this machine is in no network; phones cannot reach it: use mode=hands, or open a hotspot"
    elif options.network:
        reach = f"phones open http://{address}:{options.port}; a firewall may still ask for your permission"
    else:
        reach = f"this machine alone; with network=true phones open http://{address}:{options.port}"
    tell(f"network  {reach}")
    tell(f"market   {warmed(lesson):.1f} s for the first run, with what had to be compiled")
    is_unreachable = options.network and not address
    tell("Not ready: phones need a network." if is_unreachable else "Ready.")
    return int(is_unreachable)


def warmed(lesson: Lesson) -> float:
    """Seconds until the rules are compiled and one run of the lesson is made."""
    started = time.perf_counter()
    with undisturbed():
        runs = Runs(lesson, workers=1)
        runs.seeds = runs.seeds[:1]
        runs.curve(lesson.market)
    return time.perf_counter() - started


def hold(lesson: Lesson, options: ClassroomOptions, tell: Tell) -> int:
    """Hold a class until it is stopped; a class of this lesson that was interrupted is resumed."""
    listener = listen(options.port, options.network)
    root = place_of(options.folder)
    folder = None if options.new else unfinished(root, options.lesson, lesson)
    if folder:
        tell(f"Resuming the class in {folder}; new=true begins another one.")
    folder = folder or begin(root, options.lesson, lesson, options.language)
    keys = keys_of(folder)

    def ended() -> None:
        paths = finish(folder)
        tell(f"The class is over: {' and '.join(map(str, paths))}. Stop the server with Ctrl-C.")
        tell(f"To take home: salesim handout lesson={options.lesson} writes the lesson as one page.")

    with opened(folder / CLASS) as file:
        room = room_of(events_in(folder / CLASS, mend=True))
        session = Session(room, Journal(file, room.apply), RunsApart(lesson))
        say, hands = Wording(options.language), options.mode == "hands"
        server = Server(session, keys, say, reached_at(options), hands, is_live=True, on_end=ended)
        announce(server, options, tell, folder)
        try:
            serve(server, listener)
        finally:
            finish(folder)
    return 0


def replay(path: Path, options: ClassroomOptions, again: bool, tell: Tell) -> int:
    """Show the screens of a finished class again; or make its runs again and compare them bit for bit."""
    events = events_in(path / CLASS if path.is_dir() else path)
    room = room_of(events)
    if again:
        return repeated(room.results, Runs(room.lesson), tell)
    room = shown_again(events)
    listener = listen(options.port, options.network)
    session = Session(room, Journal(None, room.apply), Runs(room.lesson), is_replay=True)
    server = Server(session, new_keys(), Wording(events[0]["language"]), reached_at(options))
    announce(server, options, tell, None)
    serve(server, listener)
    return 0


def shown_again(events: list[Event]) -> Room:
    """A class as its record leaves it, at its first screen."""
    room = room_of(events)
    room.position, room.has_ended, room.timer = 0, True, Timer()
    return room


def repeated(results: dict[str, Any], runs: Runs, tell: Tell) -> int:
    """Make the runs behind every recorded result again; 1 if any number differs."""
    different = 0
    for key, result in results.items():
        same = made_again(runs, key, result) == result
        different += not same
        tell(f"{key}: {'identical' if same else 'NOT identical'}")
    if different:
        tell("Another version of salesim, or of a package, gives other numbers; the record has its version.")
    return int(different > 0)


def reached_at(options: ClassroomOptions) -> str:
    """The address that phones open; empty if they cannot reach this machine."""
    address = network_address() if options.network else ""
    return f"http://{address}:{options.port}" if address else ""


def announce(server: Server, options: ClassroomOptions, tell: Tell, folder: Path | None) -> None:
    """Print the addresses of the three screens, the code of the room, and a QR code."""
    here, keys = f"http://{HERE}:{options.port}", server.keys
    tell(f"\nInstructor  {here}/instructor#{keys.instructor}")
    tell(f"Projector   {here}/projector#{keys.projector}")
    if folder is None:
        return
    phones = server.address or here
    tell(f"Phones      {phones}/#{keys.code}   room code {keys.code}\n")
    if server.address:
        segno.make(f"{phones}/#{keys.code}", error="m").terminal(compact=True)
    else:
        tell("Phones cannot reach this machine; network=true lets them, mode=hands does without them.")
    tell("People can join now. The runs of the lesson are made meanwhile; Next waits for those that its screen needs.")
    tell(f"Answers are kept in {folder}. If anything stops, give the same command again: it resumes the class.")


def serve(server: Server, listener: socket.socket) -> None:
    """Serve until the program is stopped."""
    web = uvicorn.Server(config_of(server))
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        web.run(sockets=[listener])
