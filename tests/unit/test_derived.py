"""What follows from printed facts is told apart from them, and contradictions are noted instead of mended."""

from __future__ import annotations

import pytest

from vitality.records import Parish
from vitality.storage.derived import Derived, derive, kilometres


def parish(**facts: object) -> Parish:
    return Parish.model_validate({"name": "St. Mary"} | facts)


def test_a_zip_code_gives_a_point_and_a_zone() -> None:
    """Where no coordinates are printed, the middle of the code stands in for them, as derived."""
    found = derive(parish(city="Evansville", state="IN", zip="47710"))
    assert found == Derived(latitude=38.0086, longitude=-87.5746, timezone="America/Chicago")


def test_printed_coordinates_are_not_doubled() -> None:
    """What is printed needs no stand-in."""
    found = derive(parish(state="IN", zip="47710", latitude=38.0, longitude=-87.5))
    assert found == Derived(timezone="America/Chicago")


def test_a_missing_state_follows_only_when_the_town_fits() -> None:
    """A five-digit code beside a foreign town says nothing of a state of ours."""
    assert derive(parish(city="Cleveland", zip="44101")).state == "OH"
    assert derive(parish(city="Berlin", zip="12345")) == Derived()
    assert derive(parish(zip="44101")) == Derived()


def test_a_state_that_contradicts_the_zip_code_is_a_doubt() -> None:
    """Both printed values stay; nothing is derived from the code, and the zone is the printed state's, if it has one."""
    found = derive(parish(city="Toledo", state="OH", zip="46402"))
    assert found.doubts == ("the ZIP code 46402 lies in IN, not in OH",)
    assert (found.latitude, found.longitude, found.state, found.timezone) == (None, None, None, "America/New_York")
    assert derive(parish(state="IN", zip="44101")).timezone is None


def test_coordinates_far_from_the_zip_code_are_a_doubt() -> None:
    """A lost sign puts a church into China: no map shows it."""
    found = derive(parish(state="OH", zip="44101", latitude=41.5, longitude=81.6))
    assert found.misplaced
    assert found.doubts[0].endswith("km from the ZIP code 44101")
    assert not derive(parish(state="OH", zip="44101", latitude=41.4, longitude=-81.7)).misplaced


@pytest.mark.parametrize(
    ("facts", "zone"),
    [
        ({"city": "Louisville", "state": "KY"}, "America/Kentucky/Louisville"),
        ({"city": "Nowhere", "state": "OH"}, "America/New_York"),
        ({"city": "Nowhere", "state": "KY"}, None),
        ({"state": "OH"}, "America/New_York"),
        ({"city": "Louisville"}, None),
        ({"city": "Toronto", "state": "ON", "zip": "M5V 2T6"}, None),
        ({}, None),
        ({"city": "Phenix City", "state": "AL", "zip": "36867"}, None),
    ],
)
def test_a_zone_follows_from_code_town_or_state_or_not_at_all(facts: dict[str, object], zone: str | None) -> None:
    """Where no clock is certain, none is told."""
    assert derive(parish(**facts)).timezone == zone


def test_the_stored_form_holds_only_what_follows() -> None:
    """It comes back as it went, and nothing derived is an empty object."""
    found = derive(parish(city="Cleveland", zip="44101"))
    assert Derived(**found.stored()) == found
    assert derive(parish()).stored() == {}


def test_distances_are_great_circles() -> None:
    """New York to Los Angeles is some 3,940 km."""
    assert kilometres((40.71, -74.01), (34.05, -118.24)) == pytest.approx(3936, rel=0.005)
