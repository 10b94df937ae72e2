"""The bundled table of ZIP codes: states, towns and, above all, time zones where a state has two."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from vitality.zip_codes import states_of, timezone_of, timezone_of_state, zip_code


@pytest.mark.parametrize(
    ("code", "state", "zone"),
    [
        ("46204", "IN", "America/Indiana/Indianapolis"),
        ("46402", "IN", "America/Chicago"),
        ("47710", "IN", "America/Chicago"),
        ("46534", "IN", "America/Indiana/Knox"),
        ("40202", "KY", "America/Kentucky/Louisville"),
        ("42101", "KY", "America/Chicago"),
        ("37402", "TN", "America/New_York"),
        ("37201", "TN", "America/Chicago"),
        ("79901", "TX", "America/Denver"),
        ("79855", "TX", "America/Chicago"),
        ("32401", "FL", "America/Chicago"),
        ("32301", "FL", "America/New_York"),
        ("86001", "AZ", "America/Phoenix"),
        ("86515", "AZ", "America/Denver"),
        ("86042", "AZ", "America/Phoenix"),
        ("69101", "NE", "America/Chicago"),
        ("69361", "NE", "America/Denver"),
        ("83501", "ID", "America/Los_Angeles"),
        ("97914", "OR", "America/Boise"),
        ("49801", "MI", "America/Menominee"),
        ("00601", "PR", "America/Puerto_Rico"),
        ("96813", "HI", "Pacific/Honolulu"),
        ("44101-1234", "OH", "America/New_York"),
        ("36867", "AL", None),
        ("89883", "NV", None),
        ("86045", "AZ", None),
    ],
)
def test_a_code_has_its_state_and_the_clock_of_its_place(code: str, state: str, zone: str | None) -> None:
    """Both sides of the lines through Indiana, Kentucky, Tennessee, Texas, Florida, Arizona and others; none in dispute."""
    found = zip_code(code)
    assert found is not None
    assert (found.state, found.timezone) == (state, zone)


def test_the_navajo_nation_changes_its_clock_and_the_hopi_within_it_do_not() -> None:
    """Window Rock is an hour before Phoenix in summer, Polacca is not."""
    july, january = datetime(2026, 7, 1, 12), datetime(2026, 1, 1, 12)  # noqa: DTZ001 - the zone is added
    offsets = {code: [_offset(code, day) for day in (january, july)] for code in ("86515", "86042", "85001")}
    assert offsets == {"86515": [-7, -6], "86042": [-7, -7], "85001": [-7, -7]}


def _offset(code: str, day: datetime) -> float:
    found = zip_code(code)
    assert found is not None
    assert found.timezone is not None
    offset = day.replace(tzinfo=ZoneInfo(found.timezone)).utcoffset()
    assert offset is not None
    return offset / timedelta(hours=1)


def test_every_zone_of_the_table_is_one() -> None:
    """No name that the calendar's library would not know."""
    zones = {timezone_of_state(state) for state in ("NY", "IL", "CO", "CA", "HI", "GU", "PR", "VI", "AS")}
    assert None not in zones
    assert all(ZoneInfo(zone) for zone in zones if zone)
    from vitality.zip_codes import _zones_of_states

    assert all(ZoneInfo(zone) for found in _zones_of_states().values() for zone in found)


@pytest.mark.parametrize(
    ("city", "state", "zone"),
    [
        ("Evansville", "IN", "America/Chicago"),
        ("Saint Meinrad", "IN", "America/Chicago"),
        ("St. Meinrad", "IN", "America/Chicago"),
        ("El Paso", "TX", "America/Denver"),
        ("Pensacola", "FL", "America/Chicago"),
        ("Phenix City", "AL", None),
        ("Nowhere at All", "IN", None),
        ("Evansville", "OH", None),
    ],
)
def test_a_town_has_a_zone_when_all_its_codes_share_it(city: str, state: str, zone: str | None) -> None:
    """A town in dispute, or in another state, has none."""
    assert timezone_of(city, state) == zone


def test_a_state_has_a_zone_only_when_it_has_one() -> None:
    """Ohio has one, Indiana and Arizona have more."""
    assert [timezone_of_state(state) for state in ("OH", "IN", "AZ", "XX")] == ["America/New_York", None, None, None]


@pytest.mark.parametrize("text", ["00000", "M5V 2T6", "4410", "44101-12", "", "44101 "])
def test_what_is_no_code_is_none(text: str) -> None:
    """Codes that do not exist, of other countries, or cut short."""
    assert zip_code(text) is None


def test_a_town_is_found_in_each_of_its_states() -> None:
    """Spelling does not matter."""
    assert {"MO", "MN", "PA"} & states_of("St. Louis") == {"MO"}
    assert states_of("Saint Louis") == states_of("St. Louis")
