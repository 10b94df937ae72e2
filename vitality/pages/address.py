"""Reads U.S. addresses as directories print them: lines or one line, with organisations, boxes, grids and corners.

Our own reading comes first, by the shape "street, city, state ZIP"; where a street and a city stand side by
side without a comma, the library `usaddress` proposes the border and the ZIP table decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import usaddress

from vitality.pages.dom import squeeze
from vitality.pages.places import STATE_PATTERN, US_CODES, is_city, is_country, state_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The parts of an address that the text states; None for the others.

    `mailing` is a post-office box (with the city line that belongs to it) that stands beside a street address.
    """

    street: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    mailing: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing of an address was found."""
        return not (self.street or self.city or self.state or self.zip)


_SUFFIXES = """aly alley anx arc arcade ave av aven avenue avenida bayou bch bend blf blvd boul boulevard br branch brg brook byp bypass calle
camino cir circle circuit cmn common commons cor corner corners course court ct courts cove cres crescent crk crossing xing
cswy causeway dr drive drives esplanade estates expy expressway ext extension falls field flat ford forest forge fork fwy freeway gardens
gate gateway glen green grove harbor haven heights highway hwy hill hills hollow island isle junction key knoll lake landing lane ln
light loop mall manor meadow meadows mews mill motorway mount mountain orchard oval overlook parade park parkway parkways pass
passage path pike pkwy pky pl place placita plain plaza plz point pointe port prairie promenade ranch rapids rd road roads rd. ridge rte route row rue run
sq square st. st street sts streets station summit ter terrace terr throughway trace track trafficway trail trl turnpike tpke tunnel union valley via
viaduct view village vista walk way ways well wells wy bypass spur""".split()  # noqa: SIM905 - a table of words
_SUFFIX = (
    r"(?:" + "|".join(sorted({re.escape(word.rstrip(".")) for word in _SUFFIXES}, key=len, reverse=True)) + r")\b\.?"
)
_DIRECTION = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|Northeast|Northwest|Southeast|Southwest)\b\.?"
_BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s*(?:Box|Drawer|Bx)|Post\s+Office\s+Box|Postal\s+Box|Apartado|Lock\s?box|POB)\b[\s#.:]*(?:No\.?\s*)?\w+(?:-\w+)?|(?<!\w)Box\s+\d+",
    re.IGNORECASE,
)
_RURAL = re.compile(r"\b(?:R\.?\s?R\.?|R\.?F\.?D\.?|H\.?C\.?|Rural\s+Route|Star\s+Route)\s*#?\s*\d+", re.IGNORECASE)
_UNIT = re.compile(
    r"^(?:suite|apt|apartment|unit|floor|fl|room|rm|bldg|building|lot|#)\b\.?\s*#?\s*[\w-]+$|^(?:ste|no)\b\.?\s*#?\s*(?:\d[\w-]*|[A-Z])$|^#\s*\w+$|^(?:\w+\s+){1,2}floor$|^(?:[NSEW]\.?\s?){1,3}$|^(?:north|south|east|west|northeast|northwest|southeast|southwest|extension|ext)\.?$",
    re.IGNORECASE,
)
_JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv)\b\.?", re.IGNORECASE)
_COUNT = re.compile(
    r"^\d{1,4}\s*(?:am|pm|a\.m|p\.m|families|households|miles|parish(?:es)?|of|to|out of|entries|results|items|days?|years?|minutes|-)\b",
    re.IGNORECASE,
)
_NUMBER = r"(?:\d+[A-Z]?(?:[-–/½]\d*[A-Z]?)*|[NSEW]\d+\s?[NSEW]\d+|[NSEW]\.?\s?\d+)"
_NUMBERED = re.compile(rf"^(?:c/?o\s+)?{_NUMBER}(?:\s*½|\s+1/2)?\s*[,]?\s+\S*[A-Za-z0-9]", re.IGNORECASE)
_SUFFIXED = re.compile(rf"\b{_SUFFIX}(?:\s+{_DIRECTION})?(?:\s*\(.*\)|\s*#?\s*\d+\w?)?$", re.IGNORECASE)
_ROAD = re.compile(
    r"\b(?:(?:U\.?S\.?|State|County|Co\.?|Interstate|Old|N\.?M\.?|SR|CR|FM|I)[\s-]*)?(?:Highway|Hwy|Route|Rte|Rt|Road|Rd|SR|CR|FM)\.?\s*#?[\s-]*\d+",
    re.IGNORECASE,
)
_CORNER = re.compile(r"\s(?:&|and|at|@|/)\s|^corner\s+of\b|\bintersection\b", re.IGNORECASE)
_CARE_OF = re.compile(r"^(?:c\s?/\s?o|in care of)\b[:\s]*", re.IGNORECASE)
_ZIP = r"(?:\d{5}(?:\s?[-–]\s?\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)(?![\w-])"
_STATE_ZIP = re.compile(rf"(?<![\w.])(?P<state>{STATE_PATTERN})(?P<dot>\.?)[\s,.]*(?P<zip>{_ZIP})?(?=$|[\s,.;)])")
_ZIP_ONLY = re.compile(rf"(?<![\w-])(?P<zip>{_ZIP})$")
_LABEL = re.compile(
    r"^(?:(?:street|physical|mailing|church|parish|location|office|rectory|postal)?\s*(?:address|location))\s*[:\-–]\s*|^(?:located at|mail(?:ing)?)\s*:?\s+",
    re.IGNORECASE,
)
_CITY = re.compile(
    r"^[A-Z][\w.'’`-]*(?:[\s-]+(?:of|the|de|la|los|las|del|aux|du|des|le|on|by|in|St\.?|Ste\.?|[A-Z][\w.'’`-]*))*$"
)


def looks_like_street(text: str) -> bool:
    """Whether a text by itself is a street line: a number and words, a box, a highway, a corner, a suffix."""
    text = _CARE_OF.sub("", text)
    if len(text) > 90:
        return False
    if _BOX.search(text) or _RURAL.search(text):
        return True
    if _NUMBERED.match(text) and not _COUNT.match(text):
        return not re.match(r"^[\d\s().+-]+$", text)
    if _ROAD.search(text):
        return True
    return bool(_SUFFIXED.search(text)) and len(text.split()) >= 2 and not text.endswith((".com", ".org"))


@lru_cache(maxsize=8192)
def read_address(text: str) -> Address:
    """Reads the address out of one text whose lines are divided by newlines; values stand in the text as given.

    `state` alone may be the postal code of the printed name.
    """
    lines = [_LABEL.sub("", squeeze(line)).strip(" ,;") for line in text.split("\n")]
    return _read_lines([line for line in lines if line and not is_country(line)])


_CITYISH = re.compile(
    r"(?:hills?|park|haven|ridge|valley|heights|falls|grove|forest|springs?|harbou?r|beach|island|lakes?|point|village|fields?|mills?|"
    r"mount|mountain|landing|estates|gardens|junction|ford|rapids|bend|cove|bluffs?|branch|brook|crossing|corners?|glen|green|isle|"
    r"key|knoll|manor|meadows?|plains?|prairie|ranch|shores?|station|summit|terrace|union|view|vista|wells|center|square|common|city|flat|forge|spur|pass)$",
    re.IGNORECASE,
)


def is_street(text: str) -> bool:
    """Whether a text is a street and not a town that is called like one ("Park Hills")."""
    return looks_like_street(text) and (bool(re.search(r"\d", text)) or not (_CITYISH.search(text) or is_city(text)))


def has_state_and_zip(text: str) -> bool:
    """Whether a text holds a state followed by a ZIP code."""
    return any(found["zip"] for found in _STATE_ZIP.finditer(text))


def place_line(text: str) -> Address | None:
    """Reads "City, ST" or "City, ST ZIP" and nothing else; None for a text that says more or less."""
    found = _last_state(text)
    if found is None or found.end() < len(text.rstrip(" .,")):
        return None
    printed = text[: found.start()].rstrip()
    before = printed.strip(" ,")
    if not printed.endswith(",") and not found["zip"] and not is_city(before, state_code(found["state"])):
        return None
    if not before or "," in before or is_street(before) or not _is_city_like(before):
        return None
    return Address(city=before, state=state_code(found["state"]) or found["state"], zip=_zip(found["zip"]))


def _read_lines(lines: list[str]) -> Address:
    found = [(index, state) for index, line in enumerate(lines) if (state := _last_state(line)) is not None]
    if not found:
        return _without_state(lines)
    index, state = next(((index, state) for index, state in found if state["zip"]), found[-1])
    return _around(lines, index, state)


def _last_state(line: str) -> re.Match[str] | None:
    """The state of a line: the last that a ZIP follows, else one that ends the line after a comma or a city."""
    matches = list(_STATE_ZIP.finditer(line))
    zipped = [found for found in matches if found["zip"]]
    if zipped:
        return zipped[-1]
    for found in reversed(matches):
        before, after = line[: found.start()].rstrip(), line[found.end() :].strip(" ,.")
        if (
            len(found["state"]) == 2
            and not before.endswith(",")
            and looks_like_street(before)
            and not _is_known(before, found["state"])
        ):
            continue
        if found["state"] == "NE" and looks_like_street(before.rstrip(" ,")):
            continue
        if (not after or is_country(after)) and (
            not before or before.endswith(",") or len(found["state"]) == 2 or _is_known(before, found["state"])
        ):
            return found
    return None


def _is_known(before: str, state: str) -> bool:
    words = before.replace(",", " ").split()
    return any(is_city(" ".join(words[-size:]), state_code(state)) for size in (1, 2, 3) if len(words) >= size)


def _around(lines: list[str], index: int, found: re.Match[str]) -> Address:
    """The address whose state stands at `found` in line `index`: the city before it, the street before the city."""
    line, code = lines[index], found["zip"]
    state = state_code(found["state"]) or found["state"]
    before = line[: found.start()].strip(" ,;")
    if code is None:
        code = _zip_after(lines, index, line[found.end() :])
    pieces = [*_pieces(lines[:index]), *_pieces([before])]
    city = _take_city(
        pieces,
        state if state in US_CODES else None,
        own_line=bool(before) and "," not in before,
        same_line=bool(before),
    )
    pieces = [piece for piece in pieces if not _repeats(piece, city, state)]
    street, box = _streets(pieces)
    later_street, later_box = _streets(_pieces(lines[index + 1 :]), strict=True)
    street, box = street or later_street, box or later_box
    place = " ".join(part for part in (f"{city}," if city else None, found["state"], code) if part)
    return _with_box(Address(street=street, city=city, state=state, zip=_zip(code)), box, place)


def _with_box(address: Address, box: str | None, place: str) -> Address:
    """A box beside a street is the mailing address; a box alone is where the parish says it is."""
    if box is None:
        return address
    street = address.street or box
    mailing = f"{box}, {place}" if address.street and place else box if address.street else None
    return Address(street=street, city=address.city, state=address.state, zip=address.zip, mailing=mailing)


def _zip_after(lines: list[str], index: int, rest: str) -> str | None:
    """A ZIP code that stands after the state with something between, or alone on the next line."""
    for text in (rest.strip(" ,."), *(lines[index + 1 : index + 2])):
        found = re.match(rf"{_ZIP}$", text.strip())
        if found:
            return found[0]
    return None


def _zip(code: str | None) -> str | None:
    return re.sub(r"\s?[-–]\s?", "-", code) if code else None


def _pieces(lines: Iterable[str]) -> list[str]:
    """The comma-separated pieces of lines, units joined to the piece before them."""
    pieces: list[str] = []
    for line in lines:
        for position, raw in enumerate(re.split(r"\s*[,;|•·]\s*|\s+[–—-]\s+(?=\D)", line)):
            piece = raw.strip(" .") if raw.strip(" .").isdigit() else raw.strip()
            if not piece:
                continue
            together = bool(_BOX.match(piece)) and position > 0 and bool(_NUMBERED.match(pieces[-1] if pieces else ""))
            if pieces and (together or _JUNIOR.match(piece) or (_UNIT.match(piece) and looks_like_street(pieces[-1]))):
                pieces[-1] = f"{pieces[-1]}, {piece}"
            else:
                pieces.append(piece)
    return pieces


def _take_city(pieces: list[str], state: str | None, *, own_line: bool, same_line: bool) -> str | None:
    """Removes the city from the end of the pieces and returns it."""
    if not pieces:
        return None
    last = pieces[-1]
    if not is_street(last) and _is_city_like(last):
        split = _city_at_end(last, state) if len(last.split()) > 2 and not own_line else None
        if split is None or split[0] == "":
            return pieces.pop()
    split = _city_at_end(last, state) or (_city_by_library(last) if same_line else None)
    if split is None:
        if own_line or re.search(r"\d", last) or len(pieces) == 1 or not _is_city_like(last):
            return None if re.search(r"\d", last) or not _is_city_like(last) else pieces.pop()
        return pieces.pop()
    street, city = split
    pieces[-1:] = [street] if street else []
    return city


def _is_city_like(text: str) -> bool:
    return bool(_CITY.match(text)) and len(text) <= 40 and len(text.split()) <= 5


def _city_at_end(text: str, state: str | None) -> tuple[str, str] | None:
    """Splits "14 Oak St Springfield" by the ZIP table: the longest city at the end that leaves a street."""
    words = text.split()
    for size in range(min(4, len(words)), 0, -1):
        street, city = " ".join(words[:-size]), " ".join(words[-size:])
        if is_city(city, state) and (not street or _stands_alone(street)):
            return street, city
    return None


def _stands_alone(street: str) -> bool:
    return bool(_SUFFIXED.search(street) or _BOX.search(street) or _ROAD.search(street)) and looks_like_street(street)


def _city_by_library(text: str) -> tuple[str, str] | None:
    """Splits a street from its city where `usaddress` sees a place name at the end."""
    if not re.search(r"\d", text):
        return None
    tokens: Sequence[tuple[str, str]] = usaddress.parse(f"{text}, IL 60000")
    place = [token for token, label in tokens if label == "PlaceName"]
    city = " ".join(place).strip(" ,")
    if not city or not text.endswith(city) or re.search(r"\d", city) or not _is_city_like(city):
        return None
    street = text[: -len(city)].strip(" ,")
    return (street, city) if street and looks_like_street(street) else None


def _repeats(piece: str, city: str | None, state: str) -> bool:
    """Whether a piece only says the place again ("Cincinnati, OH 45206, Cincinnati, OH, 45206")."""
    found = _STATE_ZIP.fullmatch(piece)
    return piece == city or (found is not None and state_code(found["state"]) == state)


def _streets(pieces: list[str], *, strict: bool = False) -> tuple[str | None, str | None]:
    """The street and the box among pieces; organisation names and remarks before the street are left out."""
    box = next((piece for piece in pieces if _BOX.search(piece) and not _NUMBERED.match(_CARE_OF.sub("", piece))), None)
    streets = [piece for piece in pieces if piece != box and is_street(piece)]
    numbered = [piece for piece in streets if _NUMBERED.match(piece)]
    chosen = next(iter(numbered or streets), None)
    if chosen is None and not strict and box is None:
        chosen = next((piece for piece in pieces if _is_corner(piece)), None)
    if chosen is not None:
        beside = _BOX.search(chosen)
        if beside and box is None and beside.start() > 0:
            box = beside[0]
        chosen = _with_following(chosen, pieces)
    inner = _BOX.search(box) if box else None
    return chosen, inner[0] if inner else box


def _with_following(street: str, pieces: list[str]) -> str:
    """A street number that a comma divides from its street is joined again ("12, Oak Street"; "25 Boulevard, NE")."""
    index = pieces.index(street) if street in pieces else -1
    if index > 0 and re.fullmatch(_NUMBER, pieces[index - 1]):
        return f"{pieces[index - 1]} {street}"
    return street


def _is_corner(piece: str) -> bool:
    return bool(_CORNER.search(piece)) and bool(_SUFFIXED.search(piece) or re.search(_SUFFIX, piece, re.IGNORECASE))


def _without_state(lines: list[str]) -> Address:
    """An address without a state: a street, perhaps a ZIP code, perhaps a city the ZIP table knows."""
    pieces = _pieces(lines)
    code = None
    for index, piece in enumerate(pieces):
        found = _ZIP_ONLY.search(piece)
        if (
            found
            and not looks_like_street(piece[: found.start()].strip())
            and (index or not piece[: found.start()].strip().isdigit())
        ):
            code = found["zip"]
            pieces[index] = piece[: found.start()].strip()
    pieces = [piece for piece in pieces if piece]
    street, box = _streets(pieces, strict=True)
    city = None
    after = pieces[pieces.index(street) + 1 :] if street in pieces else [] if street else pieces
    for piece in after:
        if _is_city_like(piece) and not is_street(piece) and (is_city(piece) or code):
            city = piece
            break
    if street is None and box is None:
        city = city if code else None
    return _with_box(Address(street=street, city=city, zip=_zip(code)), box, "")


def read_abroad(lines: Sequence[str]) -> Address:
    """An address outside the United States, by position: street, city, county or state with its code."""
    pieces = [piece for piece in re.split(r"\s*[,\n]\s*", "\n".join(lines)) if piece]
    code = None
    found = (
        re.search(r"(?:^|\s)(?P<code>\d{4,6}|[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}|[A-Z]\d[A-Z]\s?\d[A-Z]\d)$", pieces[-1])
        if pieces
        else None
    )
    if found:
        code = found["code"]
        pieces[-1] = pieces[-1][: found.start()].strip()
    alone = bool(found) and not pieces[-1]
    pieces = [piece for piece in pieces if piece]
    if len(pieces) >= 3:
        return Address(street=", ".join(pieces[:-2]), city=pieces[-2], state=pieces[-1], zip=code)
    if len(pieces) == 2 and (alone or looks_like_street(pieces[0])):
        return Address(street=pieces[0], city=pieces[1], zip=code)
    return Address(city=pieces[0] if pieces else None, state=pieces[1] if len(pieces) == 2 else None, zip=code)
