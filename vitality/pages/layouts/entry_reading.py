"""What a row of a directory says as a parish, however it was laid out.

A layout takes a page apart into entries (`layouts.entry`). Everything that has to be known about addresses, numbers and kinds is applied here, once for all layouts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from vitality.pages.address import Address, has_state_and_zip, looks_like_street, place_line, read_abroad, read_address
from vitality.pages.dom import squeeze
from vitality.pages.former_names import former_names
from vitality.pages.layouts.contacts import (
    clean_priest,
    email_of,
    host_of,
    is_profile,
    may_be_site,
    mended_href,
    phone_of,
    priest_of,
    printed_url,
    without_emails,
    without_phones,
    without_urls,
)
from vitality.pages.layouts.entry import Entry, Line, Piece, Surroundings, line_text
from vitality.pages.layouts.groups import Grouping, is_section, read_groups
from vitality.pages.layouts.labels import Label, label_of, names_a_fact
from vitality.pages.parish_names import (
    excludes,
    kind_of,
    merged_into,
    name_evidence,
    not_a_parish,
    rite_of,
    says_closed,
)
from vitality.pages.places import is_city, state_code
from vitality.records import Parish, ParishKind, ParishStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """A row read as a parish; `evidence` (0 to 1) is how much its name looks like a parish's."""

    parish: Parish
    evidence: float
    closed: bool = False
    loose: tuple[str, ...] = ()
    """Short lines that were not understood: one of them may be the city."""
    places: tuple[str, ...] = ()
    """Headings over the row that may be its city."""
    state_above: bool = False
    """Whether the state comes from a heading over the row."""
    details: tuple[str, ...] = ()
    """Pages of the diocese's site that the row links to, the one that its name leads to first."""

    @property
    def facts(self) -> int:
        """How many facts the row states beside the name."""
        p = self.parish
        return sum(
            map(bool, (p.street, p.city, p.zip, p.phone, p.email, p.website, p.pastor, p.latitude, p.detail_url))
        )


_INLINE = re.compile(
    r"""(?:^|(?<=[\s|,;•·(\-–]))(?P<label>(?:(?:Parish|Office|Church|Rectory|Main|Business|Mailing|Street|Physical|Postal|Mass|Email|Web|Parochial|Co|
    School|Religious\ Ed(?:ucation)?|Emergency|Parish\ Office|Cell|Toll[- ]Free)[\s-])?
    (?:Phones?|Telephone|Tel[eé]fono|Tel|Ph|Fax|E-?\s?mails?|Web\s?site|Web|Site|Pastors?|Administrator|Rector|Address|Location|Deanery|Vicariate|County|City|Town|
    State|Zip(?:\ Code)?|Mass(?:es)?|Times|Schedule|Confessions?|Reconciliation|Deacons?|Vicars?|School|Office|Rectory|Hall|Hours|Founded|Established|Staff|Priests?|Clergy|
    Number|Contact|Mission\ of|Missions?|Bulletin|Adoration|Diocese|Language|Languages|P\.?O\.?|[PTFEWO]))\.?\s*[:：]\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_UNKNOWN = re.compile(r"^(?P<label>[A-ZÁÉÍ][\w .'’/&()-]{1,36}?)\s*[:：]\s*(?!//)")
_DIVIDER = re.compile(r"\s*[|•·●▪]\s*|\s+[–—-]\s+|;\s+|\s*\n\s*|\t+")
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


def read_entry(entry: Entry, around: Surroundings) -> ReadEntry | None:
    """The parish that a row states; None when the row names none or says itself that it is something else."""
    name = clean_name(entry.name)
    grouping = read_groups(entry.groups)
    if not name or not_a_parish(name) or grouping.excluded or _is_a_fact(name):
        return None
    reader = _RowReader(around)
    for href in entry.links:
        reader.detail(href)
        reader.profile = reader.profile or (href if is_profile(href) else None)
    if re.match(r"(?i)\s*missions?\s*:", entry.name):
        reader.kinds.append("Mission")
    for label, value in entry.values:
        reader.take(label, value)
    for line in entry.lines:
        if reader.is_placed and _OTHER.search(line_text(line)):
            break
        reader.line(line)
    for href in entry.links:
        reader.link(href)
    return reader.finish(name, entry, grouping)


def _is_address(words: str) -> bool:
    """Whether the words after "Church:" are where it stands, not how it is called."""
    return looks_like_street(words.partition(",")[0]) or has_state_and_zip(words) or place_line(words) is not None


_SERVED = re.compile(
    r"(?:^|\()\s*(?:an?\s+)?(?:(?:mission|station|chapel|quasi-parish)\s+of|(?:served|attended|administered|staffed)\s+(?:from|by))\s+(?P<mother>[A-Z][^()]{3,80})\)?$",
    re.IGNORECASE,
)
"""A remark beside a mission that names the parish it belongs to."""
_OTHER = re.compile(r"^[^:]{3,60}\b(?:school|academy|preschool|cemetery|mausoleum|child care center)$", re.IGNORECASE)
"""A school or cemetery named behind the parish: what follows is its own address and number."""


def _may_be_label(words: str) -> bool:
    """Whether a line by itself can be the label of the next ("Phone"), and is no kind ("School")."""
    return (
        len(words) < 30
        and len(words.split()) <= 3
        and not re.search(r"[\d,]", words)
        and not _KIND_WORD.fullmatch(words)
        and not says_closed(words)
    )


def _is_a_fact(name: str) -> bool:
    """Whether what stands where a name should is a number, a place, a priest, a label or an address on the web."""
    return (
        phone_of(name) is not None
        or place_line(name) is not None
        or email_of(name) is not None
        or (priest_of(name) is not None and name_evidence(name) < 0.7)
        or names_a_fact(name)
        or is_section(name)
        or not re.search(r"[A-Za-zÀ-ɏ]{2}", name)
    )


def clean_name(text: str) -> str:
    """A printed name without numbering, markers and the punctuation that divided it from the rest."""
    name = re.sub(r"^\s*(?:\(?\d{1,3}[.)]\s+|[•*▪▸►+–—»-]\s*)", "", squeeze(text))
    name = re.sub(
        r"^(?:name|parish|church|parish name|missions?|chapels?|station)\s*:\s*", "", name, flags=re.IGNORECASE
    )
    return re.sub(r"[\s:;,|–—*-]+$", "", name).strip()


@dataclass(slots=True)
class _RowReader:
    around: Surroundings
    fields: dict[str, str] = field(default_factory=dict)
    address_lines: list[str] = field(default_factory=list)
    street: list[str] = field(default_factory=list)
    mailing: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    priests: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    languages: tuple[str, ...] = ()
    point: tuple[float | None, float | None] = (None, None)
    pending: Label | None = None
    profile: str | None = None
    """Where a link leads that calls itself the web site, even if that is a page of a social network."""

    @property
    def is_placed(self) -> bool:
        """Whether the row has stated where the parish is: what else it names now has a place of its own."""
        return bool(self.fields.keys() & {"city", "zip"}) or any(map(has_state_and_zip, self.address_lines))

    # -- values ------------------------------------------------------------------------------------------

    def put(self, name: str, value: str | None) -> None:
        if value and name not in self.fields:
            self.fields[name] = value

    def take(self, label: Label | None, value: str) -> None:
        """Takes a value whose meaning is known; a value that does not fit its meaning is read as plain text."""
        value = value.strip()
        if value and label not in (Label.NAME, Label.IGNORED, Label.TEXT):
            _TAKERS[label](self, value)

    def _email(self, value: str) -> None:
        self.put("email", email_of(value))

    def _pastor(self, value: str) -> None:
        self.put("pastor", clean_priest(squeeze(re.split(r"\n|;|\s{3,}|\|", value)[0])))

    def _deanery(self, value: str) -> None:
        if state_code(value):
            self._state(value)
            return
        self.put("deanery", squeeze(value) if len(value) < 60 else None)

    def _mother(self, value: str) -> None:
        self.put("mother_parish", squeeze(value) if len(value) < 90 else None)

    def _kind_or_status(self, value: str) -> None:
        self.kinds.append(squeeze(value))

    def _mail(self, value: str) -> None:
        self.mailing.append(value)

    def _spoken(self, value: str) -> None:
        self.languages = tuple(word for word in re.split(r"\s*[,/;]\s*", squeeze(value)) if word)

    def _latitude(self, value: str) -> None:
        self.point = (_degree(value) or self.point[0], self.point[1])

    def _longitude(self, value: str) -> None:
        self.point = (self.point[0], _degree(value) or self.point[1])

    def _coordinates(self, value: str) -> None:
        found = re.fullmatch(r"\D*?(-?\d+\.\d+)[,\s]+(-?\d+\.\d+)\D*", value)
        if found:
            self.point = (float(found[1]), float(found[2]))

    def _phone(self, value: str) -> None:
        number = phone_of(value)
        if number is None:
            number = next((found for part in re.split(r"[,;/|]", value) if (found := phone_of(part))), None)
        self.put("phone", number)

    def _website(self, value: str) -> None:
        for candidate in (value, printed_url(value) or ""):
            url = (
                mended_href(candidate, self.around.base) if re.match(r"\S+$", candidate) and "." in candidate else None
            )
            if url and (may_be_site(url, self.around.own_host) or is_profile(url)):
                self.put("website", url)
                return

    def _city(self, value: str) -> None:
        value = squeeze(value)
        place = place_line(value)
        if place is not None:
            self.put("city", place.city)
            self.put("state", place.state)
            self.put("zip", place.zip)
        elif 1 < len(value) <= 45 and not re.search(r"\d", value):
            self.put("city", value.strip(" ,"))
        elif coded := re.fullmatch(r"(?P<city>[^\d,]{2,40}?),?\s+(?P<zip>\d{5}(?:-\d{4})?)", value):
            self.put("city", coded["city"])
            self.put("zip", coded["zip"])
        else:
            self._plain(value)

    def _state(self, value: str) -> None:
        value = squeeze(value)
        code = state_code(value)
        if code:
            self.put("state", code)
            return
        found = re.match(r"^(?P<state>[A-Za-z. ]+?)[\s,]+(?P<zip>\d{5}(?:-\d{4})?)$", value)
        if found and state_code(found["state"]):
            self.put("state", state_code(found["state"]))
            self.put("zip", found["zip"])
        elif (
            value and not re.search(r"\d", value) and len(value) < 30 and not state_code(value) and self.around.country
        ):
            self.put("state", value)

    def _zip(self, value: str) -> None:
        value = squeeze(value)
        found = re.search(r"(?<!\d)(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\d)", value)
        if found:
            self.put("zip", found[0])
        elif re.fullmatch(r"\d{4}", value):
            self.put("zip", f"0{value}" if self.fields.get("state") in _LEADING_ZERO else None)
        elif re.fullmatch(r"\d{9}", value):
            self.put("zip", f"{value[:5]}-{value[5:]}")

    def _street(self, value: str) -> None:
        lines = [squeeze(line) for line in value.split("\n") if squeeze(line)]
        if has_state_and_zip(value) or any(place_line(line) for line in lines[1:]):
            self.address_lines.extend(lines)
        else:
            self.street.extend(line for line in lines if line not in self.street)

    # -- lines -------------------------------------------------------------------------------------------

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

    def link(self, href: str) -> None:
        """Takes a link's target: the parish's web site, or its page in the directory."""
        url = mended_href(href, self.around.base)
        if url is None:
            return
        if may_be_site(url, self.around.own_host):
            self.put("website", url)
        else:
            self.detail(href)

    def detail(self, href: str) -> None:
        """Takes a link's target if it is another page of the diocese's own site."""
        url = mended_href(href, self.around.base)
        if url is not None and host_of(url) == self.around.own_host and _is_detail(url, self.around.url):
            self.details.append(url.partition("#")[0])

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
                self._plain(words)

    def _continued(self, words: str) -> None:
        """A line below a label that stands alone is its value; of an address, all lines down to the ZIP code."""
        label = self.pending
        if label in _ONE_LINE and not self._fits(label, words):
            self.pending = None
            self._plain(words)
            return
        self.take(label, words)
        if label in _ONE_LINE or place_line(words) is not None or has_state_and_zip(words):
            self.pending = None

    def _plain(self, words: str) -> None:
        for part in _parts(words):
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

    # -- the whole ---------------------------------------------------------------------------------------

    def finish(self, name: str, entry: Entry, grouping: Grouping) -> ReadEntry | None:
        """Puts the parish together; None for a row whose printed kind is no parish."""
        if any(excludes(kind) or (not_a_parish(kind) and name_evidence(name) < 0.7) for kind in self.kinds):
            return None
        address = self._address(name, grouping)
        place = _place_in_name(name) if not address.city and not self.fields.get("city") else None
        if place is not None:
            name, address = place[0], _joined(address, place[1])
        for key in ("street", "city", "state", "zip"):
            self.put(key, getattr(address, key))
        self._mailing(address)
        if self.profile and "website" not in self.fields:
            self._website(self.profile)
        status, heir = self._status(name, grouping)
        above = grouping.state if "state" not in self.fields and self.fields.keys() & {"city", "street"} else None
        self.put("state", above)
        parish = Parish(
            name=name,
            alternate_names=tuple(dict.fromkeys(each for text in (name, *self.remarks) for each in former_names(text))),
            kind=self._kind(name, grouping, entry.mother),
            status=status,
            merged_into=heir or None,
            rite=rite_of(name),
            latitude=_in_range(self._point(entry)[0], 90),
            longitude=_in_range(self._point(entry)[1], 180),
            languages=self.languages,
            mother_parish=self.fields.pop("mother_parish", None) or entry.mother,
            pastor=self.fields.pop("pastor", None) or next(iter(self.priests), None),
            deanery=self.fields.pop("deanery", None) or grouping.deanery,
            detail_url=next(iter(self.details), None),
            **self.fields,
        )
        loose = tuple(
            line for line in self.address_lines if line not in (parish.street, parish.city) and len(line) <= 45
        )
        evidence = max(name_evidence(name), 0.7 if any(kind_of(kind) for kind in self.kinds) else 0.0)
        return ReadEntry(
            parish=parish,
            evidence=evidence,
            closed=status is not ParishStatus.ACTIVE,
            loose=loose,
            places=grouping.places,
            state_above=above is not None,
            details=tuple(dict.fromkeys(self.details)),
        )

    def _address(self, name: str, grouping: Grouping) -> Address:
        lines = [line for line in self.address_lines if line != name]
        address = read_address("\n".join(lines)) if lines else Address()
        if self.street:
            given = [
                *self.street,
                *(
                    f"{self.fields['city']}, {self.fields['state']}"
                    for _ in (1,)
                    if {"city", "state"} <= self.fields.keys()
                ),
            ]
            labelled = read_address("\n".join(given))
            street = labelled.street or ", ".join(self.street)
            address = replace(address, street=street, mailing=labelled.mailing or address.mailing)
        if grouping.country and not address.state and lines:
            return read_abroad(lines)
        return address

    def _mailing(self, address: Address) -> None:
        printed = squeeze(
            ", ".join(line.strip(" ,") for value in self.mailing for line in value.split("\n") if line.strip())
        )
        if printed and not self.fields.get("street") and not self.fields.get("city"):
            sent = read_address("\n".join(self.mailing))
            for key in ("street", "city", "state", "zip"):
                self.put(key, getattr(sent, key))
        self.put("mailing_address", printed or address.mailing)

    def _status(self, name: str, grouping: Grouping) -> tuple[ParishStatus, str]:
        """Closed or merged by the row's status, by a remark beside it, by its name, or by its group's heading."""
        for words in (*self.kinds, *(remark for remark in self.remarks if len(remark) < 80), name):
            heir = merged_into(words)
            if heir is not None and (heir or words in self.kinds):
                return ParishStatus.MERGED, heir
            if says_closed(words) and not re.search(r"\boffice\b|\bmonday\b|\bholiday", words, re.IGNORECASE):
                return ParishStatus.CLOSED, ""
        return (ParishStatus.CLOSED if grouping.closed else ParishStatus.ACTIVE), ""

    def _kind(self, name: str, grouping: Grouping, mother: str | None) -> ParishKind:
        printed = next((kind for text in self.kinds if (kind := kind_of(text))), None)
        if printed is None and "mother_parish" in self.fields:
            printed = ParishKind.MISSION
        return printed or kind_of(name) or (ParishKind.MISSION if mother else grouping.kind) or ParishKind.PARISH

    def _point(self, entry: Entry) -> tuple[float | None, float | None]:
        latitude, longitude = entry.point or self.point
        return (latitude, longitude) if latitude and longitude else (None, None)


_TAKERS: Mapping[Label | None, Callable[[_RowReader, str], None]] = {
    None: _RowReader._plain,  # noqa: SLF001 - the table of the class's own readers
    Label.ADDRESS: _RowReader._plain,  # noqa: SLF001
    Label.PLACE: _RowReader._plain,  # noqa: SLF001
    Label.STREET: _RowReader._street,  # noqa: SLF001
    Label.STREET2: _RowReader._street,  # noqa: SLF001
    Label.CITY: _RowReader._city,  # noqa: SLF001
    Label.STATE: _RowReader._state,  # noqa: SLF001
    Label.ZIP: _RowReader._zip,  # noqa: SLF001
    Label.MAILING: _RowReader._mail,  # noqa: SLF001
    Label.PHONE: _RowReader._phone,  # noqa: SLF001
    Label.EMAIL: _RowReader._email,  # noqa: SLF001
    Label.WEBSITE: _RowReader._website,  # noqa: SLF001
    Label.LINK: _RowReader.link,
    Label.PASTOR: _RowReader._pastor,  # noqa: SLF001
    Label.DEANERY: _RowReader._deanery,  # noqa: SLF001
    Label.MOTHER: _RowReader._mother,  # noqa: SLF001
    Label.KIND: _RowReader._kind_or_status,  # noqa: SLF001
    Label.STATUS: _RowReader._kind_or_status,  # noqa: SLF001
    Label.LANGUAGES: _RowReader._spoken,  # noqa: SLF001
    Label.LATITUDE: _RowReader._latitude,  # noqa: SLF001
    Label.LONGITUDE: _RowReader._longitude,  # noqa: SLF001
    Label.COORDINATES: _RowReader._coordinates,  # noqa: SLF001
}


def _degree(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


_LEADING_ZERO = frozenset(("MA", "RI", "NH", "ME", "VT", "CT", "NJ", "PR", "VI"))


def _in_range(degree: float | None, limit: float) -> float | None:
    return degree if degree is not None and abs(degree) <= limit else None


def _parts(words: str) -> Iterable[str]:
    """The parts of a text that dividers hold apart; a house number that a dash follows stays with its street."""
    parts: list[str] = []
    for part in _DIVIDER.split(words):
        if parts and re.fullmatch(r"\d+", parts[-1]) and re.match(r"\d", part):
            parts[-1] = words[words.index(parts[-1]) : words.index(part, words.index(parts[-1])) + len(part)]
        elif part:
            parts.append(part)
    return parts


def _is_detail(url: str, page_url: str) -> bool:
    path, own = url.partition("#")[0].rstrip("/"), page_url.partition("#")[0].rstrip("/")
    return path != own and not re.search(r"\.(?:jpe?g|png|gif|svg|pdf|docx?|ics|vcf|css|js)$", path, re.IGNORECASE)


_PLACE_TAIL = re.compile(
    r"^(?P<name>.{4,}?)\s*(?:,|\s[–—-]|\()\s*(?P<place>[A-Z][^,()]*,\s*[A-Za-z. ]{2,20}(?:\s+\d{5}(?:-\d{4})?)?)\)?$"
)


def _place_in_name(name: str) -> tuple[str, Address] | None:
    """Splits "St. Mary, Alton, IL" and "St. Mary (Alton, IL)" into the name and its place."""
    found = _PLACE_TAIL.match(name)
    place = place_line(found["place"]) if found else None
    return (found["name"].strip(" ,"), place) if found and place else None


def _joined(address: Address, place: Address) -> Address:
    return replace(
        address, city=address.city or place.city, state=address.state or place.state, zip=address.zip or place.zip
    )
