"""How long to wait between two requests to a host, and how long a server asks us to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Our rules of politeness.

    `delay` is the least time between the starts of two requests to one host. A site's crawl-delay may lengthen
    it. A delay of up to `longest_delay` is slept through where it stands, and a queue of up to `patience` besides;
    what is longer goes back to the caller as a time to come back at.
    """

    delay: timedelta = timedelta(seconds=2)
    longest_delay: timedelta = timedelta(seconds=60)
    patience: timedelta = timedelta(seconds=30)

    def gap(self, crawl_delay: float | None) -> timedelta:
        """Time between two requests, given the site's crawl-delay in seconds; ours where that is shorter."""
        return max(self.delay, min(timedelta(seconds=crawl_delay or 0), _LONGEST_CRAWL_DELAY))

    def patience_for(self, gap: timedelta) -> timedelta:
        """How long a request may sleep for its turn: a site with a bearable delay is always read on."""
        return gap + self.patience if gap <= self.longest_delay else timedelta(0)


_LONGEST_CRAWL_DELAY = timedelta(days=1)
_LONGEST_RETRY_AFTER = timedelta(days=7)


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """The wait that a Retry-After header asks for (RFC 9110 section 10.2.3), at most a week; None if it says none."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=min(int(text[:9]), 10**9)), _LONGEST_RETRY_AFTER)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), _LONGEST_RETRY_AFTER)
