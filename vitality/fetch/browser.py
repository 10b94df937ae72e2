"""The browser: one Chromium, a fresh context a page, started when first needed, recycled by pages and by memory.

It is killed and started anew when it crashed, hung, or holds too much memory and no page is being drawn. The
network is closed to it (no names resolve, the proxy leads nowhere): pages are supplied by the fetcher alone.
Errors of playwright end here.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import anyio
import psutil
import structlog
from anyio import to_thread
from playwright.async_api import Browser as Chromium
from playwright.async_api import BrowserContext, Error, Playwright, WebSocketRoute, async_playwright

from vitality.errors import BrowserUnavailable, Unreachable
from vitality.fetch import browser_binary, orphans
from vitality.fetch.browser_binary import LaunchPlan
from vitality.fetch.browser_page import Drawing, DrawLimits, Drawn
from vitality.fetch.supply import Supply
from vitality.records import Page

_log = structlog.get_logger(__name__)

_NOWHERE = "http://127.0.0.1:9"  # the discard port: nothing listens there
_ARGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--blink-settings=imagesEnabled=false",
)
_CLOSE_WITHIN = 5.0
_LAUNCH_WITHIN = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLimits:
    """When the browser is replaced, and how many pages it draws at once."""

    pages: int = 100
    """Pages drawn by one Chromium."""
    memory_bytes: int = 800 * 2**20
    """Proportional memory of all its processes."""
    at_once: int = 2


class Browser:
    """Draws pages; its context closes it with all its processes. Safe for concurrent use.

    `executable` is the operator's choice of Chromium, None to look for one; `recycled` hears each time why one is
    replaced: `pages` and `memory` are its limits, `asked` means `recycle`, `stuck` a page that did not end, and `crashed`.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        executable: Path | None = None,
        limits: BrowserLimits | None = None,
        draw_limits: DrawLimits | None = None,
        recycled: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self._user_agent = user_agent
        self._setting = executable
        self._limits = limits or BrowserLimits()
        self._draw_limits = draw_limits or DrawLimits()
        self._mark = f"--vitality-browser={secrets.token_hex(8)}"
        self._folder = tempfile.TemporaryDirectory(prefix="vitality-browser-")
        self._places = anyio.CapacityLimiter(self._limits.at_once)
        self._starting = anyio.Lock()
        self._playwright: Playwright | None = None
        self._chromium: Chromium | None = None
        self._plan: LaunchPlan | None = None
        self._drawn = 0
        self._busy = 0
        self._spent: str | None = None
        """Why it is to be replaced before its time."""
        self._recycled = recycled

    @property
    def sandboxed(self) -> bool | None:
        """Whether Chromium runs in its sandbox; None before its first start."""
        return None if self._plan is None else self._plan.sandbox

    @property
    def how(self) -> str:
        """How Chromium runs, for a person."""
        return "not started" if self._plan is None else f"{self._plan.executable}, {self._plan.how}"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Ends Chromium, its driver and every process of theirs, within some seconds."""
        with anyio.CancelScope(shield=True):
            await self._end_chromium()
            await self._end_driver()
            self._folder.cleanup()

    async def check(self) -> None:
        """Starts the browser if it does not run; raises `BrowserUnavailable` where none can."""
        await self._ready()

    async def recycle(self) -> None:
        """Has a fresh Chromium draw the next page; the present one ends now, or when it has drawn what it is drawing."""
        self._spent = "asked"
        async with self._starting:
            if self._chromium is not None:
                await self._replace_worn(self._chromium)

    async def draw(self, page: Page, supply: Supply) -> Drawn:
        """The page as its scripts draw it.

        Raises `Unreachable` for a page that hangs or crashes, `BadContent` for one that grows too large, and
        `BrowserUnavailable` where no browser can be started.
        """
        async with self._places:
            chromium = await self._ready()
            self._busy += 1
            try:
                return await self._draw(chromium, page, supply)
            finally:
                self._busy -= 1
                self._drawn += 1

    async def _draw(self, chromium: Chromium, page: Page, supply: Supply) -> Drawn:
        limits = self._draw_limits
        drawing = Drawing(page, supply, limits)
        seconds = limits.total.total_seconds()
        try:
            with _translated(page.url), anyio.fail_after(seconds):
                async with self._context(chromium, drawing) as context:
                    return await _until_stopped(drawing, context)
        except TimeoutError as error:
            self._spent = "stuck"  # a tab that hangs keeps its renderer busy for ever
            raise Unreachable(page.url, f"not drawn within {seconds:g} s") from error

    @asynccontextmanager
    async def _context(self, chromium: Chromium, drawing: Drawing) -> AsyncIterator[BrowserContext]:
        context = await chromium.new_context(
            user_agent=self._user_agent, service_workers="block", accept_downloads=False, reduced_motion="reduce"
        )
        try:
            await context.route("**/*", drawing.answer)
            await context.route_web_socket("**/*", _refuse)
            yield context
        finally:
            await self._close(context)

    async def _close(self, context: BrowserContext) -> None:
        with anyio.move_on_after(_CLOSE_WITHIN, shield=True) as scope:
            try:
                await context.close()
            except Error:
                self._spent = "stuck"  # it is gone already, or beyond closing
        if scope.cancelled_caught:
            self._spent = "stuck"

    async def _ready(self) -> Chromium:
        async with self._starting:
            await to_thread.run_sync(orphans.reap)
            if self._chromium is not None:
                await self._replace_worn(self._chromium)
            if self._chromium is None:
                self._chromium = await self._start()
            return self._chromium

    async def _replace_worn(self, chromium: Chromium) -> None:
        reason = await self._worn(chromium)
        if reason is None:
            return
        await self._end_chromium()
        if reason == "crashed":  # perhaps because its driver did
            await self._end_driver()
        self._recycled(reason)

    async def _worn(self, chromium: Chromium) -> str | None:
        """Why this Chromium has had its time, or None; while it draws, only a dead one is replaced."""
        if not chromium.is_connected():
            return "crashed"
        if self._busy > 0:
            return None
        if self._spent is not None or self._drawn >= self._limits.pages:
            return self._spent or "pages"
        return "memory" if await to_thread.run_sync(_memory_of, self._mark) > self._limits.memory_bytes else None

    async def _start(self) -> Chromium:
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        self._drawn, self._spent = 0, None
        tried = []
        for plan in self._plans(self._playwright):
            try:
                chromium = await self._launch(self._playwright, plan)
            except Error as error:
                tried.append(f"{plan.executable} {plan.how}: {error.message.strip().splitlines()[0]}")
                continue
            self._note(plan, tried)
            return chromium
        raise BrowserUnavailable("no browser can be started: " + ("; ".join(tried) or "there is no Chromium here"))

    def _plans(self, playwright: Playwright) -> tuple[LaunchPlan, ...]:
        if self._plan is not None:
            return (self._plan,)
        executable = browser_binary.find(self._setting, Path(playwright.chromium.executable_path))
        if executable is None:
            return ()
        return browser_binary.plans(executable, root=os.geteuid() == 0, unshare=shutil.which("unshare"))

    async def _launch(self, playwright: Playwright, plan: LaunchPlan) -> Chromium:
        executable = plan.executable
        if plan.in_namespace:
            executable = browser_binary.wrapper(plan, Path(self._folder.name), shutil.which("unshare") or "unshare")
        return await playwright.chromium.launch(
            executable_path=executable,
            headless=True,
            chromium_sandbox=plan.sandbox,
            args=[*_ARGS, self._mark],
            proxy={"server": _NOWHERE},
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
            timeout=_LAUNCH_WITHIN * 1000,
        )

    def _note(self, plan: LaunchPlan, tried: list[str]) -> None:
        if self._plan is None and not plan.sandbox:
            _log.warning("the browser runs without its sandbox", executable=str(plan.executable), tried=tried)
        self._plan = plan

    async def _end_driver(self) -> None:
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            with anyio.move_on_after(_CLOSE_WITHIN, shield=True):
                try:
                    await playwright.stop()
                except Error:
                    _log.debug("the browser's driver was gone before it was stopped")

    async def _end_chromium(self) -> None:
        chromium, self._chromium = self._chromium, None
        if chromium is not None:
            with anyio.move_on_after(_CLOSE_WITHIN, shield=True):
                try:
                    await chromium.close()
                except Error:
                    _log.debug("the browser was gone before it was closed")
        with anyio.CancelScope(shield=True):
            await to_thread.run_sync(_kill, self._mark)


async def _until_stopped(drawing: Drawing, context: BrowserContext) -> Drawn:
    """Draws in a new tab; a tab that crashes never answers, so its crash ends the wait."""
    with anyio.CancelScope() as scope:
        drawing.stop = scope.cancel
        return await drawing.draw(await context.new_page())
    raise drawing.failure or Unreachable(drawing.page.url, "the page crashed its tab")


async def _refuse(socket: WebSocketRoute) -> None:
    await socket.close()


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turns errors of playwright into ours."""
    try:
        yield
    except Error as error:
        raise Unreachable(url, f"the browser could not draw it ({error.message.splitlines()[0]})") from error


def _processes(mark: str) -> list[psutil.Process]:
    """The Chromium started with this mark, and all its children."""
    found: list[psutil.Process] = []
    for process in psutil.Process().children(recursive=True):
        try:
            if mark in process.cmdline():
                found += [process, *process.children(recursive=True)]
        except psutil.Error:
            continue  # it ended while we looked
    return list(dict.fromkeys(found))


def _memory_of(mark: str) -> int:
    total = 0
    for process in _processes(mark):
        try:
            total += process.memory_full_info().pss
        except psutil.Error:
            continue  # it ended while we looked, or is hidden from us
    return total


def _kill(mark: str) -> None:
    for process in _processes(mark):
        try:
            process.kill()
        except psutil.Error:
            continue
