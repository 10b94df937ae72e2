"""The local web: a forward proxy on loopback that answers for every host of a folder, and remembers who asked.

It takes absolute-form requests (`GET http://HOST/ HTTP/1.1`, RFC 9112 section 3.2.2), and origin-form ones by
their Host header. `CONNECT`, and hosts that do not exist, get 502 with the reason in `Proxy-Status` (RFC 9209).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urlsplit

import anyio
import anyio.lowlevel
from aiohttp import hdrs, web

from vitality.localweb.faults import Fault, FaultKind, FaultPlan
from vitality.localweb.files import HostFolder, Reply, UnknownHost

_CHUNK = b"x" * 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One request as the local web saw it; `started` and `finished` are seconds of a monotonic clock."""

    host: str
    path: str
    """Path with its query, as sent."""
    method: str
    status: int
    started: float
    finished: float
    user_agent: str
    by_browser: bool
    """Whether a page's scripts asked for it: only a browser sends a Referer, and our fetcher is none."""


class LocalWeb:
    """Serves the folder `root` on 127.0.0.1 while its context is open; `port` 0 takes a free one."""

    def __init__(self, root: Path, *, port: int = 0) -> None:
        self.folder = HostFolder(root)
        self.accesses: list[Access] = []
        self.faults = FaultPlan()
        self.faults_met: list[str] = []
        """Paths that met a fault, noted before it is played out."""
        self._port = port
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None), shutdown_timeout=0.2)

    @property
    def proxy_url(self) -> str:
        """Address to set as HTTP proxy."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def asked(self, host: str) -> list[Access]:
        """What one host was asked, in the order of arrival."""
        return sorted((access for access in self.accesses if access.host == host), key=lambda access: access.started)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        started = time.monotonic()
        target = _target(request)
        status = 0
        try:
            response = await self._answer(request, target)
            status = response.status
            return response
        finally:
            self.accesses.append(_access(request, target, status, started))

    async def _answer(self, request: web.BaseRequest, target: SplitResult) -> web.StreamResponse:
        host = (target.hostname or "").lower()
        if request.method == hdrs.METH_CONNECT:
            return _bad_gateway("http_request_denied")
        fault = self.faults.next(host, target.path)
        if fault is not None:
            self.faults_met.append(target.path)
        if fault is not None and fault.kind is not FaultKind.SLOW:
            return await _faulty(request, fault)
        try:
            reply = self.folder.resolve(host, target.path or "/", target.query)
        except UnknownHost:
            return _bad_gateway("dns_error")
        await anyio.sleep(reply.delay.total_seconds())
        return await _send(request, reply, fault)


def _target(request: web.BaseRequest) -> SplitResult:
    raw = request.raw_path
    return urlsplit(raw if "://" in raw.partition("?")[0] else f"http://{request.headers.get('Host', '')}{raw}")


def _access(request: web.BaseRequest, target: SplitResult, status: int, started: float) -> Access:
    return Access(
        host=(target.hostname or "").lower(),
        path=(target.path or "/") + (f"?{target.query}" if target.query else ""),
        method=request.method,
        status=status,
        started=started,
        finished=time.monotonic(),
        user_agent=request.headers.get("User-Agent", ""),
        by_browser="Referer" in request.headers,
    )


def _bad_gateway(error: str) -> web.Response:
    return web.Response(status=502, text=f"{error}\n", headers={"Proxy-Status": f"localweb; error={error}"})


async def _send(request: web.BaseRequest, reply: Reply, fault: Fault | None) -> web.StreamResponse:
    body = _body(reply)
    headers = {"Content-Type": reply.content_type, **_validators(reply, body), **reply.headers}
    if reply.status == HTTPStatus.OK and _unchanged(request, headers):
        return web.Response(status=304, headers={"ETag": headers["ETag"]})
    if fault is not None:
        return await _stream(request, headers, _slowly(body, fault.pause), length=len(body))
    return web.Response(status=reply.status, body=body, headers=headers)


def _body(reply: Reply) -> bytes:
    if reply.file is not None:
        return reply.file.read_bytes()
    phrase = HTTPStatus(reply.status).phrase
    return f"<!doctype html><title>{phrase}</title><h1>{phrase}</h1>\n".encode()


def _validators(reply: Reply, body: bytes) -> dict[str, str]:
    if reply.file is None or reply.status != HTTPStatus.OK:
        return {}
    modified = datetime.fromtimestamp(int(reply.file.stat().st_mtime), UTC)
    return {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
        "Last-Modified": format_datetime(modified, usegmt=True),
    }


def _unchanged(request: web.BaseRequest, headers: dict[str, str]) -> bool:
    if "ETag" not in headers:
        return False
    tags = request.headers.get("If-None-Match")
    if tags is not None:  # RFC 9110 section 13.1.3: the date is passed over where there are tags
        return headers["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = request.headers.get("If-Modified-Since")
    return since is not None and parsedate_to_datetime(since) >= parsedate_to_datetime(headers["Last-Modified"])


async def _faulty(request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
    html = {"Content-Type": "text/html"}
    if fault.kind is FaultKind.STATUS:
        return web.Response(status=fault.status, headers=fault.headers)
    if fault.kind is FaultKind.ENDLESS:
        return await _stream(request, html, _forever())
    if fault.kind is FaultKind.CUT:
        return await _cut(request, html)
    if fault.kind is FaultKind.SILENT:
        await anyio.sleep(fault.pause)
    if fault.kind is FaultKind.GARBAGE and request.transport is not None:
        request.transport.write(b"\x15\x03\x01 this is no HTTP\r\n\r\n")
    return _drop(request)


def _drop(request: web.BaseRequest) -> web.Response:
    if request.transport is not None:
        request.transport.close()
    return web.Response(status=500)


async def _cut(request: web.BaseRequest, headers: dict[str, str]) -> web.StreamResponse:
    response = await _stream(request, headers, _slowly(b"<p>cut", 0), length=1_000, finish=False)
    if request.transport is not None:
        request.transport.close()
    return response


async def _stream(
    request: web.BaseRequest,
    headers: dict[str, str],
    pieces: AsyncIterator[bytes],
    *,
    length: int | None = None,
    finish: bool = True,
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = length
    await response.prepare(request)
    async for piece in pieces:
        await response.write(piece)
    if finish:
        await response.write_eof()
    return response


async def _slowly(body: bytes, pause: float) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 64):
        yield body[start : start + 64]
        await anyio.sleep(pause)


async def _forever() -> AsyncIterator[bytes]:
    while True:
        yield _CHUNK
        await anyio.lowlevel.checkpoint()
