"""Structured log lines: one canonical line per piece of work, secrets blotted out, libraries' lines alike.

`make_log` builds a logger from its arguments and leaves structlog's own global configuration alone; it is
passed to whoever logs. Lines go to the given stream (stderr in the program: stdout is for results).
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self, TextIO

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, FilteringBoundLogger, Processor, WrappedLogger

Log = FilteringBoundLogger
Level = Literal["debug", "info", "warning", "error"]
Format = Literal["json", "console"]

_PASSWORD_IN_URL = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]+(?=@)")
_SECRET_KEY = re.compile(r"(password|passwd|secret|token|authorization|cookie|api_?key)$", re.IGNORECASE)
_NUMERIC = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_NOISY_BELOW_WARNING = ("aiohttp.access", "asyncio", "httpcore", "httpx", "hpack")


def redact(text: str) -> str:
    """The text with the password of every URL in it blotted out."""
    return _PASSWORD_IN_URL.sub(r"\1:***", text)


def _without_secrets(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if _SECRET_KEY.search(key):
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


def _with_trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        event["trace_id"] = trace.format_trace_id(span.trace_id)
        event["span_id"] = trace.format_span_id(span.span_id)
    return event


def _named(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    record = event.get("_record")
    if record is not None:
        event["logger"] = record.name
    return event


def _before_rendering() -> list[Processor]:
    """What happens to our lines and to those of libraries alike; redaction comes after tracebacks are text."""
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        structlog.processors.format_exc_info,
        _without_secrets,
    ]


def _renderer(form: Format, stream: TextIO) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(default=str)
    return structlog.dev.ConsoleRenderer(colors=stream.isatty())


def make_log(*, level: Level, form: Format, stream: TextIO | None = None, **bound: object) -> Log:
    """A logger that writes lines of at least `level` to the stream, each with the `bound` fields."""
    out = sys.stderr if stream is None else stream
    log: Log = structlog.wrap_logger(
        structlog.WriteLogger(out),
        processors=[*_before_rendering(), _renderer(form, out)],
        wrapper_class=structlog.make_filtering_bound_logger(_NUMERIC[level]),
    ).bind(**bound)
    return log


def route_libraries(*, level: Level, form: Format, stream: TextIO | None = None, **bound: object) -> None:
    """Sends what libraries log through `logging` down the same way; the one global that is set on purpose."""

    def with_bound(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {**bound, **event}

    out = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(out)
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    processors: list[Processor] = [_named, strip, with_bound, *_before_rendering(), _renderer(form, out)]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=processors))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(_NUMERIC[level])
    for name in _NOISY_BELOW_WARNING:
        logging.getLogger(name).setLevel(max(logging.WARNING, _NUMERIC[level]))


class Line:
    """A canonical line while its piece of work runs: a context manager that writes itself when left."""

    def __init__(self, log: Log, event: str, clock: Callable[[], float], fields: dict[str, object]) -> None:
        self._log = log
        self._event = event
        self._clock = clock
        self._fields = fields
        self._begun = clock()

    def add(self, **fields: object) -> None:
        """Puts fields on the line; a later value of the same name wins."""
        self._fields.update(fields)

    def count(self, name: str, by: int = 1) -> None:
        """Adds to a whole-number field that starts at zero."""
        before = self._fields.get(name, 0)
        self._fields[name] = (before if isinstance(before, int) else 0) + by

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        seconds = round(self._clock() - self._begun, 3)
        match error:
            case None:
                self._log.info(self._event, **{"outcome": "ok", **self._fields}, seconds=seconds)
            case Exception():
                self.add(outcome="failed", error=type(error).__name__, reason=str(error))
                self._log.error(self._event, **self._fields, seconds=seconds)
            case _:
                self.add(outcome="cancelled")
                self._log.warning(self._event, **self._fields, seconds=seconds)


def canonical_line(log: Log, event: str, *, clock: Callable[[], float] = time.monotonic, **fields: object) -> Line:
    """One line at the end of a piece of work, however it ends: its fields, `outcome` and `seconds`.

    `outcome` is what the work put on the line, else `ok`; `failed` (level error, with the error's type and words)
    or `cancelled` when it raised. Whatever was raised goes on. Use it in a `with` statement.
    """
    return Line(log, event, clock, fields)
