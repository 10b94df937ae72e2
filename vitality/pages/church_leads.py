"""Lines that begin with the name of a church and give its hours: "St. Kevin, Arlow: Saturday 5 pm; Sunday 9 am"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from vitality.pages.document import Line
from vitality.pages.tables import HAS_TIME

_LEAD: Final = re.compile(r"\s*([A-Z][^:;\d|()]{4,58}?)\s*(?::| - )\s*(?=\S)")
_SAINT: Final = re.compile(
    r"(?:st|ss|sts|saints?|our lady|holy|sacred|immaculate|blessed|christ|queen|san|santa|nuestra se[nñ]ora)\b\.?",
    re.IGNORECASE,
)
_CHURCH: Final = re.compile(r"\b(?:church|chapel|cathedral|mission|shrine|iglesia|capilla|misi[oó]n)\b", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"school|societ|guild|council|club|hall\b|cent(?:er|re)|room|ministr|circle|group|pantry|librar|youth|office|hours?\b|rosary|novena|vespers|stations"
    r"|ador|confess|reconcil|penance|mass(?:es)?\b|misas?\b|liturg|holy (?:day|week|thursday|saturday|communion)|saints? day|sale|dinner|choir|cemeter",
    re.IGNORECASE,
)
_WEEKEND: Final = re.compile(r"\b(?:sat|sun|saturdays?|sundays?|s[aá]bados?|domingos?)\b", re.IGNORECASE)
_FEWEST: Final = 2


def lead_church(text: str) -> str | None:
    """The church that a line names before its weekend hours; None where it names none."""
    found = _LEAD.match(text)
    if found is None or _OTHER.search(found[1]) or not (_SAINT.match(found[1]) or _CHURCH.search(found[1])):
        return None
    rest = text[found.end() :]
    return " ".join(found[1].split()) if _WEEKEND.search(rest) and HAS_TIME.search(rest) else None


def several_churches(lines: Iterable[Line]) -> bool:
    """Whether a page has such lines of at least two churches, so that each of them gives that church's hours."""
    return len({name for line in lines if (name := lead_church(line.text))}) >= _FEWEST
