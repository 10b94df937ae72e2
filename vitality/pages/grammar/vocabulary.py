"""The words of schedules as data: phrase to meaning, folded (lower case, no accents, no apostrophes).

English and Spanish in full; Vietnamese, Polish, Portuguese, French, Italian, German, Haitian Creole, Tagalog,
Korean, Latin and the Eastern churches' names as far as they label services, days and languages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

WEEK: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS: Final = WEEK[:5]


BILINGUAL: Final = "bilingual"
"""The code of a language mark that says two without naming them."""
EASTER_VIGIL: Final = "Easter Vigil"
"""The note of the one Mass that has its day in its name."""


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case without accents and apostrophes."""
    plain = "".join(sign for sign in normalize("NFD", word.lower()) if not combining(sign))
    return normalize("NFC", plain.replace("đ", "d").replace("ł", "l").replace("'", "").replace("ß", "ss"))


@dataclass(frozen=True, slots=True)
class Named:
    """A service by one of its names; `service` is empty for an activity that is no service (a decoy)."""

    service: str
    subtype: str | None = None
    language: tuple[str, ...] = ()
    rite: str | None = None
    notes: str | None = None
    weak: bool = False
    """A word that names the service only where no better name stands near ("Vigil", "Liturgy")."""
    days: tuple[str, ...] = ()
    """Days that the name itself says, where nothing else does: "weekday Masses"."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase stands for: its kind, and the value that fits the kind."""

    kind: str
    code: str = ""
    days: tuple[str, ...] = ()
    number: int = 0
    named: Named | None = None


def _phrases(text: str) -> list[str]:
    return [fold(phrase.strip()) for phrase in text.split("|") if phrase.strip()]


_SERVICES: Final[tuple[tuple[str, Named], ...]] = (
    (
        (
            "mass|masses|holy mass|holy masses|holly masses|mass times|mass schedule|mass intentions|people of the parish|pro populo|missa pro populo|the holy eucharist|holy eucharist|eucharist|misa|misas|santa misa|santas misas|"
            "eucaristia|eucaristias|celebracion eucaristica|santa eucaristia|thanh le|gio le|gio thanh le|le chua nhat|msza|msze|msza sw|msze sw|msza swieta|msze swiete|missa|missas|"
            "santa missa|messe|messes|la messe|sainte messe|santa messa|messa|messen|heilige messe|misa ng bayan|미사|주일미사|mass of obligation|masses of obligation|"
            "eucharistic celebration|eucharistic liturgy|worship service|novena of masses|novenario de misas"
        ),
        Named("mass"),
    ),
    (
        "liturgy|liturgies|liturgia",
        Named("mass", weak=True),
    ),
    (
        "vigil mass|anticipated mass|anticipatory mass|misa de vigilia|misa vespertina|vigil masses|vesperal liturgy",
        Named("mass", "vigil"),
    ),
    ("vigil|vigils|vigilia|wigilia|anticipated|anticipatory", Named("mass", "vigil", weak=True)),
    (
        "daily mass|daily masses|misa diaria|misas diarias|school mass|all school mass|morning mass",
        Named("mass", "daily"),
    ),
    (
        "weekday mass|weekday masses|weekday liturgy|weekday liturgies|misas entre semana|misa entre semana",
        Named("mass", "daily", days=WORKDAYS),
    ),
    (
        "misa dominical|misas dominicales|msze niedzielne|msze sw niedzielne",
        Named("mass", "sunday"),
    ),
    (
        "easter vigil|vigilia pascual|easter vigil mass|solemne vigilia pascual|great vigil of easter|great easter vigil|wigilia paschalna|misa de la vigilia pascual",
        Named("mass", "special", notes=EASTER_VIGIL),
    ),
    (
        "lords supper|the lords supper|cena del senor|last supper|the last supper|ultima cena|ultima cena del senor",
        Named("mass", "special", weak=True),
    ),
    ("prayer service|prayer services|servicio de oracion", Named("devotion_other")),
    (
        "mass of exposition|mass of reposition|mass of peace|mass for peace|opening mass|closing mass",
        Named("mass", "special"),
    ),
    ("healing mass", Named("mass", "special", notes="Healing Mass")),
    ("rorate mass|rorate", Named("mass", "special", notes="Rorate")),
    (
        "childrens mass|family mass|youth mass|teen mass|life teen mass|lifeteen mass|lifeteen|life teen|childrens liturgy|folk mass",
        Named("mass", notes="as named"),
    ),
    (
        (
            "low mass|high mass|solemn high mass|missa cantata|sung high mass|traditional latin mass|tlm|latin mass extraordinary form|tridentine mass|"
            "traditional mass|extraordinary form mass|mass in the extraordinary form|solemn mass extraordinary form"
        ),
        Named("mass", rite="roman_ef"),
    ),
    ("latin mass|misa en latin", Named("mass", language=("la",))),
    ("novus ordo|ordinary form mass", Named("mass", rite="roman_of")),
    ("divine worship|ordinariate mass|anglican use mass|divine worship mass", Named("mass", rite="ordinariate")),
    (
        (
            "mass with ashes|ashes and mass|midnight mass|misa de gallo|misas de gallo|simbang gabi|simbang gabi mass|simbang gabi masses|misas de aguinaldo|mass of the lords supper|misa de la cena del senor|"
            "evening mass of the lords supper|chrism mass|misa crismal|mass of the last supper|mass of the lords last supper|misa de la ultima cena|misa de la cena|solemn mass|pontifical mass|patronal feast mass|first holy communion mass"
        ),
        Named("mass", "special"),
    ),
    (
        "presanctified|presanctified gifts|presanctified liturgy|presanctified divine liturgy|liturgy of the presanctified gifts|liturgy of presanctified gifts|divine liturgy of the presanctified gifts|divine liturgy of presanctified gifts",
        Named("divine_liturgy", notes="Presanctified Gifts"),
    ),
    ("divine liturgy|divine liturgies|the divine liturgy|holy liturgy|divina liturgia", Named("divine_liturgy")),
    (
        "holy qurbana|qurbana|qurbana mass|holy raza|raza|solemn qurbana|syro malabar qurbana|syro malabar mass",
        Named("divine_liturgy", rite="syro_malabar"),
    ),
    ("holy qurbono|qurbono|maronite mass", Named("divine_liturgy", rite="maronite")),
    ("ramsho", Named("vespers", rite="maronite", notes="Ramsho")),
    (
        (
            "confession|confessions|the light is on for you|the light is on|leaving the light on|light is on for you|reconciliation|sacrament of reconciliation|sacrament of penance|penance|sacramental confession|confesion|confesiones|"
            "reconciliacion|sacramento de la reconciliacion|giai toi|xung toi|spowiedz|spowiedz swieta|confissao|confissoes|konfesyon|confesse|confessioni|kumpisal|고해성사|고백성사|beichte|"
            "confessional|confessionals|mystery of repentance|holy mystery of repentance|hears confessions|hear confessions|confessions are heard|penitencia|rito de reconciliacion|sacrament of confession|"
            "mystery of confession|holy confession|private confession|individual confession|individual confessions|rite of reconciliation|confessor|sacrament of penance and reconciliation|pokwitowanie"
        ),
        Named("confession"),
    ),
    (
        (
            "penance service|penance services|communal penance|communal penance service|advent penance service|lenten penance service|communal reconciliation|"
            "reconciliation service|servicio penitencial|servicio de penitencia|celebracion penitencial|parish penance service|communal penance celebration|reconciliation services|communal penance services|lenten penance services|advent penance services|parish penance services|lenten reconciliation service|advent reconciliation service|lenten reconciliation|celebracion comunitaria de la penitencia|celebracion penitencial comunitaria|penitencial comunitaria|penance liturgy|communal reconciliation service"
        ),
        Named("penance_service"),
    ),
    (
        (
            "adoration|eucharistic adoration|adoration of the blessed sacrament|exposition|exposition of the blessed sacrament|perpetual adoration|nocturnal adoration|"
            "adoracion|adoracion eucaristica|adoracion perpetua|adoracion nocturna|adoracion al santisimo|adoracion del santisimo|exposicion|exposicion del santisimo|exposicion del santisimo sacramento|blessed sacrament is exposed|"
            "exposed blessed sacrament|chau thanh the|adoracja|adoracja najswietszego sakramentu|adoracao|adoration eucharistique|adorazione|anbetung|성체조배|eucharist adoration|silent adoration|eucharistic exposition|exposed for adoration|"
            "40 hours|40 hours of devotion|forty hours|24 hours with the lord|24 hours for the lord|adorasyon|perpetual eucharistic adoration|exposition and adoration|holy adoration|adoracao ao santissimo|adoracao do santissimo|adoration of the holy eucharist|adoration of the eucharist|adoration of the most holy eucharist|exposition of the holy eucharist|adoration of our lord|adoration of the most blessed sacrament|exposition of the most blessed sacrament|eucharistic adoration of the blessed sacrament|adoracion de jesus sacramentado"
        ),
        Named("adoration"),
    ),
    (
        "benediction|bendicion|bendicion con el santisimo|benediction of the blessed sacrament|bencao|benedizione",
        Named("benediction"),
    ),
    (
        "holy hour|holy hours|hora santa|gio thanh|hora santa eucaristica|heure sainte|godzina swieta|eucharistic holy hour",
        Named("holy_hour"),
    ),
    (
        (
            "rosary|holy rosary|the rosary|rosario|santo rosario|lan hat man coi|lan hat|rozaniec|terco|chapelet|recitation of the rosary|recitation of the most holy rosary|rosaryo|"
            "communal rosary|living rosary|scriptural rosary|fatima devotions|묵주기도|world mission rosary"
        ),
        Named("rosary"),
    ),
    (
        "stations of the cross|stations|way of the cross|via crucis|viacrucis|estaciones de la cruz|dang thanh gia|droga krzyzowa|chemin de croix|via sacra|estaciones|outdoor stations|soup and stations",
        Named("stations"),
    ),
    ("novena|novenas|novena prayers|novenna|nowenna", Named("novena")),
    (
        "chaplet|divine mercy chaplet|chaplet of divine mercy|chaplet of the divine mercy|coronilla|coronilla de la divina misericordia|coronilla de la misericordia|koronka|long thuong xot",
        Named("chaplet"),
    ),
    (
        (
            "lauds|morning prayer|evening prayer|night prayer|compline|solemn vespers|liturgy of the hours|office of readings|evensong|choral evensong|midday prayer|laudes|"
            "oracion de la manana|liturgia de las horas|midnight praises|divine office|none prayer|completas|daytime prayer|service of hours|service of the hours|royal hours|third hour|sixth hour|ninth hour|third and sixth hours|third and sixth hour"
        ),
        Named("liturgy_of_hours"),
    ),
    ("vespers|great vespers|burial vespers|vespers of the burial|visperas|daily vespers|nieszpory", Named("vespers")),
    ("orthros|matins|orthros matins|festal matins", Named("orthros_matins")),
    (
        "communion service|communion services|liturgy of the word with communion|liturgy of the word with holy communion|word and communion|liturgy of the word and communion",
        Named("communion_service"),
    ),
    (
        "anointing of the sick|anointing|sacrament of the sick|sacrament of the anointing of the sick|uncion de los enfermos|uncion",
        Named("anointing"),
    ),
    ("may crowning", Named("devotion_other", notes="May Crowning")),
    (
        "liturgy of the word with ashes|word service|word service with ashes|service of the word|service of the word with ashes|ash service|ashes service|prayer service with ashes|distribution of ashes|liturgy of the word and ashes|ashes only|liturgia de la palabra y cenizas|liturgia de la palabra con cenizas|liturgia de la palabra y ceniza|celebracion de la palabra con ceniza|celebracion de la palabra y ceniza|servicio de cenizas|ashes service|ash service|service of ashes|ashes distributed",
        Named("devotion_other", notes="Liturgy of the Word with ashes"),
    ),
    (
        (
            "celebration of the lords passion|passion of the lord|celebration of the passion|solemn commemoration of the passion of our lord|good friday liturgy|good friday service|veneration of the cross|adoration of the cross|adoration of the holy cross|adoracion a la cruz|adoracion de la cruz|adoracion de la santa cruz|liturgy of the passion|"
            "commemoration of the passion|celebration of the passion of the lord|la pasion del senor|celebracion de la pasion|celebracion de la pasion del senor|lords passion|service of the passion|service of the passion of our lord|service of the lords passion|liturgy of the lords passion|liturgy of the passion of the lord|commemoration of the lords passion|passion service|solemn liturgy of the passion|celebration of the passion of our lord|celebration of our lords passion|passion of our lord|passion and death of our lord|liturgy of the passion and death of our lord|good friday of the lords passion|solemn liturgical action|oficios|oficios liturgicos|oficios de viernes santo|pasion del senor|conmemoracion de la pasion|accion liturgica"
        ),
        Named("devotion_other", notes="Passion of the Lord"),
    ),
    (
        "eucharistic procession|corpus christi procession|procesion|rosary procession|candlelight procession",
        Named("devotion_other", notes="Procession"),
    ),
    (
        (
            "tenebrae|tenebrae service|litany|special devotion|perpetual help devotion|perpetual help devotions|perpetual help novena|miraculous medal devotion|marian devotion|devotion to mary|devotion to our lady|evening devotions|sacred heart devotion|sacred heart devotions|first friday devotions|devotions|divine mercy devotions|marian devotions|divine mercy devotion|taize prayer|paraklesis|akathist|moleben|"
            "ecumenical prayer service"
        ),
        Named("devotion_other"),
    ),
)

_DECOYS: Final = (
    "bingo|knights of columbus|choir practice|choir rehearsal|choir|rehearsal|religious education|ccd|faith formation|sunday school|rcia|ocia|office|office hours|"
    "parish office|parish office hours|rectory|rectory office|business hours|hours of operation|school hours|nursery|meeting|meetings|meets|meet|class|classes|bible study|bible|youth group|"
    "mananitas|las mananitas|platica|platicas|charla|charlas|soup|soup and bread|bread and soup|simple soup|coffee|donuts|doughnuts|coffee and donuts|breakfast|pancake breakfast|fish fry|fish fries|supper|soup supper|dinner|lunch|luncheon|concert|carol sing|carols|carol service|pageant|"
    "nativity play|living nativity|christmas pageant|christmas program|childrens christmas program|childrens program|caroling|christmas caroling|blessing of the food|blessing of food|blessing of easter food|blessing of the easter food|blessing of baskets|blessing of easter baskets|blessing of the easter baskets|bendicion de los alimentos|swieconka|musical prelude|prelude|baptism|baptisms|baptismal|bautismo|bautismos|bautizos|bautizo|wedding|weddings|marriage|marriages|matrimonio|matrimonios|bodas|funeral|funerals|funeral mass|funeral masses|"
    "livestream only|doors locked|doors open|door code|unlocked|church is open|open for prayer|private prayer|deadline|registration|picnic|festival|garage sale|rummage sale|"
    "food pantry|pantry|clothing closet|aa|al anon|mass cards|mass card|mass emails|mass email|mass media|quinceanera|quinceaneras|"
    "sodality|altar society|ladies guild|altar guild|legion of mary|cursillo|prayer group|prayer meeting|grupo de oracion|grupo|reunion|reuniones|ensayo|ensayo de coro|coro|catecismo|catequesis|catechism|catechesis|"
    "clases|oficina|horario de oficina|horas de oficina|oficina parroquial|horario de la oficina|secretaria|despacho|despacho parroquial|visiting hours|gift shop|bookstore|library|thrift shop|volunteers|volunteer|"
    "training|workshop|retreat|lecture|speaker|talk|tour|tours|open house|raffle|sale|dance|trivia|fundraiser|golf|adult education|vacation bible school|vbs|pre cana|marriage preparation|"
    "baptism preparation|baptism class|parish council|pastoral council|finance council|social|hospitality|soup and scripture|scripture study|ladies|mens group|womens group|moms group|scouts|cub scouts|boy scouts|"
    "girl scouts|exercise|yoga|zumba|basketball|volleyball|bulletin deadline|webcast only|radio|television|tv mass|mass on tv|collection|drop off|pick up|dismissal|school|summer camp|camp|"
    "novios|talleres|taller|kermes|kermesse|venta|comida|desayuno|cena|adult faith|small group|lector|lectors|ushers|usher|preparation|formation|study|recital|movie|practice|practica|"
    "reception|refreshments|gym hours|shop|cafe|kitchen|pie sale|vbs|confirmation class|first communion class|sacramental preparation|children of mary|junior legion|banns|book club|"
    "easter egg hunt|egg hunt|trunk or treat|blood drive|blood pressure|flu shots|soup kitchen|food bank|haircuts|rectory hours|visitation|wake|viewing|interment|burial|church hours|chapel hours|mass attendance|attendance|mass goers|mass goer|massgoers|mass count|october count|mass intention book|mass book|mass requests|mass stipends|mass stipend|first reconciliation|blessing of palms|blessing of the palms|blessing of food|blessing of the food|blessing of easter food|blessing of easter baskets|blessing of baskets|blessing of the baskets|blessing of throats|blessing of animals|blessing of pets|bendicion de ramos|bendicion de los ramos|bendicion de palmas|bendicion de las palmas|bendicion de alimentos|bendicion de los santos oleos|bendicion santos oleos|bendicion de los oleos|bendicion del agua|bendicion de velas|bendicion del fuego|bendicion de animales|bendicion de mascotas|procesion y bendicion de ramos|first penance|first confession|first confessions|first communion|first holy communion|first eucharist|primera comunion|primeras comuniones|primera confesion|book opens|the book opens|quinceanera mass|quinceanera masses|misa de quinceanera|misas de quinceanera|misas de quinceaneras|wedding mass|wedding masses|nuptial mass|nuptial masses|mission talks|mission talk|gathering|gatherings|rosary makers|rosary making|rosary group|rosary guild|rosary society|rosary sodality|altar and rosary society|altar rosary society|rosary altar society|rosary confraternity|adoration society|adoration committee|religious ed|rel ed|psr|prep classes|youth ministry|youth night|course|week course|webinar|seminar|conference|series|catechist|catechists|mission appeal|appeal|auction|craft fair|craft show|bazaar|tournament|car show|parade|5k|church cleaning|money counters|counters|cleaning|adorer|adorers|committed adorers|substitute adorers|keypad|key pad|access code|security code|entry code|key fob"
)

_LANGUAGES: Final = {
    "en": "english|ingles|eng|anglais|angielski|po angielsku|in english|tieng anh|inglese|ing|ingl",
    "es": "spanish|espanol|po hiszpansku|span|sp|esp|hispanic|castellano|tieng tay ban nha|espagnol",
    "vi": "vietnamese|vietnamita|tieng viet|viet|viet nam|viet ngu",
    "pl": "w jezyku polskim|polskim|polish|polaco|polski|polsku|po polsku|polskie",
    "pt": "portuguese|portugues|brazilian",
    "ht": "haitian creole|haitian|creole|kreyol ayisyen|kreyol",
    "tl": "tagalog|tagalo|filipino|pilipino",
    "fr": "french|francais|frances",
    "it": "italian|italiano|italien",
    "de": "german|deutsch|aleman",
    "la": "latin|latina",
    "ko": "korean|coreano|한국어|hangul",
    "zh": "chinese|mandarin|cantonese|chino|中文|国语",
    "ml": "malayalam",
    "ta": "tamil",
    "ar": "arabic|arabe",
    "syc": "syriac|aramaic",
    "uk": "ukrainian",
    "cu": "church slavonic|slavonic|old church slavonic|old slavonic",
    "sk": "slovak",
    "sl": "slovenian|slovene",
    "hr": "croatian|hrvatski",
    "hu": "hungarian|magyar",
    "lt": "lithuanian|lietuviu",
    "cs": "czech",
    "ru": "russian",
    "el": "greek",
    "ro": "romanian",
    "ja": "japanese|日本語",
    "ig": "igbo",
    "sw": "swahili|kiswahili",
    "hmn": "hmong",
    "lo": "lao|laotian",
    "km": "khmer|cambodian",
    "my": "burmese",
    "kar": "karen",
    "yo": "yoruba",
    "am": "amharic",
    "ti": "tigrinya",
    "gez": "geez",
    "nv": "navajo",
    "sm": "samoan",
    "to": "tongan",
    "haw": "hawaiian",
    "hi": "hindi",
    "kn": "konkani",
    "id": "indonesian",
    "ase": "asl|american sign language|sign language|deaf",
    BILINGUAL: "bilingual|biling|bilingue|bi lingual|bilingue",
}

_DAYS: Final = {
    "MO": "monday|mondays|mon|mons|lunes|lun|thu hai|poniedzialek|segunda|segunda feira|lundi|lunedi|montag|lendi|월요일|m",
    "TU": "tuesday|tuesdays|tues|tue|tu|martes|mar|thu ba|wtorek|terca|terca feira|mardi|martedi|dienstag|madi|화요일|t",
    "WE": "wednesday|wednesdays|wed|weds|we|miercoles|mie|mier|thu tu|sroda|quarta|quarta feira|mercredi|mercoledi|mittwoch|mekredi|수요일|w",
    "TH": "thursday|thursdays|thurs|thur|thu|th|jueves|jue|thu nam|czwartek|quinta|quinta feira|jeudi|giovedi|donnerstag|jedi|목요일|r",
    "FR": "friday|fridays|fri|viernes|vie|thu sau|piatek|sexta|sexta feira|vendredi|venerdi|freitag|vandredi|금요일|f",
    "SA": "saturday|saturdays|sat|sa|sabado|sabados|sab|thu bay|sobota|samedi|sabato|samstag|samdi|토요일|토|s",
    "SU": "sunday|sundays|sun|su|domingo|domingos|dominical|dominicales|dom|chua nhat|chu nhat|niedziela|niedziele|dimanche|domenica|sonntag|dimanch|linggo|주일|일요일|the lords day|day of the lord|lords day",
}
_DAY_SETS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    (
        "weekday|weekdays|wkdys|wkdy|wkdays|entre semana|dias de semana|dias laborables|laborables|dias laborales|laborales|semanales|weekly|through the week|during the week|w dni powszednie|dni powszednie|dias de la semana|jours de semaine|ngay thuong|working days|work days|week days|dias entre semana|ferial days",
        WORKDAYS,
    ),
    (
        "daily|every day|everyday|each day|any day|seven days|7 days|seven days a week|7 days a week|todos los dias|diario|diariamente|cada dia|a diario|codziennie|moi ngay|todos os dias|tous les jours|days a week",
        WEEK,
    ),
    ("weekend|weekends|fin de semana|fines de semana|cuoi tuan", ("SA", "SU")),
    ("mwf", ("MO", "WE", "FR")),
    ("tth|tuth|tt|tr", ("TU", "TH")),
    ("mtwthf|mtwtf|mtwrf", WORKDAYS),
    ("mtthf", ("MO", "TU", "TH", "FR")),
    ("mtwf", ("MO", "TU", "WE", "FR")),
    ("mtwth", ("MO", "TU", "WE", "TH")),
    ("mth", ("MO", "TH")),
    ("twthf", ("TU", "WE", "TH", "FR")),
    ("tf", ("TU", "FR")),
    ("mw", ("MO", "WE")),
    ("wf", ("WE", "FR")),
    (
        (
            "hd|holy day|holy days|holyday|holydays|holy day of obligation|holy days of obligation|holydays of obligation|dias de precepto|dia de precepto|fiestas de precepto|fiesta de precepto|feast days of obligation|"
            "holy day masses|holy day mass|solemnities|ngay le buoc|swieta nakazane|dias santos|dia santo|dias de guardar|fiestas de guardar|day of obligation|days of obligation|feast days|feast day|feasts days|saints and feasts days|saints and feast days"
        ),
        ("HD",),
    ),
    (
        (
            "eve of every holy day|eve of holy days|eve of each holy day|eve of holy day|eve of a holy day|vigil of holy days|vigil of holy day|holy day vigil|holy day vigils|holy day eve|holy days eve|eve of the holy day|vigil of holydays|eve of holydays|day before a holy day|eve of holy days of obligation|"
            "vigil of the holy day|holy day of obligation vigil|vispera de dias de precepto|vigilia de dias de precepto|vigil of a holy day|evening before holy days|evening before a holy day|evenings before holy days|eve of a holy day of obligation|vigil of holy days of obligation|holy day eves|feast eve|feast eves|eve of feast|eve of the feast|eves of feast days|eves of feasts|eve of feast days|eves of holy days|eves of holydays|eves of holy days of obligation|eves of the holy days|holy day vigil mass|holy day vigil masses"
        ),
        ("HDV",),
    ),
    (
        "civil holiday|civil holidays|federal holiday|federal holidays|public holiday|public holidays|national holiday|national holidays|legal holiday|legal holidays|bank holiday|bank holidays|holidays|dias festivos|festivos|dias feriados|feriados",
        ("PH",),
    ),
)
_MONTHS: Final = (
    "january|jan|enero|ene|styczen|janeiro|janvier",
    "february|feb|febrero|lutego|fevereiro|fevrier",
    "march|mar|marzo|marca|mars",
    "april|apr|abril|abr|kwietnia|avril",
    "may|mayo|maja|maio|mai",
    "june|jun|junio|czerwca|junho|juin",
    "july|jul|julio|lipca|julho|juillet",
    "august|aug|agosto|ago|sierpnia|aout",
    "september|sept|sep|septiembre|setiembre|wrzesnia|setembro|septembre",
    "october|oct|octubre|pazdziernika|outubro|octobre",
    "november|nov|noviembre|listopada|novembro|novembre",
    "december|dec|diciembre|dic|grudnia|dezembro|decembre",
)
_ORDINALS: Final = (
    (1, "first|1st|primer|primero|primera|primeros|1er|1ro|pierwszy"),
    (2, "second|2nd|segundo|2do|drugi"),
    (3, "third|3rd|tercer|tercero|3er|3ro|trzeci"),
    (4, "fourth|4th|cuarto|4to|czwarty"),
    (5, "fifth|5th|quinto|5to"),
    (-1, "last|ultimo|ultimos|ostatni"),
)
FEASTS: Final[dict[str, tuple[str, str, str]]] = {
    # feast: (phrases, fixed date or "", subtype of its Masses)
    "christmas_eve": ("christmas eve|nochebuena|chrismas eve|vigil of christmas", "12-24", "holy_day_vigil"),
    "christmas": (
        "christmas|christmas day|veinticinco de diciembre|navidad|christmas morning|nativity of the lord|chrismas|dia de navidad",
        "12-25",
        "holy_day",
    ),
    "new_years_eve": ("new years eve|new year eve|ano viejo", "12-31", "holy_day_vigil"),
    "new_year": (
        "new years day|uno de enero|primero de enero|new year|new years|ano nuevo|mary mother of god|solemnity of mary|solemnity of mary mother of god|mother of god|mary the holy mother of god|santa maria madre de dios",
        "01-01",
        "holy_day",
    ),
    "epiphany": ("epiphany|epifania", "", "sunday"),
    "holy_rosary": (
        "feast of the holy rosary|feast of the most holy rosary|feast of our lady of the rosary|memorial of our lady of the rosary",
        "10-07",
        "daily",
    ),
    "assumption": (
        "assumption|assumption of mary|assumption of the blessed virgin mary|asuncion|assumption of our lady|feast of the assumption",
        "08-15",
        "holy_day",
    ),
    "all_saints": (
        "all saints|all saints day|todos los santos|solemnity of all saints",
        "11-01",
        "holy_day",
    ),
    "all_souls": ("all souls|all souls day|fieles difuntos|dia de los muertos", "11-02", "special"),
    "immaculate_conception": (
        "immaculate conception|inmaculada concepcion|feast of the immaculate conception|la inmaculada",
        "12-08",
        "holy_day",
    ),
    "halloween": (
        "halloween|all hallows eve|eve of all saints|vigil of all saints|vispera de todos los santos",
        "10-31",
        "holy_day_vigil",
    ),
    "guadalupe": ("our lady of guadalupe day", "12-12", "special"),
    "thanksgiving": ("thanksgiving|thanksgiving day|accion de gracias", "", "daily"),
    "ash_wednesday": ("ash wednesday|miercoles de ceniza", "", "special"),
    "palm_sunday": ("palm sunday|domingo de ramos", "", "sunday"),
    "holy_thursday": ("holy thursday|jueves santo|maundy thursday|thursday of the lords supper", "", "special"),
    "good_friday": ("good friday|viernes santo|friday of the passion", "", "special"),
    "holy_saturday": ("holy saturday|sabado santo|sabado de gloria|easter vigil saturday", "", "special"),
    "easter": (
        "easter|easter sunday|easter day|domingo de pascua|domingo de resurreccion|easter morning",
        "",
        "sunday",
    ),
    "divine_mercy_sunday": ("divine mercy sunday|domingo de la misericordia", "", "sunday"),
    "ascension": ("ascension|ascension thursday|ascension of the lord", "", "holy_day"),
    "pentecost": ("pentecost|pentecost sunday|pentecostes", "", "sunday"),
    "corpus_christi": ("corpus christi", "", "sunday"),
    "mary_queen_of_apostles": ("feast of mary queen of apostles|mary queen of apostles", "", "special"),
    "memorial_day": ("memorial day", "", "daily"),
    "labor_day": ("labor day|labour day", "", "daily"),
    "independence_day": ("independence day|fourth of july|4th of july", "07-04", "daily"),
}
_SEASONS: Final = {
    "holy_week": "holy week|of holy week|in holy week|during holy week|great week|great and holy week|passion week|semana santa|de semana santa|de la semana santa|semana mayor|wielki tydzien|semaine sainte|settimana santa",
    "lent": "lent|lenten|great fast|the great fast|of the great fast|great lent|cuaresma|season of lent|mua chay|lenten season|of lent|for lent|in lent|during lent|wielki post|quaresma",
    "advent": "advent|adviento|season of advent|in advent|during advent",
    "easter": "eastertide|easter season|paschal season|tiempo de pascua",
    "summer": "summer|verano|summer months|summer schedule|summertime|in summer|during the summer|horario de verano|in the summer|during summer|lato",
    "winter": "winter|invierno|winter months|winter schedule|all winter long|all winter",
    "fall": "fall schedule|autumn",
    "school_year": "school year|during the school year|when school is in session|school in session|school days|during school|ano escolar|if school is in session|while school is in session",
    "academic_term": "during the semester|semester|in term|term time|academic year|during the academic year|as long as classes are meeting|when classes are in session|while classes are in session|autumn and spring terms|"
    "fall and spring semesters|during term|fall and spring terms|during the fall and spring semesters|terms|when classes are meeting|in session",
    "odd_months": "odd months|odd numbered months|meses impares",
    "even_months": "even months|even numbered months|meses pares",
}
_PLAIN: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "appointment",
        "",
        "by appointment|by appointment only|appointment|appointments|por cita|con cita|previa cita|con previa cita|on request|by request|upon request|by arrangement|at call|whenever you ask|anytime you ask|por citas|cita previa|na umowienie|private appointment|a peticion|al solicitar|on call|by appt|appt|by appointments|any time by calling|anytime by calling|at any time by calling|any other time by calling|or by calling|any time by calling the rectory|anytime by calling the rectory|by calling the rectory|by calling the parish office|by calling the office|by calling the parish|any time by calling the parish office|anytime by calling the parish office|any time by calling the office",
    ),
    ("noon", "", "noon|12 noon|noontime|mediodia|medio dia|12 mediodia|midday|poludnie"),
    ("midnight", "", "midnight|12 midnight|medianoche|media noche"),
    (
        "before",
        "",
        "before|prior to|ahead of|preceding|precedes|antes de|antes|przed|truoc|in advance of|previo a|beforehand|avant|antes da",
    ),
    (
        "after",
        "",
        "after|following|follows|despues de|al terminar|despues|luego de|al finalizar|al concluir|once|as soon as|sau|afterwards|afterward|apres|al termino de|immediately following|at the conclusion of|at the end of|will follow|to follow|will immediately follow|immediately follows|follow immediately after|follows immediately after|will take place after|right after|immediately after|directly after|directly following|shortly after|soon after|the close of|from the close of|at the close of|the end of|from the end of|the conclusion of|from the conclusion of|upon completion of|al final de|terminada|finalizada",
    ),
    ("followed", "", "followed by|seguida de|seguido de|seguida por|seguido por|then|after which|y luego|y despues"),
    ("during", "", "during|durante|in the course of"),
    ("between", "", "between|entre"),
    ("to", "", "to|until|till|til|through|thru|up to|a|al|hasta|bis|den"),
    ("and", "", "and|y|va|et|und|plus|also|as well as|again"),
    ("each", "", "each|every|all|cada|todos los|todas las|todos|any|kazda|moi|kazdy|the|los|las|el|la"),
    ("on", "", "on|los|el"),
    ("at", "", "at|in|en|w|em|inside|tai"),
    (
        "no",
        "",
        (
            "no|not|none|no hay|there is no|there will be no|cancelled|canceled|cancels|cancel|suspended|not celebrated|cancelado|cancelada|cancelados|suspendida|suspendidas|are not heard|is not|not be|discontinued|"
            "comes to an end|coming to an end|we drop|eliminate|eliminates|eliminated|eliminating|removed|will be removed|discontinue|discontinues|has ended until|suppressed|is suppressed|permanently suppressed|has been suppressed|is dropped|has been dropped|removed from the schedule|suspending|no longer|do not|does not|will not|isnt|there are no|never|closed"
        ),
    ),
    (
        "except",
        "",
        "except|excepted|except for|excepto|excluding|other than|unless|but not|salvo|menos|exceptuando|oprocz|with the exception of|sauf",
    ),
    ("am", "", "in the morning|de la manana|mornings|morning|por la manana|la manana|sang|manana|rano"),
    (
        "pm",
        "",
        "in the evening|in the afternoon|de la tarde|de la noche|evening|evenings|afternoon|afternoons|por la tarde|por la noche|tarde|noche|at night|night|nights|chieu|toi|wieczorem",
    ),
    ("oclock", "", "oclock|o clock|horas|hs|hrs"),
    (
        "perpetual",
        "",
        "24/7|around the clock|24 hours a day|24 hours|las 24 horas|never stops|perpetual|perpetua|24 horas",
    ),
    ("other", "", "other|otros|others"),
    ("theday", "", "on the day|day of|the day itself|on the holy day|on the feast|el dia de la fiesta"),
    (
        "unchanged",
        "",
        "is not touched|are not touched|is not affected|are not affected|not affected|will not be affected|is unchanged|are unchanged|no change|no changes|will not change|does not change",
    ),
    ("theeve", "", "the evening before|evening before|the night before"),
    ("alternate", "", "every other|alternate|alternating"),
    (
        "monthly",
        "",
        "of the month|of each month|of every month|del mes|de cada mes|de mes|each month|every month|monthly|w miesiacu|of month|do mes",
    ),
    ("only", "", "only|solamente|solo"),
    (
        "past",
        "",
        "founded|established|was|were|moved|used to|in the past|formerly|began in|built|last year|previously|fue|century|history|erected|dedicated",
    ),
    (
        "announced",
        "",
        "as announced|see bulletin|to be announced|tba|see the bulletin|ver boletin|check bulletin|check the bulletin|vary|varies",
    ),
    (
        "church",
        "",
        "church|chapel|school building|school cafeteria|school hall|school chapel|school auditorium|cafeteria|building|social hall|parish center|parish hall|annex|pavilion|courtyard|narthex|parish|cathedral|basilica|oratory|mission|shrine|hall|auditorium|center|centre|gym|gymnasium|iglesia|capilla|parroquia|templo|gimnasio|crypt|grotto|residence|house|academy|campus|school gym|catedral|santuario|room|home",
    ),
    (
        "from",
        "",
        "from|de|del|desde|od|starting|beginning|begins|begin|starts|start|effective|as of|a partir de|comenzando",
    ),
    ("replaced", "", "moved to|instead"),
    (
        "replaced",
        "former",
        "instead of|in place of|in the place of|rather than|takes the place of|replaces|en lugar de|en vez de",
    ),
)


def _single(
    table: dict[str, Meaning], kind: str, phrases: str, code: str = "", days: tuple[str, ...] = (), number: int = 0
) -> None:
    for phrase in _phrases(phrases):
        table.setdefault(phrase, Meaning(kind, code, days, number))


def _table() -> dict[str, Meaning]:
    table: dict[str, Meaning] = {}
    for text, named in _SERVICES:
        for phrase in _phrases(text):
            table[phrase] = Meaning("service", named.service, named=named)
    for phrase in _phrases(_DECOYS):
        table.setdefault(phrase, Meaning("service", "", named=Named("")))
    for feast, (phrases, _date, _subtype) in FEASTS.items():
        _single(table, "feast", phrases, feast)
    for day, phrases in _DAYS.items():
        _single(table, "day", phrases, day, (day,))
    for phrases, days in _DAY_SETS:
        _single(table, "day", phrases, days[0] if days[0] in ("HD", "HDV", "PH") else "set", days)
    for number, phrases in enumerate(_MONTHS, 1):
        _single(table, "month", phrases, number=number)
    for number, phrases in _ORDINALS:
        _single(table, "ordinal", phrases, number=number)
    for code, phrases in _LANGUAGES.items():
        _single(table, "language", phrases, code)
    for code, phrases in _SEASONS.items():
        _single(table, "season", phrases, code)
    for kind, code, phrases in _PLAIN:
        _single(table, kind, phrases, code)
    return table


MEANINGS: Final = _table()


def _first_words() -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in MEANINGS:
        words = phrase.split(" ")
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


FIRST_WORDS: Final = _first_words()
"""First word of a phrase to the length in words of the longest phrase that it begins."""

NUMBER_WORDS: Final = {
    word: number
    for number, words in enumerate(
        (
            "one|una|un",
            "two|dos",
            "three|tres",
            "four|cuatro",
            "five|cinco",
            "six|seis",
            "seven|siete",
            "eight|ocho",
            "nine|nueve",
            "ten|diez",
            "eleven|once",
            "twelve|doce",
        ),
        1,
    )
    for word in words.split("|")
} | {
    "fifteen": 15,
    "quince": 15,
    "twenty": 20,
    "veinte": 20,
    "thirty": 30,
    "treinta": 30,
    "forty": 40,
    "forty-five": 45,
    "forty five": 45,
    "sixty": 60,
    "ninety": 90,
}
