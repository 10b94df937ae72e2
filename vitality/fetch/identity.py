"""Who we say we are: one honest user agent, and the product token that robots.txt knows us by."""

from __future__ import annotations

from dataclasses import dataclass

from vitality import __version__

PRODUCT = "VitalityBot"
"""Our product token (RFC 9309 section 2.2.1)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Our name as servers see it; `contact` is the page or address where a site's owner reaches the operator."""

    contact: str | None = None

    @property
    def user_agent(self) -> str:
        """The value of the User-Agent header, e.g. `VitalityBot/1.0 (+https://example.org/bot)`."""
        return f"{PRODUCT}/{__version__}" + (f" (+{self.contact})" if self.contact else "")
