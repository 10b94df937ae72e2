"""Every metric of the program as data: name, kind, unit, attributes and help text.

Names are OpenTelemetry's; Prometheus sees dots as underscores, the unit as a suffix, and `_total` on counters
(`vitality.work.duration` in `s` is `vitality_work_duration_seconds`). Hosts and parishes are never attributes:
17,000 of them would be 17,000 series.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from opentelemetry.semconv.metrics.http_metrics import HTTP_CLIENT_REQUEST_DURATION


class Kind(StrEnum):
    """How a metric behaves."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One metric; `buckets` are the upper bounds of a histogram, in its unit."""

    name: str
    kind: Kind
    unit: str
    text: str
    attributes: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()

    @property
    def prometheus_name(self) -> str:
        """The name in the Prometheus exposition (OpenTelemetry's compatibility rules)."""
        suffix = {"s": "_seconds", "By": "_bytes"}.get(self.unit, "")
        total = "_total" if self.kind is Kind.COUNTER else ""
        return self.name.replace(".", "_").removesuffix(suffix) + suffix + total


_WORK_SECONDS = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800)
_HTTP_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30)
"""The bounds that the semantic conventions advise for HTTP durations, and 30 s: parish sites are slow."""

_CLAIM_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

WORK_CLAIMED = Instrument("vitality.work.claimed", Kind.COUNTER, "{work}", "Pieces of work claimed.", ("kind",))
WORK_SETTLED = Instrument(
    "vitality.work.settled", Kind.COUNTER, "{work}", "Pieces of work done and settled.", ("kind",)
)
WORK_FAILED = Instrument(
    "vitality.work.failed", Kind.COUNTER, "{work}", "Attempts at work that failed, by error.", ("kind", "error")
)
WORK_BURIED = Instrument(
    "vitality.work.buried", Kind.COUNTER, "{work}", "Pieces of work given up after their last attempt.", ("kind",)
)
WORK_RETURNED = Instrument(
    "vitality.work.returned", Kind.COUNTER, "{work}", "Pieces of work given back undone, by reason.", ("pool", "reason")
)
WORK_DURATION = Instrument(
    "vitality.work.duration", Kind.HISTOGRAM, "s", "Time one attempt took.", ("kind", "outcome"), _WORK_SECONDS
)
LAST_SUCCESS = Instrument(
    "vitality.work.last_success.timestamp", Kind.GAUGE, "s", "When work of this kind last succeeded here (Unix time).",
    ("kind",),
)  # fmt: skip

REQUESTS = Instrument("vitality.requests", Kind.COUNTER, "{request}", "Requests to sites, by outcome.", ("outcome",))
REQUEST_DURATION = Instrument(
    HTTP_CLIENT_REQUEST_DURATION, Kind.HISTOGRAM, "s", "Duration of HTTP client requests.",
    ("http.request.method", "url.scheme", "http.response.status_code", "error.type"), _HTTP_SECONDS,
)  # fmt: skip
BYTES_RECEIVED = Instrument("vitality.received", Kind.COUNTER, "By", "Bytes of bodies received from sites.")
BROWSER_PAGES = Instrument(
    "vitality.browser.pages", Kind.COUNTER, "{page}", "Pages drawn in the browser.", ("outcome",)
)
BROWSER_RECYCLES = Instrument(
    "vitality.browser.recycles", Kind.COUNTER, "{recycle}", "Times the browser was replaced, by reason.", ("reason",)
)

MEMORY_USED = Instrument("vitality.memory.used", Kind.GAUGE, "By", "Memory of this process and its children.")
MEMORY_BUDGET = Instrument("vitality.memory.budget", Kind.GAUGE, "By", "Memory this worker may use.")
POOL_BUSY = Instrument("vitality.pool.busy", Kind.GAUGE, "{slot}", "Slots of the pool that hold work.", ("pool",))
POOL_SLOTS = Instrument("vitality.pool.slots", Kind.GAUGE, "{slot}", "Slots of the pool.", ("pool",))

BACKLOG = Instrument("vitality.backlog", Kind.GAUGE, "{work}", "Pieces of work due and not held by anyone.", ("role",))
BACKLOG_AGE = Instrument(
    "vitality.backlog.oldest_age", Kind.GAUGE, "s", "How long the oldest due piece of work has waited.", ("role",)
)
CLAIM_DURATION = Instrument(
    "vitality.claim.duration", Kind.HISTOGRAM, "s", "Time one claim took, found or not.", (), _CLAIM_SECONDS
)
OLDEST_SNAPSHOT = Instrument(
    "vitality.database.oldest_snapshot", Kind.GAUGE, "s",
    "Age of the oldest open transaction with a snapshot: no row that died since then can be cleared away.",
)  # fmt: skip
DEAD_ROWS = Instrument(
    "vitality.database.dead_rows", Kind.GAUGE, "{row}", "Dead rows of a table of coordination.", ("table",)
)
LEASE_RENEWALS = Instrument("vitality.lease.renewals", Kind.COUNTER, "{renewal}", "Heartbeats that renewed the lease.")
LEASE_LOST = Instrument("vitality.lease.lost", Kind.COUNTER, "{lease}", "Leases lost, and stale writes refused.")
RESTARTS = Instrument(
    "vitality.supervisor.restarts", Kind.COUNTER, "{restart}", "Children restarted, by cause.", ("child", "cause")
)

ALL = (
    WORK_CLAIMED, WORK_SETTLED, WORK_FAILED, WORK_BURIED, WORK_RETURNED, WORK_DURATION, LAST_SUCCESS,
    REQUESTS, REQUEST_DURATION, BYTES_RECEIVED, BROWSER_PAGES, BROWSER_RECYCLES,
    MEMORY_USED, MEMORY_BUDGET, POOL_BUSY, POOL_SLOTS,
    BACKLOG, BACKLOG_AGE, CLAIM_DURATION, OLDEST_SNAPSHOT, DEAD_ROWS, LEASE_RENEWALS, LEASE_LOST, RESTARTS,
)  # fmt: skip
