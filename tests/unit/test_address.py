"""Addresses are read by their parts; what the text does not state stays None."""

from __future__ import annotations

import pytest

from vitality.pages.address import Address, place_line, read_abroad, read_address


def address(
    street: str | None, city: str | None, state: str | None, code: str | None = None, mailing: str | None = None
) -> Address:
    return Address(street=street, city=city, state=state, zip=code, mailing=mailing)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 Elm Street\nAthens, OH 45701", address("12 Elm Street", "Athens", "OH", "45701")),
        ("12 Elm Street, Athens, Ohio, 45701-1234", address("12 Elm Street", "Athens", "OH", "45701-1234")),
        ("9757 S 1700 E, Sandy, UT", address("9757 S 1700 E", "Sandy", "UT")),
        ("138 N and 100 W, Vernal, UT", address("138 N and 100 W", "Vernal", "UT")),
        (
            "W248 S7040 Sugar Maple Dr, Muskego, WI 53150",
            address("W248 S7040 Sugar Maple Dr", "Muskego", "WI", "53150"),
        ),
        ("Corner of Main & Oak Streets, Price, UT", address("Corner of Main & Oak Streets", "Price", "UT")),
        ("P.O. Box 66\nMoab, UT 84532", address("P.O. Box 66", "Moab", "UT", "84532")),
        (
            "1 Hill St.\nP.O. Box 66\nMoab, UT 84532",
            address("1 Hill St.", "Moab", "UT", "84532", "P.O. Box 66, Moab, UT 84532"),
        ),
        ("Parish Hall, 7857 Lake Street, Ralston, NE, 68127", address("7857 Lake Street", "Ralston", "NE", "68127")),
        ("2699 Peach Road, NE\nGA 30305", address("2699 Peach Road, NE", None, "GA", "30305")),
        ("48 King, Jr. Drive, SW, Atlanta, GA 30303", address("48 King, Jr. Drive, SW", "Atlanta", "GA", "30303")),
        ("123 Main St Springfield IL 62701", address("123 Main St", "Springfield", "IL", "62701")),
        ("3900 Harewood Rd NE, Washington, D.C. 20017", address("3900 Harewood Rd NE", "Washington", "DC", "20017")),
        ("8244 Highway AE\nSullivan, MO 63080", address("8244 Highway AE", "Sullivan", "MO", "63080")),
        ("Park Hills, MO", address(None, "Park Hills", "MO")),
        ("IL", address(None, None, "IL")),
        ("Athens", address(None, None, None)),
        ("", address(None, None, None)),
    ],
)
def test_an_address_is_read_by_its_parts(text: str, expected: Address) -> None:
    """Street, city, state and ZIP code are found in one line or many, a box beside a street is for mail."""
    assert read_address(text) == expected


def test_a_place_line_says_nothing_else() -> None:
    """Only "City, ST" with or without ZIP code is a place line."""
    assert place_line("Athens, OH 45701") == address(None, "Athens", "OH", "45701")
    assert place_line("12 Elm Street, Athens, OH") is None
    assert place_line("St. Joseph") is None
    assert place_line("Pope Paul VI") is None
    assert place_line("Athens OH") == address(None, "Athens", "OH")


def test_addresses_abroad_are_read_by_position() -> None:
    """Street, town, county, with the code wherever it stands."""
    assert read_abroad(["8 Quay Place, Carrick, Co. Antrim BT38 8AU"]) == address(
        "8 Quay Place", "Carrick", "Co. Antrim", "BT38 8AU"
    )
    assert read_abroad(["Miathene, Meru County"]) == address(None, "Miathene", "Meru County")
