"""The layout `options`: parishes to choose from in a drop-down list, each with the page that the choice leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote_plus

from selectolax.lexbor import LexborNode

from vitality.pages.dom import text_of
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.entry import Entry
from vitality.pages.layouts.labels import Label
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city

_FEWEST = 5


def read(document: Document) -> Iterator[Candidate]:
    """The lists to choose from whose choices are mostly named like parishes and lead somewhere."""
    if not document.is_markup or "<option" not in document.page.text:
        return
    for select in document.tree.css("select"):
        options = [each for each in select.css("option") if each.attributes.get("value")]
        named = _towns_and_names([text_of(each) for each in options])
        likely = sum(name_evidence(name) >= 0.7 for _, name in named)
        if likely >= max(_FEWEST, 0.6 * len(named)):
            entries = (
                Entry(name=name, links=(link,), values=((Label.CITY, town),) if town else ())
                for option, (town, name) in zip(options, named, strict=True)
                if (link := _target(option, select))
            )
            yield Candidate(layout="options", entries=tuple(entries))


def _towns_and_names(texts: Sequence[str]) -> list[tuple[str | None, str]]:
    """Parts "Athens - St. Aldate Parish" or "Athens: St. Aldate Parish", where a town stands before most names."""
    parted = [_DIVIDED.split(text, maxsplit=1) for text in texts]
    towns = sum(
        len(part) > 1 and is_city(part[0]) and name_evidence(part[1]) >= name_evidence(part[0]) for part in parted
    )
    if towns < _MOST * len(texts):
        return [(None, text) for text in texts]
    return [(part[0], part[1]) if len(part) > 1 else (None, part[0]) for part in parted]


_MOST = 0.6
_DIVIDED = re.compile(r"\s+[–—-]+\s+|\s*[:|]\s+")


def _target(option: LexborNode, select: LexborNode) -> str | None:
    """Where a choice leads: the address that is its value, or the answer of the form that sends the value."""
    value = (option.attributes.get("value") or "").strip()
    if "/" in value or value.startswith("?") or ".htm" in value:
        return value
    form = _form_around(select)
    name = select.attributes.get("name")
    if form is None or not name or (form.attributes.get("method") or "get").lower() != "get":
        return None
    return f"{form.attributes.get('action') or ''}?{name}={quote_plus(value)}"


def _form_around(node: LexborNode) -> LexborNode | None:
    parent = node.parent
    while parent is not None and parent.tag != "form":
        parent = parent.parent
    return parent
