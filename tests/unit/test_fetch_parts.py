"""The pure deciders of fetching: decompression, media types, verdicts, identity."""

from __future__ import annotations

import gzip
import zlib

import pytest

from vitality.errors import (
    AccessDenied,
    BadContent,
    FetchError,
    NotFound,
    ServerFailed,
    Unreachable,
)
from vitality.fetch.identity import Identity
from vitality.fetch.inflate import BrokenEncoding, TooMuch, inflater
from vitality.fetch.media import is_readable, sniff
from vitality.fetch.port import Accept
from vitality.fetch.verdict import error_for, is_host_trouble, outcome_of, redirect_target
from vitality.records import Outcome

TEXT = b"Sunday Mass 8:00, 10:00 " * 500


def _feed(encoding: str | None, body: bytes, most: int = 100_000, step: int = 7) -> bytes:
    stream = inflater(encoding, most)
    out = b"".join(stream.feed(body[start : start + step]) for start in range(0, len(body), step))
    stream.finish()
    return out


def _raw_deflate(data: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(data) + stream.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        (None, TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", _raw_deflate(TEXT)),
        ("gzip", gzip.compress(TEXT[:5000]) + gzip.compress(TEXT[5000:])),
        ("gzip", gzip.compress(TEXT) + b"\0" * 20),
    ],
)
def test_bodies_are_decompressed(encoding: str | None, body: bytes) -> None:
    """gzip (members, padding), zlib, raw deflate and plain bodies come out whole, in pieces or at once."""
    step = len(body) if encoding == "deflate" else 7
    assert _feed(encoding, body, step=step) == TEXT
    assert _feed(encoding, body, step=10**6) == TEXT


def test_a_bomb_is_stopped_before_it_unfolds() -> None:
    """A body that grows beyond the cap is an error, and no more than the cap is ever made of it."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    with pytest.raises(TooMuch):
        _feed("gzip", bomb, most=10_000, step=10**6)
    with pytest.raises(TooMuch):
        _feed(None, TEXT, most=100)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("gzip, br", b"x"), ("gzip", TEXT), ("gzip", gzip.compress(TEXT)[:-9]), ("deflate", b"\xff" * 40)],
)
def test_broken_encodings_are_errors(encoding: str, body: bytes) -> None:
    """Encodings not asked for, wrong bytes and early ends are told apart from a page."""
    with pytest.raises(BrokenEncoding):
        _feed(encoding, body, step=10**6)


@pytest.mark.parametrize(
    ("header", "accept", "readable"),
    [
        ("text/html; charset=utf-8", Accept.PAGE, True),
        ("Application/PDF", Accept.PAGE, True),
        ("application/vnd.google-earth.kml+xml", Accept.PAGE, True),
        ("application/ld+json", Accept.PAGE, True),
        (None, Accept.PAGE, True),
        ("image/png", Accept.PAGE, False),
        ("application/zip", Accept.PAGE, False),
        ("text/html", Accept.JSON, True),
        ("image/png", Accept.JSON, False),
    ],
)
def test_media_types(header: str | None, accept: Accept, readable: bool) -> None:
    """What a reader exists for is readable; JSON is taken under any name of a text."""
    assert is_readable(header, accept) is readable


@pytest.mark.parametrize(
    ("header", "body", "kind"),
    [
        ("text/html; charset=x", b"", "text/html"),
        (None, b"\xef\xbb\xbf <p>", "text/html"),
        (None, b"%PDF-1.7", "application/pdf"),
        ("application/octet-stream", b'{"a": 1}', "application/json"),
        (None, b"Mass at 8", "text/plain"),
        ("application/octet-stream", b"Mass at 8", None),
        (None, b"\x89PNG\x00", None),
    ],
)
def test_an_unnamed_type_is_seen_from_the_beginning(header: str | None, body: bytes, kind: str | None) -> None:
    """A body without a type of its own goes by its first characters, or is not read."""
    assert sniff(header, body) == kind


@pytest.mark.parametrize(
    ("status", "proxied", "error", "trouble"),
    [
        (200, False, None, False),
        (401, False, AccessDenied, False),
        (402, False, AccessDenied, False),
        (403, False, AccessDenied, False),
        (451, False, AccessDenied, False),
        (404, False, NotFound, False),
        (410, False, NotFound, False),
        (418, False, BadContent, False),
        (204, False, BadContent, False),
        (206, False, BadContent, False),
        (500, False, ServerFailed, False),
        (502, False, ServerFailed, True),
        (523, False, ServerFailed, True),
        (502, True, Unreachable, True),
        (599, False, ServerFailed, False),
    ],
)
def test_statuses(status: int, proxied: bool, error: type[FetchError] | None, trouble: bool) -> None:
    """Each status has one meaning, and only trouble of the host itself is counted against it."""
    made = error_for("http://a.org/", status, proxied=proxied)
    assert (None if made is None else type(made)) is error
    assert made is None or (is_host_trouble(made) is trouble and made.status == status)


def test_redirects_are_resolved() -> None:
    """A redirect's target is absolute; one without Location leads nowhere."""
    assert redirect_target("http://a.org/x/y", 302, {"location": "../z"}) == "http://a.org/z"
    assert redirect_target("http://a.org/x/y", 200, {"location": "/z"}) is None
    with pytest.raises(BadContent):
        redirect_target("http://a.org/", 301, {})


def test_the_ledger_names_each_error() -> None:
    """Every kind of error has its outcome."""
    assert outcome_of(NotFound("u", "r")) is Outcome.NOT_FOUND
    assert outcome_of(AccessDenied("u", "r")) is Outcome.ACCESS_DENIED
    assert outcome_of(BadContent("u", "r")) is Outcome.BAD_CONTENT


def test_we_say_who_we_are() -> None:
    """The user agent is our product and version, and where to complain."""
    agent = Identity("https://example.org/bot").user_agent
    assert agent.startswith("VitalityBot/")
    assert agent.endswith(" (+https://example.org/bot)")
    assert "Mozilla" not in agent
