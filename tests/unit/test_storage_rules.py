"""The pure rules of storage: which site is which, when a service is still the same, what a reading overwrites."""

from __future__ import annotations

import pytest

from vitality.records import ContentHash, Evidence, Parish, ParishKind, Service, ServiceTime
from vitality.storage.parishes import joined
from vitality.storage.service_times import identity
from vitality.storage.site_key import site_address

HASH = ContentHash("sha256:" + "0" * 64)


@pytest.mark.parametrize(
    ("text", "host", "key"),
    [
        ("http://www.St-Mary.org", "www.st-mary.org", "st-mary.org"),
        ("https://st-mary.org/", "st-mary.org", "st-mary.org"),
        ("st-mary.org", "st-mary.org", "st-mary.org"),
        (" https://st-mary.org:443/#top ", "st-mary.org", "st-mary.org"),
        ("http://x.com:8080/Parish/", "x.com:8080", "x.com:8080/Parish"),
        ("http://x.com/?id=3", "x.com", "x.com?id=3"),
    ],
)
def test_spellings_of_one_address_are_one_site(text: str, host: str, key: str) -> None:
    """Scheme, www, default port and final slash make no difference; path, query and port do."""
    site = site_address(text)
    assert site is not None
    assert (site.host, site.key) == (host, key)


@pytest.mark.parametrize(
    "text", [None, "", "n/a", "none", "mailto:x@y.org", "http://", "ftp://x.org", "http://[x", "a b.org"]
)
def test_what_is_no_web_address_is_no_site(text: str | None) -> None:
    """A field that names no web site makes no work."""
    assert site_address(text) is None


def mass(**facts: object) -> ServiceTime:
    evidence = Evidence(url="http://a.org", content_hash=HASH, quote="8:00", start=0, end=4)
    values = {"service": Service.MASS, "days": ("SU", "SA"), "start": "08:00", "evidence": evidence}
    return ServiceTime(**{**values, "confidence": 0.9, "extractor": "t", **facts})  # type: ignore[arg-type]


def test_a_service_is_the_same_while_a_church_goer_would_act_the_same() -> None:
    """Evidence, confidence, notes and the order of days may change; time, place, season or status may not."""
    same = mass(days=("SA", "SU"), confidence=0.1, notes="n", extractor="u", inferred=("days",))
    assert identity(mass()) == identity(same)
    for other in (
        {"start": "08:30"},
        {"location": "Chapel"},
        {"season": "summer"},
        {"status": "cancelled"},
        {"end": "09:00"},
    ):
        assert identity(mass(**other)) != identity(mass())


def test_a_default_is_no_statement() -> None:
    """A reading that does not say what kind a parish is leaves the kind that is known."""
    old = Parish(name="A", kind=ParishKind.MISSION, city="Joplin")
    again = joined(old, Parish(name="B"))
    assert again == Parish(name="B", alternate_names=("A",), kind=ParishKind.MISSION, city="Joplin")
    assert joined(old, Parish(name="A", kind=ParishKind.PARISH)).kind is ParishKind.PARISH
