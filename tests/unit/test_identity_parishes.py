"""A parish is its folded name and its place: nothing is joined that differs, nothing is kept twice, nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from vitality.pages.identity import distinct, filled, identify, keys_of, parish_key
from vitality.records import Parish, ParishStatus

JOSEPHS = [
    Parish(name="St. Joseph", street=street, city=city, website="https://cluster.example")
    for street, city in (
        ("44 Water St", "Marietta"),
        ("9 Depot St", "Ironton"),
        ("2 Hill Rd", "Athens"),
        ("71 Mound St", "Jackson"),
    )
]


def again(stored: Iterable[Parish], *found: Parish) -> dict[str, str]:
    """Which stored parish (by street, else town, else name) each read one (the same) is taken for; "new" for none."""
    first = dict(identify({}, list(stored)))
    return {_sign(parish): _sign(first[key]) if key in first else "new" for key, parish in identify(first, found)}


def _sign(parish: Parish) -> str:
    return parish.street or parish.city or parish.name


def test_four_st_josephs_stay_four() -> None:
    """Parishes of one name that share a web site are told apart by their towns, in any order, twice in a row."""
    for seed in range(4):
        shuffled = JOSEPHS[seed:] + JOSEPHS[:seed]
        first = dict(identify({}, shuffled))
        second = dict(identify(first, shuffled[::-1]))
        assert len(first) == 4
        assert second == first


def test_spelling_does_not_make_a_second_parish() -> None:
    """ "Saint" and "St.", "Parish" and "Church", accents and case are one name."""
    left = Parish(name="Saint José Parish", city="St. Louis")
    right = Parish(name="ST. JOSE CATHOLIC CHURCH", city="Saint Louis", phone="555-0100")
    assert parish_key(left) == parish_key(right)
    assert distinct([left, right]) == (left.model_copy(update={"phone": "555-0100"}),)


def test_one_name_in_one_town_is_told_apart_by_the_street() -> None:
    """Two churches of one name in one town keep keys of their own, the same in any order."""
    pair = [Parish(name="St. Mary", city="Troy", street=street) for street in ("1 A St", "9 B St")]
    assert len(distinct(pair)) == 2
    assert dict(zip(pair_names(pair), keys_of(pair), strict=True)) == dict(
        zip(pair_names(pair[::-1]), keys_of(pair[::-1]), strict=True)
    )


def pair_names(pair: list[Parish]) -> list[str | None]:
    return [parish.street for parish in pair]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_mention_that_could_be_several_joins_none_of_them(order: tuple[int, ...]) -> None:
    """A bare name beside two namesakes is no third parish, and gives its pastor to neither."""
    rows = [
        Parish(name="St. Mary", city="Troy", street="1 A St"),
        Parish(name="St. Mary", city="Troy", street="9 B St"),
        Parish(name="St. Mary", pastor="Fr. X"),
    ]
    found = distinct([rows[index] for index in order])
    assert {parish.street for parish in found} == {"1 A St", "9 B St"}
    assert {parish.pastor for parish in found} == {None}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_number_tells_which_namesake_is_meant(order: tuple[int, ...]) -> None:
    """A row without street belongs to the one whose number it has."""
    rows = [
        Parish(name="St. Mary", city="Troy", street="1 A St", phone="518-555-0101"),
        Parish(name="St. Mary", city="Troy", street="9 B St", phone="518-555-0102"),
        Parish(name="St. Mary", city="Troy", phone="(518) 555-0102", pastor="Fr. X"),
    ]
    found = {parish.street: parish.pastor for parish in distinct([rows[index] for index in order])}
    assert found == {"1 A St": None, "9 B St": "Fr. X"}


def test_a_third_namesake_with_a_number_of_its_own_is_a_third_parish() -> None:
    """No street, but a number that is neither of the others': nothing is lost."""
    rows = [
        Parish(name="St. Mary", city="Troy", street="1 A St", phone="518-555-0101"),
        Parish(name="St. Mary", city="Troy", street="9 B St", phone="518-555-0102"),
        Parish(name="St. Mary", city="Troy", phone="518-555-0103"),
    ]
    assert len(distinct(rows)) == 3


def test_a_parish_that_moved_within_its_town_is_the_same() -> None:
    """Another street, one name, one town, one of each: no second parish, and none missing."""
    old = Parish(name="St. Mary", city="Troy", street="P.O. Box 66")
    assert (
        again([old, *JOSEPHS], Parish(name="St. Mary", city="Troy", street="1 A St"), *JOSEPHS)["1 A St"]
        == "P.O. Box 66"
    )


def test_another_street_and_another_number_are_another_parish() -> None:
    """One that vanished and one that came are two."""
    old = Parish(name="St. Mary", city="Troy", street="1 A St", phone="518-555-0101")
    new = Parish(name="St. Mary", city="Troy", street="9 B St", phone="518-555-0102")
    assert again([old], new) == {"9 B St": "new"}


def test_a_town_that_is_spelled_anew_makes_no_second_parish() -> None:
    """One name with one number is one parish, unless others of the name share the number."""
    old = Parish(name="St. Mary", city="Troy", phone="518-555-0101")
    assert again([old], Parish(name="St. Mary", city="North Troy", phone="518-555-0101")) == {"North Troy": "Troy"}
    cluster = [Parish(name="St. Mary", city=town, phone="518-555-0101") for town in ("Troy", "Cohoes", "Rome")]
    assert again(cluster[:2], cluster[0], cluster[2]) == {"Troy": "Troy", "Rome": "new"}


def test_a_closed_row_that_could_be_several_closes_nobody() -> None:
    """ "St. Joseph (closed)", without a place, in a diocese with four of them."""
    closed = Parish(name="St. Joseph", status=ParishStatus.CLOSED)
    assert identify(dict(identify({}, JOSEPHS)), [closed]) == ()
    stored = dict(identify({}, JOSEPHS[:1]))
    assert dict(identify(stored, [closed])) == {next(iter(stored)): closed}


def test_a_renamed_parish_is_known_by_its_page() -> None:
    """One detail page in one town is one parish; a page that only counts rows is not believed."""
    old = Parish(name="St. Mary", city="Troy", detail_url="http://d.example/p/1")
    new = Parish(name="Holy Family", city="Troy", detail_url="http://d.example/p/1")
    assert again([old], new) == {"Troy": "Troy"}
    elsewhere = Parish(name="Holy Family", city="Utica", detail_url="http://d.example/p/1")
    assert again([old], elsewhere) == {"Utica": "new"}
    rows = [Parish(name=f"St. {name}", city=name, detail_url=f"http://d.example/p/{n}") for n, name in enumerate("ABC")]
    shifted = [Parish(name="St. X", city="X", detail_url="http://d.example/p/0")] + [
        row.model_copy(update={"detail_url": f"http://d.example/p/{n}"}) for n, row in enumerate(rows, 1)
    ]
    assert again(rows, *shifted) == {"X": "new", "A": "A", "B": "B", "C": "C"}


def test_an_address_is_completed_whole_or_not_at_all() -> None:
    """A street is not taken from a reading that puts the parish into another town."""
    known = Parish(name="St. Mary", city="Troy")
    other = Parish(name="St. Mary", city="Sidney", street="9 B St", phone="555-0100")
    joined = filled(known, other)
    assert joined.street is None
    assert joined.phone == "555-0100"
