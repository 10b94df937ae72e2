"""The words of links and addresses, and what they promise for each purpose: data, no code.

A table maps a pattern of folded words (lower case, no accents, one space) to a weight. Patterns stand between
word boundaries. `WANTED` weights are compared, the best one counts; `UNWANTED` weights are added up.
"""

from __future__ import annotations

# Roughly: 10 = is what the purpose asks for; 6 = likely holds it; 3 = may hold it in passing.
SCHEDULE_WANTED = {
    # English
    r"mass(?:es)? ?(?:and|&|,)? ?(?:confession|reconciliation|adoration)s?(?: (?:times?|schedule))?": 11,
    r"(?:weekend |weekday |daily |sunday |holy )*mass(?:es)? ?(?:times?|schedules?|hours)": 11,
    r"(?:times?|schedules?|hours) (?:of|for) (?:the )?(?:holy )?(?:mass(?:es)?|services?|worship|liturg(?:y|ies))": 11,
    r"(?:liturgical|liturgy|liturgies|worship|sacrament|service|services|church|prayer) ?(?:times?|schedules?)": 11,
    r"mass(?:es)? (?:and|&) (?:sacraments?|devotions?|services?|prayers?|liturg(?:y|ies)|worship|events?)": 9,
    r"(?:our |daily |weekday |weekend |sunday |holy )?mass(?:es)?": 9,
    r"(?:divine |holy )?liturg(?:y|ies)|qurbana": 8,
    r"schedules?|times|timings?": 7,
    r"(?:sacrament of )?(?:reconciliation|confessions?|penance)": 8,
    r"(?:eucharistic |perpetual )?adoration|exposition|holy hour|benediction": 8,
    r"worship|services?": 7,
    r"devotions?|novenas?|rosary|stations of the cross|pray(?:ers?)?": 5,
    r"(?:our |the |seven )?sacraments?|sacramental life": 6,
    r"eucharist": 5,
    r"(?:plan (?:your|a) )?visit(?: us)?|visitors?|(?:i ?m |i am )?new(?:comers?| here)?|join us|welcome|what to expect": 4,
    r"(?:parish |church |general )?info(?:rmation)?": 4,
    r"about(?: us| the parish| our parish)?|(?:our )?(?:parish|church)(?:es)?": 3.5,
    r"contacts?(?: us)?|directions?|find us|locations?": 3.5,
    r"home(?: ?page)?|index|start": 2,
    r"out ?stations?|mass cent(?:er|re)s?|chapels?|campuses": 4,
    r"calendar|events?|what s on": 1.5,
    r"bulletins?|newsletters?": 1,
    # Spanish
    r"horarios? (?:de |para )?(?:las? )?(?:santas? )?(?:misas?|culto|servicios?|confesiones|la parroquia)": 11,
    r"horarios?|horas": 8,
    r"(?:santas? )?misas?": 9,
    r"confesion(?:es)?|reconciliacion|penitencia": 8,
    r"adoracion(?: eucaristica| perpetua)?|hora santa": 8,
    r"sacramentos|liturgia|celebraciones": 6,
    r"servicios": 4,
    r"contacto|contactenos|visitanos|(?:sobre |acerca de )?nosotros|quienes somos|bienvenid[oa]s": 3.5,
    r"(?:nuestra )?parroquia|inicio": 3,
    r"(?:en )?espanol|(?:comunidad|pastoral) hispana": 5,
    r"(?:hispanic|latino|spanish|vietnamese|filipino|haitian|polish|portuguese|korean) (?:ministry|community)|ministerio hispano": 8,
    # Other languages of the parishes, without accents
    r"horarios? (?:das? |de )?missas?|missas?|horarios das celebracoes": 10,
    r"confissao|confissoes": 8,
    r"horaires?(?: (?:des|de) (?:messes?|celebrations?|offices))?|messes?": 10,
    r"orari?o?(?: (?:delle |sante |s )*messe)?|messe": 10,
    r"messzeiten|gottesdienst(?:e|zeiten|ordnung)?|beichte": 10,
    r"(?:porzadek |godziny )?(?:mszy|msze)(?: swiet(?:ych|e))?|nabozenstwa|spowiedz": 10,
    r"(?:gio|thanh) le|lich le|phung vu|giai toi": 10,
    r"misa sa|kumpisal|oras ng misa": 8,
    r"le mes|lames": 8,
    r"bogosluzhbi|bohosluzhinnya|rozklad": 8,
}
SCHEDULE_UNWANTED = {
    r"archives?|past|previous": -5,
    r"news|blog|posts?|articles?|announcements?|press": -4,
    r"donat(?:e|ions?)|giv(?:e|ing)|stewardship|tithe|offertory|fundrais\w+|raffle|auction": -8,
    r"schools?|academy|preschool|kindergarten|tuition|enroll?ment|admissions?": -7,
    r"faith formation|religious ed(?:ucation)?|ccd|catechism|catechesis|rcia|ocia|vbs|bible study|formation": -5,
    r"youth|teens?|young adults?|children s? ministry|kids": -4,
    r"calendars?": -1,
    r"login|log in|sign ?in|register|registration|account|cart|checkout|shop|store|search": -12,
    r"gallery|photos?|videos?|album|podcasts?|homil(?:y|ies)|sermons?|readings?|live ?stream\w*|broadcasts?": -6,
    r"history|mission statement|vision|our story": -3,
    r"staff|clergy|council|leadership|committee|finance|employment|jobs|careers": -3,
    r"ministries|ministry|groups?|organi[sz]ations?|clubs?|knights of columbus|volunteers?|societ(?:y|ies)": -3,
    r"cemetery|cemeteries|columbarium": -6,
    r"privacy|terms|cookies?|policy|policies|safe environment|virtus|accessibility|legal": -12,
    r"baptisms?|marriages?|matrimony|weddings?|funerals?|confirmation|first (?:holy )?(?:communion|eucharist)|holy orders|quinceaneras?": -4,
    r"intentions?|mass cards?": -4,
    r"servers?|lectors?|ushers?|ministers?|choir|music|volunteer": -3,
    r"rentals?|hall|preschool|festival|carnival|bingo|fish fry": -6,
    r"(?:christmas|easter|lent|lenten|advent|holy week|triduum)": -1.5,
    r"media|mass media|feed|rss|tag|category|author|wp json|print|comment": -8,
    r"thanks?(?: you)?|404|error|sitemap|under ?construction|test|template|copy": -6,
    r"how to|guide|examination of conscience|what is|why|faq|prayers? of": -1,
    r"noticias|donar|donaciones|escuela|catequesis|galeria|historia|eventos|bautismos?|matrimonio|bodas": -4,
}

PARISH_FACTS_WANTED = {
    r"contacts?(?: us| info(?:rmation)?| details)?|reach us|get in touch|contacto|contactenos|kontakt|contatti|contato": 10,
    r"(?:parish |our |church )?(?:staff|clergy|priests?|pastors?|team|people|leadership)(?: directory)?|who s who|meet (?:our |the )?(?:staff|team|pastor|priests?|fr|father)\w*|clero|sacerdotes?|personal": 8,
    r"(?:parish |church )?office(?: hours)?|oficina": 8,
    r"directions?|locations?|find us|map|where we are|ubicacion": 7,
    r"about(?: us| the parish| our parish)?|who we are|nosotros|quienes somos": 6.5,
    r"(?:parish |church )?info(?:rmation)?|(?:our )?parish|parroquia|visit(?: us)?|welcome": 5,
    r"home(?: ?page)?|inicio": 3,
    r"mass(?: times| schedule)?|horarios?": 3,
}
PARISH_FACTS_UNWANTED = {
    r"news|blog|events?|calendar|archives?|bulletins?": -5,
    r"schools?|academy|faith formation|religious ed(?:ucation)?|youth": -5,
    r"donat(?:e|ions?)|giv(?:e|ing)|shop|store|cart|login|log in|sign ?in|register": -10,
    r"gallery|photos?|videos?|history|ministries|homilies": -3,
    r"privacy|terms|cookies?|policy|thanks?(?: you)?|404": -10,
    r"emergency contacts?|contact your (?:representative|senator)": -6,
}

DIRECTORY_WANTED = {
    r"find (?:a|your|my|our) (?:catholic )?(?:parish(?:es)?|church(?:es)?)": 11,
    r"findaparish|findaparishschool|findparish|parishfinder|parishdirectory|parishlocator|parishlist": 11,
    r"(?:parish|church|parishes|churches)(?: and (?:school|mission|mass)s?)? ?(?:directory|finder|locator|search|lookup|list(?:ings?)?|map|index|guide)": 11,
    r"(?:directory|list(?:ing)?|map|index|finder) of (?:the )?(?:catholic )?(?:parishes|churches|parishes and missions)": 11,
    r"(?:all |our |the |area |local |catholic )*parishes(?: (?:and|&) (?:missions|churches|schools|campuses|clergy|institutions|communities))*": 9,
    r"(?:all |our |catholic )*(?:churches|missions|worship sites)": 7,
    r"parishes by (?:city|county|deanery|vicariate|name|region)": 10,
    r"(?:directorio|lista|mapa|buscador) de (?:las )?(?:parroquias|iglesias)|(?:buscar|encuentre|encontrar) (?:una |su )?parroquia": 11,
    r"(?:nuestras )?parroquias(?: y misiones)?|iglesias": 9,
    r"parish": 3,
    r"(?:diocesan |archdiocesan |catholic |online )?directory|directories|directorio": 5,
    r"mass ?(?:times|finder|schedules?)(?: (?:search|by parish))?|find (?:a )?mass": 4,
    r"locations?|locate|find us|near you": 4,
    r"deaner(?:y|ies)|vicariates?|regions?|counties|vicariatos?": 4,
    r"(?:faith |catholic |our |parish )*communities|pastorates?|collaboratives?|families of (?:faith|parishes)": 5,
    r"(?:alphabetical|complete|full) (?:list(?:ing)?|directory)|list(?:ing)?|finder|locator": 4,
    r"worship(?: with us)?|where we are|(?:our |the )(?:arch)?(?:diocese|eparchy)|about (?:the|our) (?:arch)?diocese": 2,
}
DIRECTORY_UNWANTED = {
    r"resources?|forms?|handbook|toolkit|services?|support|administration|manual": -7,
    r"staff|employees?|personnel|curia|chancery|departments?|offices?|council|clergy|priests?|deacons?": -5,
    r"closed|former|merged|suppressed|closures?|archives?|sacramental records|records|history": -12,
    r"employment|jobs|careers|openings": -10,
    r"news|blog|posts?|articles?|press|announcements?|events?|calendar|stories": -7,
    r"schools?|academ(?:y|ies)|universit(?:y|ies)|hospitals?|cemetery|cemeteries|nursing": -5,
    r"planning|pastoral plan|restructur\w+|renewal|initiative|finance|finances|assessment|stewardship|appeal": -6,
    r"donat(?:e|ions?)|giv(?:e|ing)|shop|store|cart|login|log in|sign ?in|register|search": -8,
    r"safe environment|protection|policy|policies|privacy|terms|virtus|insurance": -10,
    r"life|leadership|vitality|ministr(?:y|ies)|youth|vocations?|marriage|family": -4,
    r"boundar(?:y|ies)|statistics|how to|become|start": -4,
}
