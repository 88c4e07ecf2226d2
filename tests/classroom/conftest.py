"""A small lesson with every kind of step, a class without a server, and a server of this process with its sockets."""

import asyncio
import json
import re
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the classroom comes with salesim[classroom]")

import uvicorn
from websockets.sync.client import connect

from salesim.classroom.folder import new_keys
from salesim.classroom.lesson import lesson_of
from salesim.classroom.limits import Limits
from salesim.classroom.network import listen
from salesim.classroom.records import Journal
from salesim.classroom.results import Runs
from salesim.classroom.room import Room
from salesim.classroom.server import Server, config_of
from salesim.classroom.session import Session
from salesim.classroom.wording import Wording
from salesim.config.config_files import configs_folder

FOUR = ("discount_sensitivity", "selling_sameness", "promise_trust", "product_lead")
SMALL = """
settings: {weeks: 156, market.customers.count: 30, market.selling.salespeople: 2}
rounds: 2          # rounds; of the competition; for tests
weeks_per_round: 26  # weeks; of a round; for tests
"""


def folder_with_small(place, *bases):
    """A folder for --config-dir with small_NAME for each shipped lesson NAME."""
    (place / "lesson").mkdir(parents=True)
    for base in bases or ("spiral", "short"):
        (place / "lesson" / f"small_{base}.yaml").write_text(f"defaults: [{base}, _self_]\n{SMALL}")
    (place / "lesson" / "tiny.yaml").write_text(
        "defaults: [small_spiral, _self_]\norder: [join, predict, cut, compete, exit]\n"
    )
    return place


@pytest.fixture(scope="session")
def own(tmp_path_factory):
    return folder_with_small(tmp_path_factory.mktemp("own"))


def small(name, own):
    """A small lesson with four feedbacks, as pairs of nine take long."""
    lesson = lesson_of(f"small_{name}", (own, configs_folder()))
    return replace(lesson, loops={loop: lesson.loops[loop] for loop in FOUR})


@pytest.fixture(scope="session")
def lesson(own):
    return small("spiral", own)


@pytest.fixture(scope="session")
def runs(lesson):
    return Runs(lesson)


def place_of(lesson, step, stage="ask", number=0):
    """The position of a screen."""
    return next(n for n, s in enumerate(lesson.screens) if (s.step, s.stage) == (step, stage) and number in (0, s.number))


@pytest.fixture
def session(lesson, runs):
    """A class without a record."""
    room = Room(lesson)
    return Session(room, Journal(None, room.apply), runs)


@contextmanager
def serving(session, **more):
    """A server on a free port of this machine: its address and itself."""
    server = Server(session, new_keys(), Wording("en"), **more)
    listener = listen(0, False)
    web = uvicorn.Server(config_of(server))
    thread = threading.Thread(target=lambda: asyncio.run(web.serve(sockets=[listener])))
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", server
    finally:
        web.should_exit = True
        thread.join()


@pytest.fixture
def served(session):
    with serving(session, limits=Limits(newcomers=(1000, 1000))) as (address, server):
        yield address, server


class Client:
    """A screen without a browser."""

    def __init__(self, address, **hello):
        self.socket, self.n = connect(f"ws://{address}/socket", legacy=True), 0
        self.state, self.mine, self.token = None, None, None
        self.reply = self.ask(**hello)
        while "done" in self.reply and not self.state:
            self.read()

    def ask(self, **message):
        """Send a message; the reply to it."""
        self.n += 1
        self.socket.send(json.dumps({**message, "n": self.n}))
        while True:
            got = self.read()
            if got.get("n", got.get("done")) == self.n or "refused" in got:
                return got

    def read(self):
        got = json.loads(self.socket.recv(timeout=10))
        self.token = got.get("token", self.token)
        if "state" in got:
            self.state, self.mine = got["state"], got.get("mine")
        return got

    def until(self, wanted):
        """Read until the state is as wanted."""
        while not (self.state and wanted(self.state)):
            self.read()
        return self.state

    def close(self):
        self.socket.close()


def phone(address, server, **hello):
    return Client(address, role="phone", code=server.keys.code, **hello)


def leader(address, server):
    return Client(address, role="instructor", secret=server.keys.instructor)


@contextmanager
def program(own, folder, *words):
    """`salesim classroom` in a process of its own: the process and the addresses that it prints."""
    with closing(listen(0, False)) as free:
        port = free.getsockname()[1]
    line = [sys.executable, "-u", "-m", "salesim", "classroom", f"port={port}", f"folder={folder}", "--config-dir", str(own)]
    process = subprocess.Popen([*line, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process, addresses(process)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def addresses(process):
    """The addresses of the screens, and the folder of the class."""
    places = {}
    for line in process.stdout:
        match = re.match(r"(Instructor|Projector|Phones|Answers are kept in) +(\S*/\S+)", line)
        if match:
            places[match[1]] = match[2].rstrip(".")
        if line.startswith("Answers"):
            return places
    raise AssertionError("the server did not start")


@pytest.fixture
def record(tmp_path):
    return Path(tmp_path / "class.jsonl")
