"""Which links of a page are worth a request: ranked by what their words and addresses promise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from vitality.pages import link_words
from vitality.pages.dom import Link, absolute, base_url, links, squeeze, text_of


class Purpose(StrEnum):
    """What a walk is looking for."""

    SCHEDULE = "schedule"
    DIRECTORY = "directory"
    PARISH_FACTS = "parish_facts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A page worth reading: the higher the score, the sooner; 0 and below is not worth a request."""

    url: str
    text: str
    score: float
    reason: str


_TABLES: Mapping[Purpose, tuple[Mapping[str, float], Mapping[str, float]]] = {
    Purpose.SCHEDULE: (link_words.SCHEDULE_WANTED, link_words.SCHEDULE_UNWANTED),
    Purpose.DIRECTORY: (link_words.DIRECTORY_WANTED, link_words.DIRECTORY_UNWANTED),
    Purpose.PARISH_FACTS: (link_words.PARISH_FACTS_WANTED, link_words.PARISH_FACTS_UNWANTED),
}
_NOT_A_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|bmp|tiff?|mp[34]|m4[av]|mov|avi|wav|zip|gz|docx?|xlsx?|pptx?|ics|css|js|exe|pdf|epub|vcf|xml|json)$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"/(?:19|20)\d\d(?:/|-)(?:0?[1-9]|1[0-2])\b|[?&](?:month|date|day|year|eventdate|tribe[^=]*)=", re.IGNORECASE
)
_HIDDEN_LINKS = (
    ("frame[src], iframe[src]", "src"),
    ("meta[http-equiv=refresh i][content]", "content"),
    ("option[value*='/'], option[value*='.htm']", "value"),
    ("[onclick*=location], [onclick*='window.open']", "onclick"),
    ("[data-href]", "data-href"),
)
_IN_HANDLER = re.compile(
    r"""(?:location(?:\.href)?\s*=\s*|window\.open\(\s*|\burl\s*=\s*)['"]?([^'"\s;)]+)""", re.IGNORECASE
)
_LONG_TEXT = 60
_TEXT_TOO_LONG = 160


def rank_links(found: Iterable[Link], *, page_url: str, purpose: Purpose) -> tuple[Candidate, ...]:
    """The links of one page that lead to other pages of its site and promise something, best first.

    Menu, body and footer links count alike; an address is listed once, under its most promising words.
    """
    best: dict[str, Candidate] = {}
    for link in found:
        if (
            not is_page_address(link.url)
            or not same_site(link.url, page_url)
            or page_key(link.url) == page_key(page_url)
        ):
            continue
        candidate = rate(link, purpose)
        known = best.get(page_key(link.url))
        if known is None or candidate.score > known.score:
            best[page_key(link.url)] = candidate
    worthy = (c for c in best.values() if c.score > 0)
    return tuple(sorted(worthy, key=lambda c: (-c.score, _depth(c.url))))


@lru_cache(maxsize=8192)
def rate(link: Link, purpose: Purpose) -> Candidate:
    """What one link promises: the best wanted words of its text or address, less all unwanted ones."""
    wanted, unwanted = _TABLES[purpose]
    text, address = fold(link.text[:_TEXT_TOO_LONG]), address_words(link.url)
    by_text, text_words = _best(text, wanted)
    by_address, path_words = _best(address, wanted)
    if len(text) > _LONG_TEXT:
        by_text /= 2
    score = max(by_text, by_address) + min(by_text, by_address) / 4
    against = dict(_all(f"{text} | {address}", unwanted))
    if _DATED.search(link.url):
        against["dated address"] = -6
    score += sum(against.values())
    reasons = [f"text “{text_words}” +{by_text:g}"] if by_text else []
    reasons += [f"address “{path_words}” +{by_address:g}"] if by_address else []
    reasons += [f"“{words}” {weight:g}" for words, weight in against.items()]
    return Candidate(url=link.url, text=link.text, score=score, reason=", ".join(reasons))


def page_links(tree: LexborHTMLParser, page_url: str) -> tuple[Link, ...]:
    """All links of a page, those of frames, refreshes, option lists and click handlers included."""
    base = base_url(tree, page_url)
    found = list(links(tree, page_url))
    for selector, attribute in _HIDDEN_LINKS:
        for node in tree.css(selector):
            value = node.attributes.get(attribute) or ""
            target = _IN_HANDLER.search(value)
            url = absolute(base, target.group(1) if target else value if attribute != "onclick" else None)
            if url is not None:
                found.append(
                    Link(url=url, text=text_of(node) or squeeze(node.attributes.get("title")), rel=node.tag or "")
                )
    return tuple(found)


def same_site(url: str, home_url: str) -> bool:
    """Whether an address belongs to the site of `home_url`: the same host, `www.` or not, or a subdomain of it."""
    host, home = site_host(url), site_host(home_url)
    return bool(home) and (host == home or host.endswith(f".{home}"))


def site_host(url: str) -> str:
    """The host of an address in lower case, without `www.`, user or the scheme's own port."""
    host = urlsplit(url).netloc.rpartition("@")[2].lower()
    return host.removesuffix(":80").removesuffix(":443").removeprefix("www.")


def page_key(url: str) -> str:
    """The same for addresses that lead to one page: scheme, `www.`, index file, `.html`, final slash and tracking aside."""
    parts = urlsplit(url)
    path = re.sub(r"/(?:index|default)\.(?:html?|php|aspx?)$|\.html?$", "/", parts.path, flags=re.IGNORECASE)
    query = "&".join(p for p in parts.query.split("&") if p and not re.match(r"(?:utm_\w+|fbclid|gclid)=", p))
    return f"{site_host(url)}{unquote(path).rstrip('/')}{'?' if query else ''}{query}"


def is_page_address(url: str) -> bool:
    """False for addresses of pictures, documents, feeds and data."""
    return _NOT_A_PAGE.search(urlsplit(url).path) is None


def fold(text: str) -> str:
    """Words in lower case without accents, everything else one space; `&` reads as "and"."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ").replace("đ", "d").replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in plain.lower() if not unicodedata.combining(c))).strip()


def address_words(url: str) -> str:
    """The words of an address's last path segments: `/about/MassTimes.html` reads "about mass times"."""
    path = re.sub(r"\.(?:html?|php|aspx?|jsp|cfm)$", "", unquote(urlsplit(url).path), flags=re.IGNORECASE)
    segments = [s for s in path.split("/") if s][-3:]
    return fold(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", " ".join(segments)))


def _best(words: str, table: Mapping[str, float]) -> tuple[float, str]:
    found = [(weight, match) for weight, match in _matches(words, table)]
    return max(found, key=lambda each: (each[0], len(each[1])), default=(0.0, ""))


def _all(words: str, table: Mapping[str, float]) -> list[tuple[str, float]]:
    return [(match, weight) for weight, match in _matches(words, table)]


def _matches(words: str, table: Mapping[str, float]) -> Iterable[tuple[float, str]]:
    for pattern, weight in table.items():
        found = _compiled(pattern).search(words)
        if found is not None:
            yield weight, found.group()


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])")


def _depth(url: str) -> int:
    return urlsplit(url).path.rstrip("/").count("/")
