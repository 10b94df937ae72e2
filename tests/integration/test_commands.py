"""The operator's commands on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from vitality.app import commands
from vitality.coordination.control import WorkControl
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.fetch.archive import stored_page
from vitality.records import Directory, WorkKind
from vitality.roles.discovery import extract_work
from vitality.settings import Settings, load
from vitality.storage import dioceses
from vitality.storage.database import Database
from vitality.storage.pages import Pages

pytestmark = pytest.mark.integration

OTHER = "http://other.test/list"


@pytest.fixture
def settings(dsn: str, tmp_path: Path) -> Settings:
    """Settings on a fresh database."""
    return load(database_url=dsn, state_dir=tmp_path)


async def test_an_override_is_read_next_even_if_the_reading_was_buried_and_can_be_taken_back(
    dsn: str, settings: Settings
) -> None:
    """Named: the reading is due now, at the new host. Taken back: the finder is due now."""
    database = Database(dsn)
    queue, control = Leases(database, Wakeups(database, listen_dsn=None)), WorkControl(database)
    async with database.transaction() as conn:
        diocese_id = await conn.fetchval(
            "INSERT INTO diocese (name, website, source) VALUES ('Diocese of Troy', 'http://troy.test/', 'x') RETURNING id"
        )
        directory = Directory(url="http://troy.test/parishes", layout="table")
        await dioceses.save_directory(conn, diocese_id, directory, evidence={})
        stored = await dioceses.get(conn, diocese_id)
        assert stored is not None
        await queue.add(conn, [extract_work(diocese_id, directory, stored.diocese)])
    (work,) = await control.find(kind=WorkKind.EXTRACT_PARISHES)
    assert await control.bury([work.id], "five failures") == 1

    assert await commands.work_override(settings, diocese_id, OTHER, why="moved") == 0
    (work,) = await control.find(kind=WorkKind.EXTRACT_PARISHES)
    assert (work.state, work.attempt, work.host) == ("waiting", 0, "other.test")
    assert work.due_at <= datetime.now(UTC) + timedelta(seconds=5)

    assert await commands.work_override(settings, diocese_id, None, why="") == 0
    (finder,) = await control.find(kind=WorkKind.FIND_DIRECTORY)
    assert (finder.host, finder.due_at <= datetime.now(UTC) + timedelta(seconds=5)) == ("troy.test", True)
    assert await commands.work_override(settings, diocese_id, None, why="") == 1
    assert await commands.work_override(settings, diocese_id + 1, OTHER, why="") == 1
    await database.close()


async def test_an_archive_holds_every_stored_page(dsn: str, settings: Settings, tmp_path: Path) -> None:
    """More pages than are held in memory at a time; the file has its name only when it is whole."""
    database = Database(dsn)
    urls = [f"http://st-ann.test/{n}" for n in range(commands.PAGES_AHEAD * 3)]
    for url in urls:
        await Pages(database).keep(
            stored_page(
                url,
                f"<p>{url}\x00".encode(),
                {},
                content_type="text/html",
                status=200,
                requested_url=url,
                fetched_at=datetime.now(UTC),
            )
        )
    target = tmp_path / "pages.warc.gz"
    assert await commands.archive(settings, target) == 0
    with target.open("rb") as stream:
        found = [r.rec_headers["WARC-Target-URI"] for r in ArchiveIterator(stream) if r.rec_type == "resource"]
    assert sorted(found) == sorted(urls)
    assert [each.name for each in tmp_path.glob("pages*")] == ["pages.warc.gz"]
    await database.close()
