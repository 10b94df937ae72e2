"""What the page adds to its printed times: hours of anchors, and services told as data."""

from __future__ import annotations

import json

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page, ServiceTime


def read(html: str) -> tuple[ServiceTime, ...]:
    page = Page(url="https://parish.example.org/page", text=html, content_hash=ContentHash("sha256:" + "0" * 64))
    return read_schedule(page).times


def with_data(*objects: dict[str, object], body: str = "") -> tuple[ServiceTime, ...]:
    data = json.dumps({"@context": "https://schema.org", "@graph": objects})
    return read(f'<html><head><script type="application/ld+json">{data}</script></head><body>{body}</body></html>')


def test_after_the_morning_mass_has_the_hour_of_the_only_one() -> None:
    """The one morning Mass of the day gives its hour, as inferred."""
    (adoration,) = [
        time
        for time in read(
            "<h1>Mass</h1><p>Monday-Friday 8:10 AM<br>Friday 6 PM</p><h2>Adoration</h2><p>Friday after the morning Mass</p>"
        )
        if time.service.value == "adoration"
    ]
    assert adoration.start_rel is not None
    assert adoration.start_rel.anchor_time == "08:10"
    assert "start_rel.anchor_time" in adoration.inferred


def test_after_mass_has_no_hour_where_there_are_two() -> None:
    """Two Masses on the day leave the hour open."""
    (adoration,) = [
        time
        for time in read("<h1>Mass</h1><p>Friday 8:10 AM, 6 PM</p><h2>Adoration</h2><p>Friday after Mass</p>")
        if time.service.value == "adoration"
    ]
    assert adoration.start_rel is not None
    assert adoration.start_rel.anchor_time is None


def test_opening_hours_of_a_church_are_no_services() -> None:
    """Hours count only where the thing that has them is named as a service."""
    hours = {"@type": "OpeningHoursSpecification", "dayOfWeek": "Saturday", "opens": "15:10", "closes": "15:50"}
    times = with_data(
        {"@type": "Church", "name": "Saint Kevin", "openingHoursSpecification": hours},
        {"@type": "Service", "name": "Confession", "hoursAvailable": hours},
    )
    assert [(time.service.value, time.days, time.start, time.end) for time in times] == [
        ("confession", ("SA",), "15:10", "15:50")
    ]


def test_an_event_is_one_occasion_unless_it_repeats_a_standing_time() -> None:
    """A calendar's Sunday Mass is the printed one; the vigil of a feast is told once."""
    times = with_data(
        {"@type": "Event", "name": "Sunday Mass", "startDate": "2026-12-06T09:05:00-05:00"},
        {"@type": "Event", "name": "Assumption Vigil Mass", "startDate": "2026-08-14T18:35"},
        {"@type": "Event", "name": "Parish Picnic", "startDate": "2026-08-16T12:00"},
        {"@type": "Event", "name": "Holy Hour", "startDate": "2026-08-17T19:00", "eventStatus": "EventCancelled"},
        body="<h1>Mass</h1><p>Sunday 9:05 AM</p>",
    )
    assert [(time.days, time.dates, time.start) for time in times] == [
        (("SU",), (), "09:05"),
        ((), ("2026-08-14",), "18:35"),
    ]


def test_what_is_harder_to_read_is_less_sure() -> None:
    """A plain time is surer than one by custom, that surer than one told by another service."""
    plain, by_custom = read("<h1>Mass</h1><p>Sunday 9:05 AM</p>"), read("<h1>Mass</h1><p>Sunday 9:05</p>")
    relative = read("<h1>Confession</h1><p>Friday after the 8:10 Mass</p>")
    shares = [times[0].confidence for times in (plain, by_custom, relative)]
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3
