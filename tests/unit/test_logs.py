"""Log lines: their form, their canonical end, and what they never hold."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider

from vitality.telemetry.logs import canonical_line, make_log, redact, route_libraries


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.fixture
def _root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)


def test_a_line_is_one_json_object_with_its_bound_fields() -> None:
    """Time in UTC, level, event, the bound fields and the line's own."""
    stream = io.StringIO()
    make_log(level="info", form="json", stream=stream, worker="w1").warning("slow", host="a.example")
    (line,) = _lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "slow", "level": "warning", "worker": "w1", "host": "a.example"}


def test_lines_below_the_level_are_not_written() -> None:
    """`LOG_LEVEL=warning` drops info."""
    stream = io.StringIO()
    make_log(level="warning", form="json", stream=stream).info("chatter")
    assert stream.getvalue() == ""


def test_passwords_and_tokens_are_blotted_out() -> None:
    """In URLs of any field, in tracebacks, and wherever the field's name says secret."""
    stream = io.StringIO()
    log = make_log(level="info", form="json", stream=stream)
    log.info("start", dsn="postgresql://u:hunter2@db:5432/v", api_key="hunter2", db_password="hunter2")
    log.error("down", exc_info=OSError("cannot reach postgresql://u:hunter2@db/v"))
    assert "hunter2" not in stream.getvalue()
    assert _lines(stream)[0]["dsn"] == "postgresql://u:***@db:5432/v"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://u:p@h/", "http://u:***@h/"),
        ("http://h:8080/a@b", "http://h:8080/a@b"),
        ("see http://h/ at 10:30 or mail a@b.example", "see http://h/ at 10:30 or mail a@b.example"),
    ],
)
def test_redaction_spares_ports_and_mail_addresses(text: str, shown: str) -> None:
    """Only the password between a colon and an at sign of a URL's authority goes."""
    assert redact(text) == shown


def test_a_piece_of_work_ends_in_one_line() -> None:
    """Fields gathered on the way, outcome and duration stand on it."""
    stream, ticks = io.StringIO(), iter([10.0, 12.5])
    log = make_log(level="info", form="json", stream=stream)
    with canonical_line(log, "work", clock=lambda: next(ticks), kind="read_schedule") as line:
        line.count("requests")
        line.count("requests", 2)
        line.add(times=7)
    (written,) = _lines(stream)
    assert {key: written[key] for key in ("event", "kind", "requests", "times", "outcome", "seconds", "level")} == {
        "event": "work", "kind": "read_schedule", "requests": 3, "times": 7, "outcome": "ok", "seconds": 2.5, "level": "info",
    }  # fmt: skip


def test_the_work_may_name_its_own_outcome() -> None:
    """A snoozed piece of work is neither ok nor failed."""
    stream = io.StringIO()
    with canonical_line(make_log(level="info", form="json", stream=stream), "work") as line:
        line.add(outcome="snoozed")
    assert _lines(stream)[0]["outcome"] == "snoozed"


def test_a_failed_piece_of_work_says_why_and_raises_on() -> None:
    """The error's type and words are on the one line; the error itself goes on."""
    stream = io.StringIO()
    log = make_log(level="info", form="json", stream=stream)
    with pytest.raises(OSError, match="gone"), canonical_line(log, "work"):
        raise OSError("gone")
    (line,) = _lines(stream)
    assert (line["outcome"], line["error"], line["reason"], line["level"]) == ("failed", "OSError", "gone", "error")


async def test_a_cancelled_piece_of_work_is_no_failure() -> None:
    """Cancellation is logged as such and goes on."""
    stream = io.StringIO()
    with pytest.raises(asyncio.CancelledError), canonical_line(make_log(level="info", form="json", stream=stream), "w"):
        raise asyncio.CancelledError
    assert (_lines(stream)[0]["outcome"], _lines(stream)[0]["level"]) == ("cancelled", "warning")


def test_work_inside_an_except_block_is_not_taken_for_failed() -> None:
    """An error that is already being handled outside does not colour the line."""
    stream = io.StringIO()
    try:
        int("no number")
    except ValueError:
        with canonical_line(make_log(level="info", form="json", stream=stream), "work"):
            pass
    assert _lines(stream)[0]["outcome"] == "ok"


def test_a_line_inside_a_span_names_its_trace() -> None:
    """Logs and traces can be joined."""
    stream = io.StringIO()
    log = make_log(level="info", form="json", stream=stream)
    with TracerProvider(shutdown_on_exit=False).get_tracer("t").start_as_current_span("s") as span:
        log.info("in")
    log.info("out")
    inside, outside = _lines(stream)
    assert int(inside["trace_id"], 16) == span.get_span_context().trace_id
    assert "trace_id" not in outside


@pytest.mark.usefixtures("_root_logger")
def test_lines_of_libraries_look_the_same() -> None:
    """A library's line is JSON too, with its logger's name, our bound fields and no password."""
    stream = io.StringIO()
    route_libraries(level="info", form="json", stream=stream, worker="w1")
    logging.getLogger("some.library").warning("proxy %s failed", "http://u:hunter2@p")
    logging.getLogger("httpx").info("HTTP Request: GET")
    (line,) = _lines(stream)
    assert (line["event"], line["logger"], line["level"]) == ("proxy http://u:***@p failed", "some.library", "warning")
    assert line["worker"] == "w1"


def test_people_get_plain_lines() -> None:
    """The console form has no escape codes when the stream is no terminal."""
    stream = io.StringIO()
    make_log(level="info", form="console", stream=stream).info("started", port=8080)
    assert "started" in stream.getvalue()
    assert "port=8080" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
