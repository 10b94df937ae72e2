"""What the program counts: an OpenTelemetry meter of its own, read out in Prometheus' format.

Nothing here is global: each `Metrics` has its own provider and registry. Gauges are read by callbacks when
somebody scrapes, in a worker thread; a callback must only look at values that are already in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

from vitality.telemetry import instruments
from vitality.telemetry.instruments import Instrument
from vitality.telemetry.resource import make_resource

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Waiting(NamedTuple):
    """The backlog of a role: how many pieces are due, and how long the oldest has waited, in seconds."""

    due: int
    oldest_age: float


class Occupancy(NamedTuple):
    """A pool's slots."""

    busy: int
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to a site as the metrics see it; `status` is None when no answer came."""

    outcome: str
    seconds: float
    received: int = 0
    method: str = "GET"
    scheme: str = "https"
    status: int | None = None
    error: str | None = None


class Metrics:
    """The program's instruments; a method for each thing that happens."""

    def __init__(self, *, version: str, worker: str = "", clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        reader = PrometheusMetricReader(registry=self._registry, scope_info_enabled=False)
        self._provider = MeterProvider(
            [reader], resource=make_resource(version=version, worker=worker), shutdown_on_exit=False
        )
        self._meter = self._provider.get_meter("vitality", version)
        self._counters = {row.name: _counter(self._meter, row) for row in _of(instruments.Kind.COUNTER)}
        self._histograms = {row.name: _histogram(self._meter, row) for row in _of(instruments.Kind.HISTOGRAM)}
        self._last_success: dict[str, float] = {}
        self._pools: dict[str, Callable[[], Occupancy]] = {}
        self._watch_own()

    def _watch_own(self) -> None:
        self._gauge(instruments.LAST_SUCCESS, lambda: _by("kind", self._last_success.copy()))
        self._gauge(
            instruments.POOL_BUSY, lambda: _by("pool", {n: read().busy for n, read in self._pools.copy().items()})
        )
        self._gauge(
            instruments.POOL_SLOTS, lambda: _by("pool", {n: read().slots for n, read in self._pools.copy().items()})
        )

    def _add(self, row: Instrument, by: float = 1, **labels: str) -> None:
        self._counters[row.name].add(by, labels)

    def _gauge(self, row: Instrument, read: Callable[[], Iterable[Observation]]) -> None:
        def observe(_: CallbackOptions) -> Iterable[Observation]:
            return read()

        self._meter.create_observable_gauge(row.name, [observe], unit=row.unit, description=row.text)

    def work_claimed(self, kind: str, count: int = 1) -> None:
        self._add(instruments.WORK_CLAIMED, count, kind=kind)

    def claim_took(self, seconds: float) -> None:
        self._histograms[instruments.CLAIM_DURATION.name].record(seconds)

    def work_settled(self, kind: str, seconds: float) -> None:
        """A piece of work was done and its settlement committed, after so many seconds."""
        self._last_success[kind] = self._clock()
        self._add(instruments.WORK_SETTLED, kind=kind)
        self._histograms[instruments.WORK_DURATION.name].record(seconds, {"kind": kind, "outcome": "settled"})

    def work_failed(self, kind: str, error: str, seconds: float) -> None:
        """An attempt ended in an error, named by its type."""
        self._add(instruments.WORK_FAILED, kind=kind, error=error)
        self._histograms[instruments.WORK_DURATION.name].record(seconds, {"kind": kind, "outcome": "failed"})

    def work_buried(self, kind: str) -> None:
        self._add(instruments.WORK_BURIED, kind=kind)

    def work_returned(self, pool: str, reason: str, count: int = 1) -> None:
        """Work was given back undone: `drain`, `memory`, `lease_lost` or `failure`."""
        self._add(instruments.WORK_RETURNED, count, pool=pool, reason=reason)

    def request_done(self, request: Request) -> None:
        self._add(instruments.REQUESTS, outcome=request.outcome)
        self._add(instruments.BYTES_RECEIVED, request.received)
        labels: dict[str, str | int] = {"http.request.method": request.method, "url.scheme": request.scheme}
        if request.status is not None:
            labels["http.response.status_code"] = request.status
        if request.error is not None:
            labels["error.type"] = request.error
        self._histograms[instruments.REQUEST_DURATION.name].record(request.seconds, labels)

    def browser_page(self, outcome: str) -> None:
        self._add(instruments.BROWSER_PAGES, outcome=outcome)

    def browser_recycled(self, reason: str) -> None:
        self._add(instruments.BROWSER_RECYCLES, reason=reason)

    def lease_renewed(self) -> None:
        self._add(instruments.LEASE_RENEWALS)

    def lease_lost(self, count: int = 1) -> None:
        self._add(instruments.LEASE_LOST, count)

    def child_restarted(self, child: str, cause: str) -> None:
        """The supervisor restarted a child that `failed`, was `hung` or had `completed`."""
        self._add(instruments.RESTARTS, child=child, cause=cause)

    def watch_memory(self, used: Callable[[], int], budget: int) -> None:
        """Shows the memory in use against the budget, in bytes."""
        self._gauge(instruments.MEMORY_USED, lambda: [Observation(used())])
        self._gauge(instruments.MEMORY_BUDGET, lambda: [Observation(budget)])

    def watch_pool(self, name: str, read: Callable[[], Occupancy]) -> None:
        """Shows a pool's slots; a pool of the same name is replaced."""
        self._pools[name] = read

    def watch_backlog(self, read: Callable[[], Mapping[str, Waiting]]) -> None:
        """Shows what waits, by role."""
        self._gauge(instruments.BACKLOG, lambda: _by("role", {role: it.due for role, it in read().items()}))
        self._gauge(instruments.BACKLOG_AGE, lambda: _by("role", {role: it.oldest_age for role, it in read().items()}))

    def watch_strain(self, read: Callable[[], tuple[float, Mapping[str, float]] | None]) -> None:
        """Shows the age of the oldest snapshot in seconds, and the dead rows by table; None: unknown now."""
        self._gauge(instruments.OLDEST_SNAPSHOT, lambda: [Observation(seen[0]) for seen in (read(),) if seen])
        self._gauge(
            instruments.DEAD_ROWS, lambda: [each for seen in (read(),) if seen for each in _by("table", seen[1])]
        )

    def exposition(self) -> bytes:
        """All metrics in Prometheus' text format (`CONTENT_TYPE`); takes milliseconds: call it in a thread."""
        return generate_latest(self._registry)

    def close(self) -> None:
        self._provider.shutdown()


def _of(kind: instruments.Kind) -> Iterable[Instrument]:
    return (row for row in instruments.ALL if row.kind is kind)


def _counter(meter: Meter, row: Instrument) -> Counter:
    counter = meter.create_counter(row.name, unit=row.unit, description=row.text)
    if not row.attributes:
        counter.add(0)  # a series that starts at zero shows its first increase
    return counter


def _histogram(meter: Meter, row: Instrument) -> Histogram:
    return meter.create_histogram(
        row.name,
        unit=row.unit,
        description=row.text,
        explicit_bucket_boundaries_advisory=[float(bound) for bound in row.buckets],
    )


def _by(label: str, values: Mapping[str, float]) -> list[Observation]:
    return [Observation(value, {label: key}) for key, value in values.items()]
