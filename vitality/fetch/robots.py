"""What a robots.txt allows us (RFC 9309): our group is picked here, paths are matched by protego.

Groups are picked by product token, exactly and without regard to case; groups of one token are merged, lines
that are no rule do not end a group, and `*` holds only where no group names us. Misspellings that Google's
parser forgives are forgiven. Protego by itself takes a longer token for a match of a shorter one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from protego import Protego

MOST_BYTES = 500 * 1024
"""How much of a robots.txt is read (RFC 9309 section 2.5)."""

_FIELDS = {
    "user-agent": ("user-agent", "useragent", "user agent"),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "allow": ("allow",),
    "crawl-delay": ("crawl-delay", "crawldelay", "crawl delay"),
    "sitemap": ("sitemap", "site-map"),
}
_FIELD_OF = {spelling: field for field, spellings in _FIELDS.items() for spelling in spellings}
_LINE = re.compile(
    rf"\s*({'|'.join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))})(?:\s*:|\s+|$)\s*(.*)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class RobotsRules:
    """The rules of one robots.txt for one product token."""

    def __init__(self, text: str, product: str) -> None:
        lines = list(_lines(text))
        rules = _rules_for(_token(product), lines)
        self._paths = Protego.parse("".join(f"{field}: {value}\n" for field, value in (("user-agent", "*"), *rules)))
        self.sitemaps = tuple(dict.fromkeys(value for field, value in lines if field == "sitemap" and value))
        """Values of the Sitemap lines, which belong to no group."""

    def allows(self, url: str) -> bool:
        """Whether the URL may be asked for; the longest rule wins, `allow` wins a tie."""
        return bool(self._paths.can_fetch(url, "*"))

    @property
    def crawl_delay(self) -> float | None:
        """Seconds between two requests that the site asks for; no part of RFC 9309, but heeded."""
        delay = self._paths.crawl_delay("*")
        return None if delay is None else float(delay)


def decode_robots(body: bytes) -> str:
    """The text of a robots.txt, which is UTF-8 (RFC 9309 section 2.3), cut at the size that is read."""
    head = body[:MOST_BYTES]
    encoding = "utf-16" if head.startswith(_UTF16) else "utf-8-sig"
    return head.decode(encoding, errors="replace").replace("\x00", "")  # Postgres stores no null character


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in _BREAK.split(text.removeprefix("\ufeff")):
        match = _LINE.match(line.partition("#")[0])
        if match:
            yield _FIELD_OF[match[1].lower()], match[2].strip()


def _token(agent: str) -> str:
    if agent.split()[:1] == ["*"]:
        return "*"
    match = _TOKEN.match(agent)
    return match[0].lower() if match else agent.lower()


def _rules_for(product: str, lines: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    current: set[str] = set()
    in_rules = True
    for field, value in lines:
        if field == "user-agent":
            current = {_token(value)} if in_rules else current | {_token(value)}
            groups.setdefault(_token(value), [])
            in_rules = False
        elif field != "sitemap":
            in_rules = in_rules or field in ("allow", "disallow")
            for agent in current:
                groups[agent].append((field, value))
    return groups.get(product, groups.get("*", []))
