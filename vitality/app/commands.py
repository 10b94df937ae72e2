"""What the operator's and the analyst's commands do; each returns the exit code."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from vitality.app.database import located, opened
from vitality.app.rendering import render_exports, render_report
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.fetch.archive import write_warc
from vitality.roles.discovery import extract_work
from vitality.settings import Settings
from vitality.storage import console, dioceses, schema
from vitality.storage.pages import Pages

Row = Mapping[str, Any]


async def migrate(settings: Settings) -> int:
    """Brings the schema up to date and says how many steps that took."""
    dsn, _ = await located(settings)
    steps = await schema.migrate(dsn)
    Console().print(f"{steps} migrations applied" if steps else "the schema is up to date")
    return 0


async def show_status(settings: Settings, *, as_json: bool) -> int:
    """Prints workers, backlog, parked hosts, last failures and totals."""
    async with opened(settings, migrate=False) as opening, opening.database.connection() as conn:
        overview = await console.overview(conn)
        totals = await console.totals(conn)
    if as_json:
        _print_json({**overview, "totals": totals})
        return 0
    screen = Console()
    for title, rows in overview.items():
        _print_table(screen, title.replace("_", " "), rows)
    _print_table(screen, "totals", [totals])
    return 0


async def work_list(settings: Settings, *, kind: str | None, state: str | None, limit: int, as_json: bool) -> int:
    """Prints pieces of work."""
    async with opened(settings, migrate=False) as opening, opening.database.connection() as conn:
        rows = await console.work_list(conn, kind, state, limit)
    if as_json:
        _print_json(rows)
    else:
        _print_table(Console(), "work", rows)
    return 0


async def work_show(settings: Settings, work_id: int) -> int:
    """Prints one piece of work as JSON; exit code 1 where there is none."""
    async with opened(settings, migrate=False) as opening, opening.database.connection() as conn:
        row = await console.work_show(conn, work_id)
    if row is None:
        Console(stderr=True).print(f"vitality: there is no work {work_id}")
        return 1
    _print_json(row)
    return 0


async def work_retry(settings: Settings, work_ids: Sequence[int], *, kind: str | None) -> int:
    """Makes work due now."""
    async with opened(settings, migrate=False) as opening, opening.database.transaction() as conn:
        count = await console.work_retry(conn, work_ids, kind)
    return _changed(count, "due now")


async def work_bury(settings: Settings, work_ids: Sequence[int], *, why: str) -> int:
    """Takes work out of the rounds."""
    async with opened(settings, migrate=False) as opening, opening.database.transaction() as conn:
        count = await console.work_bury(conn, work_ids, why)
    return _changed(count, "buried")


def _changed(count: int, what: str) -> int:
    Console().print(f"{count} pieces of work {what}")
    return 0 if count else 1


async def work_override(settings: Settings, diocese_id: int, url: str, *, why: str) -> int:
    """Names a diocese's directory by hand and makes its reading due."""
    async with opened(settings, migrate=False) as opening:
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


async def export(settings: Settings, formats: Sequence[str], folder: Path) -> int:
    """Writes the exports and says what was written and what was left out."""
    async with opened(settings, migrate=False) as opening, opening.database.transaction() as conn:
        made = await render_exports(conn, folder, formats)
    for line in made.lines:
        Console().print(line)
    return 0


async def report(settings: Settings, folder: Path) -> int:
    """Renders the report into a folder."""
    async with opened(settings, migrate=False) as opening, opening.database.transaction() as conn:
        made = await render_report(conn, folder)
    Console().print(f"{len(made.files)} files in {folder}")
    return 0


async def archive(settings: Settings, path: Path) -> int:
    """Writes all stored pages as a WARC file."""
    async with opened(settings, migrate=False) as opening:
        pages = [stored async for stored in Pages(opening.database).all()]
    with path.open("wb") as out:
        count = write_warc(out, pages)
    Console().print(f"{count} records in {path}")
    return 0


def _print_json(value: object) -> None:
    print(json.dumps(value, default=_json, ensure_ascii=False, indent=2))


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _print_table(screen: Console, title: str, rows: Sequence[Row]) -> None:
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
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
