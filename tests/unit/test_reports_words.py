"""How times are said in English."""

import pytest

from tests.unit.report_rows import service_time
from vitality.records import RelativeTime
from vitality.reports import words


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["SU"], "Sunday"),
        (["MO", "TU", "WE", "TH", "FR"], "Monday to Friday"),
        (["TU", "TH"], "Tuesday, Thursday"),
        (["MO", "TU", "WE", "SA"], "Monday to Wednesday, Saturday"),
        (["1FR", "HD"], "First Friday, Holy days of obligation"),
        (["-1SA"], "Last Saturday"),
        (["1FR+1"], "Day after the first Friday"),
        (["1FR-2"], "2 days before the first Friday"),
        (["XX"], "XX"),
        ([], "day not stated"),
    ],
)
def test_days(codes: list[str], said: str) -> None:
    """Spans, ordinals and holy days; an unknown code is shown as it is."""
    assert words.days(service_time(days=codes)) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-12-24", "Thursday, December 24, 2026"),
        ("12-24", "December 24 (no year stated)"),
        ("02-29", "February 29 (no year stated)"),
        ("christmas_eve", "Christmas eve"),
        ("2026-02-30", "2026-02-30"),
    ],
)
def test_dates(text: str, said: str) -> None:
    """A date that the page prints without its year stays without one."""
    assert words.dated(text) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start": "00:00"}, "12:00 AM"),
        ({"start": "12:10", "end": "13:00"}, "12:10 PM to 1:00 PM"),
        ({"end": "13:00"}, "time not stated, until 1:00 PM"),
        ({}, "time not stated"),
    ],
)
def test_hours(fields: dict[str, str], said: str) -> None:
    """An hour that is not stated is never made up."""
    assert words.hours(service_time(days=["SU"], **fields)) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"edge": "start", "offset_min": -30}, "30 minutes before Mass"),
        ({"edge": "start", "offset_min": -30, "anchor_time": "08:00"}, "30 minutes before the 8:00 AM Mass"),
        ({"edge": "end", "offset_min": 0, "anchor_time": "08:00"}, "after the 8:00 AM Mass"),
        ({"edge": "end", "offset_min": 15}, "15 minutes after the end of Mass"),
        ({"edge": "start"}, "before Mass"),
    ],
)
def test_relative_times(fields: dict[str, object], said: str) -> None:
    """What the page gives relative to another service is said so."""
    assert words.relative(RelativeTime.model_validate({"anchor": "mass"} | fields)) == said


def test_seasons_and_exceptions() -> None:
    """Ranges of the year, names of seasons, and the page's own words."""
    assert words.season("06-01..08-31,lent") == "June 1 to August 31, Lent"
    assert words.exception("1FR") == "First Friday"
    assert words.exception("when the holy day is a Monday") == "when the holy day is a Monday"


def test_file_names_are_plain() -> None:
    """Names become ASCII; a name without a letter of it is its number."""
    assert words.slug("Nuestra Señora / St. Mary's", 7) == "nuestra-senora-st-mary-s-7"
    assert words.slug("聖母", 7) == "7"
