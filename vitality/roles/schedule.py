"""Schedule: Mass, confession and adoration times from a parish's own site (step 4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import PurePosixPath

from vitality.coordination.work import Claim, Settlement
from vitality.errors import FetchError, NotFound, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.identity import parish_key
from vitality.pages.links import page_key
from vitality.records import Parish, WorkKind
from vitality.roles.performing import Clock, Refresh, again_after, not_asked, state_of, today, utc_now
from vitality.roles.site_reading import PageFailed, SiteReading
from vitality.roles.site_walk import read_site
from vitality.roles.storable import storable
from vitality.storage import parishes, service_times
from vitality.storage.database import Connection, Database
from vitality.storage.parishes import StoredParish
from vitality.storage.service_times import Outcome


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
        async with self._database.connection() as conn:
            serves = await parishes.of_site(conn, site_id)
        if not serves:
            return Settlement(
                due_in=self._refresh.schedule, note="no parish that is open names this site any more: not asked"
            )
        try:
            reading = await read_site(self._fetcher, url, budget=self._budget)
        except FetchError as error:
            if not_asked(error):
                raise
            return self._failed(site_id, error)
        except Unreadable as error:
            return self._settled_as_failed(site_id, str(error), "failed", self._refresh.failed)
        return self._read(site_id, reading, serves)

    def _read(self, site_id: int, reading: SiteReading, serves: Sequence[StoredParish]) -> Settlement:
        times = [storable(time) for time in reading.times]
        alone = serves[0] if len(serves) == 1 else None
        facts = storable(reading.parish) if alone and reading.parish and _same(alone.parish, reading.parish) else None

        async def write(conn: Connection) -> None:
            known = await service_times.of_site(conn, site_id)
            complete = shows_all(reading, [time.evidence.url for time in known])
            changes = await service_times.save(conn, site_id, times, today=today(self._now), complete=complete)
            await service_times.note_reading(
                conn,
                site_id,
                _outcome(reading),
                reason=why_partial(reading),
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
        if reading.browser_missed:
            return self._refresh.failed
        return self._refresh.partial if _passing(reading) and not reading.times else self._refresh.schedule

    def _failed(self, site_id: int, error: FetchError) -> Settlement:
        due = again_after(error, self._refresh, self._now())
        return self._settled_as_failed(site_id, str(error), state_of(error), due)

    def _settled_as_failed(self, site_id: int, reason: str, state: str, due: timedelta) -> Settlement:
        async def write(conn: Connection) -> None:
            await service_times.note_reading(
                conn, site_id, "blocked" if state == "blocked" else "failed", reason=reason
            )

        return Settlement(due_in=due, write=write, note=reason)


def shows_all(reading: SiteReading, stated_on: Collection[str]) -> bool:
    """Whether what the reading does not show has ended: every page that stated a known time was read again, or is gone.

    A page that failed, refused or showed nothing for want of a browser says nothing about its times.
    """
    if why_partial(reading) is None:
        return True
    unseen = {page_key(url) for url in reading.browser_missed}
    read = {page_key(each.page.url) for each in reading.pages} - unseen
    gone = {page_key(each.url) for each in reading.failed if each.kind == NotFound.__name__}
    return reading.postponed is None and {page_key(url) for url in stated_on} <= read | gone


def why_partial(reading: SiteReading) -> str | None:
    """Why the reading may lack something that the site states; None when it lacks nothing that we know of."""
    if reading.browser_missed:
        return f"{len(reading.browser_missed)} pages need JavaScript and no browser works: {reading.browser_missed[0]}"
    if reading.postponed is not None:
        return f"the host asked to wait until {reading.postponed:%Y-%m-%d %H:%M}Z"
    lacking = [*_passing(reading), *reading.blocked]
    return f"{len(lacking)} pages could not be read: {lacking[0].reason} ({lacking[0].url})" if lacking else None


def _passing(reading: SiteReading) -> list[PageFailed]:
    """Failures that may pass; a page that is not there is none."""
    return [each for each in reading.failed if each.kind != NotFound.__name__]


def _outcome(reading: SiteReading) -> Outcome:
    """A site without times is empty only when all that it promised could be looked at."""
    if reading.times:
        return "read"
    looked = reading.postponed is None and not reading.browser_missed and not _passing(reading)
    return "empty" if looked else "failed"


def _same(listed: Parish, read: Parish) -> bool:
    """Whether the site speaks of the parish that the directory lists: same name, or same town or ZIP code."""
    if parish_key(listed).name == parish_key(read).name:
        return True
    same_town = bool(listed.city and read.city and listed.city.casefold() == read.city.casefold())
    return same_town or bool(listed.zip and read.zip and listed.zip[:5] == read.zip[:5])


def _note(reading: SiteReading) -> str:
    pages = ", ".join(PurePosixPath(each.page.url).name or "/" for each in reading.pages[:5])
    return f"{len(reading.times)} service times, {reading.requests} requests ({pages}), {reading.stop}"
