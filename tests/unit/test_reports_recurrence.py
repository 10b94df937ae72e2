"""Which service times become calendar rules, and that the rules name the right days."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from vitality.records import Evidence, ServiceTime
from vitality.reports.recurrence import DayRule, plan

EVIDENCE = Evidence(url="https://example.org/", content_hash="sha256:0", quote="Mass", start=0, end=4)


def time(**fields: object) -> ServiceTime:
    facts = {"service": "mass", "start": "09:00", "evidence": EVIDENCE, "confidence": 0.9, "extractor": "t"}
    return ServiceTime.model_validate(facts | fields)


def text_of(rule: DayRule) -> str:
    return ";".join(f"{name}={','.join(map(str, values))}" for name, values in rule.recur().items())


def rules(**fields: object) -> list[str]:
    return [text_of(rule) for rule in plan(time(**fields)).rules]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"days": ["SU"]}, ["FREQ=WEEKLY;BYDAY=SU"]),
        ({"days": ["FR", "MO", "MO"]}, ["FREQ=WEEKLY;BYDAY=MO,FR"]),
        ({"days": ["1FR"]}, ["FREQ=MONTHLY;BYDAY=1FR"]),
        ({"days": ["-1SA"]}, ["FREQ=MONTHLY;BYDAY=-1SA"]),
        ({"days": ["1SU", "3SU"]}, ["FREQ=MONTHLY;BYDAY=1SU,3SU"]),
        ({"days": ["SU", "1SU"]}, ["FREQ=WEEKLY;BYDAY=SU"]),
        ({"days": ["1FR+1"]}, ["FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=2,3,4,5,6,7,8"]),
        ({"days": ["1FR-1"]}, ["FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=-1,1,2,3,4,5,6"]),
        ({"days": ["FR"], "except": ["1FR"]}, ["FREQ=MONTHLY;BYDAY=2FR,3FR,4FR,5FR"]),
        ({"days": ["MO", "TU"], "except": ["TU"]}, ["FREQ=WEEKLY;BYDAY=MO"]),
        ({"days": ["SU"], "season": "july"}, ["FREQ=WEEKLY;BYDAY=SU;BYMONTH=7"]),
        ({"days": ["SU"], "season": "06-01..08-31"}, ["FREQ=WEEKLY;BYDAY=SU;BYMONTH=6,7,8"]),
        ({"days": ["SU"], "season": "12-01..02-28"}, ["FREQ=WEEKLY;BYDAY=SU;BYMONTH=1,2,12"]),
        (
            {"days": ["SU"], "season": "06-29..07-31"},
            ["FREQ=MONTHLY;BYDAY=5SU;BYMONTH=6", "FREQ=WEEKLY;BYDAY=SU;BYMONTH=7"],
        ),
        ({"days": ["SU"], "except": ["07-01..08-31"]}, ["FREQ=WEEKLY;BYDAY=SU;BYMONTH=1,2,3,4,5,6,9,10,11,12"]),
    ],
)
def test_days_become_the_shortest_rule(fields: dict[str, object], expected: list[str]) -> None:
    """Weekdays, nth weekdays, shifts, month ranges and exceptions are said as an RRULE."""
    assert sorted(rules(**fields)) == sorted(expected)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"days": ["HD"]}, "holy days"),
        ({"days": ["PH"]}, "civil holidays"),
        ({"days": []}, "no days stated"),
        ({"days": ["SU"], "season": "lent"}, "a season without fixed days"),
        ({"days": ["SU"], "season": "summer,07-01..07-31"}, "a season without fixed days"),
        ({"days": ["MO"], "except": ["funeral"]}, "an exception that no rule can say"),
        ({"days": ["MO"], "except": ["HD"]}, "an exception that no rule can say"),
        ({"days": ["MO"], "except": ["MO"]}, "no day is left of it"),
        ({"days": ["4FR+1"]}, "a day counted past the end of the month"),
        ({"days": ["-1FR+1"]}, "a day counted past the end of the month"),
        ({"days": ["-1SU"], "season": "06-15..08-31"}, "a season that cuts through a day counted from the month's end"),
        ({"kind": "dated", "dates": ["12-24"]}, "a date without a year"),
        ({"kind": "dated", "dates": ["christmas_eve"]}, "a date without a year"),
        ({"kind": "dated"}, "no days stated"),
        ({"kind": "dated", "dates": ["2026-01-01..2036-01-01"]}, "a range of dates that is no range"),
    ],
)
def test_what_no_rule_can_say_is_left_out(fields: dict[str, object], reason: str) -> None:
    """A time whose days would have to be guessed has no rule, and the reason is kept."""
    made = plan(time(**fields))
    assert (made.rules, made.dates, made.left_out) == ((), (), (reason,))


def test_what_can_be_said_stays_beside_what_cannot() -> None:
    """Of "Sundays and holy days" the Sundays remain."""
    made = plan(time(days=["SU", "HD", "HDV"]))
    assert [text_of(rule) for rule in made.rules] == ["FREQ=WEEKLY;BYDAY=SU"]
    assert made.left_out == ("holy days", "holy days")


def test_dates_are_spread_without_the_excepted() -> None:
    """A range of dates is each of its days; an excepted date is none."""
    made = plan(time(kind="dated", dates=["2025-12-30..2026-01-02"], **{"except": ["2026-01-01"]}))
    assert [day.isoformat() for day in made.dates] == ["2025-12-30", "2025-12-31", "2026-01-02"]


def test_excepted_dates_of_a_rule_are_kept() -> None:
    """A single excepted date becomes an EXDATE."""
    assert plan(time(days=["SU"], **{"except": ["2026-04-05"]})).excluded == {date(2026, 4, 5)}


@pytest.mark.parametrize(
    "fields",
    [
        {"days": ["SU", "TU"]},
        {"days": ["1FR"]},
        {"days": ["5SU"]},
        {"days": ["-1SA", "-2SA"]},
        {"days": ["1FR-1"]},
        {"days": ["1FR+1"]},
        {"days": ["FR"], "except": ["-1FR"]},
        {"days": ["SU"], "season": "05-25..09-01"},
        {"days": ["2TU"], "season": "05-10..09-01"},
        {"days": ["WE"], "season": "09-08..06-14"},
    ],
)
def test_rules_agree_with_another_reader_of_rrule(fields: dict[str, object]) -> None:
    """The days that `matches` names are those that dateutil reads from the RRULE, over eight years."""
    start, end = date(2023, 1, 1), date(2031, 1, 1)
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    midnight = datetime.min.time()
    for rule in plan(time(**fields)).rules:
        mine = [day for day in days if rule.matches(day)]
        first = datetime.combine(rule.first(start), midnight)
        theirs = rrulestr(text_of(rule), dtstart=first).between(first, datetime.combine(end, midnight), inc=True)
        assert mine == [found.date() for found in theirs if found.date() < end]


def test_the_day_before_the_first_friday_may_lie_in_the_month_before() -> None:
    """1FR-1 of a month that begins on a Friday is the last day of the month before."""
    (rule,) = plan(time(days=["1FR-1"])).rules
    assert rule.matches(date(2026, 4, 30))
    assert date(2026, 5, 1).weekday() == 4
    assert not rule.matches(date(2026, 5, 7))
