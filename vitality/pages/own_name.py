"""What a parish calls itself on its own site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.address import looks_like_street
from vitality.pages.dom import json_ld, squeeze, text_of
from vitality.pages.links import fold
from vitality.pages.places import state_code
from vitality.pages.text_lines import TextLine
from vitality.records import ParishKind

_TYPE = (
    r"church(?:es)?|parish(?:es)?|cathedral|basilica|shrine|chapel|mission|oratory|parroquia|iglesia|catedral|capilla|catholic community|catholic cent(?:er|re)|newman cent(?:er|re)"
    r"|comunidad catolica|pastorate|skete|monastery|paroisse|eglise|kosciol|parafia|giao xu|nha tho|paroquia|igreja|parrocchia|chiesa"
)
_PATRON = (
    r"(?:saints?|st|sts|ss|san|santa|santo|sta|sto)\b|our lady|nuestra senora|sacred heart|immaculate|holy (?!week|day|days|hour|mass|communion|land|see|father|orders|eucharist|bible|hours|thursday|saturday|year|water|qurbana)[a-z]+"
    r"|blessed|most (?:holy|precious)|precious blood|assumption|annunciation|ascension|resurrection|transfiguration|nativity|epiphany|visitation|presentation|queen of|mary|christ the|good shepherd|corpus christi"
    r"|star of|stella maris|mount carmel|mt carmel|lourdes|fatima|perpetual help|little flower|archangels?|martyrs|apostles|carmen|san jose"
    r"|divine mercy|incarnation|all saints|guardian angels?|mother of|mater|sagrad[ao]|cristo|guadalupe|regina|exaltation|protection of|dormition|corazon"
)
_CHURCHLIKE = re.compile(rf"\b(?:{_TYPE}|{_PATRON})\b")
_PATRONAL = re.compile(rf"\b(?:{_PATRON})\b")
_GENERIC = 0.3
"""Weight of a name without a patron: "Catholic Church" says what it is, not which."""
_TYPED = re.compile(rf"\b(?:{_TYPE})\b")
_WHOLE = re.compile(
    rf"\b(?:{_TYPE})$|^(?:{_TYPE}) (?:of|for|de|del|san|santa|cac)\b|^(?:parroquia|iglesia|catedral|capilla|paroquia|igreja|paroisse|eglise|parafia|kosciol) (?:{_PATRON})"
)
"""A line of header or footer that is a name and not a menu."""
_NOT_A_PARISH = re.compile(
    r"\b(?:schools?|academy|preschool|university|college|high|elementary|diocese|archdiocese|eparchy|foundation|ministry|ministries|apostolate|society|knights|store|shop|hospital|cemetery|podcast|blog|news|escuela|colegio|episcopal|lutheran|methodist|anglican|baptist|presbyterian|congregational|charities|retreat (?:house|center|centre)|trattoria|ristorante|restaurant|pizzeria|cafe|hotel|bakery|hospice|nursing|credit union|museum)\b"
)
_AND_SCHOOL = re.compile(r"\s+(?:and|&|y)\s+(?:catholic\s+|pre-?)?(?:school|academy|preschool|escuela)$", re.IGNORECASE)
_NO_PARISH = re.compile(
    r"\b(?:school|academy|preschool|high school|escuela|colegio|hospital|cemetery|seminary)$|^(?:the )?(?:roman )?(?:catholic )?(?:arch)?(?:diocese|eparchy) of\b"
)
_SEPARATOR = re.compile(
    r"\s*[|•·»«/\u2022]\s*|\s*[-–—:]+\s+|\s*[—–]\s*|[.,]?\s+(?:all rights|todos los derechos|copyright|proudly|powered|(?:site |website )?(?:designed|created|developed|hosted|built) (?:by|with))\b.*$",
    re.IGNORECASE,
)
_CLEAN = re.compile(
    r"^(?:welcome (?:to|from)(?: the)?|bienvenidos a(?: la)?|home ?(?:page)? ?(?:of|-|:)?|the official (?:web ?site|site) of|official (?:web ?site|site) of|about|contact)\s+|\s+(?:home ?page|home|(?:official )?web ?site|official(?: site)?|logo)$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"^(?:copyright|©|\(c\)|all rights reserved|[\s\d.,:–-]|by)+(.{4,80}?)(?:[.,|]?\s*(?:all rights|©|powered|website|site by|designed|a 501|\d{4}|$))",
    re.IGNORECASE,
)
_BARS = re.compile(r"\s*[|•·»«\u2022]\s*|\s+[-–—]\s+")
_ADDRESSED = re.compile(
    r"(?:\b(?:is|at|to|visit|:)\s+|^)(?:the\s+)?(?P<name>[A-Z](?:(?!\b(?:is|are|at|to)\b)[^,;:\d]){5,70}),\s*(?P<street>\d[^,;|]{4,40})"
)
_SUBJECT = re.compile(
    r"^(?:welcome to )?(?:the )?(?P<name>[A-Z][^,;:!?\d]{5,70}?) (?:is|are) (?:a|an|the|located|one|home)\b",
    re.IGNORECASE,
)
_ADDRESS_LINE = 160
_STATE = re.compile(r"[A-Z]{2}\.?")
_SEVERAL = re.compile(r"\b(church|chapel|parish|capilla|iglesia|parroquia)\b.*\b\1\b")
"""Churches in one line: a menu of them."""
_SAYS_A_PATRON = re.compile(
    r"^(?:saints?|st|sts|ss|our lady|holy|sacred heart|immaculate|san|santa|santo|nuestra|blessed|most|christ|corpus|mary|good shepherd|queen)\b"
)
_PAGE_WORDS = re.compile(
    r"^(?:mass times?|schedule|contact(?: us)?|about(?: us)?|home|staff|bulletins?|sacraments?|our (?:parish|church|faith|history)|the (?:parish|church)|parish|church|catholic church|parish (?:life|history|office|news|info\w*|council|staff|calendar)|church (?:history|groups))$"
)


def names(tree: LexborHTMLParser, lines: tuple[TextLine, ...]) -> Iterator[tuple[str, float]]:
    """What a page may call the parish, with a weight each: structured data, site name, title, headings, copyright."""
    for item in json_ld(tree):
        if re.search(r"Church|PlaceOfWorship|Organization|Cathedral", str(item.get("@type"))) and isinstance(
            item.get("name"), str
        ):
            yield from _cleaned(item["name"], 4)
    for node in tree.css("meta[property='og:site_name'], meta[name='application-name']"):
        yield from _cleaned(node.attributes.get("content") or "", 3)
    yield from _cleaned(text_of(tree.css_first("title")), 3)
    for node in tree.css("h1")[:2]:
        yield from _cleaned(text_of(node), 2)
    for node in tree.css("header img[alt], a[href='/'] img[alt], .logo img[alt], img[class*=logo][alt]")[:2]:
        yield from _cleaned(node.attributes.get("alt") or "", 1)
    for node in tree.css("[class*=site-title], [class*=site-name], #site-title, #site-name, [class*=navbar-brand]")[:2]:
        yield from _cleaned(text_of(node), 3)
    for line, following in zip(lines, (*lines[1:], None), strict=False):
        if following is not None and len(line.text) < 90 and looks_like_street(following.text):
            yield from _cleaned(line.text, 2)
        elif line.region != "main" or "©" in line.text:
            yield from _of_frame(line.text)
        else:
            yield from _before_street(line.text)
            yield from _subject(line.text)


def other_site_name(titles: Sequence[str]) -> str | None:
    """What most titles of a site repeat, when that is no church's name; None when they repeat one, or nothing."""
    pieces = [{squeeze(p) for p in _SEPARATOR.split(title) if p and p.strip()} for title in titles]
    shared = [p for p in set().union(*pieces) if sum(p in each for each in pieces) * 2 > len(pieces) > 1]
    if any(is_church_name(p) or _CHURCHLIKE.search(fold(p)) for p in shared):
        return None
    return max(shared, key=len, default=None)


def _before_street(text: str) -> Iterator[tuple[str, float]]:
    """The name in "Our address is St. Ann Church, 12 High Street, Rye"."""
    found = _ADDRESSED.search(text) if len(text) < _ADDRESS_LINE else None
    if found is not None and looks_like_street(found["street"]) and has_type(found["name"]):
        yield from _cleaned(found["name"], 1.5)


def _subject(text: str) -> Iterator[tuple[str, float]]:
    """The name in "St. Ann Catholic Church is a parish of the Diocese of Rye", at the head of a paragraph."""
    found = _SUBJECT.match(text)
    if found is not None and has_type(found["name"]):
        yield from _cleaned(found["name"], 1)


def _of_frame(text: str) -> Iterator[tuple[str, float]]:
    found = _COPYRIGHT.match(text)
    if found and len(text) < _ADDRESS_LINE:
        yield from _cleaned(found.group(1), 2)
        return
    pieces = [piece for piece in _BARS.split(text) if piece] if len(text) < _ADDRESS_LINE else []
    first = pieces[0].split(", ")[0] if pieces and re.search(r"\d", text) else text
    for piece in dict.fromkeys((text, first) if len(pieces) != 1 else (text,)):
        if len(piece) < 60 and _WHOLE.search(fold(piece)):
            yield from _cleaned(piece, 1.5)
    yield from _before_street(text)


def _cleaned(text: str, weight: float) -> Iterator[tuple[str, float]]:
    """The pieces of a title that look like the name of a church."""
    for raw in _SEPARATOR.split(squeeze(text)):
        piece = _without_town(without_school(squeeze(_CLEAN.sub("", _CLEAN.sub("", raw)).strip(" ,.!*"))))
        before, _, church = piece.partition(" at ")
        if has_type(church) and is_church_name(church) and not has_type(before):
            piece = church  # "Worship at St. Ann Church"
        if is_church_name(piece):
            yield piece, weight if _PATRONAL.search(fold(piece)) else weight * _GENERIC


def _without_town(name: str) -> str:
    """A name without the state behind it: "St. Ann Church, Rye, NY" is in Rye, and is called St. Ann Church."""
    head, _, state = name.rpartition(", ")
    if not _STATE.fullmatch(state) and state_code(state) is None:
        return name
    church, _, town = head.rpartition(", ")
    return church if church and has_type(church) and not has_type(town) else head


def is_church_name(text: str) -> bool:
    """Whether a text by itself can be the name of a parish or church."""
    folded = fold(text)
    short = 2 <= len(folded.split()) <= 12 and len(text) <= 90 and not text.endswith(":")
    named = bool(_CHURCHLIKE.search(folded)) and not _PAGE_WORDS.match(folded) and text[:1].isupper()
    return short and named and not re.search(r"\d|[?!@]", text) and not _SEVERAL.search(folded)


def title_pieces(title: str) -> tuple[str, ...]:
    """The parts of a title between its bars, dashes and bullets, in its order."""
    return tuple(piece for raw in _SEPARATOR.split(squeeze(title)) if raw and (piece := squeeze(raw).strip(" ,.!*")))


def is_other_institution(name: str) -> bool:
    """Whether a name is of a school, an apostolate or the like rather than of a parish."""
    return bool(_NOT_A_PARISH.search(fold(name)))


def without_school(name: str) -> str:
    """A parish's name without the school beside it: "St. Ann Church and School" is St. Ann Church."""
    church = _AND_SCHOOL.sub("", name)
    return church if has_type(church) else name


def is_of_no_parish(title: str) -> bool:
    """Whether the title of a home page is of a school, a diocese or a hospital, and names no church beside it."""
    pieces = [without_school(piece) for piece in title_pieces(title)]
    churches = (p for p in pieces if is_church_name(p) and not _NO_PARISH.search(fold(p)))
    return any(_NO_PARISH.search(fold(p)) for p in pieces) and not any(churches)


def has_type(name: str) -> bool:
    """Whether a name says what it is the name of (church, parish, cathedral)."""
    return bool(_TYPED.search(fold(name)))


def is_plainly_a_name(name: str) -> bool:
    """Whether a name says by itself that it is a church's: by its type, or by a patron's title at its head."""
    return has_type(name) or bool(_SAYS_A_PATRON.match(fold(name)))


def name_core(name: str) -> frozenset[str]:
    """The words that make a name, whatever its form: "St. Mary's Catholic Church" and "Saint Mary Parish" are one."""
    words = re.sub(r"\b(?:saints?|sts|ss)\b", "st", fold(re.sub(r"['’`´]s?\b", "", name))).split()
    generic = {
        "the",
        "of",
        "and",
        "a",
        "in",
        "church",
        "parish",
        "catholic",
        "roman",
        "community",
        "welcome",
        "to",
        "rc",
        "orthodox",
        "parroquia",
        "iglesia",
        "catolica",
        "comunidad",
        "de",
        "la",
        "del",
    }
    return frozenset(w for w in words if w not in generic) or frozenset(words)


_KINDS = (
    ("cathedral|catedral", ParishKind.CATHEDRAL),
    ("basilica", ParishKind.BASILICA),
    ("shrine|santuario", ParishKind.SHRINE),
    ("campus|newman|university", ParishKind.CAMPUS),
    ("oratory", ParishKind.ORATORY),
    ("mission", ParishKind.MISSION),
    ("chapel|capilla", ParishKind.CHAPEL),
)


def kind_of(name: str) -> ParishKind:
    """What sort of church a name says that it is; a parish when it says nothing special."""
    folded = fold(name)
    if re.search(r"\b(?:parish|parroquia)\b", folded):
        return ParishKind.PARISH
    return next((kind for words, kind in _KINDS if re.search(rf"\b(?:{words})\b", folded)), ParishKind.PARISH)


_RITES = (
    (r"syro malabar", "syro_malabar"),
    (r"syro malankara|malankara", "syro_malankara"),
    (
        r"ukrainian|ruthenian|byzantine|melkite|greek catholic|romanian|greek orthodox|antiochian|russian orthodox",
        "byzantine",
    ),
    (r"maronite", "maronite"),
    (r"chaldean", "chaldean"),
    (r"coptic", "coptic"),
    (r"armenian", "armenian"),
    (r"syriac", "syriac"),
    (r"ordinariate|anglican use", "anglican_use"),
)


def rite_of(name: str) -> str | None:
    """The rite that a name tells of; None when it says nothing, which in the United States mostly means Latin."""
    folded = fold(name)
    return next((rite for words, rite in _RITES if re.search(rf"\b(?:{words})\b", folded)), None)
