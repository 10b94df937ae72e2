"""A relative start is tied to a clock time only where the schedule leaves one choice."""

from __future__ import annotations

from vitality.pages.anchors import with_anchor_times
from vitality.records import Evidence, RelativeTime, Service, ServiceTime

EVIDENCE = Evidence(url="http://st-a.test/", content_hash="sha256:0", quote="x", start=0, end=1)


def mass(days: str, start: str, **more: str) -> ServiceTime:
    return ServiceTime(
        service=Service.MASS,
        days=tuple(days.split()),
        start=start,
        evidence=EVIDENCE,
        confidence=0.9,
        extractor="t",
        **more,
    )  # type: ignore[arg-type] # place or season


def confession(days: str, anchor: str = "mass") -> ServiceTime:
    before = RelativeTime(anchor=anchor, edge="start", offset_min=-30)
    return ServiceTime(
        service=Service.CONFESSION,
        days=tuple(days.split()),
        start_rel=before,
        evidence=EVIDENCE,
        confidence=0.9,
        extractor="t",
    )


def tied(*times: ServiceTime) -> str | None:
    last = with_anchor_times(times)[-1]
    assert last.start_rel is not None
    assert ("start_rel.anchor_time" in last.inferred) == (last.start_rel.anchor_time is not None)
    return last.start_rel.anchor_time


def test_the_only_mass_of_the_days_is_meant() -> None:
    """With one Mass on each of the days, at one hour, that Mass is the anchor, and said to be inferred."""
    assert tied(mass("MO TU WE TH FR", "08:00"), mass("SU", "10:00"), confession("MO WE")) == "08:00"
    assert tied(mass("2SU 4SU", "16:00"), confession("2SU 4SU")) == "16:00"
    assert tied(mass("FR", "19:00"), confession("1FR")) == "19:00"


def test_nothing_is_guessed() -> None:
    """Two Masses a day, another hour on one of the days, a day without Mass or another anchor leave it open."""
    assert tied(mass("SU", "08:00"), mass("SU", "10:00"), confession("SU")) is None
    assert tied(mass("MO", "08:00"), mass("TU", "09:00"), confession("MO TU")) is None
    assert tied(mass("MO", "08:00"), confession("MO TU")) is None
    assert tied(mass("MO", "08:00"), confession("MO", "vespers")) is None
    assert tied(mass("SU", "08:00", season="summer"), confession("SU")) is None
