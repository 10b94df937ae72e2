"""What a kubelet and a Prometheus ask: `/healthz`, `/readyz` and `/metrics` over HTTP.

Liveness (`/healthz`): the event loop answers, and every actor has beaten within its limit. A failed liveness
check gets the process killed, so it leans on nothing outside: a database that is away must not restart pods.
Readiness (`/readyz`): named checks, run side by side, each bounded in time.
"""

from __future__ import annotations

import errno
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import anyio.to_thread
from aiohttp import web

from vitality.errors import SettingsError, VitalityError
from vitality.telemetry.metrics import CONTENT_TYPE

Check = Callable[[], Awaitable[str]]
"""Returns a short detail when all is well; raises a VitalityError, OSError or TimeoutError when it is not."""


class NotReady(VitalityError):
    """A readiness check says no; the message says why."""


@dataclass(frozen=True, slots=True)
class Beat:
    """An actor's last sign of life: its age and the age at which it counts as hung, both in seconds."""

    name: str
    age: float
    limit: float | None

    @property
    def late(self) -> bool:
        return self.limit is not None and self.age > self.limit


@dataclass(frozen=True, slots=True)
class Result:
    """How one readiness check ended."""

    ok: bool
    detail: str
    seconds: float


class Health:
    """The three endpoints; `serving` binds them."""

    def __init__(
        self,
        *,
        beats: Callable[[], Sequence[Beat]],
        checks: Mapping[str, Check],
        exposition: Callable[[], bytes],
        check_seconds: float = 2.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._beats = beats
        self._checks = checks
        self._exposition = exposition
        self._check_seconds = check_seconds
        self._clock = clock
        self._one_scrape = anyio.Lock()

    @asynccontextmanager
    async def serving(self, host: str, port: int) -> AsyncIterator[int]:
        """Answers while the block runs; gives the port that was bound (asked for as 0: a free one).

        Raises SettingsError where the address cannot be bound.
        """
        runner = web.AppRunner(self._app(), access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port, reuse_address=True)
            await _bind(site, host, port)
            yield int(runner.addresses[0][1])
        finally:
            with anyio.CancelScope(shield=True):  # bounded by shutdown_timeout
                await runner.cleanup()

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        return app

    async def _healthz(self, _: web.Request) -> web.Response:
        beats = self._beats()
        actors = {beat.name: {"age": round(beat.age, 1), "limit": beat.limit, "ok": not beat.late} for beat in beats}
        return _answer(not any(beat.late for beat in beats), {"actors": actors})

    async def _readyz(self, _: web.Request) -> web.Response:
        results = await self.check()
        body = {name: {"ok": it.ok, "detail": it.detail, "seconds": it.seconds} for name, it in results.items()}
        return _answer(all(it.ok for it in results.values()), {"checks": body})

    async def _metrics(self, _: web.Request) -> web.Response:
        async with self._one_scrape:
            text = await anyio.to_thread.run_sync(self._exposition)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

    async def check(self) -> dict[str, Result]:
        """The outcome of every readiness check, in their order."""
        results: dict[str, Result] = {}

        async def run(name: str, check: Check) -> None:
            results[name] = await self._run(check)

        async with anyio.create_task_group() as tasks:
            for name, check in self._checks.items():
                tasks.start_soon(run, name, check, name=f"check {name}")
        return {name: results[name] for name in self._checks}

    async def _run(self, check: Check) -> Result:
        begun = self._clock()
        try:
            with anyio.fail_after(self._check_seconds):
                ok, detail = True, await check()
        except TimeoutError:
            ok, detail = False, f"no answer within {self._check_seconds:g} s"
        except (VitalityError, OSError) as error:
            ok, detail = False, str(error) or type(error).__name__
        return Result(ok, detail, round(self._clock() - begun, 3))


async def _bind(site: web.TCPSite, host: str, port: int) -> None:
    try:
        await site.start()
    except OSError as error:
        reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be bound ({error.strerror})"
        raise SettingsError(
            f"HEALTH_HOST:HEALTH_PORT {host}:{port} {reason}; set another, or 0 for a free one"
        ) from error


def _answer(ok: bool, detail: dict[str, object]) -> web.Response:
    return web.json_response({"ok": ok, **detail}, status=200 if ok else 503)
