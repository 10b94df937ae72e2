"""What the operator's and the analyst's commands do; each returns the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from anyio import from_thread, to_thread
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from rich.console import Console
from rich.table import Table

from vitality.app.database import is_pooled, located, opened
from vitality.app.rendering import render_exports, render_report
from vitality.coordination.control import WorkControl, WorkState
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Backlog
from vitality.coordination.workers import Workers
from vitality.errors import SettingsError
from vitality.fetch.archive import write_warc
from vitality.records import StoredPage, WorkKind
from vitality.reports.source import one_state
from vitality.roles.discovery import extract_work
from vitality.roles.performing import find_work
from vitality.settings import Settings
from vitality.storage import dioceses, schema, status
from vitality.storage.pages import Pages
from vitality.storage.site_key import site_address
from vitality.storage.status import Throughput

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Row = Mapping[str, Any]
PAGES_AHEAD = 8
PIPE_WIDTH = 220


async def migrate(settings: Settings) -> int:
    """Brings the schema up to date and says how many steps that took."""
    dsn, _ = await located(settings)
    steps = await schema.migrate(dsn, pgbouncer=is_pooled(settings))
    Console().print(f"{steps} migrations applied" if steps else "the schema is up to date")
    return 0


async def show_status(settings: Settings, *, as_json: bool) -> int:
    """Prints totals, workers, backlog, throughput, parked hosts and last failures."""
    async with opened(settings, migrate=False) as opening:
        workers = await Workers(opening.database).all()
        backlog = await Leases(opening.database, Wakeups(opening.database, listen_dsn=None)).backlog()
        async with opening.database.connection() as conn:
            rates = await status.throughput(conn)
            sections: dict[str, list[Row]] = {
                "totals": [_row(await status.totals(conn))],
                "workers": [_row(each) for each in workers],
                "backlog": [{**_row(each), "eta": eta(each, rates)} for each in backlog],
                "throughput of the last hour": [_row(each) for each in rates],
                "parked hosts": [_row(each) for each in await status.parked_hosts(conn)],
                "last failures": [_row(each) for each in await status.last_failures(conn)],
            }
    if as_json:
        _print_json({title.split()[-1] if "hosts" in title else title: rows for title, rows in sections.items()})
        return 0
    for title, rows in sections.items():
        _print_table(title, [{"what": k, "count": v} for k, v in rows[0].items()] if title == "totals" else rows)
    return 0


def eta(backlog: Backlog, rates: Sequence[Throughput]) -> timedelta | None:
    """When all that is due of this kind will be done at the last hour's rate; None where nothing was done."""
    per_hour = next((rate.per_hour for rate in rates if rate.kind == backlog.kind.value), 0.0)
    return timedelta(hours=backlog.due / per_hour) if per_hour else None


async def work_list(settings: Settings, *, kind: str | None, state: WorkState | None, limit: int, as_json: bool) -> int:
    """Prints pieces of work."""
    async with opened(settings, migrate=False) as opening:
        wanted = None if kind is None else WorkKind(kind)
        rows = [_row(each) for each in await WorkControl(opening.database).find(kind=wanted, state=state, limit=limit)]
    if as_json:
        _print_json(rows)
    else:
        columns = ("id", "kind", "subject", "host", "state", "due_at", "attempt", "error")
        _print_table("work", [{name: row[name] for name in columns} for row in rows])
    return 0


async def work_show(settings: Settings, work_id: int) -> int:
    """Prints one piece of work with its last runs as JSON; exit code 1 where there is none."""
    async with opened(settings, migrate=False) as opening:
        found = await WorkControl(opening.database).show(work_id)
    if found is None:
        Console(stderr=True).print(f"vitality: there is no work {work_id}")
        return 1
    work, runs = found
    _print_json({**_row(work), "runs": [_row(run) for run in runs]})
    return 0


async def work_retry(settings: Settings, work_ids: Sequence[int], *, kind: str | None) -> int:
    """Makes work due now, its attempts forgotten."""
    async with opened(settings, migrate=False) as opening:
        count = await WorkControl(opening.database).retry(work_ids, kind=None if kind is None else WorkKind(kind))
    return _changed(count, "due now")


async def work_bury(settings: Settings, work_ids: Sequence[int], *, why: str) -> int:
    """Takes work out of the rounds."""
    async with opened(settings, migrate=False) as opening:
        count = await WorkControl(opening.database).bury(work_ids, why)
    return _changed(count, "buried")


def _changed(count: int, what: str) -> int:
    Console().print(f"{count} pieces of work {what}")
    return 0 if count else 1


async def work_override(settings: Settings, diocese_id: int, url: str | None, *, why: str) -> int:
    """Names a diocese's directory by hand and makes its reading due, buried or not; None takes the name back."""
    if url is None:
        return await _take_override_back(settings, diocese_id)
    if site_address(url) is None or "://" not in url:
        raise SettingsError(f"{url} is no web address; write it like https://www.example.org/parishes")
    async with opened(settings, migrate=False) as opening:
        await _dig_up(WorkControl(opening.database), diocese_id)  # first: what is buried takes no new host
        queue = Leases(opening.database, Wakeups(opening.database, listen_dsn=None))
        async with opening.database.transaction() as conn:
            if await dioceses.get(conn, diocese_id) is None:
                Console(stderr=True).print(f"vitality: there is no diocese {diocese_id}")
                return 1
            await dioceses.override(conn, diocese_id, url, why)
            stored = await dioceses.get(conn, diocese_id)
            assert stored is not None  # noqa: S101 - seen above in the same transaction
            assert stored.directory is not None  # noqa: S101 - just overridden
            await queue.add(conn, [extract_work(diocese_id, stored.directory, stored.diocese, hasten=True)])
    Console().print(f"{stored.diocese.name}: {url} will be read next")
    return 0


async def _take_override_back(settings: Settings, diocese_id: int) -> int:
    """Forgets the override and sends the finder out."""
    async with opened(settings, migrate=False) as opening:
        queue = Leases(opening.database, Wakeups(opening.database, listen_dsn=None))
        async with opening.database.transaction() as conn:
            stored = await dioceses.get(conn, diocese_id)
            if stored is None or stored.override_url is None:
                Console(stderr=True).print(f"vitality: diocese {diocese_id} has no override")
                return 1
            await dioceses.override(conn, diocese_id, None)
            site = site_address(stored.diocese.website)
            if site is not None:
                await queue.add(conn, [find_work(diocese_id, stored.diocese.name, site, hasten=True)])
    Console().print(f"{stored.diocese.name}: its directory will be searched for")
    return 0


async def _dig_up(control: WorkControl, diocese_id: int) -> None:
    """Brings the reading of the diocese's directory back where it was buried."""
    buried = await control.find(kind=WorkKind.EXTRACT_PARISHES, state="buried", limit=10_000)
    ids = [work.id for work in buried if work.subject == str(diocese_id)]
    if ids:
        await control.retry(ids)


async def export(settings: Settings, formats: Sequence[str], folder: Path) -> int:
    """Writes the exports and says what was written and what was left out."""
    async with opened(settings, migrate=False) as opening, one_state(opening.database) as conn:
        made = await render_exports(conn, folder, formats)
    for line in made.lines:
        Console().print(line)
    return 0


async def report(settings: Settings, folder: Path) -> int:
    """Renders the report into a folder."""
    async with opened(settings, migrate=False) as opening, one_state(opening.database) as conn:
        made = await render_report(conn, folder)
    Console().print(f"{len(made.files)} files in {folder}")
    return 0


async def archive(settings: Settings, path: Path) -> int:
    """Writes all stored pages as a WARC file, a few in memory at a time; it has its name when it is whole."""
    part = path.with_name(f"{path.name}.part")
    async with opened(settings, migrate=False) as opening:
        send, receive = anyio.create_memory_object_stream[StoredPage](PAGES_AHEAD)
        with send, receive:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(_send, Pages(opening.database), send)
                count = await to_thread.run_sync(_write_archive, part, receive)
    part.replace(path)
    Console().print(f"{count} records in {path}")
    return 0


async def _send(pages: Pages, stream: MemoryObjectSendStream[StoredPage]) -> None:
    async with stream:
        async for stored in pages.all():
            await stream.send(stored)


def _write_archive(path: Path, stream: MemoryObjectReceiveStream[StoredPage]) -> int:
    with path.open("wb") as out:
        return write_warc(out, _received(stream))


def _received(stream: MemoryObjectReceiveStream[StoredPage]) -> Iterator[StoredPage]:
    while True:
        try:
            yield from_thread.run(stream.receive)
        except anyio.EndOfStream:
            return


def _print_json(value: object) -> None:
    print(json.dumps(value, default=_json, ensure_ascii=False, indent=2))


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _row(record: DataclassInstance) -> Row:
    return {name.name: getattr(record, name.name) for name in fields(record)}


def _screen() -> Console:
    """The terminal; a file or pipe is wide enough for every table."""
    return Console() if sys.stdout.isatty() else Console(width=PIPE_WIDTH)


def _print_table(title: str, rows: Sequence[Row]) -> None:
    screen = _screen()
    if not rows:
        screen.print(f"{title}: none")
        return
    table = Table(title=title, title_justify="left")
    for name in rows[0]:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    screen.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z"
    if isinstance(value, float):
        return f"{value:.0f}"
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.0f} s"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
