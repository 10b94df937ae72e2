"""The fetcher of a process, built from the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from vitality.fetch.fetcher import PoliteFetcher
from vitality.fetch.http import Caps
from vitality.fetch.identity import Identity
from vitality.fetch.pacing import Pace
from vitality.fetch.port import Fetcher, HostState, PageStore
from vitality.records import RequestRow
from vitality.settings import Settings
from vitality.telemetry.logs import Log
from vitality.telemetry.metrics import Metrics, Request


@asynccontextmanager
async def make_fetcher(
    settings: Settings, *, hosts: HostState, pages: PageStore, metrics: Metrics, log: Log
) -> AsyncIterator[Fetcher]:
    """The live fetcher; its requests show in the metrics."""

    def observe(row: RequestRow) -> None:
        metrics.request_done(
            Request(
                outcome=row.outcome.value,
                seconds=row.duration.total_seconds(),
                received=row.bytes_on_wire,
                scheme=row.url.partition(":")[0],
                status=row.status,
            )
        )
        log.debug("request", url=row.url, outcome=row.outcome.value, status=row.status)

    async with PoliteFetcher(
        hosts=hosts,
        pages=pages,
        identity=Identity(contact=settings.contact_url),
        pace=Pace(delay=timedelta(seconds=settings.host_delay)),
        caps=Caps(
            wire_bytes=settings.wire_bytes,
            page_bytes=settings.page_bytes,
            total=timedelta(seconds=settings.request_timeout),
        ),
        proxy=settings.http_proxy.get_secret_value() if settings.http_proxy else None,
        allow_loopback=settings.allow_loopback,
        observe=observe,
    ) as fetcher:
        yield fetcher
