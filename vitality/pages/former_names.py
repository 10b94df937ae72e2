"""What a parish was called before, as words beside its name say: a new name for one parish, or one parish made of several."""

from __future__ import annotations

import re
from functools import lru_cache

from vitality.pages.parish_names import name_evidence

_FORMERLY = re.compile(
    r"\b(?:(?:formerly|previously)(?:\s+(?:known\s+as|called|named))?|(?:merger|union|consolidation)\s+of|(?:formed|merged|created)\s+from|"
    r"comprising|uniting)\s*:?\s+(?:the\s+(?:former\s+)?(?:parishes\s+of\s+)?)?(?P<names>[^();\n]+)",
    re.IGNORECASE,
)
_NEXT_NAME = re.compile(
    r"(?:\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+|\s*/\s*)(?=(?:St|Sts|SS|Saints?|San|Santa|Our|Holy|Sacred|Immaculate|Christ|Blessed|"
    r"Most|Queen|Good|All|Assumption|Ascension|Annunciation|Nativity|Visitation|Presentation|Resurrection|Transfiguration|Corpus|Mary)\b)"
)
_AFTER = re.compile(r"\s+(?:parishes|churches)\b.*$|[\s,]+(?:in\s+)?\d{4}\b.*$", re.IGNORECASE)
_LIKELY = 0.7


@lru_cache(maxsize=8192)
def former_names(text: str) -> tuple[str, ...]:
    """The names that a text says a parish had, or that the parishes had of which it was made; () when it says none.

    "Sts. Peter and Paul" is one name, "St. Peter and St. Paul" may be two.
    """
    found = _FORMERLY.search(text)
    if found is None:
        return ()
    names = (_AFTER.sub("", name).strip(" ,.") for name in _NEXT_NAME.split(found["names"]))
    return tuple(dict.fromkeys(name for name in names if name_evidence(name) >= _LIKELY))
