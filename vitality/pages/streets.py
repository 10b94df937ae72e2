"""Which pieces of an address are its street and its post-office box."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vitality.pages.address_words import (
    BOX,
    CARE_OF,
    CITYISH,
    CORNER,
    COUNT,
    JUNIOR,
    NUMBER,
    NUMBERED,
    ORDINAL_CORNER,
    ROAD,
    RURAL,
    SPANISH,
    SUFFIX,
    SUFFIXED,
    UNIT,
    WITHIN,
)
from vitality.pages.places import is_city


def looks_like_street(text: str) -> bool:
    """Whether a text by itself is a street line: a number and words, a box, a highway, a corner, a suffix."""
    text = CARE_OF.sub("", text)
    if len(text) > 90:
        return False
    if BOX.search(text) or RURAL.search(text) or SPANISH.search(text):
        return True
    if NUMBERED.match(text) and not COUNT.match(text):
        return not re.match(r"^[\d\s().+-]+$", text)
    if ROAD.search(text):
        return True
    return bool(SUFFIXED.search(text)) and len(text.split()) >= 2 and not text.endswith((".com", ".org"))


def is_street(text: str) -> bool:
    """Whether a text is a street and not a town that is called like one ("Park Hills")."""
    return looks_like_street(text) and (bool(re.search(r"\d", text)) or not (CITYISH.search(text) or is_city(text)))


def pieces_of(lines: Iterable[str]) -> list[str]:
    """The comma-separated pieces of lines, units joined to the piece before them."""
    pieces: list[str] = []
    for line in lines:
        for position, raw in enumerate(re.split(r"\s*[,;|•·~]\s*|\s+[–—-]\s+(?=\D)", line)):
            piece = raw.strip(" .") if raw.strip(" .").isdigit() else raw.strip()
            piece = piece[1:-1].strip() if re.fullmatch(r"\([^()]*\d[^()]*\)", piece) else piece
            if not piece:
                continue
            last = pieces[-1] if pieces else ""
            together = bool(BOX.match(piece)) and (
                bool(RURAL.match(last)) or (position > 0 and bool(NUMBERED.match(last)) and f"{last}, {piece}" in line)
            )
            together = together or (bool(WITHIN.match(piece)) and bool(SPANISH.search(last)))
            if pieces and (together or JUNIOR.match(piece) or (UNIT.match(piece) and looks_like_street(pieces[-1]))):
                pieces[-1] = f"{pieces[-1]}, {piece}"
            else:
                pieces.append(piece)
    return pieces


def streets_of(pieces: list[str], *, strict: bool = False) -> tuple[str | None, str | None]:
    """The street and the box among pieces; organisation names and remarks before the street are left out."""
    box = next((piece for piece in pieces if _is_box(piece)), None)
    streets = [piece for piece in pieces if piece != box and is_street(piece)]
    numbered = [piece for piece in streets if NUMBERED.match(piece)]
    chosen = next(iter(numbered or streets), None)
    if chosen is None and not strict and box is None:
        chosen = next((piece for piece in pieces if _is_corner(piece)), None)
    if chosen is not None:
        beside = None if RURAL.search(chosen) else BOX.search(chosen)
        if beside and box is None and beside.start() > 0:
            box = beside[0]
        chosen = _with_following(chosen, pieces)
    inner = BOX.search(box) if box else None
    return chosen, inner[0] if inner else box


def _is_box(piece: str) -> bool:
    """Whether a piece is a post-office box, and not a street or a rural route with its box beside it."""
    return bool(BOX.search(piece)) and not RURAL.search(piece) and not NUMBERED.match(CARE_OF.sub("", piece))


def _with_following(street: str, pieces: list[str]) -> str:
    """A street number that a comma divides from its street is joined again ("12, Oak Street"; "25 Boulevard, NE")."""
    index = pieces.index(street) if street in pieces else -1
    if index > 0 and not NUMBERED.match(street) and re.fullmatch(NUMBER, pieces[index - 1]):
        return f"{pieces[index - 1]} {street}"
    return street


def _is_corner(piece: str) -> bool:
    if ORDINAL_CORNER.search(piece):
        return True
    return bool(CORNER.search(piece)) and bool(SUFFIXED.search(piece) or re.search(SUFFIX, piece, re.IGNORECASE))
