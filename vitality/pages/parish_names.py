"""What names of parishes look like: evidence for and against, kinds, rites, and the folded form for comparison."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from vitality.records import ParishKind

_DEDICATION = re.compile(
    r"""\b(?:
    st|sts|ste|ss|saint|saints|sainte|san|santa|santo|santos|são|beata|beato|blessed|bl|holy|sacred|immaculate|divine|
    our\s+lady|our\s+mother|our\s+savio[u]?r|our\s+redeemer|nuestra\s+se[nñ]ora|notre\s+dame|queen|mother\s+of|mary|
    maria|mar[ií]a|mater|regina|christ|jesus|jes[uú]s|cristo|corpus\s+christi|emmanuel|all\s+saints|all\s+souls|assumption|
    annunciation|annunziata|ascension|nativity|transfiguration|resurrection|visitation|presentation|epiphany|incarnation|
    purification|dormition|protection\s+of|exaltation|pentecost|trinity|triparish|most\s+precious|precious\s+blood|
    prince\s+of\s+peace|good\s+shepherd|guardian\s+angels?|holy\s+angels|star\s+of\s+the\s+sea|stella\s+maris|
    mount\s+carmel|mt\.?\s+carmel|guadalupe|f[aá]tima|lourdes|little\s+flower|light\s+of|lamb\s+of\s+god|
    maternity|five\s+wounds|pax\s+christi|risen|good\s+samaritan|seven\s+dolors|(?:shepherd|star)\s+of\s+the|paulist|
    sagrad[ao]|esp[ií]ritu|divina|padre\s+pio|redeemer|mater\s+dei|gesu|cure\s+of\s+ars|curé|pope|apostles|evangelist|
    martyrs?|archangels?|john\s+paul|reina|virgen|se[nñ]or|coraz[oó]n|inmaculada|visitaci[oó]n
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_COMMUNITY = re.compile(
    r"""\b(?:parish|parishes|church|churches|mission|chapel|cathedral|co-cathedral|basilica|shrine|oratory|rectory|
    catholic\s+community|catholic\s+communities|catholic\s+center|newman|campus\s+ministry|pastorate|faith\s+community|
    parroquia|iglesia|capilla|misi[oó]n|catedral|santuario|comunidad|parafia|quasi-parish|station|ordinariate|
    apostolate|eparchy|outreach|family\s+of\s+parishes|catholic)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_STRONG_COMMUNITY = re.compile(
    r"\b(?:parish|church|mission|chapel|cathedral|basilica|oratory|newman|pastorate|parroquia|iglesia|capilla|shrine)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"""(?:\b(?:schools?|academy|academies|preschool|kindergarten|seminary|cemetery|cemeteries|mausoleum|columbarium|chancery|
    tribunal|bookstore|gift\s+shop|charities|credit\s+union|newspaper|employment|careers?|jobs?|calendar|directory|
    directories|finder|newsletter|bulletins?|resources?|vacanc(?:y|ies)|donate|scholarships?|deaner(?:y|ies)|vicariates?|
    superintendent|thrift|food\s+pantry|soup\s+kitchen|radio|television|tv\s+mass|televised|webcasts?|committee|
    department|day\s*care|child\s*care|safe\s+environment|virtus|appeal|policy|policies|registration|knights\s+of\s+columbus|
    office\s+(?:of|for)\b.*|(?:chancery|business|diocesan|development|vocations?)\s+offices?|offices?$|
    pastoral\s+offices?|hospitals?|medical\s+cent(?:er|re)|nursing|hospice|health\s*care|funeral|crematory|archives?|
    press\s+release|(?<!latin\s)mass(?:es)?(?!\s+(?:community|cent))|holy\s+hour|liturgy|sacraments|holy\s+orders|holy\s+communion|first\s+communion|matrimony|confirmation|history|statement|welcome|
    prayers|prayer\s+list|devotions|homil(?:y|ies)|reflections?|message|leadership|guidelines|safeguarding|giving|programs?|education|links?|
    (?:sun|mon|tues|wednes|thurs|fri|satur)days?|weekdays|weekends|staff|support|secretary|coordinator|membership|manager|accountant|bookkeeper|hours|obligation|becoming|register|steering|groups?|picnic|cleaning|events?|upcoming|novena|pilgrimage|workshop|conference|gala|job\s+openings|vocations?|seminarians?|regulations?|preparation|times$|read\s+more|council|foundation$|society$|league$|guild$|museum|library|camp|soccer|
    (?:arch)?diocesan\s+(?:pastoral\s+)?cent(?:er|re)|all\s+rights\s+reserved|copyright))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_DIOCESE = re.compile(
    r"^(?:the\s+)?(?:(?:roman|byzantine|ukrainian)\s+)?(?:catholic\s+)?(?:arch)?(?:diocese|eparchy|eparchial|diocesan)\b|\bdioceses\b",
    re.IGNORECASE,
)
_SEE = re.compile(r"\b(?:arch)?(?:diocese|eparchy|exarchate)\b|\barcheparchy\b", re.IGNORECASE)
_SELDOM = re.compile(
    r"""\b(?:university|college|monastery|abbey|convent|priory|friary|motherhouse|retreat|spirituality|institute|
    conference\s+cent(?:er|re)|community\s+cent(?:er|re)|apartments|housing|ministry|ministries|pastoral\s+cent(?:er|re)|sisters|
    brothers|fathers|friars|nuns|jesuit|counseling|association|preparatory|elementary|montessori|high\s+school)\b|
    \b(?:villa|village|house|home|manor|residence|hall|high|services|middle|jr|prep|province|society|foundation)$""",
    re.IGNORECASE | re.VERBOSE,
)
_ONLY_GENERAL = frozenset(
    """a about note submit outreach active all an and any archdiocesan archdiocese at back by catholic center centers centre chapel chapels church churches city
    closed code communities community contact county current deanery details diocesan diocese directions eparchy español every faith find finder for former
    home how in index information learn letter life list listing listings locate locator location locations look map maps mass masses
    merged mission missions more my name names near new next no of office offices on online or our page parish parishes parishioners pastoral previous
    region registered religious results roman search see select shrine shrines show site sites state the times to today type us
    view visit website welcome where with worship you your zip""".split()  # noqa: SIM905 - a table of words
)
_LOWER = frozenset(
    """of the and de la del in at y on for to las los da di do dos das du des le les el et von van st ss a an our w sw e i by near with
    formerly currently also known as from née""".split()  # noqa: SIM905 - a table of words
)
_WORD = re.compile(r"[^\W\d_]+(?:['’`][^\W\d_]+)*")
_LABEL = re.compile(
    r"^(?:c\s?/\s?o|p\.?\s?o\.?\s+box|administered from|attended from|phone|tel|fax|e-?mail|address|pastor|website|web|hours?|office)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"^(?:(?:most|very|rt\.?)\s+)?(?:rev(?:erend)?|fr|father|msgr|monsignor|deacon|dcn|sister|sr|brother|br|bishop|mr|mrs|ms|miss|dr)\.?\s+[A-Z]",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\d\s*(?:am|pm|a\.m|p\.m)\b|\d:\d\d", re.IGNORECASE)
MAX_NAME = 140


@lru_cache(maxsize=16384)
def name_evidence(text: str) -> float:
    """How much a text looks like the name of a parish or church: 0 not at all, 0.3 possible, 0.7 and up likely.

    Judges the words alone; "St. Mel School" and sentences get 0.
    """
    if (
        not 3 <= len(text) <= MAX_NAME
        or text[0].isdigit()
        or "@" in text
        or "://" in text
        or text.endswith(("?", "!", ";"))
    ):
        return 0.0
    words = _WORD.findall(text)
    if not words or len(words) > 20 or _LABEL.match(text) or not_a_parish(text) or _is_prose(text, words):
        return 0.0
    if _PERSON.match(text) and not _STRONG_COMMUNITY.search(text):
        return 0.0
    if all(len(word) == 1 or word.lower() in _ONLY_GENERAL for word in words):
        return 0.0
    if _DEDICATION.search(text):
        return 1.0 if _COMMUNITY.search(text) or _DEDICATION.match(text) else 0.8
    return 0.7 if _COMMUNITY.search(text) else 0.3 if _could_be_a_name(text) else 0.0


def _is_prose(text: str, words: list[str]) -> bool:
    """Whether small words or a clock give a sentence or a schedule away."""
    if _CLOCK.search(text) or re.search(r"[a-z]{3,}\.\s+[A-Z]\w+\s+\w+", text):
        return True
    small = [word for word in words if word.islower() and word not in _LOWER and len(word) > 2]
    return len(small) > (1 if len(words) > 3 else 0)


def _could_be_a_name(text: str) -> bool:
    return text[:1].isupper() and not re.search(r"\d", text) and len(text) <= 60


def excludes(kind: str) -> bool:
    """Whether the kind that a page prints for a row ("School", "Cemetery") says that it is no parish."""
    return bool(_NEVER.search(kind)) and not _STRONG_COMMUNITY.search(kind)


@lru_cache(maxsize=16384)
def not_a_parish(text: str) -> bool:
    """Whether a name says that this is a school, an office, a cemetery or another thing that is no parish."""
    bare = re.sub(r"\(.*?\)", " ", text).strip() or text
    if re.search(r"\b(?:newman|campus\s+ministry|campus\s+parish|student\s+center)\b", bare, re.IGNORECASE):
        return False
    bare = _WITH_SCHOOL.sub("", bare)
    if _NEVER.search(bare) or _DIOCESE.search(bare):
        return True
    if _SEE.search(bare) and not _STRONG_COMMUNITY.search(bare):
        return True
    return bool(_SELDOM.search(bare)) and not _STRONG_COMMUNITY.search(bare) and not _DEDICATED_CENTER.search(bare)


_DEDICATED_CENTER = re.compile(
    r"(?:catholic|heritage|pastoral|ethnic|korean|vietnamese|hispanic|polish)\s+(?:pastoral\s+)?cent(?:er|re)$"
    r"(?<!^pastoral center)(?<!diocesan pastoral center)(?<!catholic pastoral center)"
    r"|^(?:outreach|community)\b|\bcatholic\s+communit",
    re.IGNORECASE,
)

_WITH_SCHOOL = re.compile(r"(?:(?<=parish)|(?<=church))\s*(?:&|and|/|\+)\s*school\b", re.IGNORECASE)

_KINDS: tuple[tuple[str, ParishKind], ...] = (
    (r"quasi[- ]?parish", ParishKind.QUASI_PARISH),
    (r"\b(?:co-?)?cathedral\b|\bcatedral\b", ParishKind.CATHEDRAL),
    (r"\bbasilica\b", ParishKind.BASILICA),
    (r"\bnewman\b|\bcampus\b|\bstudent (?:center|parish)\b|\buniversity (?:parish|chapel)\b", ParishKind.CAMPUS),
    (r"\bparish\b|\bparroquia\b", ParishKind.PARISH),
    (r"\bshrine\b|\bsantuario\b", ParishKind.SHRINE),
    (r"^(?:old )?mission (?:of|san|santa|st)\b|\bmissions?$|\bmission (?:church|chapel|station)|\bmisi[oó]n\b|\bcatholic mission\b|\(mission\)",
     ParishKind.MISSION),
    (r"\boratory\b", ParishKind.ORATORY),
    (r"\bchapel\b|\bcapilla\b", ParishKind.CHAPEL),
    (r"\b(?:korean|vietnamese|polish|hispanic|heritage|ethnic|chinese|filipino)\b.*\bcent(?:er|re)\b", ParishKind.ETHNIC_CENTER),
)  # fmt: skip
_KIND_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in _KINDS)


@lru_cache(maxsize=16384)
def kind_of(text: str) -> ParishKind | None:
    """The kind that a name, or the word a page prints for the kind, speaks of; None when it says nothing."""
    return next((kind for pattern, kind in _KIND_PATTERNS if pattern.search(text)), None)


_RITES = (
    ("Ukrainian", r"\bukrainian\b"),
    ("Byzantine", r"\bbyzantine\b|\bruthenian\b"),
    ("Melkite", r"\bmelkite\b"),
    ("Maronite", r"\bmaronite\b"),
    ("Chaldean", r"\bchaldean\b"),
    ("Syro-Malabar", r"\bsyro-?\s?malabar\b"),
    ("Syro-Malankara", r"\bsyro-?\s?malankara\b"),
    ("Syriac", r"\bsyriac\b"),
    ("Armenian", r"\barmenian\b"),
    ("Coptic", r"\bcoptic\b"),
    ("Romanian", r"\bromanian\b"),
    ("Ordinariate", r"\bordinariate\b|\banglican use\b"),
)
_RITE_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _RITES)


def rite_of(name: str) -> str | None:
    """The rite or church *sui iuris* that a parish's name states; None when it states none."""
    return next((rite for rite, pattern in _RITE_PATTERNS if pattern.search(name)), None)


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_WHEN = rf"(?:(?:in|on|since|as\s+of|effective)\s+)?(?:{_MONTH}\s*)?(?:\d{{1,2}},?\s+)?(?:\d{{1,2}}[/-]\d{{1,2}}[/-])?\d{{4}}\b"
"""A day, month or year, with the word before it."""
_GONE = re.compile(
    r"\b(?:suppressed|inactive|defunct|extinct|deconsecrated|relegated\s+to\s+profane|permanently\s+closed)\b"
    r"|(?:^|[(])\s*former(?:ly)?\s+(?:a\s+)?parish(?:es)?\b(?!\s+of)"
    rf"|(?:^|[(\[–—-])\s*(?:closed\s*[/&,]\s*)?merged\b(?=\s*(?:$|[];.,)/–—-]|with\b|into\b|in\b|to\b|\d|{_MONTH}))",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"(?<!temporarily )\bclosed\b", re.IGNORECASE)
_FOR_GOOD = re.compile(
    rf"\s*(?:$|[];.,)*/–—-]+(?!\s*\d)|permanently\b|[(–—-]?\s*{_WHEN}|\d{{1,2}}[/-]\d{{1,2}}[/-]\d{{2,4}}\b|(?:and|&|or)\s+(?:merged|suppressed|former)|(?:parish|church|mission|chapel|site)(?:es|s)?\b)",
    re.IGNORECASE,
)
"""What may follow "closed" when nothing is said of hours."""
_WEEKLY = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b|\bweek(?:end|day)s?\b|\bholidays?\b|\bdaily\b|\bnoon\b|\blunch\b|\d\s*[ap]\.?m\b|\d:\d\d",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"""\b(?:offices?|school|academy|shop|store|parking|lot|hall|cloister|adoration|library|pantry|gym(?:nasium)?|building|grounds?|
    gates?|doors?|road|street|bridge|registration|nursery|center|hours|mass(?:es)?|choir|program|education|youth|ministry)\b[^.;]*$""",
    re.IGNORECASE | re.VERBOSE,
)
"""What else may be closed or merged: no parish."""
_MERGED = re.compile(
    r"\b(?:merged|consolidated|amalgamated|absorbed|combined|(?:now|became|becoming)\s+(?:a\s+)?part\s+of)\b(?!\s+(?:catholic|parish|communit|church))(?P<rest>[^();\n]*)",
    re.IGNORECASE,
)
_NEW_PARISH = re.compile(
    r"\b(?:to\s+)?(?:form(?:ing|ed)?|becom(?:e|ing)|create[ds]?|creating)\s+(?:the\s+)?(?P<heir>\S.*)", re.IGNORECASE
)

_INTO = re.compile(rf"^[\s,]*(?:{_WHEN})?[\s,]*(?:[–—-]+\s*)?(?:with|into|in|to|by|see)?\s+", re.IGNORECASE)
_SINCE = re.compile(rf"[\s,]*\b{_WHEN}.*$|[\s,.;)/]+$", re.IGNORECASE)
_LIKELY = 0.7


@lru_cache(maxsize=16384)
def says_closed(text: str) -> bool:
    """Whether words beside a parish say that it is closed for good; an office that closes on Fridays closes no parish."""
    if _GONE.search(text):
        return True
    found = _CLOSED.search(text)
    if found is None or not _FOR_GOOD.match(text, found.end()) or _WEEKLY.search(text):
        return False
    return not _SOMETHING_ELSE.search(text[: found.start()])


@lru_cache(maxsize=16384)
def merged_into(text: str) -> str | None:
    """The parish that words beside a parish say it was merged into; "" when they name none, None without such words."""
    found = _MERGED.search(text)
    if found is None or _SOMETHING_ELSE.search(text[: found.start()]):
        return None
    formed = _NEW_PARISH.search(found["rest"])
    rest = formed["heir"] if formed else _INTO.sub("", found["rest"])
    heir = _SINCE.sub("", rest).strip()
    if not heir:
        return None if _is_said_of(text[: found.start()]) else ""
    return heir if name_evidence(heir) >= _LIKELY else None


def _is_said_of(before: str) -> bool:
    """Whether a name or a sentence ends in the word, as in "St. Mary Consolidated": nothing is merged into anything."""
    return len(before.split()) > 3 or name_evidence(before.strip(" (–—-:")) >= _LIKELY


_STATUS_BEHIND = re.compile(
    r"\s*(?:[(\[*,–—-]\s*(?:now\s+)?(?:closed|merged|suppressed|consolidated|amalgamated|combined|inactive|formerly|previously|(?:now\s+)?part\s+of)\b.*|\s\*?closed\*?\s*)$",
    re.IGNORECASE,
)


def without_status(name: str) -> str:
    """The name without the words behind it that say what became of the parish or what it was: it is still the same."""
    return _STATUS_BEHIND.sub("", name) or name


@lru_cache(maxsize=16384)
def fold_name(text: str) -> str:
    """The form under which names are compared: no case, accents or punctuation, "Saint" one way, no "Parish" and the like."""
    folded = re.sub("['\u2018\u2019\u02bc`\u00b4]", "", without_status(text))
    folded = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode().lower()
    folded = re.sub(r"\b(?:saints|sts|ss|st|ste|sainte)\b\.?", "saint", folded)
    folded = re.sub(r"\b(?:roman|catholic|church|parish|the|of|community|mission)\b", " ", folded)
    return re.sub(r"[^a-z0-9]+", " ", folded).strip()
