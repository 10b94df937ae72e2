"""One worker process: its children, in the order in which they start, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from socket import gethostname

import anyio
from opentelemetry.trace import Tracer

from vitality import __version__
from vitality.app.database import Opened, opened
from vitality.app.fetching import Fetching, make_fetching
from vitality.app.rendering import render_exports, render_report
from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import MAX_ATTEMPTS, Backlog, Claim, NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import DatabaseUnavailable, LeaseLost, SettingsError
from vitality.fetch.port import Fetcher
from vitality.records import ROLE_OF, Role, WorkKind
from vitality.reports.exports import ExportKind
from vitality.roles.discovery import Discovery, list_work
from vitality.roles.extraction import Extraction
from vitality.roles.performer import Performer
from vitality.roles.performing import Refresh, RolePart
from vitality.roles.reporting import Made, Reporting, report_work
from vitality.roles.schedule import Schedule
from vitality.runtime.budget import Cost, slots
from vitality.runtime.child import ChildSpec, Pulse
from vitality.runtime.exits import exit_now
from vitality.runtime.memory import MemoryWatch, budget_from, cpu_count
from vitality.runtime.pool import Pool, Reason
from vitality.runtime.signals import watch_signals
from vitality.runtime.supervisor import Supervisor
from vitality.runtime.watchdog import Watchdog
from vitality.settings import Settings, WorkerType
from vitality.storage import embedded, overview, schema, status
from vitality.storage.database import Connection
from vitality.storage.pages import Pages
from vitality.storage.upkeep import upkeep
from vitality.telemetry.health import Health
from vitality.telemetry.logs import Log, make_log, route_libraries
from vitality.telemetry.metrics import Metrics, Waiting
from vitality.telemetry.traces import make_traces

MIB = 1 << 20
PROCESS_BYTES = 120 * MIB
COSTS: Mapping[Role, Cost] = {
    Role.DISCOVERY: Cost(base=200 * MIB, slot=12 * MIB, slots_per_cpu=16, at_most=16),
    Role.EXTRACTION: Cost(base=350 * MIB, slot=40 * MIB, slots_per_cpu=16),
    Role.SCHEDULE: Cost(base=350 * MIB, slot=30 * MIB, slots_per_cpu=24),
    Role.REPORTING: Cost(base=60 * MIB, slot=150 * MIB, slots_per_cpu=1, at_most=1),
}
"""What a role needs: `base` holds the browser where the role may draw pages, `slot` one site in work."""

IDLE_KINDS = tuple(kind for kind in WorkKind if kind is not WorkKind.WRITE_REPORT)
"""What must be done before a demo or `--until-idle` has nothing more to do; the report comes after it."""

IDLE_LOOK_S = 0.5
UPKEEP_S = 86_400.0
UPKEEP_AGAIN_S = 60.0
BACKLOG_S = 15.0
DATABASE_WAIT_S = 60.0
"""How long a worker that starts waits for its database; then it ends with exit code 1."""
DATABASE_AGAIN_S = 1.0
STUCK_S = 120.0
"""The event loop must come round within this time."""


def roles_of(worker_type: WorkerType) -> tuple[Role, ...]:
    """The roles that a worker type plays."""
    return tuple(Role) if worker_type is WorkerType.ALL else (Role(worker_type.value),)


@dataclass(slots=True)
class _Source:
    """The queue as the pool of one role sees it."""

    leases: Leases
    kinds: Collection[WorkKind]
    metrics: Metrics

    async def claim(self, limit: int) -> Sequence[Claim]:
        begun = time.monotonic()
        with _waiting_for_a_lease():
            claimed = await self.leases.claim(self.kinds, limit)
        self.metrics.claim_took(time.monotonic() - begun)
        for claim in claimed:
            self.metrics.work_claimed(claim.kind.value)
        return claimed

    async def wait(self, seconds: float) -> None:
        with _waiting_for_a_lease():
            due = await self.leases.next_due(self.kinds)
        at_most = seconds if due is None else min(seconds, max(0.05, due.total_seconds()))
        await self.leases.wait(self.kinds, timedelta(seconds=at_most))

    async def give_back(self, items: Sequence[Claim], reason: Reason) -> None:
        if reason is Reason.DRAIN:
            with suppress(LeaseLost):  # what has passed to others is theirs: nothing is owed
                await self.leases.give_back(items)
            return
        for item in items:
            await _retry(self.leases, item, f"given back: {reason.value}")


@contextmanager
def _waiting_for_a_lease() -> Iterator[None]:
    """A pool without a lease waits as it waits for the database: the lease's own child enters anew."""
    try:
        yield
    except LeaseLost as error:
        raise DatabaseUnavailable(f"no lease now: {error}") from error


async def _retry(leases: Leases, claim: Claim, error: str) -> None:
    """An attempt that the work itself may have brought down counts; a lost claim is another's business."""
    try:
        await leases.retry(claim, error)
    except LeaseLost:
        return


class _LimitedLeases(Leases):
    """The queue, with the operator's limit of attempts on what this worker enters."""

    max_attempts = MAX_ATTEMPTS

    async def add(self, connection: Connection | None, works: Sequence[NewWork]) -> int:
        return await super().add(connection, self._limited(works))

    async def settle(self, claim: Claim, settlement: Settlement) -> None:
        await super().settle(claim, replace(settlement, follow_up=self._limited(settlement.follow_up)))

    def _limited(self, works: Sequence[NewWork]) -> tuple[NewWork, ...]:
        return tuple(replace(work, max_attempts=self.max_attempts) for work in works)


class Worker:
    """A process that plays some roles on one database."""

    def __init__(self, settings: Settings, opening: Opened, *, log_to: Path | None = None) -> None:
        self._settings = settings
        self._opening = opening
        self._log_to = log_to
        self._roles = roles_of(settings.required_worker_type())
        self._refresh = refresh_of(settings)
        self._wakeups = Wakeups(opening.database, listen_dsn=opening.listen_dsn)
        self._leases = _LimitedLeases(opening.database, self._wakeups, lease=timedelta(seconds=settings.lease_seconds))
        self._leases.max_attempts = settings.max_attempts
        self.report_folder = settings.state_dir / "report"
        self.export_folder = settings.state_dir / "exports"

    async def seed(self) -> None:
        """Enters the work with which everything begins; what exists is left as it is, but for lists of another address."""
        await self._leases.replace(list_work(self._settings.conference_url))
        await self._leases.add(None, [report_work()])

    async def run(self, *, until_idle: bool = False) -> None:
        """Works until a signal or, with `until_idle`, until nothing is due; raises what no restart mends."""
        async with AsyncExitStack() as stack:
            stream = stack.enter_context(self._log_to.open("a", encoding="utf-8")) if self._log_to else None
            label = self._settings.worker_id or ""
            log = make_log(level=self._settings.log_level, form=self._settings.log_format, stream=stream, worker=label)
            route_libraries(level=self._settings.log_level, form=self._settings.log_format, stream=stream, worker=label)
            endpoint = self._settings.otel_exporter_otlp_endpoint
            traces = make_traces(endpoint=endpoint, version=__version__, worker=label)
            stack.callback(traces.close)
            metrics = Metrics(version=__version__, worker=label)
            stack.callback(metrics.close)
            fetching = await stack.enter_async_context(
                make_fetching(
                    self._settings,
                    hosts=Hosts(self._opening.database),
                    pages=Pages(self._opening.database),
                    metrics=metrics,
                    log=log,
                    trusted=self._leases.trusted,
                )
            )
            supervisor = self._supervised(fetching, log, metrics, traces.tracer, until_idle=until_idle)
            async with anyio.create_task_group() as tasks:
                await tasks.start(partial(watch_signals, supervisor.stop, log=log, on_second=self._end_at_once))
                await supervisor.run()
                tasks.cancel_scope.cancel()

    def _end_at_once(self, code: int) -> None:
        """Ends without clean-up, but leaves the embedded server to the other workers."""
        server = self._opening.server
        exit_now(code, spared=[server.pid] if server else [])

    def _supervised(
        self, fetching: Fetching, log: Log, metrics: Metrics, tracer: Tracer, *, until_idle: bool
    ) -> Supervisor:
        memory = MemoryWatch(budget_from(self._settings.memory_budget), log=log, recycle=fetching.recycle)
        pools = self._pools(fetching.fetcher, log, metrics, memory, tracer)
        children = [
            ChildSpec(name="watchdog", run=Watchdog(STUCK_S).run),
            ChildSpec(name="wakeups", run=self._listen),
            ChildSpec(name="upkeep", run=self._keep_up),
            ChildSpec(name="memory", run=memory.run, beat_seconds=60),
            ChildSpec(name="backlog", run=partial(self._count_backlog, metrics)),
            ChildSpec(
                name="lease",
                run=partial(self._hold_lease, pools, metrics),
                beat_seconds=self._settings.lease_seconds * 2,
            ),
            *(pool.child() for pool in pools),
        ]
        if self._opening.server is not None:
            children.insert(0, ChildSpec(name="postgres", run=self._keep_postgres))
        box: list[Supervisor] = []
        children.insert(
            0, ChildSpec(name="health", run=lambda pulse: self._serve(pulse, box[0], fetching, metrics, log))
        )
        if until_idle:
            children.append(ChildSpec(name="idle", run=lambda pulse: self._stop_when_idle(pulse, box[0].stop)))
        supervisor = Supervisor(children, log=log, metrics=metrics)
        box.append(supervisor)
        metrics.watch_memory(lambda: memory.used, memory.budget.total)
        return supervisor

    def _pools(
        self, fetcher: Fetcher, log: Log, metrics: Metrics, memory: MemoryWatch, tracer: Tracer
    ) -> list[Pool[Claim]]:
        costs = {role.value: COSTS[role] for role in self._roles}
        sizes = {role: self._settings.concurrency_of(role) or 0 for role in costs}
        if not all(sizes.values()):
            fitting = slots(memory.budget, PROCESS_BYTES, costs, cpu_count())
            sizes = {role: size or fitting[role] for role, size in sizes.items()}
        performer = Performer(self._parts(fetcher), self._leases, log, metrics, tracer=tracer)
        pools = []
        for role in self._roles:
            kinds = tuple(kind for kind, owner in ROLE_OF.items() if owner is role)
            pool = Pool(
                role.value,
                _Source(self._leases, kinds, metrics),
                performer.perform,
                slots=sizes[role.value],
                log=log,
                metrics=metrics,
                pressure=lambda: memory.pressure,
                poll_seconds=self._settings.poll_seconds,
                grace_seconds=self._settings.shutdown_grace,
            )
            memory.add(pool)
            pools.append(pool)
        return pools

    def _parts(self, fetcher: Fetcher) -> list[RolePart]:
        database, settings = self._opening.database, self._settings
        return [
            Discovery(fetcher, database, self._leases, self._refresh),
            Extraction(fetcher, database, self._leases, self._refresh, budget=settings.directory_requests),
            Schedule(fetcher, database, self._refresh, budget=settings.site_requests),
            Reporting(database, self._refresh, self.report_folder, self._render),
        ]

    async def _render(self, conn: Connection, folder: Path) -> Made:
        made = await render_report(conn, folder)
        exported = await render_exports(conn, self.export_folder, [kind.value for kind in ExportKind])
        return Made(files=made.files + tuple(str(file) for file in exported.files), counts=made.counts)

    async def _listen(self, pulse: Pulse) -> None:
        await self._wakeups.run(started=pulse.started)

    async def _keep_up(self, pulse: Pulse) -> None:
        """Makes the coming days' partitions and drops what is kept long enough, once a day."""
        pulse.started()
        while True:
            try:
                await upkeep(self._opening.database)
            except DatabaseUnavailable:
                await anyio.sleep(UPKEEP_AGAIN_S)  # away: no failure of this process
            else:
                await anyio.sleep(UPKEEP_S)

    async def _keep_postgres(self, pulse: Pulse) -> None:
        assert self._opening.server is not None  # noqa: S101 - this child exists only then
        pulse.started()
        await embedded.keep_running(self._opening.server)

    async def _count_backlog(self, metrics: Metrics, pulse: Pulse) -> None:
        """Keeps the gauges of the backlog of this worker's roles, and of the database's strain, fresh."""
        counted: dict[str, Waiting] = {}
        strain: status.Strain | None = None
        metrics.watch_backlog(lambda: counted)
        metrics.watch_strain(
            lambda: None if strain is None else (strain.oldest_snapshot.total_seconds(), strain.dead_rows)
        )
        pulse.started()
        while True:
            try:
                counted.update(_by_role(await self._leases.backlog(), self._roles))
                async with self._opening.database.connection() as conn:
                    strain = await status.strain(conn)
            except DatabaseUnavailable:
                counted.clear()  # unknown is not empty: the gauges are absent until the database answers
                strain = None
            await anyio.sleep(BACKLOG_S)

    async def _hold_lease(self, pools: Sequence[Pool[Claim]], metrics: Metrics, pulse: Pulse) -> None:
        """One lease for the process; a lost one cancels what was done under it and is entered anew by the restart."""
        await self._leases.open(
            WorkerInfo(roles=self._roles, name=self._settings.worker_id or gethostname(), version=__version__)
        )
        pulse.started()

        def renewed() -> None:
            pulse.beat()
            metrics.lease_renewed()

        try:
            await self._leases.keep(beat=renewed, every=timedelta(seconds=self._settings.heartbeat_seconds))
        finally:
            if not self._leases.trusted():
                for pool in pools:
                    pool.cancel(lambda _: True)
            with anyio.move_on_after(5, shield=True):
                await _leave(self._leases)

    async def _serve(
        self, pulse: Pulse, supervisor: Supervisor, fetching: Fetching, metrics: Metrics, log: Log
    ) -> None:
        checks = {
            "children": supervisor.ready,
            "database": self._reachable,
            "schema": self._current,
            "browser": fetching.browser_state,
        }
        health = Health(beats=supervisor.beats, checks=checks, exposition=metrics.exposition)
        async with health.serving(self._settings.health_host, self._settings.health_port) as port:
            log.info("health", host=self._settings.health_host, port=port)
            pulse.started()
            await anyio.sleep_forever()

    async def _reachable(self) -> str:
        await self._opening.database.ping()
        return "reachable"

    async def _current(self) -> str:
        await schema.check(self._opening.dsn, pgbouncer=self._opening.pooled)
        return "current"

    async def _stop_when_idle(self, pulse: Pulse, stop: Callable[[], None]) -> None:
        """Waits until all but the report is done, has the report written, and stops."""
        pulse.started()
        own = [kind for kind, role in ROLE_OF.items() if role in self._roles]
        await self._wait_for([kind for kind in own if kind in IDLE_KINDS])
        if Role.REPORTING in self._roles:
            await self._leases.add(None, [_soon(report_work())])
            await self._wait_for([WorkKind.WRITE_REPORT])
        stop()
        await anyio.sleep_forever()

    async def _wait_for(self, kinds: Collection[WorkKind]) -> None:
        while True:
            try:
                async with self._opening.database.connection() as conn:
                    if not await overview.unfinished(conn, kinds):
                        return
            except DatabaseUnavailable:
                pass  # away is not empty: look again
            await anyio.sleep(IDLE_LOOK_S)


def _by_role(backlog: Sequence[Backlog], roles: Collection[Role]) -> dict[str, Waiting]:
    """What is due for each role, and how long its oldest piece has been."""
    waiting: dict[str, Waiting] = {}
    for role in roles:
        rows = [each for each in backlog if ROLE_OF[each.kind] is role]
        oldest = max((each.oldest.total_seconds() for each in rows if each.oldest), default=0.0)
        waiting[role.value] = Waiting(sum(each.due for each in rows), oldest)
    return waiting


def refresh_of(settings: Settings) -> Refresh:
    """How long things stay fresh, as set."""
    return Refresh(
        dioceses=timedelta(seconds=settings.refresh_dioceses),
        directory=timedelta(seconds=settings.refresh_directory),
        parishes=timedelta(seconds=settings.refresh_parishes),
        schedule=timedelta(seconds=settings.refresh_schedule),
        report=timedelta(seconds=settings.report_cycle),
    )


def _soon(work: NewWork) -> NewWork:
    return NewWork(kind=work.kind, subject=work.subject, host=work.host, details=work.details, hasten=True)


async def _leave(leases: Leases) -> None:
    """Goes in good order; without a database the lease runs out by itself."""
    try:
        await leases.close()
    except DatabaseUnavailable:
        return


def check_contact(settings: Settings) -> None:
    """Raises SettingsError where a worker would ask public sites without saying who answers for it."""
    asks = settings.required_worker_type() is not WorkerType.REPORTING
    private = settings.http_proxy is not None or settings.allow_loopback
    if asks and not private and settings.contact_url is None:
        raise SettingsError(
            "CONTACT_URL is not set; public sites are only asked with a page or address (https://… or mailto:…) "
            "where their owners reach you"
        )


async def run(settings: Settings, *, until_idle: bool = False) -> int:
    """The command `run`: opens the database and works."""
    check_contact(settings)
    async with AsyncExitStack() as stack:
        worker = await _entered(settings, stack)
        await worker.run(until_idle=until_idle)
    return 0


async def _entered(settings: Settings, stack: AsyncExitStack) -> Worker:
    """A worker with its database open and its first work entered; waits a while for a database that is away.

    Ending at once would have Kubernetes wait ever longer before it starts the process again.
    """
    deadline = anyio.current_time() + DATABASE_WAIT_S
    while True:
        try:
            async with AsyncExitStack() as trial:
                worker = Worker(settings, await trial.enter_async_context(opened(settings)))
                await worker.seed()
                stack.push_async_exit(trial.pop_all())
                return worker
        except DatabaseUnavailable as error:
            if anyio.current_time() >= deadline:
                raise
            make_log(level=settings.log_level, form=settings.log_format).warning(
                "waiting for the database", reason=str(error)
            )
            await anyio.sleep(DATABASE_AGAIN_S)
