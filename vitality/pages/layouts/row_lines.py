"""The printed lines of a row of a directory, taken apart into labelled and unlabelled values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vitality.pages.address import has_state_and_zip, looks_like_street, place_line
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import (
    clean_priest,
    email_of,
    may_be_site,
    phone_of,
    priest_of,
    printed_url,
    without_emails,
    without_phones,
    without_urls,
)
from vitality.pages.layouts.entry import Line, Piece
from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.layouts.row_values import RowValues
from vitality.pages.parish_names import (
    name_evidence,
    says_closed,
)
from vitality.pages.places import is_city, state_code

_INLINE = re.compile(
    r"""(?:^|(?<=[\s|,;•·(\-–]))(?P<label>(?:(?:Parish|Office|Church|Rectory|Main|Business|Mailing|Street|Physical|Postal|Mass|Email|Web|Parochial|Co|
    School|Religious\ Ed(?:ucation)?|Emergency|Parish\ Office|Cell|Toll[- ]Free)[\s-])?
    (?:Phones?|Telephone|Tel[eé]fono|Tel|Ph|Fax|E-?\s?mails?|Web\s?site|Web|Site|Pastors?|Administrator|Rector|Address|Location|Deanery|Vicariate|County|City|Town|
    State|Zip(?:\ Code)?|Mass(?:es)?|Times|Schedule|Confessions?|Reconciliation|Deacons?|Vicars?|School|Office|Rectory|Hall|Hours|Founded|Established|Staff|Priests?|Clergy|
    Number|Contact|Mission\ of|Missions?|Bulletin|Adoration|Diocese|Language|Languages|P\.?O\.?|[PTFEWO]))\.?\s*[:：]\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_UNKNOWN = re.compile(r"^(?P<label>[A-ZÁÉÍ][\w .'’/&()-]{1,36}?)\s*[:：]\s*(?!//)")
_DIVIDER = re.compile(r"\s*[|•·●▪]\s*|\s+[–—-]\s+|;\s+|(?<=\d)\.\s+(?=[A-Z])|\s*\n\s*|\t+")
_WORDS_OF_LINKS = re.compile(
    r"^(?:(?:visit|view|go to|see|parish|church|our|the)\s+)*(?:web\s?site|web\s?page|web|site|map(?:\s+it)?|directions|get directions|driving directions|details|learn more|read more|more|more info(?:rmation)?|info|"
    r"e-?mail(?: us)?|contact(?: us)?|facebook|twitter|instagram|youtube|home\s?page|link|click here|view|profile|mass times|bulletin|visit|online|page|»|>|→|map & directions|view on map|view map|google maps?|show on map|back to top|top)[\s»>→.]*$",
    re.IGNORECASE,
)
_SURE_LABEL = re.compile(
    r"(?:city|state|zip(?: code)?|phone|telephone|fax|e-?mail|website|web|address|pastor|town|county)s?:?",
    re.IGNORECASE,
)
_KIND_WORD = re.compile(
    r"(?:catholic |elementary |high |personal |territorial )?(?:parish|mission|quasi-parish|cathedral|basilica|shrine|chapel|oratory|newman center|"
    r"campus ministry|school|academy|cemetery|office|retreat center|monastery|hospital|university|college|closed|merged)",
    re.IGNORECASE,
)
_ONE_LINE = {Label.PHONE, Label.EMAIL, Label.WEBSITE, Label.PASTOR, Label.DEANERY, Label.CITY, Label.STATE, Label.ZIP, Label.KIND, Label.IGNORED, Label.MOTHER, Label.LANGUAGES, Label.STATUS, Label.LINK}  # fmt: skip


def _is_address(words: str) -> bool:
    """Whether the words after "Church:" are where it stands, not how it is called."""
    return looks_like_street(words.partition(",")[0]) or has_state_and_zip(words) or place_line(words) is not None


_SERVED = re.compile(
    r"(?:^|\()\s*(?:an?\s+)?(?:(?:mission|station|chapel|quasi-parish)\s+of|(?:served|attended|administered|staffed)\s+(?:from|by))\s+(?P<mother>[A-Z][^()]{3,80})\)?$",
    re.IGNORECASE,
)
"""A remark beside a mission that names the parish it belongs to."""


def _may_be_label(words: str) -> bool:
    """Whether a line by itself can be the label of the next ("Phone"), and is no kind ("School")."""
    return (
        len(words) < 30
        and len(words.split()) <= 3
        and not re.search(r"[\d,]", words)
        and not _KIND_WORD.fullmatch(words)
        and not says_closed(words)
    )


@dataclass(slots=True)
class RowLines(RowValues):
    """What a row states, read line by line: printed labels first, the rest as addresses, numbers, priests and remarks."""

    def line(self, line: Line) -> None:
        """Reads one printed line: its labelled pieces first, the rest as text."""
        text: list[str] = []
        for piece in line:
            if piece.href is not None and self._linked(piece):
                text.append(" ")
            elif piece.label is not None and piece.label is not Label.NAME and self._fits(piece.label, piece.text):
                self.take(piece.label, self._unlabelled(piece.text))
                text.append(", " if text else "")
            else:
                text.append(piece.text)
        words = "".join(text).strip(" ,\n\t")
        if words and re.search(r"\w", words):
            self.text(words)

    def _fits(self, label: Label | None, text: str) -> bool:
        match label:
            case Label.PHONE:
                return phone_of(text) is not None
            case Label.STATE:
                return state_code(self._unlabelled(text)) is not None
            case Label.CITY:
                return not re.search(r"\d", text) or place_line(squeeze(text)) is not None
            case Label.STREET | Label.STREET2:
                return not has_state_and_zip(text)
            case Label.EMAIL:
                return email_of(text) is not None
            case Label.ZIP:
                return bool(re.search(r"\d{5}", text))
            case Label.WEBSITE:
                return printed_url(text) is not None
            case Label.PASTOR:
                return clean_priest(self._unlabelled(text)) is not None
            case _:
                return label not in (Label.ADDRESS, Label.MAILING)

    def _unlabelled(self, text: str) -> str:
        found = _INLINE.match(squeeze(text)) or _UNKNOWN.match(squeeze(text))
        return squeeze(text)[found.end() :] if found else squeeze(text)

    def _linked(self, piece: Piece) -> bool:
        """Takes a link; True when its words say nothing beside where it leads."""
        href = (piece.href or "").strip()
        words = squeeze(piece.text)
        if href.lower().startswith("tel:"):
            if not re.search(r"\bfax\b", words, re.IGNORECASE) and self.pending is not Label.IGNORED:
                self.put("phone", phone_of(words) or (phone_of(href[4:]) if not words else None))
            return phone_of(words) is not None or not words
        if href.lower().startswith("mailto:") or "@" in words:
            self.put("email", email_of(href) or email_of(words))
            return not phone_of(words)
        if re.match(r"(?i)^(?:visit\s+)?(?:the\s+|our\s+|parish\s+)?web\s?site$", words) or "facebook.com/" in words:
            self.profile = self.profile or href
        self.link(href)
        return bool(_WORDS_OF_LINKS.match(words)) or bool(printed_url(words)) or not words

    def text(self, words: str) -> None:
        """Reads words without markup: printed labels divide them, each part by its label."""
        start, label = 0, None
        for found in _INLINE.finditer(words):
            self._part(label, words[start : found.start()], last=False)
            start, label = found.end(), label_of(found["label"]) or Label.IGNORED
        if label is None:
            found_unknown = _UNKNOWN.match(words)
            if found_unknown and not has_state_and_zip(found_unknown["label"]):
                known = label_of(found_unknown["label"])
                if known is Label.NAME and _is_address(words[found_unknown.end() :]):
                    known = Label.ADDRESS
                label, start = (
                    known or (Label.PHONE if phone_of(words[found_unknown.end() :]) else Label.IGNORED),
                    found_unknown.end(),
                )
        self._part(label, words[start:], last=True)

    def _part(self, label: Label | None, words: str, *, last: bool) -> None:
        words = words.strip(" ,;|–-")
        if label is not None:
            self.pending = label if not words and last else None
            self.take(label, words)
        elif words:
            bare = label_of(words) if last and _may_be_label(words) else None
            if bare in _ONE_LINE | {Label.ADDRESS, Label.MAILING} and (
                _SURE_LABEL.fullmatch(words) or not is_city(words)
            ):
                self.pending = bare
            elif self.pending is not None:
                self._continued(words)
            else:
                self.plain(words)

    def _continued(self, words: str) -> None:
        """A line below a label that stands alone is its value; of an address, all lines down to the ZIP code."""
        label = self.pending
        if label in _ONE_LINE and not self._fits(label, words):
            self.pending = None
            self.plain(words)
            return
        self.take(label, words)
        if label in _ONE_LINE or place_line(words) is not None or has_state_and_zip(words):
            self.pending = None

    def plain(self, value: str) -> None:
        for part in _parts(value):
            self._unmarked(part)

    def _unmarked(self, part: str) -> None:
        self.put("email", email_of(part))
        if "website" not in self.fields and (url := printed_url(part)) and may_be_site(url, self.around.own_host):
            self.put("website", url)
        self.put("phone", phone_of(part))
        rest = without_phones(without_urls(without_emails(part)))
        for raw in rest.split("\n"):
            words = squeeze(raw).strip(" ,;()")
            if not re.search(r"\w", words) or _WORDS_OF_LINKS.match(words):
                continue
            served = _SERVED.search(words)
            if served and not priest_of(served["mother"]) and name_evidence(served["mother"]) >= 0.7:
                self.put("mother_parish", served["mother"].strip(" ."))
                words = words[: served.start()].strip(" ,;(")
                if not words:
                    continue
            priest = priest_of(words)
            if _KIND_WORD.fullmatch(words):
                self.kinds.append(words)
                continue
            if priest:
                self.priests.append(priest)
            elif len(words) <= 120:
                self.address_lines.append(words)
            self.remarks.append(words)


def _parts(words: str) -> Iterable[str]:
    """The parts of a text that dividers hold apart; a house number that a dash follows stays with its street."""
    parts: list[str] = []
    for part in _DIVIDER.split(words):
        if parts and re.fullmatch(r"\d+", parts[-1]) and re.match(r"\d", part):
            parts[-1] = words[words.index(parts[-1]) : words.index(part, words.index(parts[-1])) + len(part)]
        elif part:
            parts.append(part)
    return parts
