"""One HTTP exchange within its caps: a request to a checked address, an answer of bounded size and time.

Redirects are not followed, cookies not kept, proxies and certificates not taken from the environment. Errors of
httpx end here.
"""

from __future__ import annotations

import http.cookiejar
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
import httpx

from vitality.errors import BadContent, LeaseLost, ServerFailed, Unreachable
from vitality.fetch.addresses import Target
from vitality.fetch.inflate import ACCEPT_ENCODING, BrokenEncoding, TooMuch, inflater

_MOST_ADDRESSES = 3
_HUNG_UP = ("disconnected", "closed connection")
"""What httpx says of a peer that left, by which it is told from one that talks nonsense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Bounds of one exchange."""

    wire_bytes: int = 5 * 2**20
    """Most bytes of body read from the network."""
    page_bytes: int = 10 * 2**20
    """Most bytes of body after decompression."""
    total: timedelta = timedelta(seconds=30)
    """From the first byte sent to the last byte read."""
    connect: timedelta = timedelta(seconds=10)
    redirects: int = 5
    """Most redirects followed for one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said; `body` is decompressed, and empty where it was not wanted."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes = field(default=b"", repr=False)
    wire_bytes: int = 0
    began_at: float = 0.0
    """When the answer began to arrive, in seconds of the monotonic clock: by then the server had the request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request; `wants` looks at status and headers and says whether the body is worth reading."""

    target: Target
    headers: Mapping[str, str]
    method: str = "GET"
    content: bytes | None = None
    wants: Callable[[int, httpx.Headers], bool] = lambda _status, _headers: True
    truncate: int | None = None
    """Read this many bytes of the decoded body and no more; None: a longer body than allowed is an error."""


class HttpExchange:
    """Sends requests; safe for concurrent use. `proxy` is the URL of a forward proxy, trusted with addresses.

    `trusted` is asked again when the connection stands and the first byte is about to leave: a process may have been
    stopped for long since its turn. `transport` stands for the network in tests.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        caps: Caps,
        proxy: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        trusted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._caps = caps
        self._trusted = trusted
        self._client = httpx.AsyncClient(
            proxy=None if proxy is None else httpx.Proxy(proxy, headers={"User-Agent": user_agent}),
            transport=transport,
            trust_env=False,
            verify=ssl.create_default_context(),
            follow_redirects=False,
            cookies=http.cookiejar.CookieJar(policy=http.cookiejar.DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": user_agent, "Accept-Encoding": ACCEPT_ENCODING},
            timeout=httpx.Timeout(caps.total.total_seconds(), connect=caps.connect.total_seconds()),
            # Connections are made by address; one kept open for a name must never carry another name's request.
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def aclose(self) -> None:
        """Closes all connections."""
        await self._client.aclose()

    async def send(self, ask: Ask) -> Answer:
        """The answer to one request; raises `Unreachable`, `ServerFailed`, `BadContent` or `LeaseLost`."""
        url = str(ask.target.url)
        try:
            with _translated(url), anyio.fail_after(self._caps.total.total_seconds()):
                return await self._send_to_some_address(ask)
        except TimeoutError as error:
            raise Unreachable(url, f"no whole answer within {self._caps.total.total_seconds():g} s") from error

    async def _send_to_some_address(self, ask: Ask) -> Answer:
        *others, last = ask.target.addresses[:_MOST_ADDRESSES] or (None,)
        for address in others:
            try:
                return await self._send_to(ask, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # no byte was sent: the next address may answer
        return await self._send_to(ask, last)

    async def _send_to(self, ask: Ask, address: str | None) -> Answer:
        request = self._request(ask, address)
        async with aclosing(await self._client.send(request, stream=True)) as response:
            began_at = time.monotonic()
            if not ask.wants(response.status_code, response.headers):
                return _answer(ask, response, b"", began_at)
            return _answer(ask, response, await self._read(ask, response), began_at)

    def _request(self, ask: Ask, address: str | None) -> httpx.Request:
        url = ask.target.url
        headers = {**ask.headers, "Host": url.netloc.decode("ascii")}
        extensions: dict[str, object] = {"trace": self._before_the_first_byte}
        if address is not None:
            extensions["sni_hostname"] = url.raw_host.decode("ascii")
            url = url.copy_with(host=address)
        return self._client.build_request(ask.method, url, headers=headers, content=ask.content, extensions=extensions)

    async def _before_the_first_byte(self, event: str, _: object) -> None:
        """A listener of httpcore; the event comes with nothing awaited between it and the write."""
        if event.endswith(".send_request_headers.started") and not self._trusted():
            raise LeaseLost("nothing is sent: this process may not trust its lease any more")

    async def _read(self, ask: Ask, response: httpx.Response) -> bytes:
        url = str(ask.target.url)
        if ask.truncate is None:
            self._check_announced_length(url, response)
        body = bytearray()
        try:
            stream = inflater(response.headers.get("content-encoding"), self._caps.page_bytes)
            async for chunk in response.aiter_raw():
                self._check_wire(response)
                body += stream.feed(chunk)
                if ask.truncate is not None and len(body) >= ask.truncate:
                    return bytes(body[: ask.truncate])
            stream.finish()
        except (TooMuch, BrokenEncoding) as error:
            raise BadContent(url, str(error), status=response.status_code) from error
        return bytes(body)

    def _check_wire(self, response: httpx.Response) -> None:
        if response.num_bytes_downloaded > self._caps.wire_bytes:
            raise TooMuch(f"more than {self._caps.wire_bytes} bytes on the wire")

    def _check_announced_length(self, url: str, response: httpx.Response) -> None:
        length = response.headers.get("content-length", "")
        if length.isdigit() and int(length) > self._caps.wire_bytes:
            raise BadContent(url, f"{length} bytes announced", status=response.status_code)


def _answer(ask: Ask, response: httpx.Response, body: bytes, began_at: float) -> Answer:
    return Answer(
        url=str(ask.target.url),
        status=response.status_code,
        headers=response.headers,
        body=body,
        wire_bytes=response.num_bytes_downloaded,
        began_at=began_at,
    )


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turns errors of httpx into ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise Unreachable(url, f"timed out ({type(error).__name__})") from error
    except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
        if any(words in str(error) for words in _HUNG_UP):
            raise Unreachable(url, f"the connection ended early ({error})") from error
        raise ServerFailed(url, f"the answer is no HTTP ({error})") from error
    except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise BadContent(url, f"cannot be asked for ({error})") from error
    except httpx.TransportError as error:
        raise Unreachable(url, str(error) or type(error).__name__) from error
