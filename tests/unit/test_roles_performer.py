"""What becomes of a claim: settled, tried again, snoozed, given back or left alone; one line in the log each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from vitality.coordination.memory import MemoryLeases, MemoryQueue
from vitality.coordination.work import Claim, NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import (
    DatabaseError,
    DatabaseUnavailable,
    FolderUnusable,
    HostWait,
    LeaseLost,
    NotFound,
    Unreadable,
)
from vitality.records import Host, Role, WorkKind
from vitality.roles.performer import Performer
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics
from vitality.telemetry.traces import make_traces

KIND = WorkKind.READ_SCHEDULE
URL = "http://st-ann.test/"


class Part:
    """A role that ends as it is told."""

    kinds = (KIND,)

    def __init__(self, end: Callable[[], Settlement]) -> None:
        self._end = end

    async def perform(self, claim: Claim) -> Settlement:
        return self._end()


@pytest.fixture
def metrics() -> Iterator[Metrics]:
    made = Metrics(version="0")
    yield made
    made.close()


async def performed(queue: MemoryQueue, metrics: Metrics, end: Callable[[], Settlement]) -> str:
    """Claims the only work, performs it, and returns the log."""
    leases = MemoryLeases(queue)
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await leases.add(None, [NewWork(kind=KIND, subject="1", host=Host("st-ann.test"))])
    (claim,) = await leases.claim([KIND], 1)
    log = StringIO()
    await Performer([Part(end)], leases, make_log(level="info", form="json", stream=log), metrics).perform(claim)
    return log.getvalue()


def raising(error: Exception) -> Callable[[], Settlement]:
    def end() -> Settlement:
        raise error

    return end


def outcome(queue: MemoryQueue) -> tuple[str, int]:
    """How the only run ended, and the attempts that count."""
    (work,) = queue.work.values()
    assert work.state == "waiting"
    return queue.history[-1][1], work.attempt


async def test_what_ends_well_is_settled_with_one_line(metrics: Metrics) -> None:
    """The next due time is the settlement's."""
    queue = MemoryQueue()
    log = await performed(queue, metrics, lambda: Settlement(due_in=timedelta(days=7), note="3 service times"))
    assert outcome(queue) == ("done", 0)
    assert next(iter(queue.work.values())).due_at == queue.now + timedelta(days=7)
    assert log.count("\n") == 1
    assert "3 service times" in log


@pytest.mark.parametrize(
    "error",
    [
        Unreadable("no table"),
        NotFound(URL, "404"),
        FolderUnusable("in use"),
        DatabaseError("Postgres does not take a value"),
        KeyError("a reader's defect"),
        RecursionError("a page nested too deeply"),
        ExceptionGroup("unhandled errors in a TaskGroup", [ValueError("a defect in a fan-out")]),
        ExceptionGroup("outer", [ExceptionGroup("inner", [NotFound(URL, "404")])]),
    ],
    ids=repr,
)
async def test_a_failure_of_the_work_costs_an_attempt_and_not_the_worker(metrics: Metrics, error: Exception) -> None:
    """Alone or out of a task group, the reason is kept."""
    queue = MemoryQueue()
    await performed(queue, metrics, raising(error))
    assert outcome(queue) == ("failed", 1)
    assert next(iter(queue.work.values())).error


async def test_a_host_that_asks_to_wait_costs_nothing(metrics: Metrics) -> None:
    """Due again at that very instant, in a task group as well."""
    for wrap in (lambda e: e, lambda e: ExceptionGroup("g", [e, ValueError("cut short")])):
        queue = MemoryQueue()
        until = queue.now + timedelta(hours=2)
        await performed(queue, metrics, raising(wrap(HostWait(URL, "the host is given a rest", until=until))))
        assert outcome(queue) == ("snoozed", 0)
        assert next(iter(queue.work.values())).due_at == until


async def test_a_database_that_is_away_gives_the_work_back(metrics: Metrics) -> None:
    """It is no failure of the work, wherever in a fan-out it was noticed."""
    for error in (DatabaseUnavailable("away"), ExceptionGroup("g", [DatabaseUnavailable("away")])):
        queue = MemoryQueue()
        await performed(queue, metrics, raising(error))
        assert outcome(queue) == ("given_back", 0)


async def test_a_lost_lease_is_nobody_s_failure(metrics: Metrics) -> None:
    """Nothing is written and nothing raised: the work is another's."""
    queue = MemoryQueue()
    assert "lease_lost" in await performed(queue, metrics, raising(LeaseLost("term 1 has ended")))
    assert queue.history == []


@pytest.mark.parametrize("end", ["settled", "failed", "snoozed"])
async def test_every_stale_answer_is_counted_and_changes_nothing(metrics: Metrics, end: str) -> None:
    """Whatever a worker says of a claim that has passed to another, it is refused, and seen in the metrics."""
    queue = MemoryQueue()

    def late() -> Settlement:
        (work,) = queue.work.values()
        work.term += 1
        if end == "failed":
            raise NotFound(URL, "404")
        if end == "snoozed":
            raise HostWait(URL, "busy", until=queue.now)
        return Settlement(due_in=timedelta(days=7))

    await performed(queue, metrics, late)
    assert queue.history == []
    assert "\nvitality_lease_lost_total 1.0\n" in metrics.exposition().decode()


async def test_what_nobody_foresaw_fails_the_process(metrics: Metrics) -> None:
    """Such an error is the supervisor's, and is not hidden behind one of the work."""
    for error in (RuntimeError("a defect"), ExceptionGroup("g", [ValueError("of the page"), RuntimeError("a defect")])):
        with pytest.raises(RuntimeError, match="a defect"):
            await performed(MemoryQueue(), metrics, raising(error))


async def test_each_piece_of_work_is_a_span(metrics: Metrics) -> None:
    """It names the kind, the subject and the attempt, and ends also when the work fails."""
    exporter = InMemorySpanExporter()
    traces = make_traces(endpoint="http://collector.example:4318", version="1", exporter=exporter)
    leases = MemoryLeases(MemoryQueue())
    await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await leases.add(None, [NewWork(kind=KIND, subject="7")])
    (claim,) = await leases.claim([KIND], 1)
    log = make_log(level="info", form="json", stream=StringIO())
    performer = Performer([Part(raising(Unreadable("no table")))], leases, log, metrics, tracer=traces.tracer)
    await performer.perform(claim)
    traces.close()
    (span,) = exporter.get_finished_spans()
    assert dict(span.attributes or {}) == {
        "vitality.kind": "read_schedule",
        "vitality.subject": "7",
        "vitality.attempt": 1,
    }
