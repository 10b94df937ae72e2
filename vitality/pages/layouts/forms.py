"""Search forms over parishes: what they answer when they are sent, and those that are not sent (POST)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode, urlsplit

from selectolax.lexbor import LexborNode

from vitality.pages.dom import absolute, text_of
from vitality.pages.layouts.contacts import host_of
from vitality.pages.layouts.document import Document
from vitality.pages.layouts.follows import Follow, FollowKind


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
