"""Addresses of Ireland, the United Kingdom and Australia, as the footers and contact pages of parishes print them.

Only those with a postcode, or an Irish county, are read: what is left to guess is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vitality.pages.address import Address, looks_like_street

_POSTCODE = re.compile(
    r"[,.\s](?:(?P<uk>[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})|(?P<eircode>[AC-FHKNPRTV-Y]\d[\dW]\s?[AC-FHKNPRTV-Y\d]{4})"
    r"|(?P<state>NSW|QLD|Qld|VIC|Vic|WA|SA|TAS|Tas|ACT|NT)[,.\s]+(?P<au>\d{4}))(?=$|[\s.,;])"
)
_COUNTY = re.compile(r"(?:^|,\s*)(?P<county>(?:Co\.?|County)\s+[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)\.?(?=$|[\s,])")
_COUNTRY = re.compile(
    r",?\s*\b(?:Northern Ireland|Ireland|England|Scotland|Wales|U\.?K\.?|United Kingdom|Australia)\.?$"
)
_TOWN = re.compile(r"^[A-Z][\w.'’-]+(?:[ -](?:[A-Z][\w.'’-]+|on|upon|of|the|le|in))*$")
_ENDS_IN_TYPE = re.compile(
    r"\b(?:church|parish|presbytery|parochial house|house|office|school|centre|hall)$", re.IGNORECASE
)
_LINES = 4
_LONGEST = 160


def address_abroad(lines: Sequence[str], index: int) -> Address | None:
    """The address that ends on a line, begun on it or on up to three lines before; None when there is none."""
    text = lines[index].strip()
    found = _POSTCODE.search(f" {text}") if len(text) <= _LONGEST else None
    county = _COUNTY.search(text) if len(text) <= _LONGEST else None
    if found is None and county is None:
        return None
    for begin in range(index, max(-1, index - _LINES), -1):
        read = _read(", ".join(line.strip(" ,")[:_LONGEST] for line in lines[begin : index + 1]))
        if read is not None:
            return read
    return None


def _read(text: str) -> Address | None:
    """Street, town, county or state, and postcode of one line; None unless street and town are plain."""
    code = _POSTCODE.search(text)
    head = _COUNTRY.sub("", text[: code.start()] if code else text).strip(" ,.")
    county = _COUNTY.search(head)
    if county is not None:
        head = head[: county.start()].strip(" ,.")
    elif code is None:
        return None
    parts = [part.strip() for part in head.split(",") if part.strip()]
    if len(parts) < 2 or not _is_town(parts[-1]):
        return None
    street = next((part for part in reversed(parts[:-1]) if _is_street(part)), None)
    if street is None:
        return None
    state = code["state"].upper() if code and code["state"] else county["county"] if county else None
    return Address(street=street, city=parts[-1], state=state, zip=_postcode(code))


def _postcode(code: re.Match[str] | None) -> str | None:
    return (code["uk"] or code["eircode"] or code["au"]) if code else None


def _is_street(text: str) -> bool:
    return looks_like_street(text) and not _ENDS_IN_TYPE.search(text) and len(text) < 50


def _is_town(text: str) -> bool:
    return bool(_TOWN.match(text)) and not _ENDS_IN_TYPE.search(text) and not looks_like_street(text) and len(text) < 35
