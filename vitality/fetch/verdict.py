"""What the status of an answer means: read it, follow it, or raise an error of ours."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urljoin

from vitality.errors import (
    AccessDenied,
    AddressForbidden,
    BadContent,
    FetchError,
    HostWait,
    NotFound,
    Refused,
    RobotsDisallowed,
    ServerFailed,
    Unreachable,
)
from vitality.records import Outcome

READABLE = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
WAIT = frozenset({429, 503})
_DENIED = frozenset({401, 402, 403, 451})
_GONE = frozenset({404, 410})
_GATEWAY_TROUBLE = frozenset({502, 504, *range(520, 528), 530})
"""Answers of something in front of the host: the host itself did not answer."""
_PROXY_FAILED = frozenset({502, 504})


def redirect_target(url: str, status: int, headers: Mapping[str, str]) -> str | None:
    """Where a redirect leads, as an absolute URL; None if the answer is none. Raises `BadContent` for a blind one."""
    if status not in REDIRECTS:
        return None
    location = headers.get("location", "").strip()
    if not location:
        raise BadContent(url, f"{status} without Location", status=status)
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise BadContent(url, f"{status} to no URL", status=status) from error


def error_for(url: str, status: int, *, proxied: bool) -> FetchError | None:
    """The error that a status other than 429 and 503 stands for; None for an answer to read.

    Through a proxy, 502 and 504 are the proxy's own word that it could not reach the host.
    """
    if status in READABLE:
        return None
    name = _name(status)
    if status in _DENIED:
        return AccessDenied(url, name, status=status)
    if status in _GONE:
        return NotFound(url, name, status=status)
    if proxied and status in _PROXY_FAILED:
        return Unreachable(url, f"the proxy could not reach it ({name})", status=status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerFailed(url, name, status=status)
    return BadContent(url, name, status=status)


def is_host_trouble(error: FetchError) -> bool:
    """Whether an error tells of the host itself and not of one page: its circuit counts it."""
    if isinstance(error, ServerFailed):
        return error.status in _GATEWAY_TROUBLE
    return isinstance(error, Unreachable)


def outcome_of(error: FetchError) -> Outcome:
    """How the ledger names an error."""
    table: tuple[tuple[type[FetchError], Outcome], ...] = (
        (RobotsDisallowed, Outcome.ROBOTS_DISALLOWED),
        (AddressForbidden, Outcome.ADDRESS_FORBIDDEN),
        (Refused, Outcome.ACCESS_DENIED),
        (NotFound, Outcome.NOT_FOUND),
        (HostWait, Outcome.HOST_WAIT),
        (Unreachable, Outcome.UNREACHABLE),
        (ServerFailed, Outcome.SERVER_FAILED),
    )
    return next((outcome for kind, outcome in table if isinstance(error, kind)), Outcome.BAD_CONTENT)


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
