"""What stands on every page of a site gives way to the page made for the service."""

from __future__ import annotations

from typing import Any

from tests.unit.test_merge import at, source, told
from vitality.pages.merge import merge
from vitality.records import Service, ServiceTime, TimeStatus

MASS_PAGE: dict[str, Any] = {"title": "Mass Times", "dedicated": True}
BAR = (("SA", "17:30", "Sat 5:30"), ("SU", "09:00", "Sun 9"))


def bar(page: str) -> list[ServiceTime]:
    """The times of a header that each page of a site repeats."""
    return [_quoted(at(days, start, page=page), quote) for days, start, quote in BAR]


def _quoted(time: ServiceTime, quote: str) -> ServiceTime:
    return time.model_copy(update={"evidence": time.evidence.model_copy(update={"quote": quote})})


def own(days: str, start: str) -> ServiceTime:
    return _quoted(at(days, start, page="/mass"), f"{days}: {start}")


def test_an_old_header_gives_way_to_the_page_of_masses() -> None:
    """The header stands on that page too, and is not what the page says."""
    masses = source("/mass", *bar("/mass"), own("SA", "17:00"), own("SU", "08:30"), **MASS_PAGE)
    found = merge([source("/", *bar("/")), masses, source("/about", *bar("/about"))])
    assert told(found) == {("mass", "SA", "17:00"), ("mass", "SU", "08:30")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SA", "17:30"), ("mass", "SU", "09:00")}


def test_a_header_that_says_more_than_the_page_stays() -> None:
    """A page of Masses that tells of one only is not the whole schedule."""
    masses = source("/mass", *bar("/mass"), own("SU", "18:00"), **MASS_PAGE)
    found = merge([source("/", *bar("/")), masses, source("/about", *bar("/about"))])
    assert told(found) == {("mass", "SA", "17:30"), ("mass", "SU", "09:00"), ("mass", "SU", "18:00")}


def test_a_header_is_the_schedule_where_nothing_else_is() -> None:
    """A footer may be the only place where a parish prints its Masses."""
    found = merge([source(page, *bar(page)) for page in ("/", "/about", "/contact")])
    assert told(found) == {("mass", "SA", "17:30"), ("mass", "SU", "09:00")}


def test_a_page_that_repeats_the_header_in_its_own_words_keeps_all() -> None:
    """The header is no contradiction where it says a part of the same."""
    masses = source("/mass", *bar("/mass"), *bar("/mass"), own("SU", "11:00"), **MASS_PAGE)
    found = merge([source("/", *bar("/")), masses, source("/about", *bar("/about"))])
    assert told(found) == {("mass", "SA", "17:30"), ("mass", "SU", "09:00"), ("mass", "SU", "11:00")}


def test_another_service_of_the_header_is_not_touched() -> None:
    """The page of Masses says nothing of confessions."""
    confession = _quoted(at("SA", "16:00", service=Service.CONFESSION), "Conf. 4")
    pages = [source(page, confession, **(MASS_PAGE if page == "/mass" else {})) for page in ("/", "/mass", "/about")]
    assert told(merge(pages)) == {("confession", "SA", "16:00")}
