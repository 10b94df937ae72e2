"""The seam between the browser and the network: what a page wants, and who gets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from vitality.fetch.http import Answer
from vitality.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page's script asks for."""

    url: str
    kind: str
    """Playwright's resource type."""
    method: str
    headers: dict[str, str]
    content: bytes | None


class Supply(Protocol):
    """Where a page gets from what it wants; both calls raise a `FetchError`."""

    async def document(self, url: str) -> Page: ...

    async def resource(self, wanted: Wanted) -> Answer: ...
