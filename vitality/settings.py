"""What the operator can set, read once from the environment.

`load` is the only reader of the environment in the program. Blank values count as unset, unknown names are
left alone, and whatever may hold a password is kept in a `SecretStr`, so that no log or repr shows it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.config import JsonDict
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from vitality.errors import SettingsError


class WorkerType(StrEnum):
    """Which part of the pipeline this process plays."""

    DISCOVERY = "discovery"
    EXTRACTION = "extraction"
    SCHEDULE = "schedule"
    REPORTING = "reporting"
    ALL = "all"


_BYTES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


def _quantity(value: object, units: Mapping[str, int], example: str) -> float:
    match = _QUANTITY.fullmatch(str(value).strip().lower())
    if match is None or match[2] not in units:
        raise ValueError(f"write it like {example}")
    return float(match[1]) * units[match[2]]


def parse_bytes(value: object) -> int:
    """A size in bytes, from a number or a Kubernetes quantity: `536870912`, `512Mi`, `1.5G`.

    Raises ValueError for anything else.
    """
    return round(_quantity(value, _BYTES, "536870912, 512Mi or 1.5G"))


def parse_seconds(value: object) -> float:
    """A length of time in seconds, from a number of seconds or with a unit: `90`, `90s`, `5m`, `2h`, `7d`.

    Raises ValueError for anything else.
    """
    return _quantity(value, _SECONDS, "90, 90s, 5m, 2h or 7d")


def parse_concurrency(value: str) -> Mapping[WorkerType, int]:
    """Pool sizes by role, from `4` (each role) or `extraction=4,schedule=2`.

    Raises ValueError for an unknown role or a size below 1.
    """
    roles: tuple[WorkerType, ...] = tuple(role for role in WorkerType if role is not WorkerType.ALL)
    if value.isdecimal():
        sizes = dict.fromkeys(roles, int(value))
    else:
        pairs = (part.partition("=") for part in value.split(","))
        sizes = {WorkerType(role.strip().lower()): int(size) for role, _, size in pairs}
    if WorkerType.ALL in sizes or min(sizes.values()) < 1:
        raise ValueError("write it like 4 or extraction=4,schedule=2")
    return sizes


def _checked_concurrency(value: str) -> str:
    try:
        parse_concurrency(value)
    except ValueError as error:
        raise ValueError("write it like 4 or extraction=4,schedule=2") from error
    return value


def _url_of(*schemes: str) -> AfterValidator:
    def check(value: str | SecretStr) -> str | SecretStr:
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        if not text.startswith(schemes):
            raise ValueError("must begin with " + " or ".join(schemes))
        return value

    return AfterValidator(check)


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Bytes = Annotated[int, BeforeValidator(parse_bytes), Field(gt=0)]
Seconds = Annotated[float, BeforeValidator(parse_seconds)]
Dsn = Annotated[SecretStr, _url_of("postgresql://", "postgres://")]
ProxyUrl = Annotated[SecretStr, _url_of("http://", "https://", "socks5://", "socks5h://")]
WebUrl = Annotated[str, _url_of("http://", "https://")]
Contact = Annotated[str, _url_of("http://", "https://", "mailto:")]


def _state_dir() -> Path:
    """`$XDG_STATE_HOME/vitality`, else `~/.local/state/vitality` (XDG Base Directory Specification 0.8)."""
    base = os.environ.get("XDG_STATE_HOME", "").strip()
    try:
        return (Path(base) if base else Path.home() / ".local" / "state") / "vitality"
    except RuntimeError as error:
        raise SettingsError("STATE_DIR is not set and this user has no home directory; set STATE_DIR") from error


def _setting(default: Any, unit: str, text: str, *, shown: str | None = None, **limits: Any) -> Any:
    """One field with what the table of settings says of it."""
    extra: JsonDict = {"unit": unit} if shown is None else {"unit": unit, "shown": shown}
    if callable(default):
        return Field(default_factory=default, description=text, json_schema_extra=extra, **limits)
    return Field(default, description=text, json_schema_extra=extra, **limits)


class Settings(BaseSettings):
    """Everything that can be set; a field's name in upper case is its name in the environment."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, str_strip_whitespace=True, validate_default=False
    )

    worker_type: Annotated[WorkerType | None, BeforeValidator(_lower)] = _setting(
        None, "", "Which role this process plays: discovery, extraction, schedule, reporting or all."
    )
    worker_id: str | None = _setting(
        None, "", "A label for this worker in logs, metrics and status; its identity is made anew at each start."
    )

    database_url: Dsn | None = _setting(
        None, "", "Postgres to work on; unset starts an embedded one in STATE_DIR.", shown="embedded"
    )
    listen_database_url: Dsn | None = _setting(
        None, "", "Postgres without PgBouncer, for LISTEN; unset listens on DATABASE_URL.", shown="DATABASE_URL"
    )
    database_pool_size: int = _setting(
        10, "connections", "Connections to Postgres that this process opens at most.", ge=2
    )
    database_statement_cache: int = _setting(
        100, "statements", "Prepared statements kept per connection; 0 behind PgBouncer in transaction mode.", ge=0
    )
    database_timeout: Seconds = _setting(30.0, "s", "How long one statement may take.", gt=0)
    state_dir: Path = _setting(
        _state_dir, "", "Folder of the embedded database and its logs.", shown="~/.local/state/vitality"
    )

    lease_seconds: Seconds = _setting(60.0, "s", "How long a silent worker's work stays reserved for it.", ge=5)
    heartbeat_seconds: Seconds = _setting(
        15.0, "s", "How often a worker renews its lease; at most a third of LEASE_SECONDS.", gt=0
    )
    poll_seconds: Seconds = _setting(
        15.0, "s", "How often an idle worker looks for work that no notice announced.", gt=0
    )
    max_attempts: int = _setting(
        5, "attempts", "Attempts at a piece of work before it is buried with its last error.", ge=1
    )
    shutdown_grace: Seconds = _setting(
        25.0, "s", "How long running work may finish after SIGTERM before it is cancelled and given back.", ge=0
    )

    memory_budget: Bytes | None = _setting(
        None,
        "bytes",
        "Memory this worker may use (2Gi, 512Mi, 1.5G); unset takes the cgroup's limit.",
        shown="cgroup limit",
    )
    concurrency: Annotated[str, AfterValidator(_checked_concurrency)] | None = _setting(
        None,
        "slots",
        "Pieces of work at a time, `4` or `extraction=4,schedule=2`; unset follows MEMORY_BUDGET.",
        shown="by memory",
    )

    conference_url: WebUrl = _setting(
        "https://www.usccb.org/about/bishops-and-dioceses/all-dioceses", "", "Page that lists the dioceses."
    )
    contact_url: Contact | None = _setting(
        None, "", "Where a site's owner reaches the operator; stands in the user agent; needed to crawl public sites."
    )
    http_proxy: ProxyUrl | None = _setting(
        None, "", "Forward proxy for http and https alike, trusted to choose addresses."
    )
    host_delay: Seconds = _setting(2.0, "s", "Least time between two requests to one host, over all workers.", ge=0)
    request_timeout: Seconds = _setting(30.0, "s", "How long one request may take in all.", gt=0)
    page_bytes: Bytes = _setting(10 * 2**20, "bytes", "Largest page kept, after decompression.")
    wire_bytes: Bytes = _setting(5 * 2**20, "bytes", "Most bytes read of one answer, before decompression.")
    site_requests: int = _setting(30, "requests", "Requests that one reading of a parish site may make.", ge=1)
    directory_requests: int = _setting(
        400, "requests", "Requests that one reading of a diocese's directory may make.", ge=1
    )
    allow_loopback: bool = _setting(False, "", "Whether loopback addresses may be fetched (tests and the demo).")
    browser: Annotated[Literal["auto", "off"], BeforeValidator(_lower)] = _setting(
        "auto", "", "`auto` draws pages that need JavaScript in Chromium, `off` never does."
    )
    browser_path: Path | None = _setting(
        None, "", "Chromium to use; unset looks on PATH, then for the one that playwright installed.", shown="on PATH"
    )

    report_cycle: Seconds = _setting(600.0, "s", "How often the report is written when something changed.", gt=0)
    refresh_dioceses: Seconds = _setting(7 * 86400.0, "s", "How long the list of dioceses stays fresh.", gt=0)
    refresh_directory: Seconds = _setting(
        30 * 86400.0, "s", "How long the address of a diocese's directory stays fresh.", gt=0
    )
    refresh_parishes: Seconds = _setting(7 * 86400.0, "s", "How long the parishes of a directory stay fresh.", gt=0)
    refresh_schedule: Seconds = _setting(7 * 86400.0, "s", "How long a parish's times stay fresh.", gt=0)

    health_host: str = _setting("0.0.0.0", "", "Address on which /healthz, /readyz and /metrics listen.")  # noqa: S104 - probes come from the node
    health_port: int = _setting(8080, "", "Port of /healthz, /readyz and /metrics; 0 takes a free one.", ge=0, le=65535)
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = _setting(
        "info", "", "Least severe log lines shown: debug, info, warning or error."
    )
    log_format: Annotated[Literal["json", "console"], BeforeValidator(_lower)] = _setting(
        "json", "", "`json` for machines, `console` for people."
    )
    otel_exporter_otlp_endpoint: str | None = _setting(
        None, "", "Where traces go (OTLP); needs the package opentelemetry-exporter-otlp.", shown="no traces"
    )

    @model_validator(mode="before")
    @classmethod
    def _blank_is_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value is not None and str(value).strip()}

    @model_validator(mode="after")
    def _heartbeats_fit_the_lease(self) -> Settings:
        if self.heartbeat_seconds * 3 > self.lease_seconds:
            raise ValueError("HEARTBEAT_SECONDS must be at most a third of LEASE_SECONDS")
        return self

    def required_worker_type(self) -> WorkerType:
        """The role to play; raises SettingsError where none was set."""
        if self.worker_type is None:
            raise SettingsError(f"WORKER_TYPE is not set; allowed: {', '.join(WorkerType)}")
        return self.worker_type

    def concurrency_of(self, role: str) -> int | None:
        """The size the operator set for a role's pool; None leaves it to the memory budget."""
        return None if self.concurrency is None else parse_concurrency(self.concurrency).get(WorkerType(role))


def load(**overrides: object) -> Settings:
    """The settings of the environment, with arguments of the command line put over them (None: not given).

    Raises SettingsError with one line that names each wrong setting and what is allowed.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values
    except ValidationError as error:
        sentences = (_sentence(detail) for detail in error.errors(include_url=False))
        raise SettingsError("; ".join(sentences)) from None  # the cause would show secret input


def _sentence(detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return _reason(detail)
    field = str(detail["loc"][0])
    name = field.upper()
    secret = "SecretStr" in str(Settings.model_fields[field].annotation)
    return f"{name}: {_reason(detail)}" if secret else f"{name} is {detail['input']!r}: {_reason(detail)}"


def _reason(detail: ErrorDetails) -> str:
    expected = detail.get("ctx", {}).get("expected")
    if expected is not None:
        return "allowed: " + str(expected).replace("'", "").replace(" or ", ", ")
    return (
        detail["msg"].removeprefix("Value error, ").replace("Input should", "should").replace("String should", "should")
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of settings."""

    name: str
    default: str
    unit: str
    text: str


_READ_BY_OPENTELEMETRY = (
    Row("OTEL_SERVICE_NAME", "vitality", "", "Name of the service in metrics and traces."),
    Row("OTEL_RESOURCE_ATTRIBUTES", "unset", "", "Further attributes of the resource, `key=value,…`."),
    Row("OTEL_TRACES_SAMPLER", "parentbased_always_on", "", "Which traces are kept."),
    Row("OTEL_SDK_DISABLED", "false", "", "`true` switches metrics and traces off."),
)


def table() -> list[Row]:
    """Every setting in the order of the class, then those that OpenTelemetry itself reads."""
    return [_row(name) for name in Settings.model_fields] + list(_READ_BY_OPENTELEMETRY)


def _row(name: str) -> Row:
    field = Settings.model_fields[name]
    extra = cast("JsonDict", field.json_schema_extra)
    default = str(extra.get("shown") or _shown(field.default))
    return Row(name.upper(), default, str(extra["unit"]), field.description or "")


def _shown(default: object) -> str:
    match default:
        case None:
            return "unset"
        case bool():
            return str(default).lower()
        case float():
            return f"{default:g}"
        case _:
            return str(default)
