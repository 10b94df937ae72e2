"""The layout `options`: parishes to choose from in a drop-down list, each with the page that the choice leads to."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote_plus

from selectolax.lexbor import LexborNode

from vitality.pages.dom import text_of
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.entry import Entry
from vitality.pages.parish_names import name_evidence

_FEWEST = 5


def read(document: Document) -> Iterator[Candidate]:
    """The lists to choose from whose choices are mostly named like parishes and lead somewhere."""
    if not document.is_markup or "<option" not in document.page.text:
        return
    for select in document.tree.css("select"):
        options = [each for each in select.css("option") if each.attributes.get("value")]
        names = [text_of(each) for each in options]
        likely = sum(name_evidence(name) >= 0.7 for name in names)
        if likely >= max(_FEWEST, 0.6 * len(names)):
            entries = (
                Entry(name=name, links=(link,))
                for option, name in zip(options, names, strict=True)
                if (link := _target(option, select))
            )
            yield Candidate(layout="options", entries=tuple(entries))


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
