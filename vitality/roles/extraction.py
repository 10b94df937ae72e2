"""Extraction: the parishes out of a diocese's directory (step 3)."""

from __future__ import annotations

from vitality.coordination.work import Claim, NewWork, Settlement, WorkQueue
from vitality.errors import FetchError, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.identity import parish_key
from vitality.records import Host, Parish, WorkKind
from vitality.roles.directory_walk import ExtractedParishes, extract_parishes
from vitality.roles.performing import Clock, Refresh, again_after, state_of, today, utc_now
from vitality.storage import dioceses, parishes
from vitality.storage.database import Connection, Database


class Extraction:
    """Reads the whole directory of a diocese, and makes each parish site a piece of work."""

    kinds = (WorkKind.EXTRACT_PARISHES,)

    def __init__(
        self,
        fetcher: Fetcher,
        database: Database,
        queue: WorkQueue,
        refresh: Refresh,
        *,
        budget: int = 400,
        now: Clock = utc_now,
    ) -> None:
        self._fetcher = fetcher
        self._database = database
        self._queue = queue
        self._refresh = refresh
        self._budget = budget
        self._now = now

    async def perform(self, claim: Claim) -> Settlement:
        diocese_id = int(claim.subject)
        async with self._database.connection() as conn:
            stored = await dioceses.get(conn, diocese_id)
        if stored is None or stored.directory is None:
            raise Unreadable(f"diocese {diocese_id} has no directory")
        try:
            extracted = await extract_parishes(self._fetcher, stored.directory, budget=self._budget)
        except FetchError as error:
            return self._failed(diocese_id, error)
        if not extracted.parishes:
            raise Unreadable(f"no parish can be read from {stored.directory.url}: {extracted.reason or 'no list'}")
        return self._extracted(diocese_id, extracted)

    def _extracted(self, diocese_id: int, extracted: ExtractedParishes) -> Settlement:
        keyed = {_identity(parish): parish for parish in (*extracted.closed, *extracted.parishes)}
        complete = extracted.complete and not extracted.failed

        async def write(conn: Connection) -> None:
            changes = await parishes.save(
                conn, diocese_id, list(keyed.items()), today=today(self._now), complete=complete
            )
            await self._queue.add(conn, [schedule_work(site) for site in changes.sites])

        return Settlement(
            due_in=self._refresh.parishes if complete else self._refresh.partial,
            write=write,
            changed=True,
            note=_note(extracted),
        )

    def _failed(self, diocese_id: int, error: FetchError) -> Settlement:
        async def write(conn: Connection) -> None:
            await dioceses.save_no_directory(conn, diocese_id, state_of(error), str(error), evidence={})

        return Settlement(
            due_in=again_after(error, self._refresh, self._now()), write=write, changed=True, note=str(error)
        )


def _identity(parish: Parish) -> str:
    key = parish_key(parish)
    return f"{key.name}|{key.place}"


def _note(extracted: ExtractedParishes) -> str:
    note = f"{len(extracted.parishes)} parishes from {extracted.pages} pages and {extracted.details} detail pages"
    if extracted.failed:
        note += f", {len(extracted.failed)} detail pages failed"
    return note if extracted.complete else f"{note}; not complete: {extracted.reason}"


def schedule_work(site: parishes.ParishSite) -> NewWork:
    """The piece of work "read this site's schedule"."""
    return NewWork(kind=WorkKind.READ_SCHEDULE, subject=str(site.id), host=Host(site.host), details={"url": site.url})
