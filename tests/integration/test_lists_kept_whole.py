"""Lists with duplicate names come out whole, reading after reading, in any order: each parish is a row of its own, always the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from vitality.fetch.folder import FolderFetcher
from vitality.pages.identity import identify
from vitality.records import Diocese, Parish
from vitality.roles.directory_walk import extract_parishes, find_directory
from vitality.storage import dioceses, parishes
from vitality.storage.database import Connection, Database

pytestmark = pytest.mark.integration

WEB = Path(__file__).parents[3] / "shared" / "web"
REAL = {"www.diospringfield.org": 72, "www.dor.org": 132}
"""Stored sites with namesakes and shared web sites, and how many parishes each lists."""
DAY = date(2026, 11, 1)
SHUFFLES = 8

Sign = tuple[str, str | None, str | None, str | None]


def row(name: str, city: str | None, street: str | None = None, **facts: object) -> Parish:
    stated = {"name": name, "city": city, "street": street, "state": "NY", "directory_url": "http://d.example/parishes"}
    return Parish.model_validate(stated | facts)


CLUSTER = "http://four-churches.example.org"
COMPOSED = {
    "four St. Josephs": [
        row("St. Joseph", "Alton", "4 Elm St", phone="518-555-0101"),
        row("Saint Joseph Parish", "Beloit", "9 Mill Rd", website="http://joseph-beloit.example.org"),
        row("ST. JOSEPH CATHOLIC CHURCH", "Carlow", "P.O. Box 7", phone="518-555-0103"),
        row("St. Joseph", "Dover", None, phone="518-555-0104"),
        row("St. Joseph the Worker", "Alton", "11 Oak St"),
        row("St. Joseph Mission", "Dover Plains", None),
    ],
    "a cluster on one web site": [
        row("St. Mary", "Troy", "1 First St", website=CLUSTER, phone="518-555-0110"),
        row("St. Mary", "Cohoes", "2 Second St", website=CLUSTER + "/", phone="518-555-0110"),
        row("St. Mary", "Rome", None, website="https://www.four-churches.example.org", phone="518-555-0110"),
        row("St. Ann", "Troy", "3 Third St", website=CLUSTER, phone="518-555-0110"),
        row("St. Ann", "Utica", None, website="http://ann.example.org"),
    ],
    "namesakes in one town": [
        row(
            "Holy Cross", "Albany", "10 North Ave", phone="518-555-0121", website="http://holy-cross-north.example.org"
        ),
        row("Holy Cross", "Albany", "90 South Ave", phone="518-555-0122"),
        row("Holy Cross", "Albany", None, phone="518-555-0123"),
        row("Holy Cross", "Colonie", "10 North Ave", phone="518-555-0124"),
        row("Holy Cross (Polish)", "Albany", "91 South Ave"),
    ],
    "rows that say little": [
        row("Christ the King", None, "5 Lake Rd"),
        row("Christ the King", None, "6 Lake Rd"),
        row("Our Lady of the Lake", None, None, phone="518-555-0131"),
        row("Our Lady of the Lake", None, None, phone="518-555-0132"),
        row("Immaculate Conception", None, None, detail_url="http://d.example/parishes/a"),
        row("Immaculate Conception", None, None, detail_url="http://d.example/parishes/b"),
        row("Sts. Peter and Paul", "Elgin", None),
    ],
}


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """A database with one diocese."""
    database = Database(dsn)
    try:
        async with database.connection() as connection:
            await dioceses.save_list(connection, [Diocese(name="Troy")], "http://conference.example.org/")
            yield connection
    finally:
        await database.close()


async def read_again(connection: Connection, rows: Sequence[Parish]) -> parishes.ParishChanges:
    """One complete reading, as the extraction role keeps it."""
    diocese = int(await connection.fetchval("SELECT id FROM diocese"))
    known = {each.identity: each.parish for each in await parishes.of_diocese(connection, diocese)}
    return await parishes.save(connection, diocese, identify(known, rows), today=DAY, complete=True)


async def kept(connection: Connection) -> dict[Sign, int]:
    """The id of each stored parish, by all that tells it apart."""
    diocese = int(await connection.fetchval("SELECT id FROM diocese"))
    return {sign(each.parish): each.id for each in await parishes.of_diocese(connection, diocese) if not each.missing}


def sign(parish: Parish) -> Sign:
    return parish.name, parish.city, parish.street, parish.phone or parish.detail_url


async def sharing(connection: Connection) -> list[list[int]]:
    """Which parishes share a web site."""
    rows = await connection.fetch(
        "SELECT array_agg(parish_id ORDER BY parish_id) AS ids FROM parish_site GROUP BY site_id"
    )
    return sorted(list(found["ids"]) for found in rows)


async def comes_out_whole(connection: Connection, rows: Sequence[Parish]) -> None:
    """Every row a parish, each with the id that it had, however the list is ordered."""
    shuffle = Random(7)  # noqa: S311 - an order, no secret
    order = list(rows)
    first = await read_again(connection, order)
    assert first.added == len(rows)
    ids, sites = await kept(connection), await sharing(connection)
    assert set(ids) == {sign(parish) for parish in rows}
    for _ in range(SHUFFLES):
        shuffle.shuffle(order)
        changes = await read_again(connection, order)
        assert (changes.added, changes.updated, changes.missing) == (0, len(rows), 0)
        assert await kept(connection) == ids
        assert await sharing(connection) == sites


@pytest.mark.parametrize("name", COMPOSED)
async def test_a_composed_list_comes_out_whole(connection: Connection, name: str) -> None:
    """Namesakes in several towns and in one, on one web site, with little said of them."""
    await comes_out_whole(connection, COMPOSED[name])


async def test_all_of_them_in_one_diocese_come_out_whole(connection: Connection) -> None:
    """The lists together are one list."""
    await comes_out_whole(connection, [parish for rows in COMPOSED.values() for parish in rows])


@pytest.mark.parametrize("seed", range(6))
async def test_any_order_of_the_first_reading_keeps_the_same_parishes(connection: Connection, seed: int) -> None:
    """What is stored does not depend on the order of the list, though it is read in another order each time."""
    rows = [parish for each in COMPOSED.values() for parish in each]
    Random(seed).shuffle(rows)  # noqa: S311 - an order, no secret
    await comes_out_whole(connection, rows)


async def test_a_list_that_says_less_the_second_time_loses_nothing(connection: Connection) -> None:
    """Names and towns only: each row is found again, and keeps its street, number and site."""
    rows = [*COMPOSED["four St. Josephs"], *COMPOSED["a cluster on one web site"]]
    await read_again(connection, rows)
    ids, sites = await kept(connection), await sharing(connection)
    bare = [Parish(name=each.name, city=each.city, directory_url=each.directory_url) for each in rows]
    changes = await read_again(connection, bare[::-1])
    assert (changes.added, changes.missing) == (0, 0)
    assert await kept(connection) == ids
    assert await sharing(connection) == sites


@pytest.mark.parametrize("host", REAL)
async def test_a_real_list_comes_out_whole(connection: Connection, host: str) -> None:
    """Same names in other towns, churches of one parish on one web site: as many rows as the page has, twice in a row."""
    if not (WEB / host).is_dir():
        pytest.skip("the stored web is not beside the project")
    fetcher = FolderFetcher(WEB / host)
    found = await find_directory(fetcher, fetcher.home_url)
    rows = (await extract_parishes(fetcher, found.directory)).parishes
    assert len(rows) == REAL[host]
    await comes_out_whole(connection, rows)
