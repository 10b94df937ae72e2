"""Where the rest of a list is: its other pages, its letters, the next part of a data answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborNode

from vitality.pages.dom import Link, absolute, links, squeeze, text_of
from vitality.pages.layouts.contacts import host_of
from vitality.pages.layouts.document import Document
from vitality.pages.places import is_city, state_code


class FollowKind(StrEnum):
    """Why a further address belongs to the same directory."""

    PAGER = "pager"
    """Another page of the same list."""
    LETTER = "letter"
    """The list of another letter, county or city."""
    ENDPOINT = "endpoint"
    """Data that the page's scripts fetch and draw."""
    SCRIPT = "script"
    """A script of the site that may name the endpoint."""
    DETAIL = "detail"
    """The page of one parish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """An address to fetch next, and why."""

    kind: FollowKind
    url: str


_PAGE_PARAMETER = re.compile(
    r"^(?:page|p|pg|paged|pagenum|page_?no|page_?number|currentpage|cpage|start|offset|skip|from|e-page-\w+|.*[_-]page)$",
    re.IGNORECASE,
)
_PAGE_PATH = re.compile(r"/(?:page|p)[/-]?(\d{1,3})/?$", re.IGNORECASE)
_NEXT_WORDS = re.compile(r"^(?:next|more|load more|show more|view more|see more|older|siguiente|next page|more parishes|load more parishes|show all|view all|all)\b.{0,12}$|^(?:next\s*)?[»›>→]+$", re.IGNORECASE)  # fmt: skip
_FIRST_WORDS = re.compile(r"(?i)^\W*(?:(?:go to )?(?:page )?1|(?:go to )?first(?: page)?)\W*$")
"""The page without a number is the first one, by whatever number its pager counts it: from nought or from one."""
_LETTERS = re.compile(r"^(?:[A-Z](?:\s*[-–—]\s*[A-Z])?|[A-Z]{2,4}|0-9|#)$")
_SECTIONS = re.compile(r"\b(?:county|counties|deanery|vicariate|region|district)\b", re.IGNORECASE)
_LISTY = re.compile(
    r"parish|church|director|location|find|mission|deaner|vicariate|count(?:y|ies)|region|letter|alpha", re.IGNORECASE
)
_MAX_PAGES = 200


def pager_follows(document: Document) -> tuple[Follow, ...]:
    """The other pages of the list; where the pager names the last page, all pages up to it."""
    found: dict[str, None] = {}
    own = _plain(document.page.url)
    for link in _links(document):
        if host_of(link.url) == host_of(own) and _plain(link.url) != own and _is_pager(link, own):
            if _page_number(own) is None and _FIRST_WORDS.match(link.text):
                continue
            found.setdefault(_plain(link.url))
    for url in _buttons(document):
        found.setdefault(_plain(url))
    return tuple(Follow(kind=FollowKind.PAGER, url=url) for url in _expanded(list(found), own))


def _links(document: Document) -> Iterator[Link]:
    yield from links(document.tree, document.page.url)
    for node in document.tree.css("link[rel=next]"):
        url = absolute(document.page.url, node.attributes.get("href"))
        if url:
            yield Link(url=url, text="next", rel="next")


def _is_pager(link: Link, own: str) -> bool:
    """Whether a link leads to another page of the list at `own`."""
    if "next" in link.rel.split() and _same_list(link.url, own):
        return True
    words = squeeze(re.sub(r"(?i)\b(?:page|current|go to)\b", " ", link.text))
    worded = (
        re.fullmatch(r"\d{1,3}", words)
        or _NEXT_WORDS.match(link.text)
        or re.fullmatch(r"(?i)(?:(?:last|first|prev(?:ious)?)\s*){0,2}[»›«‹]*", words)
    )
    return (
        bool(worded)
        and _same_list(link.url, own)
        and (_page_number(link.url) is not None or bool(_NEXT_WORDS.match(link.text) and urlsplit(link.url).query))
    )


def _same_list(url: str, own: str) -> bool:
    return _PAGE_PATH.sub("", urlsplit(url).path).rstrip("/") == _PAGE_PATH.sub("", urlsplit(own).path).rstrip("/")


def _page_number(url: str) -> tuple[str, int] | None:
    """The parameter that numbers the pages (or `/` for a path) and the number."""
    for name, value in parse_qsl(urlsplit(url).query):
        if _PAGE_PARAMETER.match(name) and value.isdigit():
            return name, int(value)
    found = _PAGE_PATH.search(urlsplit(url).path)
    return ("/", int(found[1])) if found else None


def _expanded(urls: list[str], own: str) -> list[str]:
    """Fills the gaps of a pager that shows only some numbers and the last one; of a later page only what follows it."""
    current = _page_number(own)
    numbered = [(number, url) for url in urls if (number := _page_number(url))]
    if current is not None:
        behind = {url for number, url in numbered if number[0] == current[0] and number[1] <= current[1]}
        first = {url for url in urls if _page_number(url) is None and _same_list(url, own)}
        urls = [url for url in urls if url not in behind | first]
        numbered = [(number, url) for number, url in numbered if url not in behind]
    names = {number[0] for number, _ in numbered}
    numbers = sorted({number[1] for number, _ in numbered})
    if len(numbers) < 2 or len(names) != 1 or numbers[-1] > _MAX_PAGES:
        return urls
    name, template = names.pop(), numbered[-1][1]
    here = current[1] if current is not None else 0
    counted = name.lower() in ("start", "offset", "skip", "from")
    step = min(right - left for left, right in pairwise(numbers)) if counted else 1
    return [_numbered(template, name, number) for number in range(numbers[0], numbers[-1] + 1, step) if number != here]


def _numbered(url: str, name: str, number: int) -> str:
    parts = urlsplit(url)
    if name == "/":
        return urlunsplit(
            parts._replace(path=_PAGE_PATH.sub(lambda found: found[0].replace(found[1], str(number)), parts.path))
        )
    query = "&".join(
        f"{key}={number}" if key == name else f"{key}={value}" if sign else key
        for key, sign, value in (pair.partition("=") for pair in parts.query.split("&"))
    )
    return urlunsplit(parts._replace(query=query))


def _buttons(document: Document) -> Iterator[str]:
    """Addresses that "load more" buttons carry in their attributes."""
    for node in document.tree.css("[data-next], [data-next-url], [data-next-page], [data-load-more-url], button[data-url], button[data-href], a[data-url], button[hx-get], a[hx-get]"):  # fmt: skip
        words = text_of(node).lower()
        for name in (
            "data-next-url",
            "data-next",
            "data-next-page",
            "data-load-more-url",
            "data-url",
            "data-href",
            "hx-get",
        ):
            value = node.attributes.get(name)
            if value and ("/" in value or "?" in value) and ("more" in words or "next" in name or "next" in words):
                url = absolute(document.page.url, value)
                if url:
                    yield from _up_to_the_last(url, node)


_LAST_PAGE = ("data-max-pages", "data-max-page", "data-max", "data-pages", "data-total-pages", "data-last-page")


def _up_to_the_last(url: str, node: LexborNode) -> Iterator[str]:
    """The page that a button loads, and those after it up to the last that the button tells."""
    yield url
    number = _page_number(url)
    last = next((value for name in _LAST_PAGE if (value := node.attributes.get(name) or "").isdigit()), "0")
    if number is not None and int(last) <= _MAX_PAGES:
        yield from (_numbered(url, number[0], page) for page in range(number[1] + 1, int(last) + 1))


def _is_below(url: str, own: str) -> bool:
    """Whether an address is that of a page below the page, or of the page with a question."""
    path, mine = urlsplit(url).path, urlsplit(own).path.rstrip("/")
    return path.startswith(f"{mine}/") if path.rstrip("/") != mine else bool(urlsplit(url).query)


_POSTBACK = re.compile(r"__doPostBack\([^)]*Page\$(?:\d|Next|Last)", re.IGNORECASE)


def has_scripted_pager(document: Document) -> bool:
    """Whether the list has further pages that only a script can send for (ASP.NET's postback)."""
    return "__doPostBack" in document.page.text and any(
        _POSTBACK.search(node.attributes.get("href") or "") for node in document.tree.css("a[href^='javascript:']")
    )


def letter_follows(document: Document, *, empty: bool) -> tuple[Follow, ...]:
    """Pages of the list by letter and, of a page without parishes, by county, deanery, state or town."""
    own = _plain(document.page.url)
    found, sections, towns = dict[str, None](), dict[str, None](), dict[str, None]()
    for link in links(document.tree, document.page.url):
        url = _plain(link.url)
        if host_of(url) != host_of(own) or url == own:
            continue
        if _LETTERS.match(link.text.strip()):
            found.setdefault(url)
        elif (
            empty
            and (_SECTIONS.search(link.text) or state_code(link.text))
            and _LISTY.search(urlsplit(url).path)
            and len(link.text) < 50
        ):
            sections.setdefault(url)
        elif empty and _is_below(url, own) and len(link.text) < 40 and is_city(link.text):
            towns.setdefault(url)
    sections = towns if len(towns) > max(2, len(sections)) else sections
    chosen = found if len(found) >= 3 else sections if len(sections) >= 2 else {}
    return tuple(Follow(kind=FollowKind.LETTER, url=url) for url in chosen)


def joined(base: str, raw: str) -> str | None:
    """The address that a script's text means, seen from `base`; None when it is none."""
    try:
        url = urljoin(base, raw)
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else None
    except ValueError:
        return None


def wp_follows(document: Document) -> tuple[Follow, ...]:
    """The list of content types of a WordPress site: one of them may be its parishes."""
    node = document.tree.css_first('link[rel="https://api.w.org/"]')
    root = absolute(document.page.url, node.attributes.get("href")) if node is not None else None
    return (Follow(kind=FollowKind.ENDPOINT, url=f"{root.rstrip('/')}/wp/v2/types"),) if root else ()


_WORDPRESS_SIZE = 10
"""Rows that WordPress answers where no number is asked for."""


def data_follows(url: str, rows: int, *, more: bool, following: str | None = None) -> tuple[Follow, ...]:
    """The next page of a data answer that is full: as the answer names it, else WordPress REST, ArcGIS, numbered pages."""
    named = joined(url, following) if following else None
    if named is not None and host_of(named) == host_of(url):
        return (Follow(kind=FollowKind.PAGER, url=named),)
    query = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
    if "resultOffset" in query or ("where" in query and more):
        offset = query.get("resultOffset", "")
        return (_with(url, "resultOffset", (int(offset) if offset.isdigit() else 0) + rows),) if more else ()
    size = next(
        (
            int(query[name])
            for name in ("per_page", "limit", "pageSize", "page_size", "size")
            if query.get(name, "").isdigit()
        ),
        _WORDPRESS_SIZE if "/wp-json/wp/v2/" in url else 0,
    )
    if not rows or not (more or (size and rows >= size)):
        return ()
    for name in ("offset", "skip", "start"):
        if query.get(name, "0").isdigit() and name in query:
            return (_with(url, name, int(query[name]) + rows),)
    name = next((name for name in query if name.lower() in ("page", "pagenumber", "pageno", "pg", "p")), "page")
    return (_with(url, name, int(query[name]) + 1 if query.get(name, "").isdigit() else 2),)


def _with(url: str, name: str, value: int) -> Follow:
    """The address with one parameter changed where it stands, or added at the end."""
    parts = urlsplit(url)
    pairs = [pair for pair in parts.query.split("&") if pair]
    changed = [f"{name}={value}" if pair.partition("=")[0] == name else pair for pair in pairs]
    if changed == pairs:
        changed.append(f"{name}={value}")
    return Follow(kind=FollowKind.PAGER, url=urlunsplit(parts._replace(query="&".join(changed))))


def type_follows(types: Iterable[tuple[str, str]], url: str) -> tuple[Follow, ...]:
    """Of a WordPress site's content types, given as (name, REST base), those that are parishes."""
    root = url.partition("/wp/v2/types")[0]
    chosen = [base for name, base in types if re.search(r"(?i)parish|church|location|store|mission", f"{name} {base}")]
    return tuple(Follow(kind=FollowKind.ENDPOINT, url=f"{root}/wp/v2/{base}?per_page=100") for base in chosen)


def _plain(url: str) -> str:
    return url.partition("#")[0]
