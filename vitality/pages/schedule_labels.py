"""What one heading or label says: whether it is one, and the slots of the context that it fills."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from vitality.pages.document import Line, Role
from vitality.pages.grammar.draft import Context
from vitality.pages.grammar.elements import MERE_WORDS, Element
from vitality.pages.grammar.statement import read_statements
from vitality.pages.grammar.vocabulary import Named

LONGEST_LABEL: Final = 90
"""Characters of the longest label."""
_ENDING: Final = re.compile(r"[:.]?\s*$")
_CHURCH: Final = re.compile(
    r"\b(?:church|chapel|parish|cathedral|basilica|oratory|mission|shrine|iglesia|capilla|parroquia|saint|saints|st|ss|our lady|holy|sacred heart|san|santa|nuestra se[nñ]ora|hall|center|centre)\b",
    re.IGNORECASE,
)
_NOT_A_CHURCH: Final = re.compile(
    r"mass|schedule|times|confession|holy (?:day|week|thursday|saturday|hour|communion|land|father)|welcome|contact|about|group|devotion|year|life|calendar|history|join|giv|donat|support|follow|find|visit|bulletin|school|staff|office|council|ministr|news|event",
    re.IGNORECASE,
)
_NOT_A_NAME: Final = re.compile(r"\b(?:is|are|was|open|closed|please|will|here)\b", re.IGNORECASE)
_CHURCH_CALLED: Final = re.compile(
    r"\s*(?:(?:the )?(?:church|parish|chapel|mission) of (?:the |our lady of the )?(?:most )?(?:holy )?(?:{names})\b"
    r"|(?:the )?(?:{names})(?: of [\w' ]{{3,40}}?)?(?: r\.?c\.?| roman)?(?: catholic)? (?:church|chapel|parish|mission|shrine|cathedral|basilica|oratory)\b"
    r"|our lady of the (?:most )?(?:holy )?rosary\b(?: (?:roman )?(?:catholic )?(?:church|chapel|parish|mission))?)".format(
        names="holy rosary|rosary|visitation|epiphany|ascension|assumption|annunciation|presentation|nativity|transfiguration"
        "|resurrection|pentecost|corpus christi|immaculate conception|all saints|all souls|holy family"
    ),
    re.IGNORECASE,
)
"""A church that is called after a feast or the Rosary, at the beginning of a label."""
_WORSHIP: Final = re.compile(
    r"\s*(?:(?:sunday|weekend|weekly|our) )?(?:worship(?: with us| times?| schedules?)?|liturgy schedule|liturgical schedule"
    r"|schedule of (?:services|liturgies)|service times|times of worship|worship services)\s*:?\s*$",
    re.IGNORECASE,
)
"""Headings under which bare days and hours are those of Masses."""


def is_label(line: Line, elements: list[Element]) -> bool:
    """Whether a line names what the next lines are about: short, without a time of its own."""
    if any(e.kind in ("time", "perpetual", "appointment") for e in elements):
        return False
    words = line.text.strip()
    if words.endswith(":") and len(words) < 5 * LONGEST_LABEL:
        return True
    if any(e.kind == "no" and not (e.paren and line.bold) for e in elements) and line.role is not Role.HEADING:
        return False
    if line.role in (Role.HEADING, Role.TERM) or line.bold:
        return len(words) < 2 * LONGEST_LABEL
    day = {e.kind for e in elements} == {"day"}  # "Mon." stops nothing
    stopped = words.endswith((".", "!", "?")) and not day
    return len(words) < LONGEST_LABEL and not stopped


def slots_of(line: Line, elements: list[Element]) -> dict[str, object]:
    """The fields of `Context` that a label fills, by name: service, days or dates, season, language, place, denial."""
    called = _CHURCH_CALLED.match(line.text)
    if called is not None:
        elements = [e for e in elements if e.start >= called.end()]
    found, place, spoken = ({}, None, False) if {e.kind for e in elements} <= MERE_WORDS else _stated(elements)
    if called is not None:
        found["place"] = " ".join((called[0] if elements else _ENDING.sub("", line.text)).split())
    if "named" not in found and line.level and _WORSHIP.match(line.text):
        found["named"] = Named("mass", weak=True)
    place = place or (None if spoken else _place(line.text))
    if place and len(line.text) < LONGEST_LABEL and not _NOT_A_NAME.search(place):
        found["place"] = place
    return found


def _stated(elements: list[Element]) -> tuple[dict[str, object], str | None, bool]:
    """What the elements of a label say: slots but the place, the place, and whether it tells of services or days."""
    kept = ("season", "language", "place")
    outside = [e for e in elements if (not e.paren and e.kind not in ("open", "close")) or e.kind in kept]
    if any(e.kind in ("service", "day", "date", "language", "season") for e in outside) and not any(
        e.kind == "date" for e in elements
    ):
        elements = outside
    followed = next((at for at, e in enumerate(elements) if e.kind == "followed"), len(elements))
    _drafts, context = read_statements(elements[:followed], Context())
    found: dict[str, object] = {}
    if context.named is not None:
        found["named"] = context.named
    if context.days or context.dates:
        found.update(days=context.days, dates=context.dates, feast=context.feast)
    for name in ("season", "language"):
        value = getattr(context, name)
        if value:
            found[name] = value
    if any(e.kind == "no" for e in elements):
        found["cancelled"] = True
    spoken = any(e.kind in ("service", "day", "date", "season") and e.named != Named("") for e in elements)
    return found, context.place, spoken


@lru_cache(maxsize=2_000)
def _place(text: str) -> str | None:
    """A heading that is the name of a church."""
    words = _ENDING.sub("", text.strip())
    if (
        6 < len(words) < 60
        and " " in words
        and words[:1].isupper()
        and _CHURCH.search(words)
        and not _NOT_A_CHURCH.search(words)
    ):
        return " ".join(words.split())
    return None
