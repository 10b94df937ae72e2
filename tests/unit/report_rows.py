"""Hand-written rows that the tests of the report and of the exports share."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, date, datetime

from vitality.records import Evidence, Parish, ServiceTime
from vitality.reports.rows import FactSource, ParishEntry, ParishRow, SiteRow, SiteState, TimeRow

MADE_AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SITE = "https://st-mary.example.org/times"


def service_time(service: str = "mass", *, quote: str = "Sunday 9:00 AM", **fields: object) -> ServiceTime:
    evidence = Evidence(url=SITE, content_hash="sha256:" + "a" * 64, quote=quote, start=10, end=10 + len(quote))
    facts = {
        "service": service,
        "evidence": evidence,
        "confidence": 0.9,
        "extractor": "hand",
        "first_seen": date(2026, 11, 1),
        "last_seen": date(2026, 11, 20),
        "last_verified": date(2026, 11, 20),
    }
    return ServiceTime.model_validate(facts | fields)


def parish(number: int = 1, name: str = "St. Mary", **fields: object) -> Parish:
    facts: dict[str, object] = {
        "name": name,
        "street": f"{number} Main Street",
        "city": "Springfield",
        "state": "MA",
        "zip": "01103",
        "website": "https://st-mary.example.org/",
        "directory_url": "https://diocese.example.org/parishes",
    }
    return Parish.model_validate(facts | fields)


def entry(*times: TimeRow, number: int = 1, of: Parish | None = None, **fields: object) -> ParishEntry:
    source = FactSource(url="https://diocese.example.org/parishes", last_seen=date(2026, 11, 19))
    facts: dict[str, object] = {
        "id": number,
        "diocese_id": 7,
        "diocese": "Diocese of Springfield",
        "parish": of or parish(number),
        "sources": {"name": source, "street": source},
        "sites": (SiteRow(url="https://st-mary.example.org/", state=SiteState.READ),),
        "last_seen": date(2026, 11, 19),
    }
    return ParishEntry(row=ParishRow(**(facts | fields)), times=times)  # type: ignore[arg-type] # fields by name


SUNDAY = TimeRow(id=1, time=service_time(days=["SU"], start="09:00", end="10:00", subtype="sunday"))
FIRST_FRIDAY = TimeRow(
    id=2, time=service_time("adoration", quote="First Fridays 19:00-07:00", days=["1FR"], start="19:00", end="07:00")
)
CONFESSION_BEFORE = TimeRow(
    id=3,
    time=service_time(
        "confession",
        quote="Confessions before Mass",
        days=["SA"],
        start_rel={"anchor": "mass", "anchor_time": "16:30", "edge": "start", "offset_min": None},
    ),
)
HOLY_DAY = TimeRow(id=4, time=service_time(quote="Holy days 7 PM", days=["HD"], start="19:00", subtype="holy_day"))
SUPERSEDED = TimeRow(id=5, time=service_time(quote="Sunday 8:00", days=["SU"], start="08:00", status="superseded"))
ENDED = TimeRow(id=6, time=service_time(quote="Sunday 7:00", days=["SU"], start="07:00"), ended=date(2026, 11, 10))
EASTER_OFF = TimeRow(
    id=7,
    time=service_time(
        quote="Sundays 11:00, not on Easter",
        days=["SU"],
        start="11:00",
        language=["es"],
        except_=["2027-03-28", "2027-03-29"],
    ),
)
CHRISTMAS = TimeRow(
    id=8,
    time=service_time(quote="December 24, 2026: 22:00", kind="dated", dates=["2026-12-24"], start="22:00", end="23:15"),
)
ALL_TIMES = (SUNDAY, FIRST_FRIDAY, CONFESSION_BEFORE, HOLY_DAY, SUPERSEDED, ENDED, EASTER_OFF, CHRISTMAS)


async def stream(entries: Iterable[ParishEntry]) -> AsyncIterator[ParishEntry]:
    for one in entries:
        yield one
