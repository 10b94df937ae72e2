"""What a row of a directory says as a parish, however it was laid out.

A layout takes a page apart into entries (`layouts.entry`). Everything that has to be known about addresses, numbers and kinds is applied here, once for all layouts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vitality.pages.address import Address, place_line, read_abroad, read_address
from vitality.pages.dom import squeeze
from vitality.pages.former_names import former_names
from vitality.pages.layouts.contacts import (
    email_of,
    is_profile,
    phone_of,
    priest_of,
)
from vitality.pages.layouts.entry import Entry, Surroundings, line_text
from vitality.pages.layouts.groups import Grouping, is_section, read_groups
from vitality.pages.layouts.labels import names_a_fact
from vitality.pages.layouts.row_lines import RowLines
from vitality.pages.parish_names import (
    excludes,
    kind_of,
    merged_into,
    name_evidence,
    not_a_parish,
    rite_of,
    says_closed,
)
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
        words = line_text(line)
        if (reader.is_placed and _OTHER.search(words)) or _is_the_chancery(words):
            break
        reader.line(line)
    for href in entry.links:
        reader.link(href)
    return reader.finish(name, entry, grouping)


_OTHER = re.compile(r"^[^:]{3,60}\b(?:school|academy|preschool|cemetery|mausoleum|child care center)$", re.IGNORECASE)
"""A school or cemetery named behind the parish: what follows is its own address and number."""


_CHANCERY = re.compile(
    r"(?i)^\W*(?:copyright|©|\d{4}|the|roman|catholic|byzantine|\W)*\b(?:arch)?(?:diocese|eparchy) of\b|^\W*di[oó]cesis de\b"
)


def _is_the_chancery(words: str) -> bool:
    """Whether a line gives the diocese's own address or number: the foot of the page, where the row has ended."""
    return bool(_CHANCERY.match(words)) and ("©" in words or phone_of(words) is not None)


def _is_a_fact(name: str) -> bool:
    """Whether what stands where a name should is a number, a place, a priest, a label or an address on the web."""
    return (
        phone_of(name) is not None
        or place_line(name) is not None
        or email_of(name) is not None
        or (priest_of(name) is not None and name_evidence(name) < 0.7)
        or names_a_fact(name)
        or _MENU_WORDS.fullmatch(name) is not None
        or is_section(name)
        or not re.search(r"[A-Za-zÀ-ɏ]{2}", name)
    )


_MENU_WORDS = re.compile(
    r"(?i)(?:find (?:a|your) |our |all |the )?(?:closed |catholic )?(?:parish(?:es)?|church(?:es)?|missions?)(?: (?:&|and) (?:parish(?:es)?|church(?:es)?|missions?|schools?))?(?: (?:director(?:y|ies)|list(?:ings?)?|finder|map|locator|search|a-z))?|closed (?:parishes|churches)\b.*"
)


def clean_name(text: str) -> str:
    """A printed name without numbering, markers and the punctuation that divided it from the rest."""
    name = re.sub(r"^\s*(?:\(?\d{1,3}[.)]\s+|[•*▪▸►+–—»-]\s*)", "", squeeze(text))
    name = re.sub(
        r"^(?:name|parish|church|parish name|missions?|chapels?|station)\s*:\s*", "", name, flags=re.IGNORECASE
    )
    return re.sub(r"[\s:;,|–—*-]+$", "", name).strip()


@dataclass(slots=True)
class _RowReader(RowLines):
    """A row that is put together as a parish."""

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


def _in_range(degree: float | None, limit: float) -> float | None:
    return degree if degree is not None and abs(degree) <= limit else None


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
