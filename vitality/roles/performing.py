"""What all roles share: the shape of a role, and what an error means for a piece of work."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, Protocol

from vitality.coordination.work import Claim, NewWork, Settlement
from vitality.errors import FetchError, HostWait, Refused
from vitality.records import Host, WorkKind
from vitality.storage.site_key import SiteAddress

Clock = Callable[[], datetime]
State = Literal["not_found", "blocked", "failed"]


class RolePart(Protocol):
    """A part of the pipeline: says which kinds of work it does, and does one piece at a time.

    `perform` returns what is to be written, or raises: a `FetchError` or another `VitalityError` is counted
    as a failed attempt, `HostWait` costs none.
    """

    @property
    def kinds(self) -> Collection[WorkKind]: ...

    async def perform(self, claim: Claim) -> Settlement: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """How long what was read stays fresh."""

    dioceses: timedelta
    directory: timedelta
    parishes: timedelta
    schedule: timedelta
    report: timedelta
    failed: timedelta = timedelta(days=1)
    """After a failure that is the site's own and may pass."""
    partial: timedelta = timedelta(hours=6)
    """After a reading that lacks some pages."""
    blocked: timedelta = timedelta(days=30)
    """After a refusal: it is asked again whether it still holds, seldom."""


def state_of(error: FetchError) -> State:
    """How a failure to fetch is shown: a site that says no is blocked, all else failed."""
    return "blocked" if isinstance(error, Refused) else "failed"


def not_asked(error: BaseException | None) -> bool:
    """Whether the host was not even asked, because it rests or its turns are taken: that tells nothing of the site."""
    if not isinstance(error, HostWait) or error.status is not None:
        return False
    return error.__cause__ is None or not_asked(error.__cause__)


def again_after(error: FetchError, refresh: Refresh, now: datetime) -> timedelta:
    """When to come back after a failure to fetch."""
    if isinstance(error, Refused):
        return refresh.blocked
    if isinstance(error, HostWait):
        return max(error.until - now, timedelta(minutes=1))
    return refresh.failed


def find_work(diocese_id: int, name: str, site: SiteAddress, *, hasten: bool = False) -> NewWork:
    """The piece of work "find this diocese's directory", at its web site."""
    return NewWork(
        kind=WorkKind.FIND_DIRECTORY,
        subject=str(diocese_id),
        host=Host(site.host),
        details={"diocese_id": diocese_id, "name": name},
        priority=1,
        hasten=hasten,
    )


def given_up(claim: Claim, reason: str, due_in: timedelta) -> Settlement | None:
    """In the last attempt: what keeps work that everything else hangs on from being buried; before, None."""
    if claim.attempt < claim.max_attempts:
        return None
    return Settlement(due_in=due_in, note=f"given up for now: {reason}")


def utc_now() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


def today(now: Clock) -> date:
    """The day on which something was seen, in UTC."""
    return now().date()
