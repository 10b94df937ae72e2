"""Telephone numbers, e-mail addresses and postal addresses as a page prints them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.address import Address, has_state_and_zip, looks_like_street, place_line, read_address
from vitality.pages.address_abroad import address_abroad
from vitality.pages.dom import squeeze
from vitality.pages.text_lines import TextLine

_PHONE = re.compile(
    r"(?<![\d$#/.=-])(?:\+?1[\s.-]?)?(?:\([2-9]\d\d\)[\s.·-]{0,3}|[2-9]\d\d(?:\s?[-.·–/]\s?|\s))[2-9]\d\d(?:\s?[-.·–]\s?|\s)\d{4}(?![\d-])"
)
_LABELLED = re.compile(
    r"(?:\b(?:tel(?:ephone|éfono|efono)?|phone|call|mobile|ph|office|land ?line)\b[\s.:#)-]{0,4}|☎|📞)\s*(\+?\(?\d[\d ()./-]{6,17}\d)(?!\d)",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"(?<![\d$#/.+-])(?:\+(?!1\b)\d{1,3}[\s.-]?|\(?0)(?:\(0\))?\d{1,4}\)?(?:[\s.–-]?\d{2,4}){2,3}(?![\d/-])"
)
"""A number with its country's code, or with the zero that most countries dial first."""
_DIGITS_ABROAD = (9, 13)
_NOT_THE_OFFICE = re.compile(
    r"\b(?:fax|emergency|school|hot ?line|crisis|cemetery|preschool|toll|abuse|victim|camp|choir|rentals?|day ?care|youth|prayer line|coordinator|president|treasurer)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b[A-Z][a-zà-ÿ]+(?:\s[A-Z]\.)?\s[A-Z][a-zà-ÿ]+\W*$")
_OF_THE_CHURCH = re.compile(
    r"\b(?:parish|church|office|secretary|secretaria|receptionist|rectory|phone|tel|telephone|call|fr|father|rev|reverend|msgr|pastor|priest|contact|catholic|parroquia|iglesia|oficina"
    r"|saints?|st|our lady|san|santa|holy|sacred|immaculate|road|rd|street|avenue|ave|drive|lane|box|us|number|main)\b",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\b(?:office|rectory|oficina|presbytery)\b", re.IGNORECASE)
_CALLED_PHONE = re.compile(r"(?:^|[^\w\s]\s*)(?:phone|ph|tel|telephone|teléfono)\s*[:.#]\s*$", re.IGNORECASE)
_SOMEBODYS = 0.3
"""Weight of a number right behind the name of a person who is no priest."""
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}(?![\w@])", re.IGNORECASE)
_HIDDEN_EMAIL = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64})\s*[\[({<]\s*at\s*[\])}>]\s*([\w-]{1,63}(?:(?:\s*[\[({<]\s*dot\s*[\])}>]\s*|\.)[\w-]{1,63}){1,4})",
    re.IGNORECASE,
)
_DOT = re.compile(r"\s*[\[({<]\s*dot\s*[\])}>]\s*", re.IGNORECASE)
_NO_EMAIL = re.compile(
    r"@(?:example|domain|email|yourdomain|sentry|wixpress|startbootstrap|mysite)\b|^(?:name|you|your\w*|user|username|someone)@|\.(?:png|jpe?g|gif|svg|webp)$",
    re.IGNORECASE,
)
_NO_ADDRESS = re.compile(r"\b(?:diocese|archdiocese|chancery|pastoral center|school|cemetery|funeral)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^.{0,80}?\b(?:located at|address(?: is)?:?|visit us at|find us at|mail to|at)\s+(?=\d)", re.IGNORECASE
)
_LABEL = re.compile(r"^[^\w(#]*(?:[A-Za-zÀ-ÿ. ]{3,25}:\s*(?=\d)|[^\d|•·–—-]{3,60}\s[-–—|•·]\s+(?=\d))?")
_LINES_BEFORE = 3
_PIECES = re.compile(r"\s[|•·]\s")
_ALONE = re.compile(rf"{_PHONE.pattern}\s*(?:\([^()]{{3,30}}\))?")
_ROW = 3
_SENTENCE = 90
"""Characters from which a line is running text, in which numbers and addresses are rather somebody's."""
_FILLER = re.compile(r"(?:123)?4567890$|123456789|1112223333$|1234567$|0000000$|5555555$|1111111$|9999999$")
_ZIP_LINE = re.compile(r"^\d{5}(?:-\d{4})?$")


def phones(lines: Sequence[TextLine], tree: LexborHTMLParser) -> Iterator[tuple[str, float]]:
    """Telephone numbers as printed, in the page's order, each with its weight: less within a sentence.

    Numbers called fax, school or emergency are left out, and those that are filler of a template.
    """
    previous = ""
    for line in _without_rows(lines):
        for found in (*_PHONE.finditer(line.text), *_LABELLED.finditer(line.text), *_abroad(line)):
            before = line.text[max(0, found.start() - 30) : found.start()].lstrip("( ") or previous
            number = found.group(found.lastindex or 0)
            if not _NOT_THE_OFFICE.search(before) and is_number(number):
                yield number.strip(" .-/"), _trust(before, line)
        previous = line.text if len(line.text) < 30 else ""
    for node in tree.css("a[href^='tel:']"):
        text, number = squeeze(node.text()), unquote((node.attributes.get("href") or "")[4:]).strip()
        if not _PHONE.search(text) and is_number(number) and not _NOT_THE_OFFICE.search(text):
            yield number, 0.8


def _without_rows(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """The lines less runs of numbers alone on theirs: a row of a table, a number for each church of several."""
    for alone, run in groupby(lines, key=lambda line: _ALONE.fullmatch(line.text) is not None):
        found = list(run)
        if not alone or len(found) < _ROW:
            yield from found


def _abroad(line: TextLine) -> Iterator[re.Match[str]]:
    low, high = _DIGITS_ABROAD
    for found in _ABROAD.finditer(line.text) if len(line.text) <= _SENTENCE else ():
        if low <= len(re.sub(r"\D", "", found.group())) <= high:
            yield found


def _trust(before: str, line: TextLine) -> float:
    if _OFFICE.search(before) or _CALLED_PHONE.search(before):
        return 1.0
    is_person = _PERSON.search(before) and not _OF_THE_CHURCH.search(before)
    return _weight(line) * (_SOMEBODYS if is_person else 1.0)


def is_number(text: str) -> bool:
    """Whether a text can be a telephone number, and is none of a template's filler."""
    digits = re.sub(r"\D", "", text)
    return 8 <= len(digits) <= 15 and not _FILLER.search(digits)


def _weight(line: TextLine) -> float:
    longest = max(len(piece) for piece in _PIECES.split(line.text))
    return 1.0 if longest <= _SENTENCE else 0.3


def emails(lines: Sequence[TextLine], tree: LexborHTMLParser) -> Iterator[tuple[str, float]]:
    """E-mail addresses in the page's order, each with its weight: less within a sentence.

    They are printed, linked, written with "(at)", or hidden as Cloudflare does.
    """
    printed = list(_printed_emails(lines))
    known = {address for address, _ in printed}
    behind = (a for a in (*_linked_emails(tree), *_cloudflare_emails(tree)) if a not in known)
    for address, weight in (*printed, *((a, 0.8) for a in behind)):
        if is_email(address):
            yield address, weight


def is_email(text: str) -> bool:
    """Whether a text is an e-mail address, and none of a template's filler."""
    return _EMAIL.fullmatch(text) is not None and not _NO_EMAIL.search(text)


def _printed_emails(lines: Sequence[TextLine]) -> Iterator[tuple[str, float]]:
    for line in lines:
        yield from ((found.group().strip("."), _weight(line)) for found in _EMAIL.finditer(line.text))
        for found in _HIDDEN_EMAIL.finditer(line.text):
            yield f"{found.group(1)}@{_DOT.sub('.', found.group(2))}", _weight(line)


def _linked_emails(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("a[href^='mailto:' i]"):
        yield unquote((node.attributes.get("href") or "")[7:].partition("?")[0]).strip()


def _cloudflare_emails(tree: LexborHTMLParser) -> Iterator[str]:
    for node in tree.css("[data-cfemail]"):
        yield cloudflare_email(node.attributes.get("data-cfemail") or "")
    for node in tree.css("a[href*='/cdn-cgi/l/email-protection#']"):
        yield cloudflare_email(urlsplit(node.attributes.get("href") or "").fragment)


def cloudflare_email(code: str) -> str:
    """The address behind a `data-cfemail` code: hexadecimal bytes, each XORed with the first; empty for junk."""
    try:
        key, *rest = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", errors="ignore")


def addresses(lines: Sequence[TextLine]) -> Iterator[Address]:
    """Postal addresses with a city, in the page's order, each read from at most the three lines before its place."""
    for index, line in enumerate(lines):
        text = line.text
        if len(text) > 250:
            continue
        if not (has_state_and_zip(text) or place_line(text) is not None):
            near = [each.text for each in lines[max(0, index - _LINES_BEFORE) : index + 1]]
            found = _in_one_line(text) or address_abroad(near, len(near) - 1)
            if found is not None and not _NO_ADDRESS.search(text):
                yield found
            continue
        before = [each.text for each in lines[max(0, index - _LINES_BEFORE) : index]]
        if any(_NO_ADDRESS.search(each) for each in (*before[-2:], text)):
            continue
        if _ZIP_LINE.match(lines[index + 1].text if index + 1 < len(lines) else ""):
            text = f"{text}\n{lines[index + 1].text}"
        found = _with_lines_before(text, before)
        if found.city and found.state:
            yield replace(found, street=_LABEL.sub("", found.street)) if found.street else found


def _in_one_line(text: str) -> Address | None:
    """An address without ZIP code, and nothing else on its line: "118 Granville Street, Port Hawkesbury, NS"."""
    if len(text) > _SENTENCE or text.count(",") < 2 or not text[:1].isdigit():
        return None
    found = read_address(text)
    return found if found.street and found.city and found.state else None


def _with_lines_before(text: str, before: Sequence[str]) -> Address:
    """The address of a line, with the nearest street line above when it has none itself."""
    found = read_address(_LEAD.sub("", text))
    if found.street:
        return found
    for count in range(1, len(before) + 1):
        if looks_like_street(before[-count]) and not _PHONE.search(before[-count]):
            return read_address("\n".join((*(_LEAD.sub("", each) for each in before[-count:]), text)))
    return found
