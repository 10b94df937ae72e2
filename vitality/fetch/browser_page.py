"""Drawing one page: a fresh context, every request answered by us, the DOM taken when it has come to rest.

The browser itself has no way to the network. It is given the document that was already fetched, and asks its
`Supply` for whatever the document's scripts want.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import anyio
from playwright.async_api import Error, Request, Route
from playwright.async_api import Page as Tab

from vitality.errors import BadContent, FetchError, VitalityError
from vitality.fetch.browser_traffic import Treatment, headers_to_give, headers_to_send, is_data, treatment
from vitality.fetch.decoding import decode
from vitality.fetch.http import Answer
from vitality.fetch.media import media_type
from vitality.fetch.supply import Supply, Wanted
from vitality.records import CapturedJson, Page

_POLL = 0.1
_MEASURE = "() => [document.getElementsByTagName('*').length, document.body ? document.body.innerText.length : 0]"
_SIZE = "() => document.documentElement ? document.documentElement.outerHTML.length : 0"
_LITTLE_TEXT = 200
_LEFT_ITS_DOCUMENT = ("context was destroyed", "navigati")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawLimits:
    """Bounds of drawing one page."""

    total: timedelta = timedelta(seconds=45)
    settle: timedelta = timedelta(seconds=10)
    """How long the DOM may take to come to rest; it is taken as it is then."""
    quiet: timedelta = timedelta(milliseconds=500)
    """At rest means: nothing under way, and no change for so long."""
    quiet_when_empty: timedelta = timedelta(seconds=2)
    """The same for a page that shows next to no text yet."""
    page_bytes: int = 10 * 2**20
    requests: int = 80
    navigations: int = 3
    """How often a page's script may lead to another page."""
    captured: int = 50
    captured_bytes: int = 10 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A page as its scripts have drawn it."""

    url: str
    html: str
    captured: tuple[CapturedJson, ...]


@dataclass
class Drawing:
    """The drawing of one page in one tab."""

    page: Page
    supply: Supply
    limits: DrawLimits
    stop: Callable[[], None] = lambda: None
    """Ends the drawing; set by whoever waits for it."""
    failure: VitalityError | None = None
    """What ended it, where it was not the page."""
    _captured: list[CapturedJson] = field(default_factory=list)
    _captured_bytes: int = 0
    _under_way: int = 0
    _requests: int = 0
    _navigations: int = 0
    _given: bool = False

    async def draw(self, tab: Tab) -> Drawn:
        """Loads the page, lets it settle, and takes its DOM."""
        tab.on("crash", lambda _tab: self.stop())
        await tab.goto(self.page.url, wait_until="domcontentloaded", timeout=0)
        await self._settle(tab)
        if await tab.evaluate(_SIZE) > self.limits.page_bytes:
            raise BadContent(self.page.url, f"drawn larger than {self.limits.page_bytes} characters")
        return Drawn(url=tab.url, html=await tab.content(), captured=tuple(self._captured))

    async def _settle(self, tab: Tab) -> None:
        with anyio.move_on_after(self.limits.settle.total_seconds()):
            before, quiet = None, 0.0
            while True:
                now = await _measure(tab)
                at_rest = now is not None and now == before and self._under_way == 0
                quiet = quiet + _POLL if at_rest else 0.0
                if now is not None and quiet >= self._quiet_needed(now[1]):
                    return
                before = now
                await anyio.sleep(_POLL)

    def _quiet_needed(self, text_length: int) -> float:
        few = text_length < _LITTLE_TEXT
        return (self.limits.quiet_when_empty if few else self.limits.quiet).total_seconds()

    async def answer(self, route: Route, request: Request) -> None:
        """Answers one request of the tab; nothing else does."""
        self._under_way += 1
        try:
            await self._answer(route, request)
        except Error:
            return  # the tab is closed, and its requests with it
        except VitalityError as error:
            self.failure = error
            self.stop()
        finally:
            self._under_way -= 1

    async def _answer(self, route: Route, request: Request) -> None:
        kind, main_frame = request.resource_type, _is_main_frame(request)
        if kind == "document" and main_frame and not self._given:
            self._given = True
            await _give_document(route, self.page)
            return
        chosen = treatment(
            kind=kind, method=request.method, url=request.url, page_url=self.page.url, main_frame=main_frame
        )
        self._requests += 1
        if chosen is Treatment.BLOCK or self._requests > self.limits.requests:
            await route.abort("blockedbyclient")
        elif chosen is Treatment.EMPTY:
            await route.fulfill(status=200, content_type="text/css", body="")
        elif chosen is Treatment.DOCUMENT:
            await self._navigate(route, request.url)
        else:
            await self._load(route, request)

    async def _navigate(self, route: Route, url: str) -> None:
        self._navigations += 1
        if self._navigations > self.limits.navigations:
            await route.abort("blockedbyclient")
            return
        try:
            page = await self.supply.document(url)
        except FetchError:
            await route.abort("failed")
            return
        if page.url == url.partition("#")[0]:
            await _give_document(route, page)
        else:  # the browser must know the page by its last address, or its relative links lead astray
            self.page, self._given = page, False
            await route.fulfill(
                content_type="text/html", body=f"<script>location.replace({json.dumps(page.url)})</script>"
            )

    async def _load(self, route: Route, request: Request) -> None:
        kind = request.resource_type
        headers = headers_to_send(request.headers, url=request.url, page_url=self.page.url, kind=kind)
        wanted = Wanted(
            url=request.url, kind=kind, method=request.method, headers=headers, content=request.post_data_buffer
        )
        try:
            answer = await self.supply.resource(wanted)
        except FetchError:
            await route.abort("failed")
            return
        if is_data(kind):
            self._capture(request.url, answer)
        await route.fulfill(status=answer.status, headers=headers_to_give(answer.headers), body=answer.body)

    def _capture(self, url: str, answer: Answer) -> None:
        """Keeps a JSON answer as it came, within bounds."""
        header = answer.headers.get("content-type")
        starts_as_json = answer.body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
        self._captured_bytes += len(answer.body)
        within = len(self._captured) < self.limits.captured and self._captured_bytes <= self.limits.captured_bytes
        if within and starts_as_json and not media_type(header).endswith("javascript"):
            self._captured.append(CapturedJson(url=url, text=decode(answer.body, header)))


def _is_main_frame(request: Request) -> bool:
    return request.is_navigation_request() and request.frame.parent_frame is None


async def _give_document(route: Route, page: Page) -> None:
    # text/html whatever it was sent as: XHTML with one slip would be drawn as an error message
    await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=page.text)


async def _measure(tab: Tab) -> tuple[int, int] | None:
    """Number of elements and length of the visible text; None while the tab changes documents."""
    try:
        elements, text = await tab.evaluate(_MEASURE)
    except Error as error:
        if any(words in error.message for words in _LEFT_ITS_DOCUMENT):
            return None
        raise
    return int(elements), int(text)
