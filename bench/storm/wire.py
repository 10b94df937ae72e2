"""A TCP proxy between one worker and Postgres that can cut, silence and refuse."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

CHUNK = 65_536
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: closing sends RST."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A connection that went through: the port that Postgres saw, since when (wall clock), and whose it was."""

    port: int
    since: float
    owner: int


class Wire:
    """Forwards to `port` of this machine; `owner` tells whose the connections are that come now."""

    def __init__(self, owner: Callable[[], int]) -> None:
        self.port = 0
        """Where it listens."""
        self.target = 0
        self.passages: list[Passage] = []
        self._owner = owner
        self._links: set[_Link] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._deaf = False

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.reset()

    def reset(self) -> int:
        """Cuts all connections with RST; returns how many."""
        links = list(self._links)
        for link in links:
            link.cut()
        return len(links)

    async def silence(self, seconds: float) -> None:
        """A black hole: for a while nothing comes through in either direction, and nothing is refused."""
        self._open.clear()
        await asyncio.sleep(seconds)
        self._open.set()

    async def lose_answers(self, seconds: float) -> None:
        """What the worker says arrives, what Postgres answers does not; then all connections are cut."""
        self._deaf = True
        await asyncio.sleep(seconds)
        self.reset()
        self._deaf = False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._open.wait()
            upstream = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            _abort(writer)
            return
        link = _Link(writer, upstream[1])
        self.passages.append(Passage(upstream[1].get_extra_info("sockname")[1], time.time(), self._owner()))
        self._links.add(link)
        try:
            await self._carry(link, reader, upstream[0])
        finally:
            self._links.discard(link)
            link.cut()

    async def _carry(self, link: _Link, worker: asyncio.StreamReader, server: asyncio.StreamReader) -> None:
        ways = {
            asyncio.create_task(self._pump(worker, link.server, deaf=False)),
            asyncio.create_task(self._pump(server, link.worker, deaf=True)),
        }
        _, rest = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, deaf: bool) -> None:
        with suppress(OSError):
            while data := await source.read(CHUNK):
                await self._open.wait()
                if deaf and self._deaf:
                    continue
                sink.write(data)
                await sink.drain()


class _Link:
    """Both ends of one connection."""

    def __init__(self, worker: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.worker = worker
        self.server = server

    def cut(self) -> None:
        _abort(self.worker)
        _abort(self.server)


def _abort(writer: asyncio.StreamWriter) -> None:
    raw = writer.get_extra_info("socket")
    if raw is not None and raw.fileno() >= 0:
        with suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.transport.abort()
