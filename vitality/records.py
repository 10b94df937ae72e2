"""The records that the program passes around, stores and prints: pages, dioceses, parishes, service times.

All are immutable. Times of services are local wall-clock times of the church; instants are aware datetimes.
The JSON forms (`model_dump(mode="json", by_alias=True)`) are what `vitality read` and the exports print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, NewType

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)

DioceseId = NewType("DioceseId", int)
ParishId = NewType("ParishId", int)
ContentHash = NewType("ContentHash", str)
"""`sha256:` and 64 hex digits, of the stored bytes."""

Host = NewType("Host", str)
"""Host name in lower case, with `:port` where the port is not the scheme's own."""


class Role(StrEnum):
    """A part of the pipeline that a worker can play; the value is what `WORKER_TYPE` says."""

    DISCOVERY = "discovery"
    EXTRACTION = "extraction"
    SCHEDULE = "schedule"
    REPORTING = "reporting"


class WorkKind(StrEnum):
    """What one piece of work asks for; `role_of` tells who does it."""

    LIST_DIOCESES = "list_dioceses"
    FIND_DIRECTORY = "find_directory"
    EXTRACT_PARISHES = "extract_parishes"
    READ_SCHEDULE = "read_schedule"
    WRITE_REPORT = "write_report"


ROLE_OF: Mapping[WorkKind, Role] = {
    WorkKind.LIST_DIOCESES: Role.DISCOVERY,
    WorkKind.FIND_DIRECTORY: Role.DISCOVERY,
    WorkKind.EXTRACT_PARISHES: Role.EXTRACTION,
    WorkKind.READ_SCHEDULE: Role.SCHEDULE,
    WorkKind.WRITE_REPORT: Role.REPORTING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedJson:
    """A JSON answer that a page's own scripts fetched while the browser drew the page."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One fetched or stored page.

    `text` is the page decoded to characters, markup and all; evidence offsets count its characters (code
    points, from 0). `body` is what was stored: the bytes on the wire after content decoding or, for a page
    drawn by the browser (`rendered`), the UTF-8 of the drawn document. `url` is the address after redirects.
    """

    url: str
    text: str
    content_hash: ContentHash
    body: bytes = field(default=b"", repr=False)
    content_type: str = "text/html"
    status: int = 200
    requested_url: str | None = None
    last_modified: datetime | None = None
    fetched_at: datetime | None = None
    rendered: bool = False
    captured: tuple[CapturedJson, ...] = ()


class Outcome(StrEnum):
    """How one request ended, for the ledger and the metrics."""

    FETCHED = "fetched"
    NOT_MODIFIED = "not_modified"
    REDIRECTED = "redirected"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ADDRESS_FORBIDDEN = "address_forbidden"
    ACCESS_DENIED = "access_denied"
    NOT_FOUND = "not_found"
    HOST_WAIT = "host_wait"
    UNREACHABLE = "unreachable"
    SERVER_FAILED = "server_failed"
    BAD_CONTENT = "bad_content"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One request as the ledger keeps it: a row that someone can audit."""

    url: str
    host: Host
    started_at: datetime
    duration: timedelta
    outcome: Outcome
    status: int | None = None
    bytes_on_wire: int = 0
    content_hash: ContentHash | None = None
    reason: str | None = None
    by_browser: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRobots:
    """A host's robots.txt as last asked for: `status` is None when it could not be reached."""

    status: int | None
    text: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPage:
    """The newest stored version of a URL, with its validators (RFC 9110 section 13)."""

    page: Page
    etag: str | None = None
    last_modified: str | None = None
    """The header as sent."""


class Record(BaseModel):
    """What all outward records share: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Diocese(Record):
    """A diocese, archdiocese, eparchy, ordinariate or the like, as the conference's list prints it."""

    name: str
    address: str | None = None
    """Street or post-office box lines, joined with `, `."""
    city: str | None = None
    state: str | None = None
    """Two-letter postal code."""
    zip: str | None = None
    website: str | None = None


class ParishKind(StrEnum):
    """What sort of community or church a row of a directory is."""

    PARISH = "parish"
    MISSION = "mission"
    QUASI_PARISH = "quasi_parish"
    SHRINE = "shrine"
    CATHEDRAL = "cathedral"
    BASILICA = "basilica"
    CHAPEL = "chapel"
    CAMPUS = "campus"
    ORATORY = "oratory"
    ETHNIC_CENTER = "ethnic_center"


class ParishStatus(StrEnum):
    """Whether a parish is alive; a merged one names its heir in `merged_into`."""

    ACTIVE = "active"
    MERGED = "merged"
    CLOSED = "closed"


class Parish(Record):
    """A parish as one source prints it; a field the source does not state is None, never a guess."""

    name: str
    alternate_names: tuple[str, ...] = ()
    kind: ParishKind = ParishKind.PARISH
    status: ParishStatus = ParishStatus.ACTIVE
    merged_into: str | None = None
    rite: str | None = None
    street: str | None = None
    city: str | None = None
    state: str | None = None
    """Two-letter postal code in the United States and Canada, else as printed."""
    zip: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    """The first number printed, as printed."""
    email: str | None = None
    website: str | None = None
    pastor: str | None = None
    deanery: str | None = None
    mailing_address: str | None = None
    mother_parish: str | None = None
    """Of a mission: the parish it belongs to."""
    languages: tuple[str, ...] = ()
    diocese: str | None = None
    directory_url: str | None = None
    detail_url: str | None = None
    sources: dict[str, str] = Field(default_factory=dict)
    """Field name to the URL of the page that states it."""
    page_hashes: dict[str, ContentHash] = Field(default_factory=dict, exclude=True, repr=False)
    """URL of such a page to the hash of its stored bytes; not printed."""


class Directory(Record):
    """The page of a diocese that lists its parishes, proved by reading parishes from it."""

    url: str
    layout: str
    """Name of the reader that won, e.g. `table`."""
    data_url: str | None = None
    """Where the rows came from when that is not the page itself (a JSON endpoint)."""
    parishes: int | None = None
    """How many were read in the proof."""


class Service(StrEnum):
    """The services whose times are kept."""

    MASS = "mass"
    CONFESSION = "confession"
    ADORATION = "adoration"
    BENEDICTION = "benediction"
    HOLY_HOUR = "holy_hour"
    ROSARY = "rosary"
    STATIONS = "stations"
    NOVENA = "novena"
    CHAPLET = "chaplet"
    LITURGY_OF_HOURS = "liturgy_of_hours"
    COMMUNION_SERVICE = "communion_service"
    ANOINTING = "anointing"
    PENANCE_SERVICE = "penance_service"
    DIVINE_LITURGY = "divine_liturgy"
    ORTHROS_MATINS = "orthros_matins"
    VESPERS = "vespers"
    DEVOTION_OTHER = "devotion_other"


class Subtype(StrEnum):
    """Of Masses only: which obligation or custom the Mass serves."""

    SUNDAY = "sunday"
    VIGIL = "vigil"
    DAILY = "daily"
    HOLY_DAY = "holy_day"
    HOLY_DAY_VIGIL = "holy_day_vigil"
    SPECIAL = "special"


class TimeStatus(StrEnum):
    """Whether a service takes place as stated."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"


class RelativeTime(Record):
    """A start or end that the page gives relative to another service.

    `offset_min` is in minutes, negative for before; None where the page only says "before" or "after".
    """

    anchor: str
    anchor_time: str | None = None
    """Local `HH:MM` of the anchor, where the page says which."""
    edge: Literal["start", "end"] = "start"
    offset_min: int | None = None


class Span(Record):
    """A literal piece of a stored page: `page.text[start:end] == quote`."""

    quote: str
    start: int
    end: int


class Evidence(Record):
    """Where a fact stands: the words that state it, and those that give them their meaning.

    `quote`, `start`, `end` are a `Span` of the page `content_hash`; `context` holds the spans that the
    reading leaned on besides (the heading that names the service, the day's column, the season). `also` holds the
    words of other pages that added to the fact (its end, its church); printed only where there are any.
    """

    url: str
    content_hash: ContentHash
    quote: str
    start: int
    end: int
    context: tuple[Span, ...] = ()
    also: tuple[Evidence, ...] = ()

    @model_serializer(mode="wrap")
    def _short(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        fields: dict[str, Any] = dump(self)
        if not self.also:
            fields.pop("also", None)  # pydantic may ask again inside a wrapped dump
        return fields


WallTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


EVERY_OTHER_WEEK = "every other week"
"""Stands in the notes of a service time whose days come only every second week."""


class ServiceTime(Record):
    """When a service is: one row per service, day rule and start (RFC 5545 day codes; docs/exports.md explains the fields)."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    service: Service
    days: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    kind: Literal["regular", "dated"] = "regular"
    start: WallTime | None = None
    end: WallTime | None = None
    start_rel: RelativeTime | None = None
    end_rel: RelativeTime | None = None
    subtype: Subtype | None = None
    language: tuple[str, ...] = ()
    rite: str | None = None
    location: str | None = None
    season: str | None = None
    except_: tuple[str, ...] = Field(default=(), alias="except")
    by_appointment: bool = False
    status: TimeStatus = TimeStatus.ACTIVE
    notes: str | None = None
    inferred: tuple[str, ...] = ()
    evidence: Evidence
    confidence: float = Field(ge=0, le=1)
    extractor: str
    first_seen: date | None = None
    last_seen: date | None = None
    last_verified: date | None = None

    @model_validator(mode="after")
    def _kind_fits_its_days(self) -> ServiceTime:
        if self.kind == "dated" and self.days:
            raise ValueError("a dated time has dates, not days")
        return self

    def as_json(self) -> dict[str, Any]:
        """The JSON form of section 7."""
        return self.model_dump(mode="json", by_alias=True)
