"""What single lines of a page say by themselves: where a name ends, how much it looks like one, whether a fact stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitality.pages.address import has_state_and_zip, is_street, looks_like_street, place_line
from vitality.pages.dom import squeeze
from vitality.pages.layouts.contacts import email_of, phone_of
from vitality.pages.layouts.entry import Line, Piece, line_text
from vitality.pages.layouts.flow import Flow
from vitality.pages.layouts.groups import is_section
from vitality.pages.layouts.labels import Label, names_a_fact
from vitality.pages.parish_names import name_evidence
from vitality.pages.places import is_city


@dataclass(slots=True)
class Signals:
    """What each line says by itself: how much it looks like a name, and running counts of address lines and facts."""

    names: list[float]
    places: list[int]
    facts: list[int]


_LONGEST_NAME = 200
"""Characters of a line within which its name ends: a line can be a whole page."""
_BORDER = re.compile(
    r"\s+[–—-]{1,2}\s+|\s*[|•·;]\s*|\s*:\s+|,\s+|\t|\s{3,}|\s+(?=\(?\d{3}\)?[\s.-]+\d{3}[\s.-]\d{4})|\s+\((?=[^()]*\d{3}[^()]*\))|\.\s+(?=\d+\s)"
)


def name_of_line(line: Line) -> tuple[str, Line]:
    """The name that a line begins with, and what follows it in the line."""
    first = line[0]
    if first.bold or first.href is not None or first.label is Label.NAME:
        before_town = _before_town(line)
        size = before_town or _leading(line)
        name = line_text(line[:size])
        rest = line[size:]
        parted = bool(rest) and (
            before_town or first.label is Label.NAME or re.match(r"[\s,:;|(•·–—-]|$", rest[0].text)
        )
        if name and parted and not _is_place_before(name, rest):
            return name.strip(" :,-–—|"), rest
    apart = _name_apart(line)
    if apart is not None:
        return apart
    text = line_text(line)
    for found in _BORDER.finditer(text):
        if found.start() > _LONGEST_NAME:
            break
        before, after = text[: found.start()], text[found.end() :]
        if _is_town_of(before, after):
            continue
        if re.search(r"[A-Za-z]{3}", before) and _begins_with_a_fact(after):
            return before.strip(), _cut(line, found.end())
    return text, ()


def _name_apart(line: Line) -> tuple[str, Line] | None:
    """The name that is an element of its own in a line of elements without dividers (`<span>name</span> <span>street</span>`)."""
    pieces = [piece for piece in line if piece.text.strip()]
    if len(pieces) < 3 or re.search(r"[,;:|•·–—-]\s*$", pieces[0].text) or not name_evidence(squeeze(pieces[0].text)):
        return None
    rest = [each for piece in pieces[1:] for each in (piece, Piece(", "))][:-1]
    if not looks_like_street(squeeze(pieces[1].text)) and place_line(line_text(tuple(rest))) is None:
        return None
    return squeeze(pieces[0].text), tuple(rest)


def _is_place_before(lead: str, rest: Line) -> bool:
    """Whether the marked beginning of a line is a town and the name follows it ("**Athens** – St. Aldate, …")."""
    following = re.match(r"\s*[–—:-]\s*(?P<name>[^,;|]+)", line_text(rest))
    return (
        following is not None
        and name_evidence(lead) < 0.7 <= name_evidence(following["name"].strip())
        and is_city(lead)
    )


def _is_town_of(before: str, after: str) -> bool:
    """Whether a town stands before a name ("Lee: St. Mary, Mother of God") that is called like a town itself."""
    name = re.split(r"[,;|(]", after)[0].strip()
    return name_evidence(before) < 0.7 <= name_evidence(name) and is_city(before) and is_city(name)


def _begins_with_a_fact(text: str) -> bool:
    """Whether a text begins with a street, a place, a number or an address on the web."""
    pieces = [piece for piece in _BORDER.split(text) if piece]
    if not pieces:
        return False
    first, two = pieces[0], ", ".join(pieces[:2])
    street = is_street(first) and (bool(re.search(r"\d", first)) or name_evidence(first) < 0.7)
    if street or place_line(first) or place_line(two) or phone_of(first) or email_of(first):
        return True
    return bool(re.match(r"(?i)c/o\b|www\.|https?:", first)) or (
        len(pieces) > 1 and is_city(first) and not _states_place(pieces[1:])
    )


def _states_place(pieces: Sequence[str]) -> bool:
    """Whether a street or a place is still to come: then a town's name before it belongs to the parish's name."""
    pairs = (", ".join(pieces[index : index + 2]) for index in range(len(pieces)))
    return any(is_street(piece) or place_line(piece) for piece in (*pieces, *pairs))


def _leading(line: Line) -> int:
    """How many pieces at the start of a line share the look of the first."""
    first = line[0]
    size = 1
    while (
        size < len(line)
        and line[size].bold == first.bold
        and line[size].href == first.href
        and line[size].label == first.label
    ):
        size += 1
    return size


def _before_town(line: Line) -> int:
    """How many pieces the name has where the town is an element of its own behind it in the same link; 0 elsewhere."""
    words = [squeeze(piece.text) for piece in line]
    for index in range(1, len(line)):
        if words[index] and is_city(words[index].strip("() ,")):
            name = squeeze(" ".join(words[:index]))
            return index if name_evidence(name) >= 0.7 and not re.search(r"(?i)\b(?:of|the|and|at|&)$", name) else 0
    return 0


def _cut(line: Line, position: int) -> Line:
    """What a line holds from a position of its squeezed text on; links keep their pieces."""
    if len(line) == 1 and line[0].href is None:
        return (Piece(line_text(line)[position:], None),)
    rest = line_text(line)[position:]
    linked = tuple(Piece("", None, piece.href) for piece in line if piece.href)
    return (Piece(rest, None), *linked)


def signals_of(flow: Flow) -> Signals:
    """Looks at each line once."""
    names, places, facts = [], [0], [0]
    for line, text in zip(flow.lines, flow.texts, strict=True):
        place = has_state_and_zip(text) or place_line(text) is not None
        fact = place or phone_of(text) is not None or email_of(text) is not None or is_street(text)
        names.append(_name_signal(line, text, place=place, fact=fact))
        places.append(places[-1] + has_state_and_zip(text))
        facts.append(facts[-1] + fact)
    return Signals(names, places, facts)


def _name_signal(line: Line, text: str, *, place: bool, fact: bool) -> float:
    if _is_labelled(text) or is_section(text):
        return 0.0
    if not fact:
        whole = name_evidence(text)
        if whole:
            return whole
    marked = len(line) > 1 and (line[0].bold or line[0].href is not None or line[0].label is Label.NAME)
    if place and not marked and place_line(text) is not None:
        return 0.0
    return name_evidence(name_of_line(line)[0])


def _is_labelled(text: str) -> bool:
    """Whether a line begins with the label of something else than a name ("Rectory: …", "Administrator: …")."""
    label, colon, _ = text.partition(":")
    return bool(colon) and len(label) < 40 and names_a_fact(label)
