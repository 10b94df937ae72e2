"""A parish is its folded name and its place: nothing is joined that differs, nothing is kept twice, nothing is lost."""

from __future__ import annotations

from vitality.pages.identity import distinct, filled, keys_of, parish_key, resolve
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


def test_four_st_josephs_stay_four() -> None:
    """Parishes of one name that share a web site are told apart by their towns, in any order, twice in a row."""
    for seed in range(4):
        shuffled = JOSEPHS[seed:] + JOSEPHS[:seed]
        first = resolve([], shuffled)
        again = resolve(first.parishes, shuffled[::-1])
        assert len(first.parishes) == len(again.parishes) == 4
        assert len(first.added) == 4
        assert not again.added
        assert not again.missing
        assert not again.updated


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


def test_an_update_never_overwrites_with_nothing() -> None:
    """Fields that a new reading leaves out keep their values, those that it states change."""
    old = Parish(name="St. Mary", city="Troy", phone="1", email="a@b.example", sources={"phone": "u1"})
    new = Parish(name="St. Mary", city="Troy", phone="2", sources={"phone": "u2"})
    result = resolve([old], [new])
    assert result.parishes == (old.model_copy(update={"phone": "2", "sources": {"phone": "u2"}}),)
    assert result.updated == (parish_key(old),)


def test_closures_are_recorded_and_absences_reported() -> None:
    """A parish that the list marks as merged is closed with its heir; one that is absent is missing, not deleted."""
    old = [Parish(name="St. Ninian", city="Troy"), Parish(name="Holy Rood", city="Troy")]
    merged = Parish(name="St. Ninian", city="Troy", status=ParishStatus.MERGED, merged_into="St. Aldate")
    result = resolve(old, [merged])
    assert result.closed == (parish_key(old[0]),)
    assert result.missing == (parish_key(old[1]),)
    assert len(result.parishes) == 2
    assert result.parishes[0].merged_into == "St. Aldate"


def test_a_renamed_parish_is_known_by_its_page() -> None:
    """One detail page is one parish; its former name is kept."""
    old = Parish(name="St. Mary", city="Troy", detail_url="http://d.example/p/1")
    new = Parish(name="Holy Family", city="Troy", detail_url="http://d.example/p/1")
    result = resolve([old], [new])
    assert len(result.parishes) == 1
    assert result.parishes[0].alternate_names == ("St. Mary",)


def test_an_address_is_completed_whole_or_not_at_all() -> None:
    """A street is not taken from a reading that puts the parish into another town."""
    known = Parish(name="St. Mary", city="Troy")
    other = Parish(name="St. Mary", city="Sidney", street="9 B St", phone="555-0100")
    joined = filled(known, other)
    assert joined.street is None
    assert joined.phone == "555-0100"
