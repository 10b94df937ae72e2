"""Does one claimed piece of work: the role's part, then the settlement, the retry or the way back."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import anyio
from opentelemetry.trace import NoOpTracer, Tracer

from vitality.coordination.work import Claim, WorkQueue
from vitality.errors import DEFECTS, DatabaseUnavailable, HostWait, LeaseLost, VitalityError
from vitality.records import WorkKind
from vitality.roles.performing import RolePart
from vitality.runtime.attempt import leaves
from vitality.telemetry.logs import Line, Log, canonical_line
from vitality.telemetry.metrics import Metrics

AGAIN_S = 1.0


def _gravest(group: ExceptionGroup) -> Exception:
    """The one error of a task group that decides what becomes of the work: what is not the work's own fault first."""
    inner = leaves(group)
    unforeseen = [each for each in inner if not isinstance(each, (VitalityError, *DEFECTS))]
    passing = [each for each in inner if isinstance(each, (DatabaseUnavailable, LeaseLost, HostWait))]
    return (*unforeseen, *passing, *inner)[0]


class Performer:
    """Takes claims to the part that does their kind, one canonical log line each."""

    def __init__(
        self,
        parts: Sequence[RolePart],
        queue: WorkQueue,
        log: Log,
        metrics: Metrics,
        *,
        tracer: Tracer | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts: dict[WorkKind, RolePart] = {kind: part for part in parts for kind in part.kinds}
        self._queue = queue
        self._log = log
        self._metrics = metrics
        self._tracer = tracer or NoOpTracer()
        self._clock = clock

    async def perform(self, claim: Claim) -> None:
        """Does the work; raises only what is a failure of this process and not of the work."""
        begun = self._clock()
        line = canonical_line(self._log, "work", kind=claim.kind.value, subject=claim.subject, host=claim.host)
        about = {
            "vitality.kind": claim.kind.value,
            "vitality.subject": claim.subject,
            "vitality.attempt": claim.attempt,
        }
        with line, self._tracer.start_as_current_span("work", attributes=about):
            line.add(attempt=claim.attempt)
            try:
                await self._do(claim, line)
                self._metrics.work_settled(claim.kind.value, self._clock() - begun)
            except LeaseLost as error:
                line.add(outcome="lease_lost", reason=str(error))
                self._metrics.lease_lost()
            except HostWait as error:
                line.add(outcome="snoozed", reason=str(error), until=error.until.isoformat())
                await self._end(claim, partial(self._queue.snooze, claim, error.until, error.reason))
            except DatabaseUnavailable as error:
                line.add(outcome="given_back", reason=str(error))
                await self._end(claim, partial(self._queue.give_back, [claim]))
            except (VitalityError, *DEFECTS) as error:
                await self._failed(claim, error, line, self._clock() - begun)

    async def _do(self, claim: Claim, line: Line) -> None:
        try:
            settlement = await self._parts[claim.kind].perform(claim)
        except ExceptionGroup as group:
            raise _gravest(group) from group
        await self._queue.settle(claim, settlement)
        line.add(changed=settlement.changed, note=settlement.note, due_in_s=settlement.due_in.total_seconds())

    async def _failed(self, claim: Claim, error: Exception, line: Line, seconds: float) -> None:
        reason = str(error) if isinstance(error, VitalityError) else f"{type(error).__name__}: {error}"
        line.add(outcome="failed", error=type(error).__name__, reason=reason)
        if isinstance(error, DEFECTS):
            self._log.error("reader failed", kind=claim.kind.value, subject=claim.subject, exc_info=error)
        self._metrics.work_failed(claim.kind.value, type(error).__name__, seconds)
        if claim.attempt >= claim.max_attempts:
            self._metrics.work_buried(claim.kind.value)
        await self._end(claim, partial(self._queue.retry, claim, reason))

    async def _end(self, claim: Claim, action: Callable[[], Awaitable[None]]) -> None:
        """Ends a claim, waiting for a database that is away for as long as the lease may be ours."""
        while True:
            try:
                return await action()
            except DatabaseUnavailable:
                if not self._queue.trusted():
                    return None
                await anyio.sleep(AGAIN_S)
            except LeaseLost:
                self._log.warning("claim passed on", kind=claim.kind.value, subject=claim.subject)
                self._metrics.lease_lost()
                return None
