"""Reporting: renders the report and the exports when something changed (step 5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from vitality.coordination.work import Claim, NewWork, Settlement
from vitality.errors import FolderUnusable
from vitality.records import WorkKind
from vitality.reports import source
from vitality.roles.performing import Refresh, given_up
from vitality.storage.database import Connection, Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one rendering made: file names below its folder, and counts worth keeping."""

    files: tuple[str, ...]
    counts: dict[str, int]


Render = Callable[[Connection, Path], Awaitable[Made]]


def report_work() -> NewWork:
    """The one piece of work of this role."""
    return NewWork(kind=WorkKind.WRITE_REPORT, subject="report", host=None, details={})


class Reporting:
    """Writes the report into a folder; unchanged findings make no new report."""

    kinds = (WorkKind.WRITE_REPORT,)

    def __init__(self, database: Database, refresh: Refresh, folder: Path, render: Render) -> None:
        self._database = database
        self._refresh = refresh
        self._folder = folder
        self._render = render

    async def perform(self, claim: Claim) -> Settlement:
        try:
            return await self._report()
        except (FolderUnusable, OSError) as error:
            ended = given_up(claim, f"{self._folder}: {error}", self._refresh.failed)
            if ended is None:
                raise FolderUnusable(f"{self._folder}: {error}") from error
            return ended

    async def _report(self) -> Settlement:
        async with source.one_state(self._database) as conn:
            fingerprint = await source.fingerprint(conn)
            if fingerprint == await source.last_fingerprint(conn) and self._folder.exists():
                return Settlement(due_in=self._refresh.report, note="nothing changed since the last report")
            made = await self._render(conn, self._folder)

        async def write(conn: Connection) -> None:
            await source.note_report(conn, fingerprint, str(self._folder), made.files, made.counts)

        return Settlement(
            due_in=self._refresh.report, write=write, changed=True, note=f"{len(made.files)} files in {self._folder}"
        )
