"""The report as files: well-formed pages that say what the rows say, and tables beside them."""

import csv
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.unit.report_rows import ALL_TIMES, MADE_AT, SUNDAY, entry, parish, service_time, stream
from vitality.records import Parish
from vitality.reports.folder import replaced_folder
from vitality.reports.report import write_report
from vitality.reports.rows import (
    ChangeRow,
    CountRow,
    DioceseRow,
    DirectoryState,
    FactSource,
    FailureRow,
    OldestRow,
    ParishEntry,
    ReportData,
    SiteRow,
    SiteState,
    TimeRow,
    VerifiedRow,
)
from vitality.reports.summary import by_service, freshness, percent
from vitality.storage.derived import Derived

VOID = {"meta", "br", "link", "rect"}
SPRINGFIELD = DioceseRow(
    id=7,
    name="Diocese of Springfield",
    directory=DirectoryState.FOUND,
    directory_url="https://diocese.example.org/parishes",
    layout="table",
    parishes=4,
    sites_known=3,
    sites_read=2,
    sunday_mass_known=1,
    service_times=9,
)
DATA = ReportData(
    made_at=MADE_AT,
    database_state="fingerprint 8a1f",
    since=MADE_AT - timedelta(hours=3),
    dioceses=(
        SPRINGFIELD,
        DioceseRow(
            id=8, name="Diocese of Nowhere", directory=DirectoryState.BLOCKED, reason="robots.txt disallows /parishes"
        ),
    ),
    verified=(VerifiedRow(day=date(2026, 11, 20), times=8), VerifiedRow(day=date(2025, 1, 1), times=1)),
    oldest=(
        OldestRow(
            parish_id=1, parish="St. Mary", diocese="Diocese of Springfield", last_verified=date(2025, 1, 1), times=1
        ),
    ),
    failures=(
        FailureRow(
            host="down.example.org", kind="failed", reason="no such host", since=MADE_AT, attempts=4, next_at=MADE_AT
        ),
    ),
    counts=(
        CountRow(diocese="Diocese of Springfield", service="mass", kind="regular", status="active", times=8),
        CountRow(diocese="Diocese of Springfield", service="mass", kind="regular", status="superseded", times=2),
    ),
    changes=(ChangeRow(change="added", record="service times", subject="https://st-mary.example.org/", count=8),),
)


class Page(HTMLParser):
    """Checks that tags nest and close, and keeps links, tags and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.struck = ""
        self.feed(text)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
        self.text += " " if tag in {"td", "th"} else ""

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data
        if "del" in self.open:
            self.struck += data + "|"

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.tags if found == tag]

    def links(self) -> list[str]:
        return [attrs["href"] or "" for attrs in self.all("a")]


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A written report of three parishes, one of them hostile."""
    hostile = parish(2, "<script>alert(1)</script>", city='"><img src=x>', website="javascript:alert(1)")
    blocked = SiteRow(url="https://b.example.org/", state=SiteState.BLOCKED, reason="robots.txt disallows /")
    entries = [
        entry(*ALL_TIMES),
        entry(number=2, of=hostile, sites=(blocked,)),
        entry(number=3, of=parish(3, "St. Joseph", city=None, state=None), sites=()),
        entry(SUNDAY, number=4, of=parish(4, "Holy Cross", status="merged", merged_into="St. Mary")),
    ]
    await write_report(DATA, stream(entries), tmp_path / "report")
    return tmp_path / "report"


def page(folder: Path, name: str) -> Page:
    return Page((folder / name).read_text(encoding="utf-8"))


async def page_of(tmp_path: Path, one: ParishEntry) -> Page:
    await write_report(DATA, stream([one]), tmp_path / "report")
    return page(tmp_path / "report", f"parish/{one.row.id}.html")


def test_every_page_is_well_formed_accessible_and_quiet(folder: Path) -> None:
    """Tags nest, language and title are named, tables have captions and scopes, and nothing is loaded or run."""
    for path in folder.rglob("*.html"):
        found = Page(path.read_text(encoding="utf-8"))
        assert found.all("html") == [{"lang": "en"}]
        assert len(found.all("h1")) == len(found.all("title")) == len(found.all("main")) == 1
        assert len(found.all("caption")) == len(found.all("table"))
        assert all(cell.get("scope") in {"row", "col"} for cell in found.all("th"))
        assert {tag for tag, _ in found.tags} & {"script", "img", "iframe", "link", "object", "form"} == set()
        assert "November 25, 2026, 12:00 UTC" in found.text
        assert "fingerprint 8a1f" in found.text


def test_links_inside_the_report_lead_somewhere(folder: Path) -> None:
    """Each relative link names a file of the folder."""
    inner = 0
    for path in folder.rglob("*.html"):
        for link in Page(path.read_text(encoding="utf-8")).links():
            if not link.startswith(("http", "#")):
                inner += 1
                assert (path.parent / link).is_file(), (path, link)
    assert inner > 20


def test_a_hostile_page_cannot_speak_in_ours(folder: Path) -> None:
    """A name with markup is text, and a script in place of an address is no link."""
    found = page(folder, "parish/2.html")
    assert "<script>alert(1)</script>" in found.text
    assert "javascript:alert(1)" in found.text
    assert not [link for link in found.links() if link.startswith("javascript")]


def test_times_stand_by_service_with_their_evidence(folder: Path) -> None:
    """Each time shows day, hour, quote, link, hash and the day of its last verification."""
    found = page(folder, "parish/1.html")
    words = re.sub(r"\s+", " ", found.text)
    assert (
        words.index("Mass")
        < words.index("9:00 AM to 10:00 AM")
        < words.index("Adoration")
        < words.index("First Friday")
    )
    assert "“Sunday 9:00 AM”" in words
    assert "last verified November 20, 2026" in words
    assert "sha256:" + "a" * 64 in words
    assert "before the 4:30 PM Mass" in words
    assert "https://st-mary.example.org/times" in found.links()


def test_what_does_not_hold_is_struck_and_says_why(folder: Path) -> None:
    """A superseded and an ended time are struck through, in words too; those that hold are not."""
    found = page(folder, "parish/1.html")
    assert found.struck == "Sunday|7:00 AM|Sunday|8:00 AM|"
    assert "superseded" in found.text
    assert "no longer on the site since November 10, 2026" in found.text


def test_what_is_not_known_is_said(folder: Path) -> None:
    """A blocked site asks not to be read; a parish without a site has none known; a missing field is not stated."""
    assert "Not known: the site asks not to be read" in page(folder, "parish/2.html").text
    assert "Not known: no web site known" in page(folder, "parish/3.html").text
    assert "not stated" in page(folder, "parish/1.html").text


def test_a_merged_parish_warns_before_its_times(folder: Path) -> None:
    """Whoever looks up a merged parish reads that first, and none of its times holds."""
    found = page(folder, "parish/4.html")
    assert found.text.index("This parish is merged into St. Mary.") < found.text.index("9:00 AM")
    assert found.struck == "Sunday|9:00 AM to 10:00 AM|"
    assert "None: the parish is merged." in found.text


async def test_times_of_a_parish_that_is_no_longer_listed_are_struck(tmp_path: Path) -> None:
    """Its list dropped it: the last times known stay on the page, struck."""
    found = await page_of(tmp_path, entry(SUNDAY, missing_since=date(2026, 11, 1)))
    assert found.struck.startswith("Sunday|")
    assert "the parish is no longer listed" in found.text


async def test_a_place_that_does_not_fit_together_is_told(tmp_path: Path) -> None:
    """A visitor reads that ZIP code and state contradict each other."""
    doubt = "the ZIP code 46402 lies in IN, not in MA"
    found = await page_of(tmp_path, entry(SUNDAY, derived=Derived(doubts=(doubt,))))
    assert doubt in found.text
    assert found.struck == ""


async def test_a_site_that_was_read_without_confessions_says_not_stated(tmp_path: Path) -> None:
    """Confession is asked for so often that its absence is shown."""
    found = await page_of(tmp_path, entry(SUNDAY))
    assert re.search(r"Confession\s+Not stated", found.text)


async def test_only_times_that_do_not_hold_are_an_absence(tmp_path: Path) -> None:
    """A superseded Mass alone is "not stated", followed by the struck row."""
    old = TimeRow(id=1, time=service_time(days=["SU"], start="08:00", status="superseded"))
    found = await page_of(tmp_path, entry(old))
    assert re.search(r"Mass\s+Not stated", found.text)


async def test_what_ended_long_ago_is_not_shown(tmp_path: Path) -> None:
    """Three months after a time vanished from its site, the page no longer shows it, even struck."""
    old = [
        TimeRow(id=n, time=SUNDAY.time, ended=MADE_AT.date() - timedelta(days=days)) for n, days in ((1, 90), (2, 91))
    ]
    found = await page_of(tmp_path, entry(*old))
    assert found.text.count("no longer on the site") == 1


async def test_shared_sites_do_not_place_a_time(tmp_path: Path) -> None:
    """When a site serves two parishes, the page says that the church is not stated."""
    found = await page_of(tmp_path, entry(TimeRow(id=1, time=SUNDAY.time, shared_with=("St. Joseph",))))
    assert "church not stated (the site also serves St. Joseph)" in found.text


async def test_facts_show_where_they_stand(tmp_path: Path) -> None:
    """A fact links to its page with the day it was seen."""
    source = FactSource(url="https://diocese.example.org/clergy", last_seen=date(2026, 11, 2), quote="Pastor: Rev. Doe")
    found = await page_of(tmp_path, entry(of=Parish(name="St. Mary", pastor="Rev. Doe"), sources={"pastor": source}))
    assert "https://diocese.example.org/clergy" in found.links()
    assert "seen November 2, 2026" in found.text
    assert "“Pastor: Rev. Doe”" in found.text


def test_the_first_page_shows_coverage_freshness_failures_and_counts(folder: Path) -> None:
    """Each section has its figures and its reason."""
    words = re.sub(r"\s+", " ", page(folder, "index.html").text)
    assert "Directories: 1 found, 0 not found, 1 blocked, 0 failed, 0 pending." in words
    assert "robots.txt disallows /parishes" in words
    assert "down.example.org failed no such host" in words
    assert "25 %" in words
    assert "Since November 25, 2026, 09:00 UTC" in words


def test_parishes_are_found_by_state_and_town(folder: Path) -> None:
    """The list of states leads to towns, and those to parishes; a parish without a state is not lost."""
    assert {"ma.html", "not-stated.html"} <= set(page(folder, "find/index.html").links())
    assert "../parish/1.html" in page(folder, "find/ma.html").links()
    assert "../parish/3.html" in page(folder, "find/not-stated.html").links()


def test_tables_hold_the_same_figures(folder: Path) -> None:
    """The CSV files have the rows of the data."""
    with (folder / "coverage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["name"], row["directory"], row["sunday_mass_known"]) for row in rows] == [
        ("Diocese of Springfield", "found", "1"),
        ("Diocese of Nowhere", "blocked", "0"),
    ]
    assert (folder / "failures.csv").read_text().splitlines()[1] == (
        "down.example.org,failed,no such host,2026-11-25T12:00:00+00:00,4,2026-11-25T12:00:00+00:00"
    )


async def test_an_empty_database_has_a_report(tmp_path: Path) -> None:
    """Before anything is found the pages say so."""
    files = await write_report(ReportData(made_at=MADE_AT, database_state="empty"), stream([]), tmp_path / "report")
    found = page(tmp_path / "report", "index.html")
    assert "No diocese is known yet." in found.text
    assert "This is the first report." in found.text
    assert all((tmp_path / "report" / file).is_file() for file in files)


async def test_the_same_rows_give_the_same_pages(tmp_path: Path) -> None:
    """Two reports of one state are equal, byte by byte, in whichever order the parishes come."""
    entries = [entry(*ALL_TIMES), entry(number=2), entry(number=3)]
    files = await write_report(DATA, stream(entries), tmp_path / "a")
    assert await write_report(DATA, stream(reversed(entries)), tmp_path / "b") == files
    assert all((tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes() for file in files)


async def test_a_report_that_fails_leaves_the_last_one(tmp_path: Path) -> None:
    """When the rows stop with an error, the old report stays whole."""

    async def broken() -> AsyncIterator[ParishEntry]:
        yield entry(number=9)
        raise ConnectionError("the database went away")

    await write_report(DATA, stream([entry(number=1)]), tmp_path / "report")
    with pytest.raises(ConnectionError):
        await write_report(DATA, broken(), tmp_path / "report")
    assert [path.name for path in (tmp_path / "report" / "parish").iterdir()] == ["1.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".report.lock", "report"]


def test_a_swap_that_was_killed_halfway_is_mended(tmp_path: Path) -> None:
    """If a writer died between the two renames, the next one starts from the old folder."""
    with replaced_folder(tmp_path / "report") as made:
        (made / "old.txt").write_text("old")
    (tmp_path / "report").rename(tmp_path / ".report.old")
    (tmp_path / ".report.new").mkdir()
    with pytest.raises(RuntimeError), replaced_folder(tmp_path / "report"):
        raise RuntimeError
    assert (tmp_path / "report" / "old.txt").read_text() == "old"


def test_freshness_counts_every_time_once() -> None:
    """The ages are those of the day of the report, and their limits belong to the younger."""
    today = date(2026, 11, 25)
    days = (0, 7, 8, 30, 31, 90, 91, 365, 366)
    bars = freshness([VerifiedRow(day=today - timedelta(days=n), times=1) for n in days], today)
    assert [bar.count for bar in bars] == [2, 2, 2, 2, 1]


def test_counts_keep_apart_what_holds() -> None:
    """Cancelled and suspended times are no Masses to go to, and superseded ones are history."""
    rows = [
        CountRow(diocese=diocese, service="mass", kind=kind, status=status, times=1)
        for diocese in ("A", "B")
        for kind, status in (
            ("regular", "active"), ("dated", "active"), ("dated", "cancelled"), ("regular", "suspended"), ("regular", "superseded"),
        )
    ]  # fmt: skip
    (mass,) = by_service(rows)
    assert (mass.service, mass.regular, mass.dated, mass.not_held, mass.superseded) == ("Mass", 2, 2, 4, 2)


def test_all_but_one_is_not_all() -> None:
    """Shares are rounded down."""
    assert (percent(999, 1000), percent(1000, 1000), percent(0, 0)) == (99, 100, 0)
