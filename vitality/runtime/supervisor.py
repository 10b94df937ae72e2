"""Starts children in order, restarts those that fail, and stops all in reverse (after Erlang/OTP, one for one).

A failed or silent child is restarted with growing delays, within a budget over all children. Past the budget,
or at an error that no restart can mend, everything is stopped and the error raised: the process exits, and the
level above (Kubernetes, a person) acts. An error of the weather (Postgres away) delays but never spends the budget.

Stopping, whether asked for, forced by a failure or by cancellation: children in reverse order, each asked, given
its `shutdown_seconds`, cancelled, and given `cleanup_seconds`. A child that outlasts even that cannot be ended
from within a process, so `abandon` ends the process.
"""

from __future__ import annotations

import random as randomness
from collections.abc import Callable, Sequence
from typing import assert_never

import anyio
from anyio.abc import TaskStatus

from vitality.errors import DatabaseUnavailable, RestartsExhausted, SettingsError
from vitality.runtime.attempt import consists_of, leaves
from vitality.runtime.child import ChildSpec, Restart
from vitality.runtime.exits import ExitCode, exit_now
from vitality.runtime.keeper import Cause, Ending, Keeper
from vitality.runtime.restarts import RestartBudget, RestartPolicy
from vitality.telemetry.health import Beat, NotReady
from vitality.telemetry.logs import Log
from vitality.telemetry.metrics import Metrics

_CHECK_SECONDS = 1.0


def _abandon(_: str) -> None:
    exit_now(ExitCode.FAILURE)


class Supervisor:
    """The children of one process; `final` and `weather` are the errors that no restart mends, and that time mends."""

    def __init__(
        self,
        children: Sequence[ChildSpec],
        *,
        log: Log,
        metrics: Metrics,
        policy: RestartPolicy | None = None,
        final: tuple[type[Exception], ...] = (SettingsError,),
        weather: tuple[type[Exception], ...] = (DatabaseUnavailable,),
        cleanup_seconds: float = 10.0,
        random: Callable[[], float] = randomness.random,
        abandon: Callable[[str], object] = _abandon,
    ) -> None:
        self._policy = policy or RestartPolicy()
        self._budget = RestartBudget(self._policy)
        self._keepers = [Keeper(spec, self._judge, long_life=self._policy.period) for spec in children]
        self._log = log
        self._metrics = metrics
        self._final = final
        self._weather = weather
        self._cleanup_seconds = cleanup_seconds
        self._random = random
        self._abandon = abandon
        self._over = anyio.Event()
        self._failure: Exception | None = None

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Runs the children until all have completed or `stop` was called; tells when all have started.

        Raises RestartsExhausted, or the error of a child that no restart can mend.
        """
        async with anyio.create_task_group() as tasks:
            try:
                await self._start(tasks)
                task_status.started()
                await self._mind()
            finally:
                with anyio.CancelScope(shield=True):  # bounded: each child's stop is
                    await self._stop()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Asks for the end: what `run` is waiting for."""
        self._over.set()

    def beats(self) -> list[Beat]:
        """The last sign of life of each child that is living; the supervisor itself acts before these are late."""
        now = anyio.current_time()
        return [
            Beat(keeper.spec.name, now - keeper.pulse.last_beat, self._patience(keeper))
            for keeper in self._keepers
            if keeper.pulse is not None
        ]

    async def ready(self) -> str:
        """A readiness check: raises NotReady while children are starting, restarting or stopping."""
        waiting = [keeper.spec.name for keeper in self._keepers if not _is_well(keeper)]
        if self._over.is_set():
            raise NotReady("stopping")
        if waiting:
            raise NotReady(f"not started: {', '.join(waiting)}")
        return f"{len(self._keepers)} children"

    async def _start(self, tasks: anyio.abc.TaskGroup) -> None:
        for keeper in self._keepers:
            if self._over.is_set():
                return
            keeper.begun = True
            tasks.start_soon(keeper.keep, name=keeper.spec.name)
            while not (keeper.settled.is_set() or self._over.is_set()):
                await self._glance(keeper.settled)

    async def _mind(self) -> None:
        """Waits for the end, looking now and then for a child that does not even let itself be cancelled.

        It must be late at two looks in a row: after the whole process was stopped for a while every child is late at first.
        """
        suspects: set[str] = set()
        while not self._over.is_set() and not all(keeper.gone.is_set() for keeper in self._keepers):
            await self._glance(self._over)
            late = [beat for beat in self.beats() if beat.late]
            for beat in late:
                if beat.name in suspects:
                    self._log.error(
                        "child ignores its cancellation", child=beat.name, silent_seconds=round(beat.age, 1)
                    )
                    self._abandon(beat.name)
            suspects = {beat.name for beat in late}

    async def _glance(self, event: anyio.Event) -> None:
        with anyio.move_on_after(_CHECK_SECONDS):
            await event.wait()

    async def _stop(self) -> None:
        self._over.set()
        for keeper in reversed([keeper for keeper in self._keepers if keeper.begun]):
            if not await keeper.stop(self._cleanup_seconds):
                self._log.error("child cannot be stopped", child=keeper.spec.name)
                self._abandon(keeper.spec.name)

    def _patience(self, keeper: Keeper) -> float | None:
        """The silence after which a child has had its limit and the time to be cancelled in; None: not watched."""
        pulse, spec = keeper.pulse, keeper.spec
        if pulse is None or pulse.stopping:
            return None
        limit = spec.beat_seconds if pulse.ready else spec.start_seconds
        return None if limit is None else limit + self._cleanup_seconds

    def _judge(self, spec: ChildSpec, ending: Ending, failures: int) -> float | None:
        """The keepers' judge: seconds until the restart, or None for none."""
        self._note(spec, ending)
        if self._over.is_set() or not _calls_for_restart(spec.restart, ending.cause):
            return None
        if ending.error is not None and (error := self._unmendable(ending.error)) is not None:
            self._give_up(error)
            return None
        if not self._is_weather(ending) and not self._budget.spend(anyio.current_time()):
            self._give_up(self._exhausted(spec, ending))
            return None
        self._metrics.child_restarted(spec.name, ending.cause)
        return self._policy.delay(failures, self._random)

    def _unmendable(self, error: Exception) -> Exception | None:
        return next((leaf for leaf in leaves(error) if isinstance(leaf, self._final)), None)

    def _is_weather(self, ending: Ending) -> bool:
        return ending.error is not None and consists_of(ending.error, self._weather)

    def _exhausted(self, spec: ChildSpec, ending: Ending) -> RestartsExhausted:
        policy = self._policy
        failure = RestartsExhausted(
            f"more than {policy.intensity} restarts within {policy.period:g} s; the last child was {spec.name} ({ending.cause})"
        )
        failure.__cause__ = ending.error
        return failure

    def _give_up(self, failure: Exception) -> None:
        self._failure = failure
        self._over.set()

    def _note(self, spec: ChildSpec, ending: Ending) -> None:
        fields = {"child": spec.name, "cause": ending.cause, "lived_seconds": round(ending.lived, 1)}
        if ending.cause in {Cause.COMPLETED, Cause.STOPPED}:
            self._log.info("child ended", **fields)
        else:
            self._log.error("child ended", **fields, exc_info=ending.error)


def _is_well(keeper: Keeper) -> bool:
    return keeper.gone.is_set() or (keeper.pulse is not None and keeper.pulse.ready)


def _calls_for_restart(restart: Restart, cause: Cause) -> bool:
    match restart:
        case Restart.PERMANENT:
            return True
        case Restart.TRANSIENT:
            return cause is not Cause.COMPLETED
        case Restart.TEMPORARY:
            return False
        case _:
            assert_never(restart)
