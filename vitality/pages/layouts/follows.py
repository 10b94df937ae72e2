"""Where the rest of a list is: pagers, letters, endpoints that scripts name, script files, forms that list everything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

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


# -- endpoints ------------------------------------------------------------------------------------------

_QUOTED = re.compile(r"""["'`(](?P<url>(?:https?:)?\\?/\\?/[^"'`\s<>()]{6,300}|\.{0,2}\\?/[^"'`\s<>()]{2,300}|[\w-]+(?:/[\w.-]+)*\.(?:json|geojson|kml|kmz|csv|xml|php|ashx|aspx)(?:\?[^"'`\s<>]*)?)["'`)]""")  # fmt: skip
_DATA = re.compile(
    r"\.(?:json|geojson|kml|kmz|csv)(?:\?|$)|(?:location|marker|parish|church|store|place|data|map)[\w-]*\.xml(?:\?|$)|[?&](?:output|tqx)=(?:out:)?(?:csv|json)|/gviz/tq|/wp-json/(?!oembed|contact-form|yoast|$)|admin-ajax\.php\?|/(?:Feature|Map)Server(?:/\d+)?|[?&](?:f|format|output|_format)=(?:p?json|geojson|kml)|"
    r"/api(?:[/?]|$)|[?&](?:post_)?type=(?:parish|church)|/rest/|/ajax/|\.ashx\b|/odata/|/jsonapi/|/services?/.*(?:get|list|search)|getparish|parish(?:es)?[_-]?(?:data|list|feed|search|json)|/maps/d/(?:u/\d/)?(?:embed|viewer|kml)\?",
    re.IGNORECASE,
)
_NO_DATA = re.compile(
    r"googletagmanager|google-analytics|googleapis\.com/(?!.*fusiontables)|gstatic|fonts\.|facebook|twitter|doubleclick|recaptcha|manifest\.json|sitemap|rss|/oembed|hotjar|cloudflare|sentry|gravatar|"
    r"jquery|wp-includes|wp-emoji|/wp-json/?$|/wp-json/wp/v2/(?:pages|posts|users|media|comments)|\.(?:js|css|png|jpe?g|svg|gif|woff2?)(?:\?|$)|schema\.org|w3\.org|\$\{|\{\{|<%|translations?/|/locales?/|lang(?:uages?)?\.json|package\.json|youtube|vimeo|/login|/search/node",
    re.IGNORECASE,
)
_FETCHED = re.compile(
    r"""(?:\b(?:fetch|axios(?:\.get)?|getJSON|loadJSON|downloadUrl|ky(?:\.get)?|d3\.(?:json|csv|xml)|Papa\.parse)|\$\.(?:get|ajax)|\$http\.get|\.load)\(\s*(?:\{\s*["']?url["']?\s*:\s*)?["'`](?P<url>[^"'`\s<>${}]{3,200})["'`]
    |\.open\(\s*["']GET["']\s*,\s*["'`](?P<opened>[^"'`\s<>${}]{3,200})["'`]
    |\b(?:ajax|source|transport|read|\$\.ajax\()["']?\s*:?\s*\{[^{}]{0,160}?\burl["']?\s*:\s*["'`](?P<asked>[^"'`\s<>${}]{3,200})["'`]
    |\b(?:api|ajax|data|feed|json|service|endpoint|source)_?(?:url|uri|endpoint|path|source|base)?["']?\s*[:=]\s*["'`](?P<named>(?:https?:)?/[^"'`\s<>${}]{2,200})["'`]""",
    re.IGNORECASE | re.VERBOSE,
)
"""Addresses that a script fetches, whatever they are called."""
_DEED = re.compile(
    r"(?i)admin-ajax\.php$|subscri|contact|cart|newsletter|track|log[-_]?(?:out|in)|delete|submit|register|donat|vote|\badd\b|^#"
)
"""Addresses that do something instead of telling something, or nothing without a question."""
_BORING_SCRIPT = re.compile(
    r"jquery|bootstrap|wp-includes|modernizr|analytics|gtag|gtm|recaptcha|fontawesome|swiper|slick|polyfill|lodash|moment|popper|vendor|cookie|emoji|addthis|sharethis|hoverintent|smooth|lazy|gravity|elementor/|leaflet(?:\.min)?\.js|maps\.googleapis",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"parish|church|director|locator|finder|location|map|store|app\b|main|index|list|search", re.IGNORECASE
)


def endpoint_follows(text: str, base: str) -> tuple[Follow, ...]:
    """Addresses of data that a page's or script's text names, those that speak of parishes first."""
    found: dict[str, None] = {}
    plain = text.replace("\\/", "/").replace("&amp;", "&").replace("\\u0026", "&")
    for url in _plugins(plain, base):
        found.setdefault(url)
    for match in _QUOTED.finditer(plain):
        raw = match["url"]
        target = _absolute(base, raw) if _DATA.search(raw) and not _NO_DATA.search(raw) else None
        if target is not None:
            found.setdefault(_data_url(target))
    for match in _FETCHED.finditer(plain):
        raw = match["url"] or match["opened"] or match["asked"] or match["named"]
        target = _absolute(base, raw) if not _NO_DATA.search(raw) and not _DEED.search(raw) else None
        if target is not None and host_of(target) == host_of(base):
            found.setdefault(_data_url(target))
    ranked = sorted(
        found,
        key=lambda url: (
            -len(re.findall(r"(?i)parish|church|location|store_search|director|mission|featureserver", url))
        ),
    )
    return tuple(Follow(kind=FollowKind.ENDPOINT, url=url) for url in ranked[:12])


def _absolute(base: str, raw: str) -> str | None:
    try:
        url = urljoin(base, raw)
        return url if urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname else None
    except ValueError:
        return None


def _plugins(text: str, base: str) -> Iterator[str]:
    """Endpoints of well-known map plugins of WordPress, which the page names only by its settings."""
    found = re.search(r"""["']?ajax_?url["']?\s*[:=]\s*["'](?P<url>[^"']+)["']""", text, re.IGNORECASE)
    ajax = _absolute(base, found["url"]) if found else None
    if ajax and re.search(r"wpsl[-_S]", text):
        yield f"{ajax}?action=store_search&autoload=1"
    if ajax and re.search(r"\basl[-_](?:cont|store|config)|agile-store-locator", text):
        yield f"{ajax}?action=asl_load_stores&load_all=1&layout=1"
    literal = ajax or next((_absolute(base, each) for each in _ADMIN_AJAX.findall(text)), None)
    for query in _actions(text) if literal else ():
        yield f"{literal}?{query}"
    for query in re.findall(r"""\+\s*["'](\?action=[\w&=.-]+)["']""", text):
        if ajax:
            yield f"{ajax}{query}"
    if "wpgmza" in text.lower():
        rest = re.search(r"""["'](?P<url>[^"']*/wp-json/wpgmza/v1)/?["']""", text)
        features = _absolute(base, f"{rest['url']}/features/" if rest else "/wp-json/wpgmza/v1/features/")
        if features:
            yield features


_ADMIN_AJAX = re.compile(r"""["'=]([^"'\s=]*/wp-admin/admin-ajax\.php)["']""")
_ACTION = re.compile(
    r"""\{[^{}]{0,120}?\baction["']?\s*:\s*["'](?P<scripted>[\w-]+)["'](?P<rest>[^{}]{0,200})\}|name=["']action["']\s+value=["'](?P<sent>[\w-]+)["']"""
)
_LISTS = re.compile(r"(?i)parish|church|location|store|director|marker|map|mission|search|filter|load|list")
_PLAIN_PAIR = re.compile(r"""["']?([\w-]+)["']?\s*:\s*(?:["']([\w .+-]*)["']|(-?\d+))\s*(?=,|$)""")


def _actions(text: str) -> Iterator[str]:
    """Questions that scripts and forms put to WordPress's one address for all of them, as it takes them from a GET."""
    for match in _ACTION.finditer(text):
        action = match["scripted"] or match["sent"]
        if not _LISTS.search(action) or _DEED.search(action):
            continue
        pairs = [(key, quoted or number) for key, quoted, number in _PLAIN_PAIR.findall(match["rest"] or "")]
        if pairs and "nonce" not in (match["rest"] or ""):
            yield urlencode([("action", action), *pairs])
        yield f"action={action}"


def _data_url(url: str) -> str:
    """The address that answers with rows: a feature layer's query, a map's KML, the first of numbered pages."""
    url = re.sub(r"(?i)([?&](?:page|paged|pg|page_?number))=$", r"\1=1", url)
    url = re.sub(r"(?i)([?&](?:offset|start|skip))=$", r"\1=0", url)
    layer = re.match(r"(?i)(.*/(?:Feature|Map)Server)(/\d+)?/?(query)?(\?.*)?$", url)
    if layer and not layer[3]:
        return f"{layer[1]}{layer[2] or '/0'}/query?where=1%3D1&outFields=*&outSR=4326&f=json"
    mine = re.match(r"(?i)(https?://[\w.]*google\.\w+)/maps/d/.*?[?&]mid=([\w-]+)", url)
    return f"{mine[1]}/maps/d/kml?mid={mine[2]}&forcekml=1" if mine else url


def script_follows(document: Document) -> tuple[Follow, ...]:
    """The site's own script files that may draw the list, the most telling names first."""
    urls = []
    for node in document.tree.css("script[src]"):
        url = absolute(document.page.url, node.attributes.get("src"))
        if url and host_of(url) == host_of(document.page.url) and not _BORING_SCRIPT.search(url):
            urls.append(url)
    urls.sort(key=lambda url: not _TELLING.search(url.rpartition("/")[2]))
    return tuple(Follow(kind=FollowKind.SCRIPT, url=url) for url in dict.fromkeys(urls[:5]))


def form_follows(document: Document) -> tuple[Follow, ...]:
    """Search forms over parishes: sent as they stand, which may list everything, and once for each of the places to choose from."""
    found: dict[str, FollowKind] = {}
    for form in document.tree.css("form"):
        action = absolute(document.page.url, form.attributes.get("action") or document.page.url)
        if action is None or not _is_search_for_parishes(form, action, document):
            continue
        fields = _fields_of(form)
        found.setdefault(_sent(action, fields), FollowKind.PAGER)
        for name, values in _choices(form):
            for value in values:
                chosen = [(key, value if key == name else given) for key, given in fields]
                found.setdefault(_sent(action, chosen), FollowKind.LETTER)
    return tuple(Follow(kind=kind, url=url) for url, kind in found.items() if url != document.page.url)


def _is_search_for_parishes(form: LexborNode, action: str, document: Document) -> bool:
    attributes = form.attributes
    if (attributes.get("method") or "get").lower() != "get" or host_of(action) != host_of(document.page.url):
        return False
    words = f"{text_of(form)} {attributes.get('id') or ''} {attributes.get('class') or ''} {urlsplit(action).path}"
    return bool(re.search(r"(?i)parish|church|parroquia", words)) and not re.search(
        r"(?i)\brole=.search|newsletter|subscribe|type=.password", form.html or ""
    )


_POSTED = re.compile(r"""\.post\(|\b(?:method|type)["']?\s*:\s*["']post["']""", re.IGNORECASE)


def is_told_to_posts_only(document: Document) -> bool:
    """Whether a page without parishes has a search for them that is sent by POST, by a form or by a script."""
    forms = document.tree.css("form[method=post], form[method=POST]")
    posted = any(
        re.search(r"(?i)parish|church|parroquia", f"{text_of(form)} {form.attributes.get('id') or ''}")
        and len(form.css("input:not([type=hidden]), select")) <= _FIELDS_OF_A_SEARCH
        and re.search(r"(?i)search|find|locat|buscar", text_of(form))
        for form in forms
    )
    scripts = (each.text() for each in document.tree.css("script:not([src])"))
    return posted or any(_POSTED.search(text) and re.search(r"(?i)parish|church|locat", text) for text in scripts)


_FIELDS_OF_A_SEARCH = 6


def _fields_of(form: LexborNode) -> list[tuple[str, str]]:
    """What a form sends when nothing is changed, the button that sends it included."""
    fields = []
    for node in form.css("input[name], select[name], button[name]"):
        attributes = node.attributes
        if attributes.get("type") in ("checkbox", "radio") and "checked" not in attributes:
            continue
        value = _value_of(node) if node.tag == "select" else attributes.get("value") or ""
        if attributes.get("type") not in ("reset", "button", "image"):
            fields.append((attributes.get("name") or "", value))
    return fields


def _value_of(select: LexborNode) -> str:
    options = select.css("option")
    chosen = next((each for each in options if "selected" in each.attributes), options[0] if options else None)
    return _option_value(chosen) if chosen is not None else ""


def _option_value(option: LexborNode) -> str:
    value = option.attributes.get("value")
    return text_of(option) if value is None else value


_PLACES = re.compile(
    r"(?i)count(?:y|ies)|cit(?:y|ies)|town|deaner|vicariate|region|district|letter|alpha|zip|condado|ciudad|area"
)
_ANY = re.compile(r"(?i)^\W*(?:all|any|select|choose|please|every|todos|todas|seleccione|none|no preference)\b|^\W*$")
_MAX_CHOICES = 120


def _choices(form: LexborNode) -> Iterator[tuple[str, list[str]]]:
    """The first list of places to choose from that the form has, and its values."""
    for select in form.css("select[name]"):
        name = select.attributes.get("name") or ""
        told = f"{name} {select.attributes.get('id') or ''} {text_of(form)[:200]}"
        options = [each for each in select.css("option") if _option_value(each).strip()]
        values = [
            _option_value(each)
            for each in options
            if not _ANY.match(text_of(each)) and _option_value(each).lower() != "all"
        ]
        if _PLACES.search(told) and 2 <= len(values) <= _MAX_CHOICES:
            yield name, values
            return


def _sent(action: str, fields: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(fields))
    return f"{action.partition('?')[0]}?{query}" if query else action


def wp_follows(document: Document) -> tuple[Follow, ...]:
    """The list of content types of a WordPress site: one of them may be its parishes."""
    node = document.tree.css_first('link[rel="https://api.w.org/"]')
    root = absolute(document.page.url, node.attributes.get("href")) if node is not None else None
    return (Follow(kind=FollowKind.ENDPOINT, url=f"{root.rstrip('/')}/wp/v2/types"),) if root else ()


_WORDPRESS_SIZE = 10
"""Rows that WordPress answers where no number is asked for."""


def data_follows(url: str, rows: int, *, more: bool, following: str | None = None) -> tuple[Follow, ...]:
    """The next page of a data answer that is full: as the answer names it, else WordPress REST, ArcGIS, numbered pages."""
    named = _absolute(url, following) if following else None
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
