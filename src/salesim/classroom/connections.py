"""What is sent to a screen: the newest state replaces an older one that was not sent yet, so a slow phone holds nobody up."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

import orjson
from starlette.websockets import WebSocket, WebSocketDisconnect

MOST_REPLIES = 64  # that may wait for one connection
SEND_SECONDS = 10.0  # in which a screen has to take what is sent, or it is dropped, and may come again


class Connection:
    """One open socket, what waits for it, and who is behind it."""

    def __init__(self, socket: WebSocket, address: str) -> None:
        self.socket, self.address = socket, address
        self.role, self.person = "", ""
        self.state: bytes | None = None
        self.replies: deque[bytes] = deque()
        self.waiting = asyncio.Event()
        self.is_closed = False

    def show(self, state: bytes) -> None:
        """Have a state sent; it replaces one that still waits."""
        self.state = state
        self.waiting.set()

    def reply(self, message: dict[str, Any]) -> None:
        """Have a reply sent. Whoever does not read so many is dropped."""
        if len(self.replies) >= MOST_REPLIES:
            self.is_closed = True
        else:
            self.replies.append(orjson.dumps(message))
        self.waiting.set()

    async def send_all(self) -> None:
        """Send what comes, until the connection ends."""
        with suppress(WebSocketDisconnect, RuntimeError, TimeoutError, OSError):
            while not self.is_closed:
                await self.waiting.wait()
                self.waiting.clear()
                while self.replies and not self.is_closed:
                    await self.send(self.replies.popleft())
                state, self.state = self.state, None
                if state is not None and not self.is_closed:
                    await self.send(state)
        with suppress(WebSocketDisconnect, RuntimeError, OSError):
            await asyncio.wait_for(self.socket.close(), 1.0)

    async def send(self, text: bytes) -> None:
        """Send one message within SEND_SECONDS. Raises TimeoutError."""
        await asyncio.wait_for(self.socket.send_text(text.decode()), SEND_SECONDS)
