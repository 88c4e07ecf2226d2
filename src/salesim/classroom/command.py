"""`salesim classroom`: begin or resume a class, try everything beforehand, or show a finished class again."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import segno
import uvicorn
from rich.console import Console

from salesim.classroom.answers import MOST_BYTES
from salesim.classroom.folder import begin, finish, keys_of, new_keys, room_of, unfinished
from salesim.classroom.lesson import Lesson, lesson_of, said
from salesim.classroom.limits import Limits
from salesim.classroom.network import HERE, listen, network_address
from salesim.classroom.records import CLASS, Journal, events_in
from salesim.classroom.results import Runs
from salesim.classroom.server import Keys, Server
from salesim.classroom.session import Session, made_again
from salesim.classroom.wording import Wording, texts_of
from salesim.config.config_files import place_of
from salesim.config.errors import InputError
from salesim.config.options import ClassroomOptions
from salesim.config.request import CHECK, Request
from salesim.model.signals import undisturbed
from salesim.report.console.tables import screen

REPLAY = "replay"
LINE = {"soft_wrap": True, "highlight": False}


def classroom(request: Request, options: ClassroomOptions, file: str) -> int:
    """Do what the command line asks; `file` is the record to show again, empty for a class. Raises InputError."""
    console = screen()
    texts_of(options.language)
    if file:
        return replay(place_of(file), options, CHECK in request.words, console)
    lesson = lesson_of(options.lesson, request.folders)
    if CHECK in request.words:
        return check(lesson, options, console)
    return hold(lesson, options, console)


def check(lesson: Lesson, options: ClassroomOptions, console: Console) -> int:
    """Try the lesson, the port, the network and the compiled rules, and print what to do."""
    console.print(f"lesson   {said(lesson.title, options.language)}, {lesson.minutes:g} minutes", **LINE)
    listen(options.port, options.network).close()
    console.print(f"port     {options.port} is free", **LINE)
    address = network_address()
    if not address:
        told = "this machine is in no network; phones cannot reach it: use mode=hands, or open a hotspot"
    elif options.network:
        told = f"phones open http://{address}:{options.port}; a firewall may still ask for your permission"
    else:
        told = f"this machine alone; with network=true phones open http://{address}:{options.port}"
    console.print(f"network  {told}", **LINE)
    console.print(f"market   {warmed(lesson):.1f} s for the first run, with what had to be compiled", **LINE)
    is_short = bool(address) or options.mode == "hands"
    console.print("Ready." if is_short else "Ready on this machine; phones need a network.", **LINE)
    return 0 if is_short or not options.network else 1


def warmed(lesson: Lesson) -> float:
    """Seconds until the rules are compiled and one run of the lesson is made."""
    started = time.perf_counter()
    with undisturbed():
        runs = Runs(lesson, workers=1)
        runs.seeds = runs.seeds[:1]
        runs.curve(lesson.market)
    return time.perf_counter() - started


def hold(lesson: Lesson, options: ClassroomOptions, console: Console) -> int:
    """Hold a class until it is stopped; a class of this lesson that was interrupted is resumed."""
    listener = listen(options.port, options.network)
    console.print("Compiling and running the market once …", **LINE)
    warmed(lesson)
    root = place_of(options.folder)
    folder = None if options.new else unfinished(root, options.lesson, lesson)
    if folder:
        console.print(f"Resuming the class in {folder}; new=true begins another one.", **LINE)
    folder = folder or begin(root, options.lesson, lesson, options.language)
    room = room_of(events_in(folder / CLASS, mend=True))
    keys = keys_of(folder)
    journal = Journal(folder / CLASS, room.apply)
    session = Session(room, journal, Runs(lesson))

    def ended() -> None:
        paths = finish(folder)
        console.print(f"The class is over: {' and '.join(map(str, paths))}. Stop the server with Ctrl-C.", **LINE)

    server = Server(session, keys, Wording(options.language), reached_at(options), options.mode == "hands", on_end=ended)
    tell(server, options, console, folder)
    try:
        serve(server, listener)
    finally:
        journal.close()
        finish(folder)
    return 0


def replay(path: Path, options: ClassroomOptions, again: bool, console: Console) -> int:
    """Show the screens of a finished class again; or make its runs again and compare them bit for bit."""
    events = events_in(path / CLASS if path.is_dir() else path)
    room = room_of(events)
    if again:
        return repeated(room.results, Runs(room.lesson), console)
    room.position, room.has_ended, room.timer.ends = 0, True, 0.0
    listener = listen(options.port, options.network)
    session = Session(room, Journal(None, room.apply), Runs(room.lesson), is_replay=True)
    server = Server(session, new_keys(), Wording(events[0]["language"]), reached_at(options))
    tell(server, options, console, None)
    serve(server, listener)
    return 0


def repeated(results: dict[str, Any], runs: Runs, console: Console) -> int:
    """Make the runs behind every recorded result again; 1 if any number differs."""
    different = 0
    for key, result in results.items():
        same = made_again(runs, key, result) == result
        different += not same
        console.print(f"{key}: {'identical' if same else 'NOT identical'}", **LINE)
    if different:
        console.print("Another version of salesim, or of a package, gives other numbers; the record has its version.", **LINE)
    return int(different > 0)


def reached_at(options: ClassroomOptions) -> str:
    """The address that phones open; empty if they cannot reach this machine."""
    address = network_address() if options.network else ""
    return f"http://{address}:{options.port}" if address else ""


def tell(server: Server, options: ClassroomOptions, console: Console, folder: Path | None) -> None:
    """Print the addresses of the three screens, the code of the room, and a QR code."""
    here, keys = f"http://{HERE}:{options.port}", server.keys
    console.print(f"\nInstructor  {here}/instructor#{keys.instructor}", **LINE)
    console.print(f"Projector   {here}/projector#{keys.projector}", **LINE)
    if folder is None:
        return
    phones = server.address or here
    console.print(f"Phones      {phones}/#{keys.code}   room code {keys.code}\n", **LINE)
    if server.address:
        segno.make(f"{phones}/#{keys.code}", error="m").terminal(compact=True)
    else:
        console.print("Phones cannot reach this machine; network=true lets them, mode=hands does without them.", **LINE)
    console.print(f"Answers are kept in {folder}. If anything stops, give the same command again: it resumes the class.", **LINE)


def serve(server: Server, listener: Any, started: Callable[[uvicorn.Server], None] = lambda _: None) -> None:
    """Serve until the program is stopped."""
    config = uvicorn.Config(
        server.app(),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=4 * MOST_BYTES,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    web = uvicorn.Server(config)
    started(web)
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        web.run(sockets=[listener])
