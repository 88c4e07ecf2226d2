"""The server of a class: pages, one socket for each screen, and nothing that asks for anything outside this machine."""

import asyncio
import hashlib
import io
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from string import Template
from typing import Any

import orjson
import segno
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from salesim.classroom import screens
from salesim.classroom.answers import MOST_BYTES, TOKEN, RefusedError, message_of
from salesim.classroom.connections import Connection
from salesim.classroom.limits import Limits
from salesim.classroom.session import Session
from salesim.classroom.wording import Wording

STATIC = Path(__file__).with_name("static")
SCREEN = Template((STATIC / "screen.html").read_text(encoding="utf-8"))  # which differ in their script and style alone
PATHS = {"phone": "/", "projector": "/projector", "instructor": "/instructor"}  # of the three pages
JOIN_SECONDS = 20.0  # in which a new connection has to say who it is
QUIET_SECONDS = 0.2  # between two pictures of who has answered
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ws://{host}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass
class Keys:
    """What opens the doors of a class: the code for phones, and a key each for the projector and the instructor."""

    code: str
    projector: str
    instructor: str


@dataclass
class Server:
    """Connects screens with a class. `address` is what phones open, empty if they cannot reach this machine.

    A live one makes the lesson's runs ahead, while people come in, and ends them when it stops.
    """

    session: Session
    keys: Keys
    say: Wording
    address: str = ""
    hands: bool = False
    is_live: bool = False
    limits: Limits = field(default_factory=Limits)
    on_end: Callable[[], None] = lambda: None
    connections: set[Connection] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> Starlette:
        """The web application."""
        pages = [Route(path, partial(self.page, name)) for name, path in PATHS.items()]
        routes = [
            *pages,
            Route("/texts", self.texts),
            Route("/code.svg", self.code),
            WebSocketRoute("/socket", self.socket),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        app = Starlette(routes=routes, lifespan=self.lifespan)
        app.add_middleware(Headers)
        return app

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Keep projector and instructor up to date while the server runs, and make the runs that a live class will need."""
        tasks = [asyncio.create_task(self.keep_counting())]
        if self.is_live:
            tasks.append(asyncio.create_task(self.prepare()))
        yield
        for task in tasks:
            task.cancel()
        if self.is_live:
            self.session.runs.close()

    async def prepare(self) -> None:
        """Make runs ahead; what fails is tried again when a screen needs it, and the instructor is told then."""
        with suppress(RefusedError):
            await self.session.prepare_all()

    async def page(self, name: str, _: Request) -> Response:
        """One of the three pages."""
        return HTMLResponse(SCREEN.substitute(screen=name))

    async def texts(self, _: Request) -> Response:
        """The interface texts of the language."""
        return JSONResponse({"language": self.say.language, "texts": self.say.texts})

    async def code(self, _: Request) -> Response:
        """The QR code of what phones open; it has the code of the room, which the projector shows as well."""
        picture = io.BytesIO()
        segno.make(f"{self.address}/#{self.keys.code}", error="m").save(picture, kind="svg", scale=8, border=2, light="#fff")
        return Response(picture.getvalue(), media_type="image/svg+xml")

    async def socket(self, socket: WebSocket) -> None:
        """One screen, from its first message until it goes."""
        origin, host = socket.headers.get("origin"), socket.headers.get("host", "")
        if (origin and origin.partition("://")[2] != host) or len(self.connections) >= self.limits.most_connections:
            await socket.close(1008)
            return
        await socket.accept()
        connection = Connection(socket, socket.client.host if socket.client else "")
        sender = asyncio.create_task(connection.send_all())
        self.connections.add(connection)
        try:
            while (text := await heard(connection)) is not None:
                await self.receive(connection, text)
        finally:
            self.connections.discard(connection)
            self.limits.forget("messages", str(id(connection)))
            connection.is_closed = True
            connection.waiting.set()
            self.changed.set()
            await sender

    async def receive(self, connection: Connection, text: str) -> None:
        """Do what a message asks, and reply: `done` with its number, or `refused` with the reason."""
        number = None
        try:
            if not self.limits.take("messages", str(id(connection))):
                raise RefusedError("too_fast")
            message = message_of(text)
            number = message.get("n") if isinstance(message.get("n"), int) else None
            if not connection.role:
                await self.admit(connection, message)
            elif connection.role == "phone" and "key" in message:
                await self.session.answer(connection.person, message["key"], message.get("value"))
                self.changed.set()
            elif connection.role == "instructor":
                await self.instruct(message)
            else:
                raise RefusedError("unreadable")
            connection.reply({"done": number})
        except RefusedError as error:
            connection.reply({"refused": str(error), "text": self.say(str(error)), "n": number})

    async def instruct(self, message: dict[str, Any]) -> None:
        """Do what the instructor asks, then show everybody what changed."""
        working = asyncio.create_task(self.session.act(message))
        await asyncio.wait({working}, timeout=QUIET_SECONDS)
        self.changed.set()  # shows that runs are being made, if they are
        await working
        self.show_all()
        if message.get("do") == "end":
            self.on_end()

    async def admit(self, connection: Connection, message: dict[str, Any]) -> None:
        """Let a screen in: projector and instructor by key, a phone by its token or the code of the room."""
        key = str(message.get("secret", ""))
        for role in ("projector", "instructor"):
            if message.get("role") == role:
                if not secrets.compare_digest(key.encode(), getattr(self.keys, role).encode()):
                    raise RefusedError("key_missing")
                connection.role = role
                connection.show(self.state_of(connection))
                return
        token = str(message.get("token") or "")
        person = person_of(token)
        if person not in self.session.room.people:
            token = secrets.token_urlsafe(24)
            person = person_of(token)
            self.check_newcomer(connection, str(message.get("code", "")))
            await self.session.join(person)
        elif not TOKEN.fullmatch(token):
            raise RefusedError("unreadable")
        connection.role, connection.person = "phone", person
        connection.reply({"token": token})
        connection.show(self.state_of(connection))
        self.changed.set()

    def check_newcomer(self, connection: Connection, code: str) -> None:
        """Refuse whoever does not know the code, or comes too late. Raises RefusedError."""
        if not self.limits.may_try(connection.address):
            raise RefusedError("too_many_tries")
        if not secrets.compare_digest(code.strip().upper().encode(), self.keys.code.encode()):
            self.limits.take("wrong_codes", connection.address)
            raise RefusedError("wrong_code")
        room = self.session.room
        if room.is_locked or room.has_ended:
            raise RefusedError("locked")
        if len(room.people) >= self.limits.most_people:
            raise RefusedError("full")
        if not self.limits.take("newcomers", connection.address):
            raise RefusedError("too_fast")

    def connected(self) -> set[str]:
        """The people whose phones are connected."""
        return {connection.person for connection in self.connections if connection.role == "phone"}

    def state_of(self, connection: Connection, shared: bytes = b"") -> bytes:
        """What a screen shows now; `shared` is what all phones show, if it was made before."""
        room, now = self.session.room, self.session.clock()
        if connection.role == "phone":
            mine = orjson.dumps(screens.personal(room, self.say, connection.person))
            return b'{"state":%b,"mine":%b}' % (shared or self.shared(), mine)
        state: dict[str, Any]
        if connection.role == "projector":
            state = screens.projector(room, self.say, now, self.connected(), self.hands)
        else:
            state = screens.instructor(room, self.say, now, self.connected(), self.hands)
        door = {"code": self.keys.code, "address": self.address}
        return orjson.dumps({"state": {**state, **door, "busy": self.session.is_busy, "replay": self.session.is_replay}})

    def shared(self) -> bytes:
        """What all phones show."""
        return orjson.dumps(screens.common(self.session.room, self.say, self.session.clock()))

    def show_all(self) -> None:
        """Show everybody the state of the class."""
        shared = self.shared()
        for connection in list(self.connections):
            if connection.role:
                connection.show(self.state_of(connection, shared))

    async def keep_counting(self) -> None:
        """Show projector and instructor who has come and answered, a few times a second at most."""
        while True:
            await self.changed.wait()
            self.changed.clear()
            states: dict[str, bytes] = {}
            for connection in list(self.connections):
                if connection.role in ("projector", "instructor"):
                    if connection.role not in states:
                        states[connection.role] = self.state_of(connection)
                    connection.show(states[connection.role])
            await asyncio.sleep(QUIET_SECONDS)


def config_of(server: Server) -> uvicorn.Config:
    """How uvicorn serves a class: without compression, which would cost time, and without messages that are huge."""
    return uvicorn.Config(
        server.app(),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=4 * MOST_BYTES,
        ws_per_message_deflate=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


async def heard(connection: Connection) -> str | None:
    """The next message of a screen; nothing if it has gone, is to be dropped, or does not say who it is."""
    try:
        message = await asyncio.wait_for(connection.socket.receive(), None if connection.role else JOIN_SECONDS)
    except TimeoutError:
        return None
    if connection.is_closed or message["type"] != "websocket.receive":
        return None
    return str(message.get("text") or "")


def person_of(token: str) -> str:
    """How the record names whoever has a token: by a digest, with which nobody can take their place."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


class Headers:
    """Adds to every answer what keeps a browser from asking anybody else for anything, and from running foreign code."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request on, and add the headers to its answer."""
        host = dict(scope.get("headers", ())).get(b"host", b"").decode("latin-1")
        safe = "".join(sign for sign in host if sign.isalnum() or sign in ".:-[]")
        headers = {
            "content-security-policy": POLICY.format(host=safe),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "cache-control": "no-cache",
        }

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in headers.items())]
            await send(message)

        await self.app(scope, receive, answer)
