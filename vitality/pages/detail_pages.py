"""Pages of single parishes in a diocese's site, where no page lists them: found in a sitemap, each read by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from vitality.pages.layouts.document import Document
from vitality.pages.parish_detail import merge_detail
from vitality.pages.parish_names import name_evidence, not_a_parish
from vitality.pages.provenance import sourced
from vitality.records import Page, Parish

FEWEST = 5
"""As many pages side by side are the parishes'; fewer may be about a parish."""
_PARENT = re.compile(r"(?i)^(?:our-)?(?:catholic-)?(?:parish|church|mission|parroquia|iglesia)(?:es|s)?(?:-(?:directory|finder|locator|list(?:ing)?))?$|^(?:wpsl_stores|locations?|stores|listings?)$")  # fmt: skip
_NO_PAGE = re.compile(r"(?i)/(?:page|category|tag|feed|author)/|\.(?:jpe?g|png|gif|pdf|xml)$")


def pages_of_parishes(urls: Iterable[str]) -> tuple[str, ...]:
    """Of a site's addresses those of its parishes' pages, by the folder that most of them share; empty without one."""
    groups: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for url in urls:
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if len(segments) >= 2 and _PARENT.match(segments[-2]) and not _NO_PAGE.search(parts.path):
            groups[parts.netloc, "/".join(segments[:-1])][url] = None
    largest = max(groups.values(), key=len, default={})
    return tuple(largest) if len(largest) >= FEWEST else ()


def read_detail(page: Page) -> Parish | None:
    """The parish that a page is about: its heading is the name; None where the heading names none, or nothing is stated."""
    document = Document(page)
    name = document.heading.strip() if document.is_markup else ""
    if name_evidence(name) < 0.7 or not_a_parish(name):
        return None
    found = merge_detail(sourced(Parish(name=name, detail_url=page.url), page), page)
    return found if found.street or found.city or found.phone else None
