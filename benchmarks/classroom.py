"""200 phones in a class: how fast votes count, how fast a reveal reaches all, whether anything is lost, and how memory grows.

python benchmarks/classroom.py [phones] [lessons] [share]     # 200 phones, 3 lessons and a share of 0.1 if not said

The server is `salesim classroom` in a process of its own. A share of the phones drops out after every vote and comes back.
"""

import asyncio
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

from websockets.asyncio.client import ClientConnection, connect

from memory_in_use import resident
from salesim.classroom.folder import room_of
from salesim.classroom.records import events_in

VOTE_P95_MS, REVEAL_MS = 200.0, 100.0
GROWTH = (
    0.01  # of the memory in use, from the second lesson to the last; in the first one everything is used for the first time
)
SERVER = Path(__file__).with_name("memory_in_use.py")
LESSON = """
defaults: [spiral, _self_]
settings: {market.customers.count: 60}
"""


@dataclass
class Phone:
    """A phone, or the instructor, without a browser; it notes when each state came."""

    url: str
    hello: dict
    socket: ClientConnection | None = None
    reader: asyncio.Task | None = None
    state: dict = field(default_factory=dict)
    mine: dict = field(default_factory=dict)
    seen: dict = field(default_factory=dict)  # place -> when it was first shown
    waiting: dict = field(default_factory=dict)
    n: int = 0

    async def open(self):
        """Connect, and wait until the class is shown."""
        self.socket = await connect(self.url, compression=None, max_queue=None)
        self.reader = asyncio.create_task(self.read())
        self.state = {}
        reply = await self.ask(**self.hello)
        if "refused" in reply:
            raise RuntimeError(reply["text"])
        while not self.state:
            await asyncio.sleep(0.001)

    async def close(self):
        """Drop out without a word."""
        self.reader.cancel()
        self.socket.transport.abort()

    async def read(self):
        """Take whatever comes."""
        async for text in self.socket:
            now, got = time.perf_counter(), json.loads(text)
            if "token" in got:
                self.hello["token"] = got["token"]
            elif "state" in got:
                self.state, self.mine = got["state"], got.get("mine", {})
                self.seen.setdefault(self.state["place"], now)
            elif got.get("n", got.get("done")) in self.waiting:
                self.waiting.pop(got.get("n", got.get("done"))).set_result(got)

    async def ask(self, **message):
        """Send a message; the reply to it."""
        self.n += 1
        reply = self.waiting[self.n] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({**message, "n": self.n}))
        return await asyncio.wait_for(reply, 60)


@dataclass
class Measured:
    """Milliseconds of votes and reveals by activity, answers that were confirmed, and memory after each lesson.

    Memory is in MB: what the server uses, what it has from the system, and what the process of the runs has.
    """

    spread: float = 2.0  # s; within which a class votes
    dropped: float = 0.1  # share of the phones that drop out after a vote
    votes: dict = field(default_factory=lambda: defaultdict(list))
    reveals: dict = field(default_factory=lambda: defaultdict(list))
    confirmed: dict = field(default_factory=dict)
    memory: list = field(default_factory=list)


def vote_of(state, rng):
    """A random answer to the screen."""
    ask = state["ask"]
    if ask["form"] == "curve":
        return {"years": [round(rng.uniform(0.0, 0.6), 2) for _ in ask["start"]], "confidence": rng.randint(1, 5)}
    options = [option["id"] for option in ask["options"]]
    chosen = sorted(rng.sample(options, ask["pick"]), key=options.index)
    return chosen if ask["as_list"] else chosen[0]


async def vote(phone, rng, measured, person):
    """Answer once, within the second or two in which a class does."""
    await asyncio.sleep(rng.uniform(0.0, measured.spread))
    value, key, began = vote_of(phone.state, rng), phone.state["key"], time.perf_counter()
    reply = await phone.ask(key=key, value=value)
    measured.votes[key].append(1000.0 * (time.perf_counter() - began))
    if "done" in reply:
        measured.confirmed[person, key] = value


async def arrive(url, code, n_phones):
    """Phones that join; newcomers from one address are limited, so they come in groups."""
    phones = [Phone(url, {"role": "phone", "code": code}) for _ in range(n_phones)]
    for first in range(0, n_phones, 50):
        await asyncio.gather(*(phone.open() for phone in phones[first : first + 50]))
        await asyncio.sleep(25.0 if first + 50 < n_phones else 0.0)
    return phones


async def drop_and_return(phones):
    """Phones lose their connection, and come back."""
    await asyncio.gather(*(phone.close() for phone in phones))
    await asyncio.gather(*(phone.open() for phone in phones))


async def hold(lead, phones, rng, measured):
    """Hold a lesson from the first screen to the last."""
    while not lead.state["is_last"]:
        place = lead.state["place"] + 1
        for phone in phones:
            phone.seen.clear()
        await lead.ask(do="next")
        while any(place not in phone.seen for phone in phones) or lead.state["place"] != place:
            await asyncio.sleep(0.001)
        arrivals = [phone.seen[place] for phone in phones]
        name = lead.state["key"] or f"{lead.state['title']}, {lead.state['stage']}"
        measured.reveals[name].append(1000.0 * (max(arrivals) - min(arrivals)))
        if lead.state["ask"]:
            await asyncio.gather(*(vote(phone, rng, measured, n) for n, phone in enumerate(phones)))
            await drop_and_return(rng.sample(phones, max(1, int(measured.dropped * len(phones)))))


async def lessons(process, urls, n_phones, n_lessons, measured):
    """Hold the lesson some times in one class, from the beginning each time; returns the numbers of the phones."""
    url, key, code = urls
    phones = await arrive(url, code, n_phones)
    lead = Phone(url, {"role": "instructor", "secret": key})
    await lead.open()
    for number in range(n_lessons):
        await hold(lead, phones, random.Random(number), measured)
        measured.memory.append(await megabytes(process))
        used, taken, runs = measured.memory[-1]
        print(f"lesson {number + 1}: {times(measured)}", flush=True)
        print(f"  server {used:.1f} MB in use, {taken:.1f} MB from the system; its runs {runs:.1f} MB", flush=True)
        while number + 1 < n_lessons and lead.state["place"]:
            place = lead.state["place"] - 1
            await asyncio.sleep(0.2)  # as fast as messages of one screen are taken
            await lead.ask(do="back")
            while lead.state["place"] != place:
                await asyncio.sleep(0.001)
    numbers = [phone.mine["number"] for phone in phones]
    for phone in (*phones, lead):
        await phone.close()
    return numbers


async def megabytes(process):
    """What the server uses, what it has from the system, and what the process that makes its runs has."""
    told = Path(process.args[3])
    lines = told.read_text().splitlines()
    process.send_signal(signal.SIGUSR1)
    while len(now := told.read_text().splitlines()) == len(lines):
        await asyncio.sleep(0.05)
    children = [child for tasks in Path(f"/proc/{process.pid}/task").glob("*/children") for child in tasks.read_text().split()]
    return (*map(float, now[-1].split()), max(map(resident, children)))


def start(folder, own, port):
    """The server, and its socket with the key of the instructor and the code of the room."""
    told = own / "memory"
    told.touch()
    words = ["classroom", "lesson=load", f"port={port}", f"folder={folder}", "--config-dir", str(own)]
    process = subprocess.Popen([sys.executable, "-u", str(SERVER), str(told), *words], stdout=subprocess.PIPE, text=True)
    text = ""
    for line in process.stdout:
        text += line
        if line.startswith("Answers"):
            break
    lead, _, phones = (urlparse(url) for url in re.findall(r"http://\S+", text))
    return process, (f"ws://{lead.netloc}/socket", lead.fragment, phones.fragment)


def checked(folder, numbers, confirmed):
    """Answers that were confirmed and are not in the record as they were given, those too many there, and people too many."""
    room = room_of(events_in(next(folder.glob("*/class.jsonl"))))
    recorded = {(room.people[person], key): value for key, given in room.answers.items() for person, value in given.items()}
    given = {(numbers[phone], key): value for (phone, key), value in confirmed.items()}
    lost = [pair for pair, value in given.items() if recorded.get(pair) != value]
    return len(lost), len(recorded) - len(given), len(room.people) - len(numbers)


def measure(n_phones, n_lessons, dropped=0.1, lesson=LESSON, port=8791, spread=2.0):
    """Hold lessons, and check their record: what was measured, and the counts of `checked`, which have to be 0."""
    measured = Measured(spread, dropped)
    with tempfile.TemporaryDirectory() as place:
        own, folder = Path(place) / "own", Path(place) / "classes"
        (own / "lesson").mkdir(parents=True)
        (own / "lesson" / "load.yaml").write_text(lesson)
        process, urls = start(folder, own, port)
        try:
            numbers = asyncio.run(lessons(process, urls, n_phones, n_lessons, measured))
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
            process.stdout.close()
        return measured, checked(folder, numbers, measured.confirmed)


def all_of(times):
    """The times of all activities."""
    return [each for some in times.values() for each in some]


def p95_of(votes):
    """The time within which 95 % of the votes were confirmed, ms."""
    return sorted(votes)[int(0.95 * len(votes))]


def by_activity(measured):
    """A line for each activity, so that one with a long tail shows."""
    for key, votes in measured.votes.items():
        yield f"  vote on {key}: median {p50_of(votes):.0f} ms, 95 % {p95_of(votes):.0f} ms, longest {max(votes):.0f} ms"
    for key, reveals in measured.reveals.items():
        yield f"  {key} shown to all within {max(reveals):.0f} ms of the first"


def p50_of(votes):
    """The median time of a vote, ms."""
    return sorted(votes)[len(votes) // 2]


def times(measured):
    """How long votes and reveals took so far."""
    votes, reveals = sorted(all_of(measured.votes)), sorted(all_of(measured.reveals))
    return (
        f"{len(votes):,} votes confirmed, median {votes[len(votes) // 2]:.0f} ms, 95 % {p95_of(votes):.0f} ms, longest "
        f"{votes[-1]:.0f} ms; first to last phone shown, median {reveals[len(reveals) // 2]:.0f} ms, most {reveals[-1]:.0f} ms"
    )


def growth(measured):
    """By what share the memory in use grew after the second lesson."""
    used = [each[0] for each in measured.memory]
    return used[-1] / used[1] - 1.0 if len(used) > 2 else 0.0


def main(words):
    """Measure and print; 1 if an aim is missed."""
    n_phones, n_lessons, dropped = (float(word) for word in (*words, *("200", "3", "0.1")[len(words) :]))
    measured, counts = measure(int(n_phones), int(n_lessons), dropped)
    print(*by_activity(measured), sep="\n")
    print(f"{n_phones:.0f} phones, {n_lessons:.0f} lessons, {dropped:.0%} of the phones dropped out after each vote")
    print(f"processes that waited for a core, on average of the last 1, 5 and 15 minutes: {os.getloadavg()}")
    print(f"answers lost {counts[0]}, counted twice {counts[1]}; people too many {counts[2]}")
    print(f"memory in use grew by {growth(measured):.2%} after the second lesson")
    slow = p95_of(all_of(measured.votes)) > VOTE_P95_MS or max(all_of(measured.reveals)) > REVEAL_MS
    return int(slow or any(counts) or growth(measured) > GROWTH)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
