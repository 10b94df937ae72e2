"""Every error the program raises on purpose.

    VitalityError
    ├── SettingsError              a setting is missing or wrong                      exit code 2
    ├── DatabaseError
    │   ├── DatabaseUnavailable    not reachable now; try again, never "no work"
    │   ├── SchemaMissing          no migration has run
    │   ├── SchemaTooNew           made by a newer version of this program
    │   └── SchemaHalfApplied      a migration stopped midway
    ├── LeaseLost                  the claim is another's by now: write nothing
    ├── FetchError
    │   ├── Refused                the site, or our own rule, says no: leave it alone
    │   │   ├── RobotsDisallowed
    │   │   ├── AddressForbidden   not a public address, or not HTTP
    │   │   └── AccessDenied       401, 402, 403, 451
    │   ├── NotFound               404 or 410
    │   ├── HostWait               not before a time: 429, 503, open circuit, a long queue
    │   ├── Unreachable            DNS, connection, TLS, time-out
    │   ├── ServerFailed           another 5xx or an answer that is no HTTP
    │   └── BadContent             too large, wrong media type, undecodable, redirect loop
    ├── RestartsExhausted          children failed more often than restarting can mend exit code 3
    ├── BudgetSpent                a walk used up its requests
    ├── BrowserUnavailable         a page needs JavaScript and no browser works
    ├── DirectoryNotFound          no page of a site lists its parishes, or the site did not let us see
    ├── Unreadable                 a page that no reader can read
    └── FolderUnusable             a report or export cannot be put where it should go

Foreign errors (httpx, asyncpg, playwright) are translated once, where that library is used.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal


class VitalityError(Exception):
    """The root of the tree above."""


class SettingsError(VitalityError):
    """A setting is missing or wrong; the message names it and what is allowed."""


class DatabaseError(VitalityError):
    """Postgres answered with an error that is no lost lease."""


class DatabaseUnavailable(DatabaseError):
    """Postgres cannot be reached now."""


class SchemaMissing(DatabaseError):
    """The database has no schema of ours; the message says how to make it."""


class SchemaTooNew(DatabaseError):
    """The schema was made by a newer version; the message says what to do."""


class SchemaHalfApplied(DatabaseError):
    """A migration stopped midway; the message says what to do."""


class LeaseLost(VitalityError):
    """The claim's term has passed to another holder; nothing of this claim may be written."""


class FetchError(VitalityError):
    """One request that gave no page; `url` is what was asked for."""

    def __init__(self, url: str, reason: str, *, status: int | None = None) -> None:
        super().__init__(f"{reason}: {url}")
        self.url = url
        self.reason = reason
        self.status = status


class Refused(FetchError):
    """The site, or our own rule, says no; it is shown as blocked and left alone."""


class RobotsDisallowed(Refused):
    """robots.txt disallows the URL for our user agent (RFC 9309)."""


class AddressForbidden(Refused):
    """The URL is not HTTP(S) or leads to an address that is not public."""


class AccessDenied(Refused):
    """The server answered 401, 402, 403 or 451."""


class NotFound(FetchError):
    """The server answered 404 or 410."""


class HostWait(FetchError):
    """The host must not be asked before `until` (an aware datetime)."""

    def __init__(self, url: str, reason: str, *, until: datetime, status: int | None = None) -> None:
        super().__init__(url, reason, status=status)
        self.until = until


class Unreachable(FetchError):
    """No HTTP answer: DNS, connection, TLS or time-out."""


class ServerFailed(FetchError):
    """The server answered with a 5xx other than 503, or with something that is no HTTP."""


class BadContent(FetchError):
    """The answer is too large, of the wrong media type, undecodable, or redirects for ever."""


class RestartsExhausted(VitalityError):
    """The supervisor's children failed too often; the level above must act. The cause is the last failure."""


class BudgetSpent(VitalityError):
    """A walk over a site used up the requests it was given."""


class BrowserUnavailable(VitalityError):
    """A page needs JavaScript and no browser can be started; the message says what was tried."""


class DirectoryNotFound(VitalityError):
    """No page of a site could be proved to list parishes; `cause` tells an absent list from a site that refuses or fails."""

    def __init__(
        self, home_url: str, reason: str, *, cause: Literal["absent", "blocked", "failed"], tried: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{reason}: {home_url}")
        self.home_url = home_url
        self.reason = reason
        self.cause = cause
        self.tried = tried


class Unreadable(VitalityError):
    """A stored page that no reader can read; the message says why."""


class FolderUnusable(VitalityError):
    """A folder to write into is in use by another writer or holds somebody else's files."""


DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a reader raises when it meets a page that its author did not think of: counted against that page alone."""
