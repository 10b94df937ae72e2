"""Discovery: the list of dioceses (step 1), and each diocese's parish directory (step 2)."""

from __future__ import annotations

from urllib.parse import urlsplit

from vitality.coordination.work import Claim, NewWork, Settlement, WorkQueue
from vitality.errors import DirectoryNotFound, FetchError, HostWait, Unreadable
from vitality.fetch.port import Fetcher
from vitality.pages.diocese_list import read_dioceses
from vitality.records import Diocese, Directory, Host, WorkKind
from vitality.roles.directory_walk import FoundDirectory, Tried, find_directory
from vitality.roles.performing import Clock, Refresh, State, again_after, find_work, given_up, not_asked, utc_now
from vitality.roles.storable import storable
from vitality.storage import dioceses
from vitality.storage.database import Connection, Database
from vitality.storage.dioceses import StoredDiocese
from vitality.storage.site_key import site_address

OF_A_DIOCESE = (WorkKind.FIND_DIRECTORY, WorkKind.EXTRACT_PARISHES)
"""The work whose subject is a diocese's number: it ends when the list no longer names the diocese."""


def host_of(url: str) -> Host:
    """The host that a piece of work about this address holds."""
    return Host(urlsplit(url.strip()).netloc.lower().rpartition("@")[2])


def list_work(conference_url: str) -> NewWork:
    """The piece of work with which everything begins."""
    return NewWork(
        kind=WorkKind.LIST_DIOCESES, subject=conference_url, host=host_of(conference_url), details={}, priority=2
    )


class Discovery:
    """Reads the conference's list, and finds and proves each diocese's directory."""

    kinds = (WorkKind.LIST_DIOCESES, WorkKind.FIND_DIRECTORY)

    def __init__(
        self,
        fetcher: Fetcher,
        database: Database,
        queue: WorkQueue,
        refresh: Refresh,
        *,
        budget: int = 12,
        now: Clock = utc_now,
    ) -> None:
        self._fetcher = fetcher
        self._database = database
        self._queue = queue
        self._refresh = refresh
        self._budget = budget
        self._now = now

    async def perform(self, claim: Claim) -> Settlement:
        if claim.kind is WorkKind.LIST_DIOCESES:
            return await self._list(claim)
        return await self._find(claim)

    async def _list(self, claim: Claim) -> Settlement:
        """A list that cannot be read changes nothing; it is tried again soon and, after some attempts, daily."""
        try:
            page = await self._fetcher.get(claim.subject)
            found = [storable(each) for each in read_dioceses(page)]
        except (FetchError, Unreadable) as error:
            ended = None if isinstance(error, HostWait) else given_up(claim, str(error), self._refresh.failed)
            if ended is None:
                raise
            return ended

        async def write(conn: Connection) -> None:
            changes = await dioceses.save_list(conn, found, claim.subject)
            works = []
            for each in found:
                site = site_address(each.website)
                if site is not None:
                    works.append(find_work(changes.ids[each.name], each.name, site))
                elif each.website:
                    reason = f"the list names no web address: {each.website}"
                    await dioceses.save_no_directory(conn, changes.ids[each.name], "not_found", reason, evidence={})
            await self._queue.add(conn, works)
            await self._queue.withdraw(conn, OF_A_DIOCESE, [str(gone) for gone in changes.removed_ids])

        return Settlement(
            due_in=self._refresh.dioceses, write=write, changed=True, note=f"{len(found)} dioceses in the list"
        )

    async def _find(self, claim: Claim) -> Settlement:
        diocese_id = int(claim.subject)
        async with self._database.connection() as conn:
            stored = await dioceses.get(conn, diocese_id)
        if stored is not None and stored.override_url:
            return self._overridden(diocese_id, stored.override_url, stored.diocese)
        site = None if stored is None else site_address(stored.diocese.website)
        if stored is None or site is None:
            return Settlement(due_in=self._refresh.directory, note="the list names no web site any more: not asked")
        try:
            found = await find_directory(self._fetcher, site.url, budget=self._budget)
        except DirectoryNotFound as error:
            if not_asked(error.__cause__):
                raise error.__cause__ from error  # type: ignore[misc]  # not_asked: it is a HostWait
            return self._not_found(diocese_id, error)
        return self._found(stored, found)

    def _overridden(self, diocese_id: int, url: str, diocese: Diocese) -> Settlement:
        work = extract_work(diocese_id, Directory(url=url, layout="override"), diocese)
        return Settlement(due_in=self._refresh.directory, follow_up=(work,), note="directory named by an operator")

    def _found(self, stored: StoredDiocese, found: FoundDirectory) -> Settlement:
        moved = stored.directory is None or stored.directory.url != found.directory.url
        evidence = {"tried": _shown(found.tried), "requests": found.requests}

        async def write(conn: Connection) -> None:
            await dioceses.save_directory(conn, stored.id, found.directory, evidence=evidence)

        return Settlement(
            due_in=self._refresh.directory,
            follow_up=(extract_work(stored.id, found.directory, stored.diocese, hasten=moved),),
            write=write,
            changed=True,
            note=f"directory {found.directory.url} ({found.directory.layout}, {found.directory.parishes} parishes)",
        )

    def _not_found(self, diocese_id: int, error: DirectoryNotFound) -> Settlement:
        state: State = "not_found" if error.cause == "absent" else error.cause
        cause = error.__cause__
        if isinstance(cause, FetchError):
            due = again_after(cause, self._refresh, self._now())
        else:
            due = self._refresh.blocked if state == "blocked" else self._refresh.failed

        async def write(conn: Connection) -> None:
            await dioceses.save_no_directory(conn, diocese_id, state, str(error), evidence={"tried": list(error.tried)})

        return Settlement(due_in=due, write=write, changed=True, note=str(error))


def extract_work(diocese_id: int, directory: Directory, diocese: Diocese, *, hasten: bool = False) -> NewWork:
    """The piece of work "read this diocese's directory"."""
    return NewWork(
        kind=WorkKind.EXTRACT_PARISHES,
        subject=str(diocese_id),
        host=host_of(directory.url),
        details={"diocese_id": diocese_id, "name": diocese.name},
        hasten=hasten,
    )


def _shown(tried: tuple[Tried, ...]) -> list[dict[str, object]]:
    return [
        {"url": t.url, "outcome": t.outcome, "layout": t.layout, "parishes": t.parishes, "why": t.why} for t in tried
    ]
