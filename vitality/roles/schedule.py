"""Schedule: Mass, confession and adoration times from a parish's own site (step 4)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePosixPath

from vitality.coordination.work import Claim, Settlement
from vitality.errors import FetchError, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.identity import parish_key
from vitality.records import Parish, WorkKind
from vitality.roles.performing import Clock, Refresh, again_after, state_of, today, utc_now
from vitality.roles.site_walk import SiteReading, read_site
from vitality.storage import parishes, service_times
from vitality.storage.database import Connection, Database


class Schedule:
    """Reads one parish site and keeps its service times, and the facts that no directory stated."""

    kinds = (WorkKind.READ_SCHEDULE,)

    def __init__(
        self,
        fetcher: Fetcher,
        database: Database,
        refresh: Refresh,
        *,
        budget: int = 12,
        now: Clock = utc_now,
    ) -> None:
        self._fetcher = fetcher
        self._database = database
        self._refresh = refresh
        self._budget = budget
        self._now = now

    async def perform(self, claim: Claim) -> Settlement:
        site_id, url = int(claim.subject), str(claim.details["url"])
        try:
            reading = await read_site(self._fetcher, url, budget=self._budget)
        except FetchError as error:
            return self._failed(site_id, error)
        except Unreadable as error:
            return self._settled_as_failed(site_id, str(error), "failed", self._refresh.failed)
        return await self._read(site_id, reading)

    async def _read(self, site_id: int, reading: SiteReading) -> Settlement:
        async with self._database.connection() as conn:
            serves = await parishes.of_site(conn, site_id)
        alone = serves[0] if len(serves) == 1 else None
        facts = reading.parish if alone and reading.parish and _same(alone.parish, reading.parish) else None

        async def write(conn: Connection) -> None:
            changes = await service_times.save(conn, site_id, reading.times, today=today(self._now))
            await service_times.note_reading(
                conn,
                site_id,
                "read" if reading.times else "empty",
                requests=reading.requests,
                pages=[each.page.url for each in reading.pages],
                changes=changes,
            )
            if alone and facts:
                await parishes.fill(conn, alone.id, facts, today=today(self._now))

        return Settlement(due_in=self._due(reading), write=write, changed=bool(reading.times), note=_note(reading))

    def _due(self, reading: SiteReading) -> timedelta:
        if reading.postponed is not None:
            return max(reading.postponed - self._now(), timedelta(minutes=1))
        return self._refresh.partial if reading.failed and not reading.times else self._refresh.schedule

    def _failed(self, site_id: int, error: FetchError) -> Settlement:
        due = again_after(error, self._refresh, self._now())
        return self._settled_as_failed(site_id, str(error), state_of(error), due)

    def _settled_as_failed(self, site_id: int, reason: str, state: str, due: timedelta) -> Settlement:
        async def write(conn: Connection) -> None:
            await service_times.note_reading(
                conn, site_id, "blocked" if state == "blocked" else "failed", reason=reason
            )

        return Settlement(due_in=due, write=write, note=reason)


def _same(listed: Parish, read: Parish) -> bool:
    """Whether the site speaks of the parish that the directory lists: same name, or same town or ZIP code."""
    if parish_key(listed).name == parish_key(read).name:
        return True
    same_town = bool(listed.city and read.city and listed.city.casefold() == read.city.casefold())
    return same_town or bool(listed.zip and read.zip and listed.zip[:5] == read.zip[:5])


def _note(reading: SiteReading) -> str:
    pages = ", ".join(PurePosixPath(each.page.url).name or "/" for each in reading.pages[:5])
    return f"{len(reading.times)} service times, {reading.requests} requests ({pages}), {reading.stop}"
