"""What the report and the exports are made from: typed rows, read from the database by others.

Rows are immutable and hold no connection. Instants are aware datetimes; a field that is not known is None, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from vitality.records import Parish, ParishStatus, ServiceTime, TimeStatus
from vitality.storage.derived import Derived


class DirectoryState(StrEnum):
    """How the search for a diocese's parish directory ended; `pending` has not ended yet."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    FAILED = "failed"
    PENDING = "pending"


class SiteState(StrEnum):
    """What is known of a parish's web site; `none` means that no source names one."""

    READ = "read"
    EMPTY = "empty"
    BLOCKED = "blocked"
    FAILED = "failed"
    NEW = "new"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource:
    """The page that states a field of a parish, and the last day it was seen to state it."""

    url: str
    last_seen: date | None = None
    content_hash: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A web site of a parish; `reason` says in words why it is blocked or failed."""

    url: str
    state: SiteState
    reason: str | None = None
    last_read_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRow:
    """A stored service time.

    `shared_with` names the other parishes that the same site serves: then the site says that the service is, but
    only `time.location` can say at which of their churches. `ended` is the day since which the site no longer shows it.
    """

    id: int
    time: ServiceTime
    shared_with: tuple[str, ...] = ()
    ended: date | None = None

    @property
    def current(self) -> bool:
        """Whether someone may rely on it: the site still shows it, and it is active."""
        return self.ended is None and self.time.status is TimeStatus.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishRow:
    """A stored parish. `sources` maps names of its fields to where they stand; `derived` is what no page prints."""

    id: int
    diocese_id: int
    diocese: str
    parish: Parish
    sources: Mapping[str, FactSource] = field(default_factory=dict)
    sites: tuple[SiteRow, ...] = ()
    derived: Derived = field(default_factory=Derived)
    status_since: date | None = None
    """The first reading that gave the status; None for a parish that was always active."""
    last_seen: date | None = None
    missing_since: date | None = None
    """The directory was read since then, and no longer lists it."""

    @property
    def is_open(self) -> bool:
        """Whether a visitor may be sent there: active, and listed by its diocese."""
        return self.parish.status is ParishStatus.ACTIVE and self.missing_since is None

    @property
    def timezone(self) -> str | None:
        """IANA name of the zone in which its times are told, if known."""
        return self.derived.timezone


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishEntry:
    """One parish with all its service times: the unit in which the report and the exports are streamed."""

    row: ParishRow
    times: tuple[TimeRow, ...] = ()

    def holds(self, time: TimeRow) -> bool:
        """Whether someone may rely on one of the times: it is current, and so is the parish."""
        return time.current and self.row.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class DioceseRow:
    """A diocese and how far its parishes are known. Counts are of parishes, `service_times` of current times."""

    id: int
    name: str
    city: str | None = None
    state: str | None = None
    website: str | None = None
    source_url: str | None = None
    directory: DirectoryState = DirectoryState.PENDING
    directory_url: str | None = None
    layout: str | None = None
    reason: str | None = None
    checked_at: datetime | None = None
    parishes: int = 0
    sites_known: int = 0
    sites_read: int = 0
    sites_blocked: int = 0
    sites_failed: int = 0
    sunday_mass_known: int = 0
    service_times: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRow:
    """How many current service times were last verified on a day."""

    day: date
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OldestRow:
    """A parish whose current times were verified longest ago."""

    parish_id: int
    parish: str
    diocese: str
    last_verified: date
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRow:
    """A host that cannot be read now: `kind` groups (`robots`, `dns`, `http_503` …), `reason` is the last error."""

    host: str
    kind: str
    reason: str
    since: datetime | None = None
    attempts: int = 0
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How many service times of one sort a diocese has."""

    diocese: str
    service: str
    kind: str
    status: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What happened since the last report, e.g. `added`, `ended`, `superseded` to `service times` of a subject."""

    change: str
    record: str
    subject: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportData:
    """All of a report but its parishes, which are streamed.

    `made_at` is the database's time of the read, `database_state` names that state (schema, fingerprint) in words.
    `since` is when the last report was made; None when there was none.
    """

    made_at: datetime
    database_state: str
    since: datetime | None = None
    dioceses: tuple[DioceseRow, ...] = ()
    verified: tuple[VerifiedRow, ...] = ()
    oldest: tuple[OldestRow, ...] = ()
    failures: tuple[FailureRow, ...] = ()
    counts: tuple[CountRow, ...] = ()
    changes: tuple[ChangeRow, ...] = ()
