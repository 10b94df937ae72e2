"""When a failing host is left alone, and how long requests wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from vitality.fetch.circuit import HEALTHY, Backoff, after_failure, after_success
from vitality.fetch.pacing import Pace, retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)
BACKOFF = Backoff(first=timedelta(seconds=10), longest=timedelta(seconds=60))


def test_the_wait_doubles_up_to_its_bound() -> None:
    """Failures in a row wait longer each time, at most the longest wait, and at least half of it."""
    assert [BACKOFF.wait(n, 1.0).total_seconds() for n in (1, 2, 3, 4, 5_000)] == [10, 20, 40, 60, 60]
    assert BACKOFF.wait(2, 0.0).total_seconds() == 10


def test_a_retry_after_is_never_undercut() -> None:
    """The server's own wait counts where it is longer than ours."""
    circuit = after_failure(HEALTHY, NOW, "503", retry_after=timedelta(minutes=5), backoff=BACKOFF)
    assert circuit.closed_until(NOW) == NOW + timedelta(minutes=5)


def test_a_later_opening_stands() -> None:
    """A second failure does not shorten a rest that was asked for."""
    first = after_failure(HEALTHY, NOW, "503", retry_after=timedelta(minutes=5), backoff=BACKOFF)
    second = after_failure(first, NOW, "refused", backoff=BACKOFF)
    assert second.failures == 2
    assert second.closed_until(NOW) == NOW + timedelta(minutes=5)


def test_time_and_success_heal() -> None:
    """After its wait the host may be asked; only then an answer clears the failures."""
    circuit = after_failure(HEALTHY, NOW, "503", backoff=BACKOFF, chance=1.0)
    later = NOW + timedelta(seconds=10)
    assert circuit.closed_until(later) is None
    assert after_success(circuit, NOW) == circuit
    assert after_success(circuit, later) == HEALTHY


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30),
        ("Thu, 01 Jan 2025 00:00:30 GMT", 0),
        ("99999999999999", 7 * 86_400),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: int | None) -> None:
    """Both forms are read, bounded by a week; what is neither says nothing."""
    wait = retry_after(header, NOW)
    assert (None if wait is None else wait.total_seconds()) == seconds


def test_the_gap_is_the_longer_of_ours_and_the_sites() -> None:
    """A crawl-delay lengthens our delay, never shortens it."""
    pace = Pace(delay=timedelta(seconds=2))
    assert [pace.gap(d).total_seconds() for d in (None, 1, 5, 10**9)] == [2, 2, 5, 86_400]


def test_a_bearable_delay_is_slept_and_a_long_one_is_not() -> None:
    """Up to the longest delay a request may sleep for its gap and our patience; beyond it, not at all."""
    pace = Pace(longest_delay=timedelta(seconds=60), patience=timedelta(seconds=30))
    assert pace.patience_for(timedelta(seconds=45)).total_seconds() == 75
    assert pace.patience_for(timedelta(seconds=61)).total_seconds() == 0
