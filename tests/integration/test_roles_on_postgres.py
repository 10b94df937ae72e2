"""The roles on a real database and a web in memory: what is written, what is left alone, and when it is due again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import NewWork
from vitality.coordination.workers import WorkerInfo
from vitality.errors import AccessDenied, BrowserUnavailable, FetchError, HostWait, NotFound, ServerFailed
from vitality.fetch.port import Accept
from vitality.records import ContentHash, Directory, Page, Role, WorkKind
from vitality.roles.discovery import Discovery, extract_work, list_work
from vitality.roles.extraction import Extraction
from vitality.roles.performer import Performer
from vitality.roles.performing import Refresh, RolePart
from vitality.roles.reporting import Made, Reporting, report_work
from vitality.roles.schedule import Schedule
from vitality.storage import dioceses
from vitality.storage.database import Connection, Database
from vitality.telemetry.logs import make_log
from vitality.telemetry.metrics import Metrics

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
REFRESH = Refresh(dioceses=7 * DAY, directory=30 * DAY, parishes=7 * DAY, schedule=7 * DAY, report=DAY / 24)
LIST = "http://conference.test/dioceses"
HOME = "http://troy.test/"
DIRECTORY = "http://troy.test/parishes"
SITE = "http://st-ann.test/"
KINDS = tuple(WorkKind)


def dioceses_page(*rows: tuple[str, str]) -> str:
    """A conference's list: name and web site of each diocese."""
    listed = "".join(
        f'<div class="views-row"><div class="da-wrap"><div class="da-title">{name}</div><div class="da-address">'
        f'<p class="address"><span class="address-line1">{n} Main Street</span><br><span class="locality">Troy</span>, '
        f'<span class="administrative-area">NY</span> <span class="postal-code">1218{n}</span></p>'
        f'<div class="site"><a href="{site}">{site}</a></div></div></div></div>'
        for n, (name, site) in enumerate(rows)
    )
    return f"<title>All dioceses</title><h1>Dioceses</h1>{listed}"


def directory_page(*rows: tuple[str, str, str]) -> str:
    """A directory as a table: name, town and web site of each parish."""
    cells = "".join(
        f"<tr><td>{name}</td><td>{n} Main St</td><td>{town}</td><td>NY</td><td>1218{n}</td><td>518-555-100{n}</td>"
        f'<td><a href="{site}">Web site</a></td></tr>'
        for n, (name, town, site) in enumerate(rows)
    )
    head = (
        "<tr><th>Parish</th><th>Address</th><th>City</th><th>State</th><th>Zip</th><th>Phone</th><th>Website</th></tr>"
    )
    return f"<title>Parishes</title><h1>Parishes</h1><table>{head}{cells}</table>"


THREE = (("St. Ann", "Troy", SITE), ("St. Paul", "Cohoes", "http://st-paul.test/"), ("St. Mary", "Troy", HOME))
MASSES = "<title>Mass Times</title><h1>Mass Times</h1><p>Sunday Mass: 9:00 AM and 11:00 AM</p>"
CONFESSIONS = "<title>Confession Times</title><h1>Confession Times</h1><p>Confession: Saturday 4:00 PM</p>"
LINKS = (
    '<title>St. Ann Church</title><a href="/mass-times">Mass Times</a><a href="/confession-times">Confession Times</a>'
)
SCRIPTED = '<title>St. Ann</title><div id="root"></div><script src="/app.js"></script><noscript>You need to enable JavaScript to run this app.</noscript>'


@dataclass
class FakeWeb:
    """A web by address: a page's text, or the error that it gives."""

    pages: dict[str, str | FetchError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        self.asked.append(url)
        found = self.pages.get(url) or NotFound(url, "404 Not Found", status=404)
        if isinstance(found, FetchError):
            raise found
        return Page(url=url, text=found, content_hash=ContentHash("sha256:" + "0" * 64))

    async def render(self, url: str) -> Page:
        raise BrowserUnavailable("no browser here")

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        return ()


@dataclass
class Line:
    """One worker that plays all roles, by hand."""

    database: Database
    leases: Leases
    web: FakeWeb
    performer: Performer

    async def do(self, work: NewWork) -> None:
        """Makes a piece of work due, with its attempts forgotten, and does it."""
        await self.leases.add(None, [work])
        await self.value(
            "UPDATE work SET due_at = now(), state = 'waiting' WHERE kind = $1 AND subject = $2",
            work.kind.value,
            work.subject,
        )
        await self.value("UPDATE lane SET next_at = now()")
        await self.value(
            "UPDATE work SET due_at = now() + interval '9 days' WHERE due_at <= now() AND kind || subject <> $1",
            work.kind.value + work.subject,
        )
        (claim,) = await self.leases.claim([work.kind], 1)
        await self.performer.perform(claim)

    async def value(self, sql: str, *values: object) -> object:
        async with self.database.connection() as conn:
            return await conn.fetchval(sql, *values)

    async def due(self, kind: WorkKind) -> timedelta:
        """How far away the only piece of this kind is."""
        at = await self.value("SELECT due_at FROM work WHERE kind = $1", kind.value)
        assert isinstance(at, datetime)
        return at - datetime.now(UTC)

    async def times(self) -> int:
        """How many times are current."""
        return int(str(await self.value("SELECT count(*) FROM service_time WHERE ended_at IS NULL")))


async def _render(conn: Connection, folder: Path) -> Made:
    raise OSError(28, "No space left on device")


@pytest.fixture
async def line(dsn: str, tmp_path: Path) -> AsyncIterator[Line]:
    """All roles on a fresh database."""
    database = Database(dsn)
    leases = Leases(database, Wakeups(database, listen_dsn=None))
    await leases.open(WorkerInfo(roles=tuple(Role)))
    web, metrics = FakeWeb(), Metrics(version="0")
    parts: list[RolePart] = [
        Discovery(web, database, leases, REFRESH),
        Extraction(web, database, leases, REFRESH),
        Schedule(web, database, REFRESH),
        Reporting(database, REFRESH, tmp_path / "report", _render),
    ]
    log = make_log(level="error", form="json", stream=StringIO())
    yield Line(database, leases, web, Performer(parts, leases, log, metrics))
    metrics.close()
    await leases.close()
    await database.close()


async def a_diocese(line: Line) -> int:
    """A diocese whose directory is known, by its id."""
    async with line.database.transaction() as conn:
        diocese_id = int(
            await conn.fetchval(
                "INSERT INTO diocese (name, website, source) VALUES ('Diocese of Troy', $1, $2) RETURNING id",
                HOME,
                LIST,
            )
        )
        await dioceses.save_directory(conn, diocese_id, Directory(url=DIRECTORY, layout="table"), evidence={})
    return diocese_id


async def extraction(line: Line, diocese_id: int) -> NewWork:
    """The work of reading its directory, as it is known now."""
    async with line.database.connection() as conn:
        stored = await dioceses.get(conn, diocese_id)
    assert stored is not None
    assert stored.directory is not None
    return extract_work(diocese_id, stored.directory, stored.diocese)


async def a_site(line: Line) -> NewWork:
    """St. Ann's site with five known times, and the work of reading it."""
    line.web.pages[DIRECTORY] = directory_page(*THREE)
    await line.do(await extraction(line, await a_diocese(line)))
    subject = await line.value("SELECT id::text FROM site WHERE host = 'st-ann.test'")
    work = NewWork(kind=WorkKind.READ_SCHEDULE, subject=str(subject), details={"url": SITE})
    await line.value("DELETE FROM work WHERE kind = 'read_schedule' AND subject <> $1", str(subject))
    line.web.pages |= {SITE: LINKS, SITE + "mass-times": MASSES, SITE + "confession-times": CONFESSIONS}
    await line.do(work)
    assert await line.times() == 3
    return work


# -- schedule ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trouble",
    [
        ServerFailed(SITE + "confession-times", "500 Internal Server Error", status=500),
        AccessDenied(SITE + "confession-times", "403 Forbidden", status=403),
        HostWait(SITE + "confession-times", "the host answered 503", until=NOW + timedelta(hours=1), status=503),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_page_that_cannot_be_read_ends_no_times(line: Line, trouble: FetchError) -> None:
    """What stands on a page that fails, refuses or postpones is kept as it was, though the rest is read."""
    work = await a_site(line)
    line.web.pages[SITE + "confession-times"] = trouble
    await line.do(work)
    assert await line.times() == 3


async def test_a_page_that_is_gone_ends_its_times(line: Line) -> None:
    """404 is an answer: the site no longer says so."""
    work = await a_site(line)
    del line.web.pages[SITE + "confession-times"]
    await line.do(work)
    assert await line.times() == 2


async def test_trouble_elsewhere_does_not_keep_times_for_ever(line: Line) -> None:
    """When all pages that stated times were read, what they show no more ends, whatever else failed."""
    work = await a_site(line)
    line.web.pages[SITE] = LINKS + '<a href="/adoration-schedule">Adoration Schedule</a>'
    line.web.pages[SITE + "adoration-schedule"] = AccessDenied(SITE, "403 Forbidden", status=403)
    line.web.pages[SITE + "mass-times"] = MASSES.replace(" and 11:00 AM", "")
    await line.do(work)
    assert await line.times() == 2


async def test_a_site_that_needs_a_missing_browser_is_failed_and_keeps_its_times(line: Line) -> None:
    """It became a JavaScript application and no browser works: nothing ends, and the state tells why."""
    work = await a_site(line)
    line.web.pages = {SITE: SCRIPTED}
    await line.do(work)
    assert await line.times() == 3
    assert await line.value("SELECT state FROM site WHERE host = 'st-ann.test'") == "failed"
    assert "browser" in str(await line.value("SELECT reason FROM site WHERE host = 'st-ann.test'"))


async def test_a_failing_site_keeps_its_times_and_a_refusing_one_is_asked_seldom(line: Line) -> None:
    """A failure is tried again the next day, a refusal after a month; neither ends a time."""
    work = await a_site(line)
    line.web.pages = {SITE: ServerFailed(SITE, "500", status=500)}
    await line.do(work)
    assert timedelta(hours=23) < await line.due(WorkKind.READ_SCHEDULE) < timedelta(hours=25)
    line.web.pages = {SITE: AccessDenied(SITE, "403", status=403)}
    await line.do(work)
    assert 29 * DAY < await line.due(WorkKind.READ_SCHEDULE) < 31 * DAY
    assert await line.value("SELECT state FROM site WHERE host = 'st-ann.test'") == "blocked"
    assert await line.times() == 3


async def test_a_site_that_was_not_asked_keeps_its_state(line: Line) -> None:
    """The host rests: the work waits without an attempt, and the site is what it was."""
    work = await a_site(line)
    line.web.pages = {SITE: HostWait(SITE, "the host is given a rest", until=datetime.now(UTC) + timedelta(hours=2))}
    await line.do(work)
    assert timedelta(hours=1) < await line.due(WorkKind.READ_SCHEDULE) < timedelta(hours=3)
    assert await line.value("SELECT state FROM site WHERE host = 'st-ann.test'") == "read"
    assert await line.value("SELECT attempt FROM work WHERE kind = 'read_schedule'") == 0


async def test_a_site_that_no_parish_names_is_not_asked(line: Line) -> None:
    """Its parish moved to another site."""
    work = await a_site(line)
    await line.value("DELETE FROM parish_site")
    line.web.asked.clear()
    await line.do(work)
    assert line.web.asked == []


async def test_a_value_that_postgres_refuses_costs_an_attempt_and_not_the_worker(line: Line) -> None:
    """The findings break a rule of the database: the run is failed with the reason, the process goes on."""
    work = await a_site(line)
    await line.value("ALTER TABLE site_reading ADD CONSTRAINT never CHECK (false) NOT VALID")
    await line.do(work)
    assert await line.value("SELECT attempt FROM work WHERE kind = 'read_schedule'") == 1
    assert "never" in str(await line.value("SELECT error FROM work WHERE kind = 'read_schedule'"))


async def test_the_site_of_a_closed_parish_is_not_asked(line: Line) -> None:
    """Its list marks it as merged: it is recorded under its old identity, and its times are read no more."""
    work = await a_site(line)
    diocese_id = int(str(await line.value("SELECT id FROM diocese")))
    line.web.pages[DIRECTORY] = directory_page(("St. Ann (merged with St. Paul, 2026)", "Troy", SITE), *THREE[1:])
    await line.do(await extraction(line, diocese_id))
    row = "SELECT concat_ws('|', name, status, merged_into, status_since IS NOT NULL) FROM parish WHERE website = $1"
    assert await line.value(row, SITE) == "St. Ann|merged|St. Paul|t"
    assert await line.value("SELECT count(*) FROM parish") == 3
    line.web.asked.clear()
    await line.do(work)
    assert line.web.asked == []
    assert await line.times() == 3


# -- extraction -------------------------------------------------------------------------------------------


async def test_a_diocesan_home_page_is_no_parish_site(line: Line) -> None:
    """A parish that names the diocese's own site gets no schedule from it."""
    line.web.pages[DIRECTORY] = directory_page(*THREE)
    await line.do(await extraction(line, await a_diocese(line)))
    assert await line.value("SELECT count(*) FROM parish") == 3
    assert await line.value("SELECT string_agg(host, ',' ORDER BY host) FROM site") == "st-ann.test,st-paul.test"


async def test_a_directory_that_is_gone_sends_the_finder_out_and_its_success_heals_the_state(line: Line) -> None:
    """404: shown as failed, the finder due now, no parish missing; read again, it is shown as found."""
    diocese_id = await a_diocese(line)
    work = await extraction(line, diocese_id)
    line.web.pages[DIRECTORY] = directory_page(*THREE)
    await line.do(work)
    del line.web.pages[DIRECTORY]
    await line.do(work)
    assert await line.value("SELECT state FROM directory") == "failed"
    assert await line.due(WorkKind.FIND_DIRECTORY) < timedelta(0)
    assert await line.value("SELECT count(*) FROM parish WHERE missing_since IS NULL") == 3
    line.web.pages[DIRECTORY] = directory_page(*THREE)
    await line.do(work)
    assert await line.value("SELECT state FROM directory") == "found"


async def test_a_directory_that_lists_nothing_is_never_buried(line: Line) -> None:
    """Six times nothing to read: failed with the reason, due again the next day, the parishes as they were."""
    work = await extraction(line, await a_diocese(line))
    line.web.pages[DIRECTORY] = "<title>Parishes</title><p>Under construction"
    for _ in range(6):
        await line.do(work)
    assert await line.value("SELECT state FROM work WHERE kind = 'extract_parishes'") == "waiting"
    assert timedelta(0) < await line.due(WorkKind.EXTRACT_PARISHES) <= DAY
    assert "no parish" in str(await line.value("SELECT reason FROM directory"))


async def test_characters_that_postgres_refuses_do_not_stop_a_directory(line: Line) -> None:
    """NUL and half surrogate pairs out of JSON become U+FFFD."""
    rows = ",".join(
        f'{{"name":"St. Paul {n}\\u0000","address":"{n} Main St","city":"Troy\\ud800","state":"NY","zip":"1218{n}",'
        f'"phone":"518-555-100{n}","website":"http://p{n}.test/"}}'
        for n in range(4)
    )
    line.web.pages[DIRECTORY] = f"[{rows}]"
    await line.do(await extraction(line, await a_diocese(line)))
    assert await line.value("SELECT count(*) FROM parish WHERE city LIKE 'Troy%' AND name NOT LIKE '%\\%'") == 4
    assert await line.value("SELECT error FROM work WHERE kind = 'extract_parishes'") is None


async def test_an_override_is_what_is_read_and_the_finder_keeps_it(line: Line) -> None:
    """Named by a person: Extraction reads that page, it is shown as found, and no search replaces it."""
    diocese_id = await a_diocese(line)
    other = "http://other.test/list"
    line.web.pages[other] = directory_page(*THREE)
    async with line.database.transaction() as conn:
        await dioceses.override(conn, diocese_id, other, "moved")
    await line.do(await extraction(line, diocese_id))
    assert line.web.asked == [other]
    line.web.asked.clear()
    await line.do(NewWork(kind=WorkKind.FIND_DIRECTORY, subject=str(diocese_id)))
    assert line.web.asked == []
    async with line.database.connection() as conn:
        stored = await dioceses.get(conn, diocese_id)
    assert stored is not None
    assert (stored.directory_state, stored.override_url) == ("found", other)
    assert stored.directory is not None
    assert stored.directory.url == other


# -- discovery and reporting ------------------------------------------------------------------------------


async def test_a_broken_list_changes_nothing_says_why_and_is_never_buried(line: Line) -> None:
    """The dioceses stay, the reason is kept with the work, and after the last attempt it is due the next day."""
    await a_diocese(line)
    line.web.pages[LIST] = "<title>Oops</title>"
    work = list_work(LIST)
    for attempt in range(1, 5):
        await line.do(work)
        assert await line.value("SELECT attempt FROM work WHERE kind = 'list_dioceses'") == attempt
        assert "dioceses" in str(await line.value("SELECT error FROM work WHERE kind = 'list_dioceses'"))
    await line.do(work)
    assert await line.value("SELECT state FROM work WHERE kind = 'list_dioceses'") == "waiting"
    assert timedelta(hours=23) < await line.due(WorkKind.LIST_DIOCESES) < timedelta(hours=25)
    assert await line.value("SELECT count(*) FROM diocese WHERE removed_at IS NULL") == 1


async def test_a_diocese_that_leaves_the_list_is_searched_no_more(line: Line) -> None:
    """Its row stays in the record as removed; the work for its directory is forgotten."""
    rows = [(f"Diocese of {town}", f"http://{town}.test/") for town in ("Albany", "Cohoes", "Troy", "Utica", "Rome")]
    line.web.pages[LIST] = dioceses_page(*rows)
    await line.do(list_work(LIST))
    assert await line.value("SELECT count(*) FROM work WHERE kind = 'find_directory'") == 5
    line.web.pages[LIST] = dioceses_page(*rows[:4])
    await line.do(list_work(LIST))
    gone = await line.value("SELECT id::text FROM diocese WHERE removed_at IS NOT NULL")
    assert await line.value("SELECT count(*) FROM work WHERE kind = 'find_directory'") == 4
    assert await line.value(f"SELECT count(*) FROM work WHERE subject = '{gone}'") == 0


async def test_dioceses_without_a_web_address_are_kept_and_not_searched(line: Line) -> None:
    """One has no site, one names a mail address: both are in the record, neither becomes work."""
    rows = [(f"Diocese of {town}", f"http://{town}.test/") for town in ("Albany", "Cohoes", "Troy", "Utica")]
    line.web.pages[LIST] = dioceses_page(
        *rows, ("Diocese of Mail", "http://office@mail.test/"), ("Diocese of None", "")
    )
    await line.do(list_work(LIST))
    assert await line.value("SELECT count(*) FROM diocese") == 6
    assert await line.value("SELECT count(*) FROM work WHERE kind = 'find_directory'") == 4


async def test_a_refusing_diocese_is_asked_seldom_and_a_failing_one_tomorrow(line: Line) -> None:
    """The state of the directory tells a refusal from a failure."""
    diocese_id = await a_diocese(line)
    work = NewWork(kind=WorkKind.FIND_DIRECTORY, subject=str(diocese_id))
    line.web.pages = {HOME: AccessDenied(HOME, "403 Forbidden", status=403)}
    await line.do(work)
    assert await line.value("SELECT state FROM directory") == "blocked"
    assert 29 * DAY < await line.due(WorkKind.FIND_DIRECTORY) < 31 * DAY
    line.web.pages = {HOME: ServerFailed(HOME, "500", status=500)}
    await line.do(work)
    assert await line.value("SELECT state FROM directory") == "failed"
    assert timedelta(0) < await line.due(WorkKind.FIND_DIRECTORY) <= DAY


async def test_a_full_disk_does_not_end_reporting_for_ever(line: Line) -> None:
    """The report cannot be written: tried again, in the end daily, never buried."""
    for _ in range(6):
        await line.do(report_work())
    assert await line.value("SELECT state FROM work WHERE kind = 'write_report'") == "waiting"
    assert "No space left" in str(await line.value("SELECT string_agg(note, ' ') FROM work_run"))
