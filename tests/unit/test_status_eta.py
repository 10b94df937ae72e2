"""When the backlog will be done, by the last hour's rate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vitality.app.commands import eta
from vitality.coordination.work import Backlog
from vitality.records import WorkKind
from vitality.storage.status import Throughput


def rate(kind: WorkKind, per_hour: float) -> Throughput:
    return Throughput(kind=kind.value, done=1, failed=0, snoozed=0, rescued=0, per_hour=per_hour)


@pytest.mark.parametrize(
    ("due", "rates", "expected"),
    [
        (30, [rate(WorkKind.READ_SCHEDULE, 60.0)], timedelta(minutes=30)),
        (0, [rate(WorkKind.READ_SCHEDULE, 60.0)], timedelta(0)),
        (30, [rate(WorkKind.READ_SCHEDULE, 0.0)], None),
        (30, [rate(WorkKind.FIND_DIRECTORY, 60.0)], None),
        (30, [], None),
    ],
)
def test_the_end_is_told_by_the_kinds_own_rate(due: int, rates: list[Throughput], expected: timedelta | None) -> None:
    """Due work divided by what was done; nothing is foretold where nothing of the kind was done."""
    backlog = Backlog(kind=WorkKind.READ_SCHEDULE, due=due, waiting=5, leased=0, buried=0, oldest=None)
    assert eta(backlog, rates) == expected
