"""The readings of a site's pages become one schedule that nobody need mistrust."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from vitality.pages.merge import merge, of_parish
from vitality.pages.page_trust import SourceReading
from vitality.pages.schedule import ReadLine, ScheduleReading
from vitality.records import Evidence, RelativeTime, Service, ServiceTime, TimeStatus


def at(
    days: str, start: str | None = None, *, service: Service = Service.MASS, page: str = "/", **more: Any
) -> ServiceTime:
    evidence = Evidence(url=f"http://st-a.test{page}", content_hash="sha256:0", quote="x", start=0, end=1)
    kind = "dated" if "dates" in more else "regular"
    return ServiceTime(
        service=service,
        days=tuple(days.split()),
        start=start,
        kind=kind,
        evidence=evidence,
        confidence=0.9,
        extractor="t",
        **more,
    )


def source(page: str, *times: ServiceTime, linked: bool = True, **traits: Any) -> SourceReading:
    return SourceReading(url=f"http://st-a.test{page}", reading=ScheduleReading(times=times, **traits), linked=linked)


def told(times: tuple[ServiceTime, ...], status: TimeStatus = TimeStatus.ACTIVE) -> set[tuple[str, str, str]]:
    return {(t.service.value, " ".join((*t.days, *t.dates)), t.start or "") for t in times if t.status is status}


MASS_PAGE = {"title": "Mass Times", "dedicated": True}


def test_one_fact_on_several_pages_is_one_service_time() -> None:
    """Repeated times are kept once, from the page made for them, with the details that only another page has."""
    (found,) = merge(
        [
            source("/", at("SU", "09:00", language=("es",), end="10:00")),
            source("/mass", at("SU", "09:00", page="/mass"), **MASS_PAGE),
        ]
    )
    assert found.evidence.url.endswith("/mass")
    assert (found.language, found.end) == (("es",), "10:00")
    (added,) = found.evidence.also
    assert added.url.endswith("test/")
    assert added.model_dump(mode="json").keys() == found.evidence.model_dump(mode="json").keys() - {"also"}


def test_days_that_are_known_are_taken_out_of_a_range() -> None:
    """Of "Monday to Wednesday" only the days that the better page does not state are left."""
    found = merge([source("/", at("MO TU WE", "08:00")), source("/mass", at("MO TU", "08:00"), **MASS_PAGE)])
    assert told(found) == {("mass", "MO TU", "08:00"), ("mass", "WE", "08:00")}


def test_the_dedicated_page_wins_and_the_loser_is_superseded() -> None:
    """A home page that says another Sunday time than the Mass page is marked, and trusted less."""
    found = merge([source("/", at("SU", "09:30")), source("/mass", at("SU", "09:00"), **MASS_PAGE)])
    assert told(found) == {("mass", "SU", "09:00")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SU", "09:30")}
    assert next(t for t in found if t.status is TimeStatus.SUPERSEDED).confidence < 0.9


def test_a_newer_page_wins_over_an_older_one_of_its_kind() -> None:
    """Of two Mass pages the one of a later year is believed."""
    found = merge(
        [
            source("/mass-2019", at("SU", "10:00"), year=2019, **MASS_PAGE),
            source("/mass", at("SU", "11:00"), year=2026, **MASS_PAGE),
        ]
    )
    assert told(found) == {("mass", "SU", "11:00")}


def test_churches_languages_and_seasons_stay_apart() -> None:
    """Another church, another language or another season is no contradiction."""
    found = merge(
        [
            source(
                "/mass", at("SU", "09:00", location="St. Ann Church"), at("SU", "08:00", season="summer"), **MASS_PAGE
            ),
            source("/b", at("SU", "11:00", location="St. Bede Chapel")),
            source("/es", at("SU", "13:00", language=("es",), location="St. Ann")),
        ]
    )
    assert {t[2] for t in told(found) if t[0] == "mass"} >= {"09:00", "08:00", "11:00"}


def test_spanish_mass_of_the_spanish_page_is_kept() -> None:
    """A time whose language the other page's times do not have adds to them."""
    found = merge(
        [
            source("/mass", at("SU", "09:00", language=("en",)), **MASS_PAGE),
            source("/es", at("SU", "13:00", language=("es",))),
        ]
    )
    assert told(found) == {("mass", "SU", "09:00"), ("mass", "SU", "13:00")}


def test_a_transient_page_never_overwrites_the_standing_schedule() -> None:
    """This week's times change nothing where a standing schedule is known, and are doubted where none is."""
    week = source("/week", at("SU", "12:00"), transient=True)
    assert told(merge([source("/mass", at("SU", "09:00")), week])) == {("mass", "SU", "09:00")}
    (alone,) = merge([week])
    assert alone.confidence < 0.9


def test_a_dated_service_of_this_week_that_is_the_usual_one_is_dropped() -> None:
    """The Sunday Mass of one date says nothing new; a Mass at another hour does."""
    sunday = at("", "09:00", dates=("2026-01-04",))
    other = at("", "19:00", dates=("2026-01-04",))
    found = merge([source("/mass", at("SU", "09:00"), **MASS_PAGE), source("/week", sunday, other, transient=True)])
    assert told(found) == {("mass", "SU", "09:00"), ("mass", "2026-01-04", "19:00")}


def test_a_forgotten_page_supersedes_nothing() -> None:
    """What only a page that nothing links says beside the linked ones is superseded, whatever day it names."""
    old = source("/index-old", at("SU", "10:00"), at("MO", "19:00"), linked=False, **MASS_PAGE)
    found = merge([old, source("/", at("SU", "09:00"))])
    assert told(found) == {("mass", "SU", "09:00")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SU", "10:00"), ("mass", "MO", "19:00")}


def test_relative_and_clock_times_are_compared() -> None:
    """Half an hour before the 9:00 Mass is 8:30."""
    relative = at(
        "SU", service=Service.CONFESSION, start_rel=RelativeTime(anchor="mass", anchor_time="09:00", offset_min=-30)
    )
    assert len(merge([source("/", relative), source("/c", at("SU", "08:30", service=Service.CONFESSION))])) == 1


def test_cancelled_is_not_the_same_fact_as_active() -> None:
    """A cancelled service neither hides nor completes the active one."""
    found = merge([source("/", at("SU", "09:00")), source("/n", at("SU", "09:00", status=TimeStatus.CANCELLED))])
    assert {t.status for t in found} == {TimeStatus.ACTIVE, TimeStatus.CANCELLED}


def test_the_page_date_counts_as_its_year() -> None:
    """A page dated years before the others is outdated, however dedicated."""
    old = source("/mass", at("SU", "10:00"), page_date=date(2015, 1, 1), **MASS_PAGE)
    new = source("/", at("SU", "09:00"), page_date=date(2026, 1, 1))
    assert told(merge([old, new])) == {("mass", "SU", "09:00")}


def test_a_page_that_gives_itself_up_supersedes_nothing() -> None:
    """A page that says its schedule is no longer in effect is believed in that, though it names a year."""
    line = ReadLine(text="This schedule is no longer in effect.", start=0, end=1, role="text")
    old = source("/mass-2024", at("SU", "07:30"), at("SA", "19:00"), lines=(line,), year=2024, **MASS_PAGE)
    found = merge([old, source("/mass", at("SU", "09:30"), **MASS_PAGE)])
    assert told(found) == {("mass", "SU", "09:30")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SU", "07:30"), ("mass", "SA", "19:00")}


def test_a_page_without_a_year_is_the_standing_one() -> None:
    """Of two Mass pages the one that names a past year is not preferred to the one that names none."""
    found = merge(
        [
            source("/mass-2024", at("SU", "07:30"), year=2024, **MASS_PAGE),
            source("/mass", at("SU", "09:30"), **MASS_PAGE),
        ]
    )
    assert told(found) == {("mass", "SU", "09:30")}


def test_pages_of_different_churches_do_not_contradict() -> None:
    """A page under a church's name speaks of that church, where its lines name no place."""
    one = source(
        "/st-peter", at("SU", "11:00"), title="St. Peter, Kelp Cove - Island Parishes", heading="Island Parishes"
    )
    two = source(
        "/star", at("SU", "08:30"), title="Star of the Sea, Gull Island - Island Parishes", heading="Island Parishes"
    )
    found = merge([one, two])
    assert {(t.start, t.location) for t in found} == {
        ("11:00", "St. Peter, Kelp Cove"),
        ("08:30", "Star of the Sea, Gull Island"),
    }
    assert all("location" in t.inferred for t in found)


def test_pages_of_one_church_do_contradict() -> None:
    """The name that all pages share makes no two churches out of one."""
    about = source("/about", at("SU", "11:00"), title="About St. Ann Church | St. Ann")
    masses = source("/mass", at("SU", "09:00"), title="Mass Times | St. Ann", dedicated=True)
    found = merge([about, masses])
    assert told(found) == {("mass", "SU", "09:00")}
    assert all(t.location is None for t in found)


def test_the_parishs_own_name_is_no_place_and_tells_the_rite() -> None:
    """A place that is the parish is dropped where no other church is named; the rite of the name is inferred."""
    (own,) = of_parish([at("SU", "09:00", location="St. Ann Church")], "St. Ann Byzantine Catholic Church", "byzantine")
    assert own.location is None
    assert own.rite == "byzantine"
    assert "rite" in own.inferred
    two = of_parish(
        [at("SU", "09:00", location="St. Ann"), at("SU", "08:00", location="St. Bede")], "St. Ann Church", None
    )
    assert [t.location for t in two] == ["St. Ann", "St. Bede"]


def test_a_calendar_beside_the_schedule_does_not_make_it_transient() -> None:
    """A page made for the standing schedule counts as such unless its title names a week or feast."""
    page = source("/services", at("SU", "09:00"), transient=True, title="Services and Calendar", dedicated=True)
    assert merge([page])[0].confidence == 0.9
    lent = source("/lent", at("SU", "09:00"), transient=True, title="Lent Schedule", dedicated=True)
    assert merge([lent])[0].confidence < 0.9


def test_dated_services_of_years_before_the_sites_own_are_superseded() -> None:
    """Last year's Christmas is told, but nobody is sent there."""
    footer = ReadLine(text="© 2025 St. A", start=0, end=1, role="text")
    found = merge(
        [
            source("/", at("SU", "09:00"), lines=(footer,)),
            source("/christmas", at("", "16:00", dates=("2024-12-24",)), at("", "17:00", dates=("2025-12-24",))),
        ]
    )
    assert told(found) == {("mass", "SU", "09:00"), ("mass", "2025-12-24", "17:00")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "2024-12-24", "16:00")}


def test_dated_services_before_the_day_of_fetching_are_superseded() -> None:
    """What was fetched on a day knows that the day before is over."""
    reading = ScheduleReading(times=(at("", "16:00", dates=("2026-04-02",)), at("", "10:00", dates=("2026-04-05",))))
    found = merge([SourceReading(url="http://st-a.test/", reading=reading, fetched=datetime(2026, 4, 3, tzinfo=UTC))])
    assert told(found) == {("mass", "2026-04-05", "10:00")}


def test_a_page_with_mass_in_its_title_and_one_time_is_not_the_schedule() -> None:
    """ "A new Sunday Mass?" tells less than the table of all Masses, which keeps its trust."""
    table = source("/sacraments", at("MO TU WE TH", "07:30"), at("SU", "09:00"), at("SU", "11:00"), title="Sacraments")
    survey = source("/node/44", at("SU", "18:00", page="/node/44"), title="New Mass schedule", dedicated=True)
    found = merge([source("/"), survey, table])
    assert told(found) == {("mass", "MO TU WE TH", "07:30"), ("mass", "SU", "09:00"), ("mass", "SU", "11:00")}
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SU", "18:00")}


def test_christmas_is_told_in_full() -> None:
    """A feast's Mass at the weekday's hour is no mere repetition of the standing schedule."""
    standing = source("/mass", at("MO TU WE TH FR", "08:00", page="/mass"), **MASS_PAGE)
    feast = source("/christmas", at("", "08:00", dates=("2025-12-25",), page="/christmas"), transient=True)
    week = source("/bulletin", at("", "08:00", dates=("2025-12-18",), page="/bulletin"), transient=True)
    assert told(merge([standing, feast, week])) == {
        ("mass", "MO TU WE TH FR", "08:00"),
        ("mass", "2025-12-25", "08:00"),
    }


def test_a_spanish_mass_of_a_page_of_its_own_is_no_contradiction() -> None:
    """The schedule in English that names no languages rarely lists it."""
    schedule = source("/mass", at("SU", "09:30", page="/mass"), **MASS_PAGE)
    spanish = source("/espanol", at("SU", "13:00", language=("es",), page="/espanol"))
    assert told(merge([schedule, spanish])) == {("mass", "SU", "09:30"), ("mass", "SU", "13:00")}


def test_a_season_of_a_year_that_nothing_says_it_is_now_is_superseded() -> None:
    """ "Summer Mass Schedule 2023" beside an undated schedule is left; with © 2023 below it is this summer's."""
    standing = source("/liturgy", at("SU", "09:30"), title="Liturgy", dedicated=True)
    summer = at("SU", "08:00", season="summer", page="/summer")
    assert told(merge([standing, source("/summer", summer, year=2023)])) == {("mass", "SU", "09:30")}
    footer = ReadLine(text="© 2023 St. A", start=0, end=1, role="text")
    now = merge([standing, source("/summer", summer, year=2023, lines=(footer,))])
    assert told(now) == {("mass", "SU", "09:30"), ("mass", "SU", "08:00")}


def test_a_summary_gives_way_to_the_hours_of_the_days() -> None:
    """ "Adoration follows Mass daily" above a table of its hours says nothing more; a single day's does."""
    after = RelativeTime(anchor="mass", edge="end", offset_min=0)
    daily = at("MO TU WE TH FR SA SU", service=Service.ADORATION, start_rel=after)
    hours = (at("MO TU WE TH FR", "10:00", service=Service.ADORATION), at("SU", "18:30", service=Service.ADORATION))
    left = [t.days for t in merge([source("/", daily, *hours)]) if t.start_rel is not None]
    assert left == [("SA",)]
    friday = at("FR", service=Service.ADORATION, start_rel=after)
    assert len(merge([source("/", friday, *hours)])) == 3


def test_the_page_named_for_masses_goes_before_a_home_page_that_begins_with_them() -> None:
    """ "Sunday Mass" as the first heading of the home page is a summary, and may be forgotten."""
    home = source("/", at("SU", "08:00"), title="St. Ann Church", heading="Sunday Mass", dedicated=True)
    page = source("/mass-times", at("SU", "09:00", page="/mass-times"), title="Mass Times", dedicated=True)
    assert told(merge([home, page])) == {("mass", "SU", "09:00")}


def test_what_is_by_appointment_is_at_no_church() -> None:
    """The page of one church says so for the parish; where they meet is agreed upon."""
    rose = source(
        "/rose",
        at("SU", "09:00", page="/rose"),
        at("", by_appointment=True, service=Service.CONFESSION),
        title="St. Rose Church",
    )
    jude = source("/jude", at("SU", "11:00", page="/jude"), title="St. Jude Church")
    places = {t.service: t.location for t in merge([rose, jude]) if t.start is None}
    assert places == {Service.CONFESSION: None}


def test_a_page_of_daily_masses_says_nothing_against_saturdays_vigil() -> None:
    """Saturday at 8:00 is the week's last daily Mass; the Sunday's Masses stand on another page."""
    daily = source("/daily", at("MO TU WE TH FR SA", "08:00", page="/daily"), **MASS_PAGE)
    assert told(merge([source("/", at("SA", "17:00"), at("SU", "09:00")), daily])) == {
        ("mass", "MO TU WE TH FR SA", "08:00"),
        ("mass", "SA", "17:00"),
        ("mass", "SU", "09:00"),
    }


def test_a_page_with_sundays_masses_too_is_the_whole_of_saturday() -> None:
    """There the vigil would stand if it were still said."""
    whole = source("/mass", at("SA", "08:00", page="/mass"), at("SU", "09:00", page="/mass"), **MASS_PAGE)
    found = merge([source("/", at("SA", "17:00")), whole])
    assert told(found, TimeStatus.SUPERSEDED) == {("mass", "SA", "17:00")}


def test_churches_that_the_parishs_name_joins_are_two_places() -> None:
    """ "St. Gabriel - Holy Family Parish" has Masses at both; neither name is the parish's own alone."""
    times = (at("SU", "09:00", location="St. Gabriel Church"), at("SU", "11:00", location="Holy Family Church"))
    found = of_parish(times, "St. Gabriel - Holy Family Parish", None)
    assert [t.location for t in found] == ["St. Gabriel Church", "Holy Family Church"]
