"""Address, telephone and e-mail that a site states of itself for machines: JSON-LD and microdata (schema.org)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from vitality.pages.address import Address
from vitality.pages.dom import json_ld, squeeze
from vitality.pages.places import state_code

_ORGANIZATION = re.compile(r"Church|PlaceOfWorship|Organization|Cathedral|LocalBusiness|Place\b")
_PARTS = (
    ("street", "streetAddress"),
    ("city", "addressLocality"),
    ("state", "addressRegion"),
    ("zip", "postalCode"),
)
_MOST = 10
_HIGHEST = 4
"""Elements above a street within which its town stands."""
_FILLER = re.compile(r"\b(?:123 main|example|your (?:street|city)|lorem|anytown)\b", re.IGNORECASE)


def data_addresses(tree: LexborHTMLParser) -> Iterator[Address]:
    """Postal addresses with street and city, in the page's order."""
    for stated in (*_in_json(tree), *_in_markup(tree)):
        values = {name: squeeze(stated.get(key, "")) or None for name, key in _PARTS}
        if values["street"] and values["city"] and not _FILLER.search(" ".join(filter(None, values.values()))):
            state = values["state"] and (state_code(values["state"]) or values["state"])
            yield Address(street=values["street"], city=values["city"], state=state, zip=values["zip"])


def data_values(tree: LexborHTMLParser, name: str) -> Iterator[str]:
    """The values of one property (`telephone`, `email`) of the site's own organisation."""
    for item in _organizations(tree):
        value = item.get(name)
        if isinstance(value, str):
            yield squeeze(value).removeprefix("mailto:")
    for node in tree.css(f"[itemprop={name}]"):
        yield _value(node)


def _organizations(tree: LexborHTMLParser) -> Iterator[Mapping[str, object]]:
    return (item for item in json_ld(tree) if _ORGANIZATION.search(str(item.get("@type"))))


def _in_json(tree: LexborHTMLParser) -> Iterator[dict[str, str]]:
    for item in _organizations(tree):
        stated = item.get("address")
        for address in stated if isinstance(stated, list) else [stated]:
            if isinstance(address, Mapping):
                yield {str(key): value for key, value in address.items() if isinstance(value, str)}


def _in_markup(tree: LexborHTMLParser) -> Iterator[dict[str, str]]:
    for street in tree.css("[itemprop=streetAddress]")[:_MOST]:
        around, climbed = street.parent, 0
        while around is not None and climbed < _HIGHEST and around.css_first("[itemprop=addressLocality]") is None:
            around, climbed = around.parent, climbed + 1
        if around is not None:
            found = ((key, around.css_first(f"[itemprop={key}]")) for _, key in _PARTS)
            yield {key: _value(node) for key, node in found if node is not None}


def _value(node: LexborNode) -> str:
    return squeeze(node.attributes.get("content") or node.text(separator=" "))
