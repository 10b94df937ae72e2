"""What the headings over a row say of it: its deanery, its state or country, its kind, or that it is no parish."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vitality.pages.layouts.labels import Label, label_of
from vitality.pages.parish_names import kind_of
from vitality.pages.places import is_country, state_code
from vitality.records import ParishKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """The meaning of the headings over a row; `places` are those that may be its city."""

    excluded: bool = False
    closed: bool = False
    deanery: str | None = None
    state: str | None = None
    country: str | None = None
    kind: ParishKind | None = None
    places: tuple[str, ...] = ()


_EXCLUDED = re.compile(
    r"\bnot (?:a )?parish(?:es)?\b|\b(?:schools?|academ(?:y|ies)|colleges|universities|cemeter(?:y|ies)|offices?|staff|chancery|hospitals?|"
    r"retreat (?:houses?|cent(?:er|re)s?)|charities|religious (?:orders?|communities)|monaster(?:y|ies)|convents?|institutions|organizations|"
    r"ministries|news|events|employment|clergy|priests|deacons|resources|dioceses|eparchies|related (?:links|pages)|quick links|contact us|upcoming|recent posts|"
    r"health care|nursing homes|senior living|bookstores?|seminar(?:y|ies)|agencies|services|departments|"
    r"(?:food )?pantr(?:y|ies)|food banks?|shelters|fish fr(?:y|ies)|festivals|bazaars|music(?:ians)?|choirs?|organists|councils|knights of columbus|bulletins|homilies|prayers|appeal|collections?)\b",
    re.IGNORECASE,
)
_PARISHES = re.compile(
    r"\b(?:parish(?:es)?|church(?:es)?|missions?|chapels?|shrines?|parroquias|iglesias)\b", re.IGNORECASE
)
_NOT_PARISHES = re.compile(
    r"\bnot (?:a )?parish|\b(?:adoration|orthodox|protestant|lutheran|episcopal|anglican|methodist|baptist) (?:chapels?|church(?:es)?|parishes|communities)\b|\bperpetual adoration\b|\b(?:parish|church) (?:schools?|resources|cemeter|staff|offices?|life)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"\b(?:closed|former|suppressed|merged|inactive)\b", re.IGNORECASE)
_DEANERY = re.compile(
    r"\b(?:deanery|vicariate|protopresbyterate|vicaría|dean)\b|\b(?:region|district)\b(?! of columbia)", re.IGNORECASE
)
_COUNTY = re.compile(r"\b(?:county|counties|parish of)\b|\bco\.$", re.IGNORECASE)
_LETTER = re.compile(r"^(?:[A-Z](?:\s*[-–—/,&]\s*[A-Z])*|#|0-9)$", re.IGNORECASE)
_ABROAD = frozenset(
    name
    for line in (
        "canada|mexico|australia|ireland|northern ireland|england|scotland|wales|united kingdom|great britain|new zealand",
        "india|sri lanka|pakistan|philippines|vietnam|korea|japan|singapore|malaysia|guatemala|venezuela|colombia|peru",
        "kenya|nigeria|uganda|tanzania|ghana|zambia|zimbabwe|malawi|cameroon|south africa|brazil|argentina|chile",
        "germany|france|italy|spain|poland|austria|malta|jamaica|bahamas",
    )
    for name in line.split("|")
)


@lru_cache(maxsize=4096)
def read_groups(groups: tuple[str, ...]) -> Grouping:
    """The meaning of the headings over a row, outermost first; the innermost wins where two speak of one thing."""
    found: dict[str, str] = {}
    kind: ParishKind | None = None
    excluded = closed = False
    places: list[str] = []
    for words in groups:
        bare = re.sub(r"\s*[(\[]?\b\d+\b[)\]]?\s*(?:parishes|entries|churches)?$", "", words).strip(" :–-")
        if not bare or _LETTER.match(bare):
            continue
        excluded = is_excluded(bare) or (excluded and not _PARISHES.search(bare) and kind_of(bare) is None)
        closed = bool(_CLOSED.search(bare)) and len(bare) < 60
        if _DEANERY.fullmatch(bare) or (" " not in bare and label_of(bare) not in (None, Label.NAME, Label.IGNORED)):
            continue
        if _DEANERY.search(bare):
            found["deanery"] = bare
        elif _COUNTY.search(bare) or is_country(bare):
            continue
        elif state_code(bare):
            found["state"] = state_code(bare) or ""
            places.append(bare)
        elif bare.lower() in _ABROAD:
            found["country"] = bare
        elif _PARISHES.search(bare) or kind_of(bare):
            kind = kind_of(re.sub(r"(?i)s$", "", bare)) if not re.search(r"(?i)parish", bare) else kind
        elif not re.search(r"\d", bare) and len(bare) <= 40 and len(bare.split()) <= 5:
            places.append(bare)
    return Grouping(
        excluded=excluded,
        closed=closed,
        deanery=found.get("deanery"),
        state=found.get("state"),
        country=found.get("country"),
        kind=kind,
        places=tuple(places),
    )


@lru_cache(maxsize=4096)
def is_excluded(heading: str) -> bool:
    """Whether a heading says that what follows is no list of parishes."""
    if _NOT_PARISHES.search(heading):
        return True
    return bool(_EXCLUDED.search(heading)) and not _PARISHES.search(heading)


_GROUP_NAME = re.compile(
    r"\b(?:area (?:faith|catholic) communit(?:y|ies)|pastorates?|famil(?:y|ies) of (?:faith|parishes)|parish (?:famil(?:y|ies)|clusters?|groupings?)|clusters?|collaboratives?|linkages?|partnership)\b",
    re.IGNORECASE,
)


def is_group_name(name: str) -> bool:
    """Whether a name is that of parishes which share a pastor ("Lakes Area Faith Community"), and may be of none itself."""
    return bool(_GROUP_NAME.search(name))


_SECTION = re.compile(
    r"(?:all |our |the )*(?:parishes|churches|missions)(?: and \w+)? (?:in|by|near|within|of the)\b", re.IGNORECASE
)


def is_section(text: str) -> bool:
    """Whether words head a list of parishes ("Parishes in Athens") and are the name of none."""
    return bool(_SECTION.match(text))
