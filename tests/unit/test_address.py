"""Addresses are read by their parts; what the text does not state stays None."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitality.pages.address import Address, place_line, read_abroad, read_address


def address(
    street: str | None, city: str | None, state: str | None, code: str | None = None, mailing: str | None = None
) -> Address:
    return Address(street=street, city=city, state=state, zip=code, mailing=mailing)


CASES = [
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
    ("St. Bede Rectory: 5 Cross St.\nMedford, MA 02155", address("5 Cross St.", "Medford", "MA", "02155")),
    ("Rectory: 5 Cross St.\nMedford, MA 02155", address("5 Cross St.", "Medford", "MA", "02155")),
    ("RR 4, Box 9A\nOlney, IL 62450", address("RR 4, Box 9A", "Olney", "IL", "62450")),
    ("HC-02 Box 77, Lares, PR 00669", address("HC-02 Box 77", "Lares", "PR", "00669")),
    ("Rt. 3 Box 12, Ada, OK 74820", address("Rt. 3 Box 12", "Ada", "OK", "74820")),
    ("Rt. 9 & Mill Road, Rhinebeck, NY 12572", address("Rt. 9 & Mill Road", "Rhinebeck", "NY", "12572")),
    ("County Rd. PP, Plover, WI 54467", address("County Rd. PP", "Plover", "WI", "54467")),
    ("Calle Sol 12, San Juan, PR 00901", address("Calle Sol 12", "San Juan", "PR", "00901")),
    (
        "Carr. 111 Km 2.3, Bo. Pueblo\nLares, PR 00669",
        address("Carr. 111 Km 2.3, Bo. Pueblo", "Lares", "PR", "00669"),
    ),
    (
        "Urb. Las Lomas\nCalle 8 Bloque C #4\nSan Juan, Puerto Rico 00921",
        address("Calle 8 Bloque C #4", "San Juan", "PR", "00921"),
    ),
    ("4400 Highway 78 Snellville, GA 30039", address("4400 Highway 78", "Snellville", "GA", "30039")),
    ("9 Oak St., Erie, PA, United States 16501", address("9 Oak St.", "Erie", "PA", "16501")),
    ("9 Oak St.\nErie, Pa 16501", address("9 Oak St.", "Erie", "PA", "16501")),
    ("9 Oak St., DeKalb, Ill 60115", address("9 Oak St.", "DeKalb", "IL", "60115")),
    ("9 Oak St., Charleston, W. Va. 25301", address("9 Oak St.", "Charleston", "WV", "25301")),
    ("9 Oak St.\nErie, PA 165011234", address("9 Oak St.", "Erie", "PA", "16501")),
    ("9 Oak St. • Erie, PA • 16501", address("9 Oak St.", "Erie", "PA", "16501")),
    ("9 Oak St. ~ Erie, PA ~ 16501", address("9 Oak St.", "Erie", "PA", "16501")),
    ("Court Square, Carthage, MO 64836", address("Court Square", "Carthage", "MO", "64836")),
    ("9 Oak St., Kennett Square, PA", address("9 Oak St.", "Kennett Square", "PA")),
    ("9 Oak St., Coeur d'Alene, ID 83814", address("9 Oak St.", "Coeur d'Alene", "ID", "83814")),
    ("9 Oak St., 29 Palms, CA 92277", address("9 Oak St.", "29 Palms", "CA", "92277")),
    ("9 Oak St., Canton (Stark County), OH 44720", address("9 Oak St.", "Canton", "OH", "44720")),
    ("9 Oak St, Lima, Allen County, OH 45801", address("9 Oak St", "Lima", "OH", "45801")),
    (
        "9 Oak St., Lima, OH 45801\nMailing: 14 Elm St., Lima, OH 45801",
        address("9 Oak St.", "Lima", "OH", "45801", "14 Elm St., Lima, OH 45801"),
    ),
    (
        "9 Oak St., Lima, OH 45801; Mailing: P.O. Box 12",
        address("9 Oak St.", "Lima", "OH", "45801", "P.O. Box 12"),
    ),
    ("Mailing Address:\nP.O. Box 6\nEly, NV 89301", address("P.O. Box 6", "Ely", "NV", "89301")),
    (
        "40 Hill Dr., P.O. Box 124, Ava, MO 65608",
        address("40 Hill Dr., P.O. Box 124", "Ava", "MO", "65608", "P.O. Box 124, Ava, MO 65608"),
    ),
    ("N5705 Hwy. 25\nDurand, WI 54736", address("N5705 Hwy. 25", "Durand", "WI", "54736")),
    ("22 Front St\nFloor 3\nHempstead, NY 11550", address("22 Front St, Floor 3", "Hempstead", "NY", "11550")),
    ("12 S 200 E, American Fork 84003", address("12 S 200 E", "American Fork", None, "84003")),
    ("12 S 200 E\nAmerican Fork\n84003", address("12 S 200 E", "American Fork", None, "84003")),
    ("12 E 300 S Cottonwood Heights 84121", address("12 E 300 S", "Cottonwood Heights", None, "84121")),
    ("15 Third St. NE, 62040", address("15 Third St. NE", None, None, "62040")),
    ("15 Third St. NE 62040", address("15 Third St. NE", None, None, "62040")),
    ("15 Third St. NE, Omaha, NE 68102", address("15 Third St. NE", "Omaha", "NE", "68102")),
    ("80 Panguitch Lake Rd Panguitch UT 84759", address("80 Panguitch Lake Rd", "Panguitch", "UT", "84759")),
    ("1200 County Road 12345", address("1200 County Road 12345", None, None)),
    (
        "PO Box 5 / 10 Main Ave\nBadger, MN 56714",
        address("10 Main Ave", "Badger", "MN", "56714", "PO Box 5, Badger, MN 56714"),
    ),
    (
        "P.O. Box 1, (100 Church St.), Shiner, TX 77984",
        address("100 Church St.", "Shiner", "TX", "77984", "P.O. Box 1, Shiner, TX 77984"),
    ),
    ("Los Angeles 90026, CA", address(None, "Los Angeles", "CA", "90026")),
    ("R.D. #2 Box 40, Emlenton, PA 16373", address("R.D. #2 Box 40", "Emlenton", "PA", "16373")),
    ("US 70 W, Morehead City, NC 28557", address("US 70 W", "Morehead City", "NC", "28557")),
    ("9 Oak St., Lima, OH 45801-", address("9 Oak St.", "Lima", "OH", "45801")),
    ("30 Hill St • PO Box 14 • Ava, MO 65608", address("30 Hill St", "Ava", "MO", "65608", "PO Box 14, Ava, MO 65608")),
    ("4201 N. 16th St., Suite 120 Phoenix, AZ 85016", address("4201 N. 16th St., Suite 120", "Phoenix", "AZ", "85016")),
    ("Bo. Tejas Carr. 908 Km 1.1, Yabucoa PR 00767", address("Bo. Tejas Carr. 908 Km 1.1", "Yabucoa", "PR", "00767")),
    ("W. 5th and Cedar, Yankton SD", address("W. 5th and Cedar", "Yankton", "SD")),
    ("17, Rue St-Jean, Frenchville, ME 04745", address("17 Rue St-Jean", "Frenchville", "ME", "04745")),
    ("Sunday: 8 and 10 am\nErie, PA 16501", address(None, "Erie", "PA", "16501")),
    ("IL", address(None, None, "IL")),
    ("Athens", address(None, None, None)),
    ("", address(None, None, None)),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
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


@settings(deadline=None, max_examples=300)
@given(
    st.lists(st.sampled_from([text for text, _ in CASES]), min_size=1, max_size=2),
    st.integers(0, 80),
    st.sampled_from(("", "\n", " ", ",", "(", "/", "-", "#", "|", ";", ":", "~", "0", "A")),
)
def test_no_part_of_an_address_is_made_up(texts: list[str], at: int, noise: str) -> None:
    """Addresses cut, joined and spoilt: street, town and ZIP code stand in the text, letter by letter."""
    text = "\n".join(texts)
    text = text[:at] + noise + text[at:] if noise else text[: at + 1]
    found = read_address(text)
    for part in (found.street, found.city, found.zip):
        assert _letters(part or "") in _letters(text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())
