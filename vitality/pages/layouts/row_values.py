"""The values of a row of a directory, gathered by what they mean; a value that does not fit its meaning is plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vitality.pages.address import has_state_and_zip, place_line
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import (
    clean_priest,
    email_of,
    host_of,
    is_profile,
    may_be_site,
    mended_href,
    phone_of,
    printed_url,
)
from vitality.pages.layouts.entry import Surroundings
from vitality.pages.layouts.labels import Label
from vitality.pages.places import state_code


@dataclass(slots=True)
class RowValues:
    """What a row states so far: the first value of a meaning counts."""

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
            self.plain(value)

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

    def plain(self, value: str) -> None:
        """Reads text of no known meaning."""
        raise NotImplementedError


_TAKERS: Mapping[Label | None, Callable[[RowValues, str], None]] = {
    None: lambda row, value: row.plain(value),
    Label.ADDRESS: lambda row, value: row.plain(value),
    Label.PLACE: lambda row, value: row.plain(value),
    Label.STREET: RowValues._street,  # noqa: SLF001 - the table of the class's own readers
    Label.STREET2: RowValues._street,  # noqa: SLF001
    Label.CITY: RowValues._city,  # noqa: SLF001
    Label.STATE: RowValues._state,  # noqa: SLF001
    Label.ZIP: RowValues._zip,  # noqa: SLF001
    Label.MAILING: RowValues._mail,  # noqa: SLF001
    Label.PHONE: RowValues._phone,  # noqa: SLF001
    Label.EMAIL: RowValues._email,  # noqa: SLF001
    Label.WEBSITE: RowValues._website,  # noqa: SLF001
    Label.LINK: RowValues.link,
    Label.PASTOR: RowValues._pastor,  # noqa: SLF001
    Label.DEANERY: RowValues._deanery,  # noqa: SLF001
    Label.MOTHER: RowValues._mother,  # noqa: SLF001
    Label.KIND: RowValues._kind_or_status,  # noqa: SLF001
    Label.STATUS: RowValues._kind_or_status,  # noqa: SLF001
    Label.LANGUAGES: RowValues._spoken,  # noqa: SLF001
    Label.LATITUDE: RowValues._latitude,  # noqa: SLF001
    Label.LONGITUDE: RowValues._longitude,  # noqa: SLF001
    Label.COORDINATES: RowValues._coordinates,  # noqa: SLF001
}


def _degree(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


_LEADING_ZERO = frozenset(("MA", "RI", "NH", "ME", "VT", "CT", "NJ", "PR", "VI"))


def _is_detail(url: str, page_url: str) -> bool:
    path, own = url.partition("#")[0].rstrip("/"), page_url.partition("#")[0].rstrip("/")
    return path != own and not re.search(r"\.(?:jpe?g|png|gif|svg|pdf|docx?|ics|vcf|css|js)$", path, re.IGNORECASE)
