"""Identities are given once: two parishes of one name in one town stay apart, in any order, reading after reading."""

from __future__ import annotations

from itertools import permutations

from vitality.pages.identity import identify
from vitality.records import Parish

ROWS = (
    Parish(name="St. John the Evangelist Church", street="12 Alder Street", city="Marlow", state="OH"),
    Parish(name="St. John the Evangelist", street="900 West Road", city="Marlow", state="OH"),
    Parish(name="St. John the Evangelist", street="3 Mill Lane", city="Oxbow", state="OH"),
    Parish(name="St. John", city="Marlow", state="OH"),
)


def test_parishes_of_one_name_in_one_town_get_identities_of_their_own() -> None:
    """Nobody is joined with a namesake."""
    assert len({identity for identity, _ in identify({}, ROWS)}) == len(ROWS)


def test_identities_stay_in_any_order_of_a_second_reading() -> None:
    """What was called something at first is called so again."""
    first = dict(identify({}, ROWS))
    names = {(parish.name, parish.street): identity for identity, parish in first.items()}
    for order in permutations(ROWS):
        again = identify(first, order)
        assert {(parish.name, parish.street): identity for identity, parish in again} == names


def test_a_later_namesake_takes_no_identity_away() -> None:
    """A new parish of the same name in the same town is a new row, even when its street sorts first."""
    first = dict(identify({}, ROWS[1:2]))
    both = dict(identify(first, [ROWS[0], ROWS[1]]))
    assert set(first) < set(both)
    assert both[next(iter(first))].street == "900 West Road"
