"""What a label means: column headings, printed labels, JSON keys and class names, all in one table of words."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from vitality.pages.parish_names import name_evidence


class Label(StrEnum):
    """The meaning of a labelled value; the values that only have to be kept apart are `IGNORED`."""

    NAME = "name"
    KIND = "kind"
    STATUS = "status"
    ADDRESS = "address"
    STREET = "street"
    STREET2 = "street2"
    CITY = "city"
    STATE = "state"
    ZIP = "zip"
    PLACE = "place"
    """Either a city or a whole address: the value decides."""
    MAILING = "mailing"
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    LINK = "link"
    """A link whose target decides: the parish's own site or its page in the directory."""
    PASTOR = "pastor"
    DEANERY = "deanery"
    MOTHER = "mother"
    LANGUAGES = "languages"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    COORDINATES = "coordinates"
    TEXT = "text"
    """Free text or markup that holds other values (a map's popup)."""
    IGNORED = "ignored"


_WORDS: tuple[tuple[Label, str], ...] = (
    (Label.PHONE, r"(.* )?(phone|telephone|tel)s?( number)?( and| or)? fax( number)?s?"),
    (Label.IGNORED, r"(.* )?(fax|facsimile)( number| no)?|f"),
    (Label.EMAIL, r"(.* )?e ?mails?( address| addresses| us)?|e"),
    (Label.MAILING, r"(.* )?(mailing|mail)( address)?( (address|street|line|1|2|html))*|postal address|p ?o box|post office( box)?"),
    (Label.PLACE, r"city state zip|city state|city and state|city st zip|town state zip|citystatezip|citystate|city state and zip|city state zip code|csz"),
    (Label.IGNORED, r"(.* )?(emergency|school|cell|hall|after hours)( phone| telephone)?( number)?"),
    (Label.PHONE, r"(.* )?(phones?|telephones?|tel|ph|telephon|fon|telefono|teléfono|call)( number| numbers| no| 1| main| office)?|contact number|p|t|o|office|rectory|parish office|office rectory"),
    (Label.WEBSITE, r"(.* )?(web ?sites?|web ?pages?|home ?page|sitio web|site url|web url|website url|web address|web link|internet|www)( url| address| link)?|web|w|external url|ext url|external link"),
    (Label.ZIP, r"(.* )?(zip|zip ?codes?|postal ?code|post ?code|postal|postalcode|zip postal code|codigo postal|código postal|zip 4|zipcode5)"),
    (Label.STREET2, r"(.* )?(address|addr|street|line|address line)[ _]?2|unit|suite|street line 2|additional"),
    (Label.STREET, r"(.* )?(street|streets|street address|thoroughfare|street name|street line 1|address ?line ?1|address ?1|addr ?1|line ?1|address1|street1|premise)"),
    (Label.PLACE, r"location|locations|place|where|city state zip|city state|city and state|city st zip|town state zip|citystatezip|citystate|city state and zip|city state zip code|lieu|ubicación|csz"),
    (Label.CITY, r"(.* )?(city|town|locality|municipality|city town|town city|city or town|ciudad|cities|towns|suburb|village|community city)( name)?"),
    (Label.STATE, r"(.* )?(state|province|administrative area|address ?region|state province|state or province|state code|state abbr|region code|st)"),
    (Label.LATITUDE, r"(.* )?(lat|latitude|geo lat|y coord|lat y|ycoord)"),
    (Label.LONGITUDE, r"(.* )?(lng|lon|long|longitude|geo lng|geo lon|x coord|xcoord)"),
    (Label.COORDINATES, r"(.* )?(coordinates|latlng|lat lng|latlong|lat long|position|geo ?point|coords)"),
    (Label.ADDRESS, r"(.* )?(address|addresses|adr|addr|full address|dirección|direccion)( full| line| text| html| display| formatted)?|address information|contact information|contact info|contact|contact details|adress"),
    (Label.MOTHER, r"mission of|mother (parish|church)|parent( parish| church)?|served (by|from)|attended from|mission parish|clustered with|station of|serviced from|administered from|attached to"),
    (Label.PASTOR, r"(.* )?(pastors?|co pastors?|administrator|parish administrator|rector|priests?|parish priest|pastor name|moderator|priest in charge|pastor and director|canonical pastor|priest moderator|párroco|parroco|pastor administrator|chaplain|clergy|parochial administrator|sacramental minister|pastor rector)( name)?"),
    (Label.DEANERY, r"(.* )?(deanery|deaneries|vicariate|vicariates|vicariate forane|region|pastoral region|district|protopresbyterate|deanery name|episcopal region|vicaría|pastoral district)"),
    (Label.IGNORED, r"(.* )?(county|counties|mass|masses|mass times?|schedule|confessions?|hours|founded|established|year|date|notes?|staff|deacons?|secretary|business manager|religious education|dre|school|schools|id|uid|guid|image|photo|thumb|icon|logo|bishop|parochial vicars?|associate pastors?|associates?|in residence|facebook|twitter|instagram|youtube|bulletin|livestream|count|number|no|distance|country|directions|map|driving directions|slug|sort|order|weight|created|updated|modified|timezone|families|households|population|adoration|reconciliation|misa|misas|horario|worship times|liturg(y|ies)|divine liturgy|principal|principals|style|color|size|capacity|patron|feast|feast day|history|parish id|org id|acf|status code|liturgical schedule|hours of operation|sunday|saturday|weekday|weekdays|daily|vigil|office hours|weekend|vicars?|residence)"),
    (Label.STATUS, r"(parish )?status|merged into|closed|closure"),
    (Label.KIND, r"(.* )?(type|kind|category|categories|designation|class|classification|parish type|church type|entity type)"),
    (Label.LANGUAGES, r"(.* )?(languages?|mass languages?|idiomas?)"),
    (Label.LINK, r"(.* )?(url|uri|link|href|permalink|more info|more information|details?|view|view parish|parish page|path|guid|learn more|profile|page|same as|sameas|view details|url alias)"),
    (Label.TEXT, r"(.* )?(popup|popup value|popupcontent|popup content|description|desc|content|content rendered|info ?window|infowindow|infowindow content|html|body|balloon|bubble|tooltip|excerpt|excerpt rendered|details html|card|snippet|markup|text|infobox|popup html|value)"),
    (Label.NAME, r"(.* )?(names?|title|titles|title rendered|fn|org|organization|headline|heading|church|churches|parish|parishes|store|label|worship site|faith community|church parish|parish church|parish or mission|parishes and missions|parish mission|parish faith community|community|iglesia|parroquia|nombre|mission|missions|entity|parish city name|display name|displayname|site name|sitename|parish communities|location name|facility)"),
)  # fmt: skip
_PATTERNS = tuple((label, re.compile(pattern)) for label, pattern in _WORDS)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words_of(text: str) -> str:
    """A label as plain lower-case words: `fieldZipCode`, `field_zip-code` and "Zip code:" give "zip code"."""
    return re.sub(r"[^a-z0-9áéíóúñ]+", " ", _CAMEL.sub(" ", text).lower()).strip()


@lru_cache(maxsize=8192)
def label_of(text: str) -> Label | None:
    """The meaning of a printed label, a column heading or a key; None when the table does not know it."""
    words = words_of(text)
    if not words or len(words) > 60:
        return None
    known = next((label for label, pattern in _PATTERNS if pattern.fullmatch(words)), None)
    return known or (_by_ending(words) if " " not in words else None)


def names_a_fact(text: str) -> bool:
    """Whether words are the label of something else than a name: "Rectory", "Phone"; not "Christ the High Priest"."""
    return label_of(text) not in (None, Label.NAME) and name_evidence(text) < 0.8


_ENDINGS = (
    ("email", Label.EMAIL), ("fax", Label.IGNORED), ("phone", Label.PHONE), ("website", Label.WEBSITE), ("url", Label.LINK),
    ("address", Label.ADDRESS), ("street", Label.STREET), ("zipcode", Label.ZIP), ("zip", Label.ZIP), ("city", Label.CITY),
    ("state", Label.STATE), ("latitude", Label.LATITUDE), ("longitude", Label.LONGITUDE), ("deanery", Label.DEANERY),
    ("pastor", Label.PASTOR), ("name", Label.NAME), ("type", Label.KIND),
)  # fmt: skip


def _by_ending(word: str) -> Label | None:
    """The meaning of words written together, as in `FACILITYNAME`."""
    return next((label for ending, label in _ENDINGS if len(word) > len(ending) + 2 and word.endswith(ending)), None)


_CLASS_NOISE = re.compile(
    r"^(?:views?|field|fields|content|col|wp|elementor|block|item|text|label|inner|wrapper|e|el|value)$"
)
_BY_CLASS = frozenset(Label) - {
    Label.TEXT,
    Label.LINK,
    Label.IGNORED,
    Label.STATUS,
    Label.COORDINATES,
    Label.KIND,
    Label.PLACE,
}
_CLASS_ONLY = {
    "tel": Label.PHONE, "adr": Label.ADDRESS, "region": Label.STATE, "fn": Label.NAME, "org": Label.NAME, "address": Label.ADDRESS,
    "street": Label.STREET, "phone": Label.PHONE, "email": Label.EMAIL, "website": Label.WEBSITE, "city": Label.CITY, "fax": Label.IGNORED,
}  # fmt: skip


@lru_cache(maxsize=8192)
def class_label(classes: str) -> Label | None:
    """What the class names (or itemprop) of an element say of its words: the last words of a name decide."""
    for name in classes.split():
        words = [word for word in words_of(name).split() if not _CLASS_NOISE.match(word) and not word.isdigit()]
        if not words:
            continue
        if words[-1] in ("p", "t", "e", "f", "w", "st", "long", "web", "church", "parish", "parishes", "churches", "community", "mission", "number", "location", "district"):  # fmt: skip
            continue
        known = _CLASS_ONLY.get(words[-1]) or label_of(" ".join(words[-2:])) or label_of(words[-1])
        if known in _BY_CLASS:
            return known
        if words[-1] in ("fax", "hours", "schedule", "masstimes", "directions", "distance", "country"):
            return Label.IGNORED
    return None
