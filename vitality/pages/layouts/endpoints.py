"""Addresses of data that scripts name, and the scripts of a site that may name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from vitality.pages.dom import absolute
from vitality.pages.layouts.contacts import host_of
from vitality.pages.layouts.document import Document
from vitality.pages.layouts.follows import Follow, FollowKind, joined

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
    r"""(?:\b(?:fetch|axios(?:\.get)?|getJSON|loadJSON|downloadUrl|ky(?:\.get)?|d3\.(?:json|csv|xml)|Papa\.parse)|(?:\$|jQuery)\.(?:get|ajax)|\$http\.get|\.load)\(\s*(?:\{\s*["']?url["']?\s*:\s*)?["'`](?P<url>[^"'`\s<>${}]{3,200})["'`]
    |\.open\(\s*["']GET["']\s*,\s*["'`](?P<opened>[^"'`\s<>${}]{3,200})["'`]
    |\b(?:ajax|source|transport|read|\$\.ajax\()["']?\s*:?\s*\{[^{}]{0,160}?\burl["']?\s*:\s*["'`](?P<asked>[^"'`\s<>${}]{3,200})["'`]
    |\bdata-(?:[\w-]*-)?(?:source|feed|endpoint|api|json|rest|locations|markers|parishes|churches)(?:-ur[li])?=["'](?P<told>[^"'\s<>${}]{3,200})["']
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
    plain = _with_constants(plain)
    for url in _plugins(plain, base):
        found.setdefault(url)
    for match in _QUOTED.finditer(plain):
        raw = match["url"]
        target = joined(base, raw) if _DATA.search(raw) and not _NO_DATA.search(raw) else None
        if target is not None:
            found.setdefault(_data_url(target))
    for match in _FETCHED.finditer(plain):
        raw = match["url"] or match["opened"] or match["asked"] or match["told"] or match["named"]
        target = joined(base, raw) if not _NO_DATA.search(raw) and not _DEED.search(raw) else None
        if target is not None and host_of(target) == host_of(base):
            found.setdefault(_data_url(target))
    ranked = sorted(
        found,
        key=lambda url: (
            -len(re.findall(r"(?i)parish|church|location|store_search|director|mission|featureserver", url))
        ),
    )
    return tuple(Follow(kind=FollowKind.ENDPOINT, url=url) for url in ranked[:12])


_CONSTANT = re.compile(
    r"""\b(?:const|let|var)\s+(?P<name>[A-Za-z_]\w{1,40})\s*=\s*["'`](?P<value>(?:https?:/)?/[^"'`\s<>${}]{1,150})["'`]"""
)
_MAX_CONSTANTS = 20


def _with_constants(text: str) -> str:
    """The text with the addresses that it keeps in constants put where it begins others with them: `${BASE}/parishes`."""
    for found in list(_CONSTANT.finditer(text))[:_MAX_CONSTANTS]:
        name, value = found["name"], found["value"]
        text = text.replace(f"${{{name}}}", value)
        text = re.sub(rf"""\b{name}\s*\+\s*(["'`])""", rf"\g<1>{value}", text)
    return text


def _plugins(text: str, base: str) -> Iterator[str]:
    """Endpoints of well-known map plugins of WordPress, which the page names only by its settings."""
    found = re.search(r"""["']?ajax_?url["']?\s*[:=]\s*["'](?P<url>[^"']+)["']""", text, re.IGNORECASE)
    ajax = joined(base, found["url"]) if found else None
    if ajax and re.search(r"wpsl[-_S]", text):
        yield f"{ajax}?action=store_search&autoload=1"
    if ajax and re.search(r"\basl[-_](?:cont|store|config)|agile-store-locator", text):
        yield f"{ajax}?action=asl_load_stores&load_all=1&layout=1"
    literal = ajax or next((joined(base, each) for each in _ADMIN_AJAX.findall(text)), None)
    for query in _actions(text) if literal else ():
        yield f"{literal}?{query}"
    for query in re.findall(r"""\+\s*["'](\?action=[\w&=.-]+)["']""", text):
        if ajax:
            yield f"{ajax}{query}"
    if "wpgmza" in text.lower():
        rest = re.search(r"""["'](?P<url>[^"']*/wp-json/wpgmza/v1)/?["']""", text)
        features = joined(base, f"{rest['url']}/features/" if rest else "/wp-json/wpgmza/v1/features/")
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
