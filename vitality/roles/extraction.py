"""Extraction: the parishes out of a diocese's directory (step 3)."""

from __future__ import annotations

from datetime import timedelta

from vitality.coordination.work import Claim, NewWork, Settlement, WorkQueue
from vitality.errors import FetchError, NotFound, Refused
from vitality.fetch.port import Fetcher
from vitality.pages.identity import identify, mergers
from vitality.pages.parish_names import without_status
from vitality.records import Directory, Host, Parish, ParishStatus, WorkKind
from vitality.roles.directory_walk import ExtractedParishes, extract_parishes
from vitality.roles.performing import Clock, Refresh, State, again_after, find_work, not_asked, state_of, today, utc_now
from vitality.roles.storable import storable
from vitality.storage import dioceses, parishes
from vitality.storage.database import Connection, Database
from vitality.storage.dioceses import StoredDiocese
from vitality.storage.site_key import SiteAddress, site_address


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
            return Settlement(due_in=self._refresh.directory, note="no directory is known any more: not asked")
        try:
            extracted = await extract_parishes(self._fetcher, stored.directory, budget=self._budget)
        except FetchError as error:
            if not_asked(error):
                raise
            due = again_after(error, self._refresh, self._now())
            return self._failed(stored, state_of(error), str(error), due, moved=isinstance(error, NotFound))
        if not extracted.parishes:
            reason = f"no parish can be read from {stored.directory.url}: {extracted.reason or 'no list'}"
            due = self._refresh.failed if extracted.complete else self._refresh.partial
            return self._failed(stored, "failed", reason, due, moved=extracted.complete)
        return self._extracted(stored, stored.directory, extracted)

    def _extracted(self, stored: StoredDiocese, directory: Directory, extracted: ExtractedParishes) -> Settlement:
        home = site_address(stored.diocese.website)
        read = (*extracted.parishes, *extracted.closed)
        found = [own_site_only(under_its_name(storable(parish)), home) for parish in read]
        complete = extracted.complete and not extracted.failed
        known_directory = directory.model_copy(update={"parishes": len(extracted.parishes)})

        async def write(conn: Connection) -> None:
            if stored.directory_state != "found":
                evidence = {"proved_by": "extraction", "pages": extracted.pages}
                await dioceses.save_directory(conn, stored.id, known_directory, evidence=evidence)
            known = {each.identity: each.parish for each in await parishes.of_diocese(conn, stored.id)}
            named = identify(known, found)
            changes = await parishes.save(
                conn, stored.id, named, today=today(self._now), complete=complete, heirs=mergers(known, named)
            )
            await self._queue.add(conn, [schedule_work(site) for site in changes.sites])

        return Settlement(due_in=self._due(extracted), write=write, changed=True, note=_note(extracted))

    def _due(self, extracted: ExtractedParishes) -> timedelta:
        """Soon when something is missing that may come; what is gone or refused, or past the budget, comes no sooner."""
        if extracted.requests >= self._budget:
            return self._refresh.parishes
        lasting = (NotFound.__name__, Refused.__name__)
        passing = [each for each in extracted.failed if not each.reason.startswith(lasting)]
        return self._refresh.parishes if extracted.complete and not passing else self._refresh.partial

    def _failed(self, stored: StoredDiocese, state: State, reason: str, due: timedelta, *, moved: bool) -> Settlement:
        """Notes why; where the page is gone or lists nothing any more, the finder looks anew."""

        async def write(conn: Connection) -> None:
            await dioceses.save_no_directory(conn, stored.id, state, reason, evidence={})

        site = site_address(stored.diocese.website)
        again = (find_work(stored.id, stored.diocese.name, site, hasten=True),) if moved and site is not None else ()
        return Settlement(due_in=due, follow_up=again, write=write, changed=True, note=reason)


def own_site_only(parish: Parish, diocese: SiteAddress | None) -> Parish:
    """The parish without a web site that is the diocese's own home page: times read there would be another church's."""
    site = site_address(parish.website)
    if site is None or diocese is None or site.key != diocese.key:
        return parish
    return parish.model_copy(update={"website": None})


def under_its_name(parish: Parish) -> Parish:
    """A closed parish without the words behind its name that say so: they are in its status."""
    if parish.status is ParishStatus.ACTIVE:
        return parish
    return parish.model_copy(update={"name": without_status(parish.name)})


def _note(extracted: ExtractedParishes) -> str:
    note = f"{len(extracted.parishes)} parishes from {extracted.pages} pages and {extracted.details} detail pages"
    if extracted.failed:
        note += f", {len(extracted.failed)} detail pages failed"
    return note if extracted.complete else f"{note}; not complete: {extracted.reason}"


def schedule_work(site: parishes.ParishSite) -> NewWork:
    """The piece of work "read this site's schedule"."""
    return NewWork(kind=WorkKind.READ_SCHEDULE, subject=str(site.id), host=Host(site.host), details={"url": site.url})
