"""The demo: a stored piece of the web, served on loopback, and all roles working on it until nothing is due."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from vitality.app.database import Opened, opened
from vitality.app.worker import IDLE_KINDS, Worker
from vitality.coordination.control import WorkControl
from vitality.errors import DatabaseUnavailable, FetchError, SettingsError, Unreadable
from vitality.fetch.folder import FolderFetcher
from vitality.localweb.server import LocalWeb
from vitality.pages.diocese_list import read_dioceses
from vitality.records import Diocese
from vitality.settings import Settings, load
from vitality.storage import embedded, overview, status
from vitality.storage.status import Totals

PROGRESS_S = 0.5
LINE_EVERY_S = 5.0
HOST_DELAY_S = 0.02
"""Our own delay on loopback; what a site's robots.txt asks for is kept to as always."""


async def demo(
    settings: Settings, folder: Path | None, *, state: Path | None, conference: str | None, fresh: bool
) -> int:
    """Crawls the folder (the project's own sample by default) to completion and prints what was found."""
    root = (folder or Path(str(files("vitality.localweb").joinpath("sample")))).resolve()
    home = state or settings.state_dir / "demo" / f"{root.name}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    if fresh:
        await _forget(home)
    console = Console() if sys.stdout.isatty() else Console(width=118)
    start = conference or await conference_of(root)
    async with LocalWeb(root) as web:
        console.print(f"Serving {root} on {web.proxy_url}; starting from {start}")
        run = _settings(settings, home, start, web.proxy_url)
        begun = time.monotonic()
        async with opened(run) as opening:
            worker = Worker(run, opening, log_to=home / "log.jsonl")
            await worker.seed()
            if await _is_due(opening):
                await _work(worker, opening, console)
            else:
                console.print(f"Nothing is due: all of it was read before. Next: {await _next_due(opening)}")
            await _print_found(opening, console)
        if opening.server is not None:
            await opening.server.stop()  # nothing of the demo stays behind; the next one starts it again
        console.print(f"\nTook {time.monotonic() - begun:.1f} s. Report: {worker.report_folder / 'index.html'}")
        console.print(f"Exports: {worker.export_folder}  Log: {home / 'log.jsonl'}  (again from scratch: --fresh)")
    return 0


def _settings(settings: Settings, home: Path, start: str, proxy: str) -> Settings:
    """The demo's own settings: everything on this machine, whatever the environment says of databases and proxies."""
    return load(
        worker_type="all",
        state_dir=home,
        conference_url=start,
        http_proxy=proxy,
        host_delay=HOST_DELAY_S,
        contact_url=settings.contact_url or "https://demo.invalid/",
        database_url=settings.database_url.get_secret_value() if settings.database_url else None,
        health_host="127.0.0.1",
        health_port=0,
        log_format="json",
        heartbeat_seconds=5,
        lease_seconds=30,
        concurrency=settings.concurrency or "extraction=6,schedule=6,discovery=4,reporting=1",
    )


async def _forget(home: Path) -> None:
    if await anyio.Path(home).exists():
        server = await embedded.ensure(home)
        await server.stop()
        shutil.rmtree(home)


async def conference_of(root: Path) -> str:
    """Where to start: of the lists of dioceses in the folder, the one whose dioceses' sites are there too."""
    hosts_file = root / "hosts.json"
    if not hosts_file.is_file():
        raise SettingsError(f"{root} has no hosts.json; name the list to start from with --conference")
    try:
        hosts: Mapping[str, Mapping[str, Any]] = json.loads(hosts_file.read_text("utf-8"))
    except ValueError as error:
        raise SettingsError(f"{hosts_file} is not JSON: {error}") from error
    found: list[tuple[float, str]] = []
    for host, about in hosts.items():
        if about.get("kind") == "conference":
            found += await _lists_of(root / host, hosts)
    if not found:
        raise SettingsError(f"no list of dioceses stands in {root}; name it with --conference")
    return max(found)[1]


async def _lists_of(folder: Path, hosts: Mapping[str, object]) -> list[tuple[float, str]]:
    """The lists of dioceses below a host's folder, each with the share of its dioceses that are in the folder."""
    fetcher = FolderFetcher(folder)
    lists = []
    for url in await fetcher.stored_pages():
        try:
            rows = read_dioceses(await fetcher.get(url))
        except (FetchError, Unreadable):
            continue
        lists.append((_share(rows, hosts), url.removesuffix(".html")))
    return lists


def _share(rows: Sequence[Diocese], hosts: Mapping[str, object]) -> float:
    here = [row for row in rows if row.website and urlsplit(row.website).hostname in hosts]
    return len(here) / len(rows) if rows else 0.0


async def _is_due(opening: Opened) -> bool:
    async with opening.database.connection() as conn:
        return await overview.unfinished(conn, IDLE_KINDS) > 0


async def _next_due(opening: Opened) -> str:
    found = await WorkControl(opening.database).find(state="waiting", limit=1)
    return f"{found[0].kind.value} {found[0].subject} at {found[0].due_at:%Y-%m-%d %H:%M}Z" if found else "nothing"


async def _work(worker: Worker, opening: Opened, console: Console) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_show_progress, opening, console)
        await worker.run(until_idle=True)
        tasks.cancel_scope.cancel()


async def _show_progress(opening: Opened, console: Console) -> None:
    if console.is_terminal:
        await _bars(opening, console)
    else:
        await _lines(opening, console)


async def _lines(opening: Opened, console: Console) -> None:
    begun = time.monotonic()
    while True:
        await anyio.sleep(LINE_EVERY_S)
        await _quietly(opening, lambda now: console.print(f"{time.monotonic() - begun:5.0f} s  {_sentence(now)}"))


async def _bars(opening: Opened, console: Console) -> None:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        sites = progress.add_task("parish sites", total=None)
        text = progress.add_task("", total=None)

        def show(now: Totals) -> None:
            done = now.sites_read + now.sites_empty + now.sites_blocked + now.sites_failed
            progress.update(sites, completed=done, total=now.sites or None)
            progress.update(text, description=_sentence(now))

        while True:
            await _quietly(opening, show)
            await anyio.sleep(PROGRESS_S)


async def _quietly(opening: Opened, show: Callable[[Totals], None]) -> None:
    """Shows how far it is; while the database is away there is nothing to show."""
    try:
        async with opening.database.connection() as conn:
            totals = await status.totals(conn)
    except DatabaseUnavailable:
        return
    show(totals)


def _sentence(now: Totals) -> str:
    return (
        f"{now.dioceses} dioceses, {now.directories_found} directories, {now.parishes} parishes, "
        f"{now.sites_read} of {now.sites} sites read, {now.service_times} service times"
    )


async def _print_found(opening: Opened, console: Console) -> None:
    async with opening.database.connection() as conn:
        totals = await status.totals(conn)
        rows = await overview.by_diocese(conn)
        waiting, next_at = await overview.postponed(conn, IDLE_KINDS)
    table = Table(title="What was found", title_justify="left")
    for name in ("Diocese", "Directory", "Parishes", "Sites read", "Blocked", "Failed", "Service times"):
        table.add_column(name, justify="left" if name in ("Diocese", "Directory") else "right", overflow="fold")
    for row in rows:
        where = f"{row.directory} ({row.layout})" if row.layout else row.directory
        numbers = (row.parishes, row.sites_read, row.sites_blocked, row.sites_failed, row.service_times)
        table.add_row(row.name, where, *map(str, numbers))
    console.print(table)
    for each in fields(totals):
        console.print(f"  {each.name.replace('_', ' '):<24}{getattr(totals, each.name):>7}")
    if next_at is not None:
        console.print(f"\n{waiting} of them will be tried again, the first at {next_at:%Y-%m-%d %H:%M}Z")
