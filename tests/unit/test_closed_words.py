"""Words beside a parish that say it is closed or merged, and those that only say when an office is."""

from __future__ import annotations

import pytest

from vitality.pages.former_names import former_names
from vitality.pages.parish_names import fold_name, merged_into, says_closed


@pytest.mark.parametrize(
    "text",
    [
        "Closed", "(closed)", "CLOSED 2019", "Closed June 30, 2020", "Parish closed in 2004", "This parish was closed in 2011.",
        "Suppressed 2008", "Closed as of July 1, 2021", "Status: Closed", "St. Mary (Closed)", "Former parish", "Permanently closed",
        "Closed; records at Holy Family", "Closed 12/31/2019", "closed effective 6-30-2021", "Worship site closed 2014", "Closed. See St. Leo.",
        "Closed (2018)", "Closed 7/1/22", "St. Mary (merged)", "St. Mary – Merged 2015", "Relegated to profane use", "Closed Parishes", "Closed and Merged Parishes", "Former Parishes",
    ],
)  # fmt: skip
def test_a_parish_that_is_closed_for_good(text: str) -> None:
    """Alone, with a date or a year, or as the heading of a list."""
    assert says_closed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Office closed Fridays", "Closed Mondays", "Closed on Fridays", "Closed for lunch 12-1", "Office hours: 9-4, closed 12-1",
        "M-Th 9-3, closed Friday", "Closed weekends", "The office is closed on federal holidays", "Friday: Closed", "Sat - Sun Closed",
        "Adoration chapel closed until further notice", "School closed 2005", "Gift shop closed", "Closed captioning available",
        "Closed Tues. & Thurs.", "closed July 4", "closed Dec. 25", "enclosed garden", "Cloister closed to visitors", "Closed in August",
        "Church is locked; closed at 5 pm", "Closed 1-2pm", "We are closed today", "Church temporarily closed", "closed between the feasts",
        "Merged Parishes of St. Ann and St. Leo", "Combined Parish of St. Ann & St. Leo", "St. Mary Consolidated", "Seasonal: closed October through May",
        "formed in 2005 when St. Ann and St. Leo merged", "Holy Family (merger of the former parishes of St. Ann and St. Leo)", "Merged choir",
        "Currently closed for repairs", "Closed daily 12 to 1 p.m.", "formerly St. Mary",
    ],
)  # fmt: skip
def test_an_office_that_is_closed_closes_no_parish(text: str) -> None:
    """Weekdays, hours, days of the year, other houses: the parish lives."""
    assert not says_closed(text)
    assert merged_into(text) is None


@pytest.mark.parametrize(
    ("text", "heir"),
    [
        ("Merged with Holy Family Parish", "Holy Family Parish"),
        ("Merged with St. Joseph in 2016", "St. Joseph"),
        ("Merged in 2012 with Holy Cross", "Holy Cross"),
        ("Merged July 1, 2015 into Christ the King", "Christ the King"),
        ("merged to form Holy Family Parish", "Holy Family Parish"),
        ("Combined with St. Mark to form All Saints", "All Saints"),
        ("Merged with St. Pius X and St. Jude to become Divine Mercy Parish in 2021", "Divine Mercy Parish"),
        ("Now part of St. Teresa of Calcutta Parish", "St. Teresa of Calcutta Parish"),
        ("became part of Holy Trinity Parish in 2010", "Holy Trinity Parish"),
        ("Closed 2009, merged with St. Clare", "St. Clare"),
        ("Merged 2017 – see Our Lady of Grace", "Our Lady of Grace"),
        ("(merged with Sacred Heart)", "Sacred Heart"),
        ("Merged", ""),
        ("Closed/Merged", ""),
        ("Mass combined with St. Ann", None),
        ("Combined choir rehearsal", None),
        ("Combined with the religious education office", None),
        ("See Holy Family", None),
    ],
)
def test_the_heir_of_a_merger(text: str, heir: str | None) -> None:
    """The parish that lives on, without day, year and preposition; what is no parish's name is no heir."""
    assert merged_into(text) == heir


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Holy Family Parish (formerly St. Mary & St. Ann)", ("St. Mary", "St. Ann")),
        ("Formerly St. Jude", ("St. Jude",)),
        ("formerly known as Sts. Peter and Paul", ("Sts. Peter and Paul",)),
        (
            "Merger of Sacred Heart, St. Leo and Our Lady of Grace parishes",
            ("Sacred Heart", "St. Leo", "Our Lady of Grace"),
        ),
        ("(formerly the parishes of St. John and Holy Cross)", ("St. John", "Holy Cross")),
        ("Divine Mercy: merger of St. Pius X and St. Jude, 2021", ("St. Pius X", "St. Jude")),
        ("formerly a Methodist church", ()),
        ("St. Mary (formerly in Troy)", ()),
        ("St. Mary and St. Ann", ()),
    ],
)
def test_what_a_parish_was_before(text: str, names: tuple[str, ...]) -> None:
    """One name or several; what is no parish's name is none."""
    assert former_names(text) == names


@pytest.mark.parametrize(
    "name",
    ["St. Ann (closed)", "St. Ann – CLOSED 2019", "St. Ann [closed]", "St. Ann (merged with St. Leo)", "St. Ann, Closed",
     "St. Ann (formerly St. Jude)", "St. Ann *CLOSED*"],
)  # fmt: skip
def test_words_behind_a_name_make_no_other_parish(name: str) -> None:
    """Names are compared without what became of the parish."""
    assert fold_name(name) == fold_name("St. Ann")
