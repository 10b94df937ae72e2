"""The words and shapes of U.S. addresses: what a street, a box, a rural route, a unit and a state with its ZIP code look like."""

from __future__ import annotations

import re

from vitality.pages.places import STATE_PATTERN

SUFFIXES = """aly alley anx arc arcade ave av aven avenue avenida bayou bch bend blf blvd boul boulevard br branch brg brook byp bypass calle
camino cir circle circuit cmn common commons cor corner corners course court ct courts cove cres crescent crk crossing xing
cswy causeway dr drive drives esplanade estates expy expressway ext extension falls field flat ford forest forge fork fwy freeway gardens
gate gateway glen green grove harbor haven heights highway hwy hill hills hollow island isle junction key knoll lake landing lane ln
light loop mall manor meadow meadows mews mill motorway mount mountain orchard oval overlook parade park parkway parkways pass
passage path pike pkwy pky pl place placita plain plaza plz point pointe port prairie promenade ranch rapids rd road roads rd. ridge rte route row rue run
sq square st. st street sts streets station summit ter terrace terr throughway trace track trafficway trail trl turnpike tpke tunnel union valley via
viaduct view village vista walk way ways well wells wy bypass spur""".split()  # noqa: SIM905 - a table of words
SUFFIX = (
    r"(?:" + "|".join(sorted({re.escape(word.rstrip(".")) for word in SUFFIXES}, key=len, reverse=True)) + r")\b\.?"
)
DIRECTION = r"(?:N|S|E|W|NE|NW|SE|SW|North|South|East|West|Northeast|Northwest|Southeast|Southwest)\b\.?"
BOX = re.compile(
    r"\b(?:P\.?\s?O\.?\s*(?:Box|Drawer|Bx)|Post\s+Office\s+Box|Postal\s+Box|Apartado|Lock\s?box|POB)\b[\s#.:]*(?:No\.?\s*)?\w+(?:-\w+)?|(?<!\w)Box\s+\d+\w*",
    re.IGNORECASE,
)
RURAL = re.compile(
    r"\b(?:R\.?\s?R\.?|R\.?F\.?D\.?|H\.?C\.?|Rural\s+Route|Star\s+Route)[\s-]*#?\s*\d+"
    r"|\b(?:Route|Rte?)\.?\s*#?\s*\d+(?=,?\s+Box\b|$)|^R\.?\s?D\.?\s*#?\s*\d+",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"^(?:calle|callej[oó]n|avenida|avda\.|ave\.|av\.|carr\.|carretera|rue)\s+\w|\bcarr\.\s*#?\d", re.IGNORECASE
)
"""Streets that are named before their number, as in Puerto Rico."""
WITHIN = re.compile(r"^(?:bo\.|barrio|sector|urb\.|urbanizaci[oó]n|parcelas?|esq\.|km\.?\s*\d)", re.IGNORECASE)
"""A neighbourhood that belongs to the street before it."""
UNIT = re.compile(
    r"^(?:suite|apt|apartment|unit|floor|fl|room|rm|bldg|building|lot|#)\b\.?\s*#?\s*[\w-]+$|^(?:ste|no)\b\.?\s*#?\s*(?:\d[\w-]*|[A-Z])$|^#\s*\w+$|^(?:\w+\s+){1,2}floor$|^(?:[NSEW]\.?\s?){1,3}$|^(?:north|south|east|west|northeast|northwest|southeast|southwest|extension|ext)\.?$",
    re.IGNORECASE,
)
JUNIOR = re.compile(r"^(?:jr|sr|ii|iii|iv)\b\.?", re.IGNORECASE)
COUNT = re.compile(
    r"^\d{1,4}\s*(?:am|pm|a\.m|p\.m|families|households|miles|parish(?:es)?|of|to|out of|entries|results|items|days?|years?|minutes|-)\b",
    re.IGNORECASE,
)
NUMBER = r"(?:\d+[A-Z]?(?:[-–/½]\d*[A-Z]?)*|[NSEW]\d+\s?[NSEW]\d+|[NSEW]\.?\s?\d+)"
NUMBERED = re.compile(rf"^(?:c/?o\s+)?{NUMBER}(?:\s*½|\s+1/2)?\s*[,]?\s+\S*[A-Za-z0-9]", re.IGNORECASE)
SUFFIXED = re.compile(rf"\b{SUFFIX}(?:\s+{DIRECTION})?(?:\s*\(.*\)|\s*#?\s*\d+\w?)?$", re.IGNORECASE)
ROAD = re.compile(
    r"\b(?:(?:U\.?S\.?|State|County|Co\.?|Interstate|Old|N\.?M\.?|SR|CR|FM|I)[\s-]*)?(?:Highway|Hwy|Route|Rte|Rt|Road|Rd|SR|CR|FM)\.?\s*#?[\s-]*\d+"
    r"|^U\.?S\.?[\s-]\d{1,3}\b|\b(?:Highway|Hwy|(?:County|Co\.|State)\s+(?:Road|Rd|Trunk|Route))\.?\s+(?-i:[A-Z]{1,2})$",
    re.IGNORECASE,
)
CORNER = re.compile(r"\s(?:&|and|at|@|/)\s|^corner\s+of\b|\bintersection\b", re.IGNORECASE)
ORDINAL_CORNER = re.compile(r"\b\d+(?:st|nd|rd|th)\s+(?:&|and|at)\s+(?-i:[A-Z])", re.IGNORECASE)
CARE_OF = re.compile(r"^(?:c\s?/\s?o|in care of)\b[:\s]*", re.IGNORECASE)
ZIP = r"(?:\d{5}(?:\s?[-–]\s?\d{4})?|[A-Z]\d[A-Z]\s?\d[A-Z]\d)(?![\w-])"
STATE_ZIP = re.compile(rf"(?<![\w.])(?P<state>{STATE_PATTERN})(?P<dot>\.?)[\s,.•·|~]*(?P<zip>{ZIP})?(?=$|[\s,.;)])")
ZIP_ONLY = re.compile(rf"(?<![\w-])(?P<zip>{ZIP})$")
LABEL = re.compile(
    r"^(?:(?:street|physical|mailing|church|parish|location|office|rectory|postal)?\s*(?:address|location))\s*[:\-–]\s*|^(?:located at|mail(?:ing)?)\s*:?\s+",
    re.IGNORECASE,
)
HOUSE = re.compile(
    r"^(?:[\w.'’ -]{1,40}\s)?(?:street|physical|directions|church|chapel|mission|rectory|(?:(?:parish|church|main|business)\s+)?office|parish(?:\s+center)?"
    r"|worship\s+site|site)\s*:\s*(?=\d)",
    re.IGNORECASE,
)
"""The house whose address a line is, before a colon and the number."""
MAILING = re.compile(r"^(?:(?:mailing|postal)(?:\s+address)?|mail(?:\s+to)?)\s*(?::|$)\s*", re.IGNORECASE)
CITY = re.compile(
    r"^[A-Z][\w.'’`-]*(?:[\s-]+(?:d['’][A-Z]\w+|of|the|de|la|los|las|del|aux|du|des|le|on|by|in|St\.?|Ste\.?|[A-Z][\w.'’`-]*))*$"
)


CITYISH = re.compile(
    r"(?:hills?|park|haven|ridge|valley|heights|falls|grove|forest|springs?|harbou?r|beach|island|lakes?|point|village|fields?|mills?|"
    r"mount|mountain|landing|estates|gardens|junction|ford|rapids|bend|cove|bluffs?|branch|brook|crossing|corners?|glen|green|isle|"
    r"key|knoll|manor|meadows?|plains?|prairie|ranch|shores?|station|summit|terrace|union|view|vista|wells|center|common|city|flat|forge|spur|pass)$",
    re.IGNORECASE,
)
COUNTRY_BEFORE_ZIP = re.compile(r",?\s+(?:United States(?: of America)?|U\.S\.A\.?|USA)[\s,]+(?=\d{5}(?:-\d{4})?$)")
COUNTY = re.compile(r"\s*\([^()]*\b(?:County|Co\.|Parish)\)(?=\s*(?:,|$))")
SMALL_STATE = re.compile(r"(?<=[\s,])(?<!\bW\.\s)(?<!\bW\s)[A-Za-z][a-z]{1,4}(?=\s+\d{5}(?:-?\d{4})?$)")
MAIL_WITHIN = re.compile(r"[;,]\s*(?=mailing(?:\s+address)?\s*:)", re.IGNORECASE)
DANGLING = re.compile(r"(?<=\d{5})\s*[-–]$")
"""The hyphen of a ZIP+4 without its four digits."""
ZIP_BEFORE_STATE = re.compile(r"^(?P<town>.*[A-Za-z.])\s+(?P<zip>\d{5}(?:-\d{4})?)$")
NINE = re.compile(r"(?<=[A-Z]{2} )(\d{5})\d{4}$")
