"""What a page, or a section of it, is for, where that is something else than saying when the standing services are.

A page about weddings says that they are on Saturdays at 11, the school's page when the pupils go to Mass, a history
when Mass was said in 1902. What stands there is read like anything else, and dropped here: a heading or label nearer
to it that names a schedule lets it pass.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from vitality.pages.links import address_words, fold
from vitality.pages.own_name import has_type, title_pieces
from vitality.pages.schedule import PassedOver, ReadLine, ScheduleReading
from vitality.pages.sections import Section, timed_sections
from vitality.records import Service, ServiceTime

_ALL = frozenset(Service)
_MENTIONED = frozenset(
    {Service.MASS, Service.DIVINE_LITURGY, Service.CONFESSION, Service.LITURGY_OF_HOURS, Service.VESPERS}
)
"""What a ministry is done at; its own hour may well be a devotion: adoration, a rosary, a novena."""

_SCHEDULE = re.compile(
    r"\b(?:mass|masses|liturgy|service|services|worship|confessions?|reconciliation|adoration|sacraments?) ?(?:times?|schedules?|hours)\b"
    r"|\b(?:schedule|times|hours) (?:of|for) (?:the )?(?:holy )?(?:mass|masses|services|worship|confessions?|liturg\w+)\b"
    r"|\bhorarios? (?:de |para )?(?:las? )?(?:santas? )?(?:misas?|confesion\w*|culto)\b"
    r"|\b(?:youth|teens?|family|children s|students?|choir|healing|folk|contemporary|latin|spanish|campus) mass(?:es)?$"
    r"|\b(?:sunday|weekend|weekday|daily|saturday|vigil|holy day|sunday and weekday|weekday and weekend)s? (?:mass|masses|liturg\w+)\b"
)
_NEVER = re.compile(
    r"\b(?:survey|questionnaire|poll|propos(?:ed|al)|feedback|archives?|sample page|lorem ipsum|(?:meeting|council|committee) minutes"
    r"|(?:area|nearby|neighbou?ring|surrounding|other) (?:catholic )?(?:mass|masses|parish(?:es)?|churches))\b"
)
"""Words that no schedule's name outweighs."""
_SERVICES = re.compile(
    r"\b(?:mass|masses|confessions?|reconciliation|penance|adoration|exposition|benediction|holy hour|liturg\w+|worship|devotions?|rosary|novena"
    r"|misas?|confesion\w*|adoracion|hora santa|sacramentos)\b"
)
_PURPOSES: tuple[tuple[str, frozenset[Service], str], ...] = (
    (
        "school",
        _ALL,
        r"(?:pre)?schools?(?! mass)|academy|students?(?! (?:mass|parish|center|centre|union|chapel|ministry|community|liturgy))|preschool|kindergarten|handbook|admissions?|tuition|curriculum|escuela|colegio",
    ),
    (
        "history",
        _ALL,
        r"history|historia|heritage|our story|timeline|through the years|founding|founders|anniversary book",
    ),
    ("wedding", _ALL, r"weddings?|marriages?|matrimony|matrimonio|bodas?|getting married|quinceaneras?|rehearsals?"),
    (
        "funeral",
        _ALL,
        r"funerals?|obituar\w+|bereavement|burial|funerales|exequias|cemeter(?:y|ies)|columbarium|in memoriam",
    ),
    (
        "initiation",
        _ALL,
        r"baptisms?|bautis\w+|first (?:holy )?(?:communion|eucharist|reconciliation|penance|confession)|confirmation|confirmacion|primera comunion|ocia|rcia|rica|rite of christian initiation|becoming catholic",
    ),
    (
        "formation",
        _ALL,
        r"religious ed(?:ucation)?|faith formation|ccd|psr|prep|catechesis|catechism|catequesis|catecismo|sunday school|adult (?:ed(?:ucation)?|faith|formation)|courses?|workshops?|seminars?|lectures?|speakers? series|vbs|bible (?:study|school)|classes|clases",
    ),
    (
        "youth",
        _ALL,
        r"youth (?:ministry|group|program)|life teen|edge|teens|youth|scouts?|young adults?|jovenes",
    ),
    (
        "ministry",
        _MENTIONED,
        (
            r"(?:liturgical )?(?<!campus )(?<!university )ministr(?:y|ies)|ministers|liturgical roles|rosters?|rota|choirs?|music|cantors?|lectors?|readers|ushers?|greeters?|sacristans?|servers|altar (?:servers?|society|guild)|eucharistic ministers"
            r"|volunteer\w*|hospitality|coffee|children s liturgy|nursery|child ?care|money counters|grupos|coros?|ministerios"
        ),
    ),
    (
        "ordination",
        _ALL,
        r"ordinations?|ordained|installation|jubilee|vocations (?:ministry|office|committee|dinner)|^vocations?$",
    ),
    (
        "retreat",
        _ALL,
        r"retreats?|retiros?|pilgrimages?|peregrinacion\w*|trip|itinerary|mission trip|conference|travel|excursions?|bus tours?",
    ),
    ("concert", _ALL, r"concerts?|recital|carols|requiem mass in|chorale|tickets"),
    (
        "broadcast",
        _ALL,
        r"live ?stream\w*|watch (?:mass|live|online|us|our|the|now|sunday|here|on|a)|online mass(?:es)?|mass(?:es)? online|virtual mass|(?:mass )?(?:on )?tv(?: mass)?|television|radio|broadcasts?|videos?|recordings?|podcasts?|youtube|gallery|photos?|photo albums?|galeria",
    ),
    (
        "teaching",
        _ALL,
        r"how to|guide|why|what is|what are|faqs?|frequently asked|examination of conscience|explained|homil(?:y|ies)|sermons?|reflections?|daily readings|readings",
    ),
    (
        "money",
        _ALL,
        r"giving|stewardship|offertory|collections?|donat\w+|fundrais\w+|finances?|capital campaign|raffle|bingo",
    ),
    ("intentions", _ALL, r"(?:mass )?intentions|mass cards?|mass stipends?|intenciones"),
    (
        "council",
        _ALL,
        r"council|committee|agenda|survey|questionnaire|propos(?:ed|al)|feedback|(?:meeting|council|committee) minutes|^minutes$",
    ),
    ("sale", _ALL, r"gift ?shop|shop|store|food pantry|thrift|fish fry|festival|bazaar|rentals?|hall rental|menu"),
    ("staff", _MENTIONED, r"staff|office hours|rectory hours|personal|oficina|employment|parish office"),
    (
        "letter",
        _ALL,
        r"(?:letter|message|note|news) from|pastor s (?:letter|message|desk|column|corner|blog)|carta (?:de|del)",
    ),
    ("pandemic", _ALL, r"covid(?: 19)?|coronavirus|pandemic"),
    ("archive", _ALL, r"archives?|past (?:events|bulletins|years)|previous years"),
    ("form", _ALL, r"(?:request|registration|sign up) forms?|forms"),
    (
        "other churches",
        _ALL,
        r"(?:area|nearby|neighbou?ring|surrounding|other) (?:catholic )?(?:mass|masses|parish(?:es)?|churches)",
    ),
    ("sample", _ALL, r"sample page|lorem ipsum"),
)
_WHOLE = frozenset({"school", "history", "broadcast", "retreat", "council", "sample"})
"""Purposes of a page that hold for its sections named like a service as well: the school's page on Mass."""
_COMPILED = tuple((name, services, re.compile(rf"\b(?:{words})\b")) for name, services, words in _PURPOSES)
_LONGEST_NAME = 12
"""Words of a heading."""
_MILD = frozenset({"staff", "money", "sale", "ministry", "letter", "form", "formation", "youth"})
"""Purposes beside which "Sunday Masses: 8:30 and 11" may well be told, in a sidebar or at the foot."""
_FESTIVE = frozenset({"sale", "concert", "retreat"})
"""Purposes with a Mass of their own: "Polka Mass and Festival"."""
_SAYS_ITSELF = re.compile(
    r"\W*(?:(?:sunday|weekend|daily|weekday|saturday|vigil|holy day)s?\s+)*(?:mass(?:es)?|confessions?|adoration|misas?|confesiones)(?: times?| schedule)?\s*[:–—-]",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:our |the )?(?:schedules?|times|horarios?)")
_BESIDE = re.compile(
    r"^(?:holy hour|rosary|adoration|novena) for\b|\b(?:mass|masses|confessions?|reconciliation|adoration) (?:and|or) |\band (?:mass|masses|confessions?|reconciliation|adoration)$"
)
"""A service named beside something else: "Masses and Livestream", "Baptism and Reconciliation"."""
_CONTAINER = re.compile(r"<(?:footer|div|section|table|td|p|ul)\b[^<>]{0,200}", re.IGNORECASE)
_IS_FOOTER = re.compile(r"^<footer\b|\b(?:id|class)=[\"'][^\"'<>]{0,100}\b(?:foot|footer)(?![a-z])", re.IGNORECASE)
_ASIDE = re.compile(r"<aside\b", re.IGNORECASE)
_ASIDE_END = re.compile(r"</aside\s*>", re.IGNORECASE)
_LABELS = frozenset({"heading", "term"})


def on_purpose(reading: ScheduleReading, url: str, html: str) -> ScheduleReading:
    """The reading without the times of sections and pages that are for something else; they count as passed over."""
    if not reading.times:
        return reading
    found: dict[int, str] = {}
    page, frames = _page_names(reading, url), _frames(html)
    for line, names in _names(reading, html, frames):
        about = () if _frame_of(line.start, frames) else page
        for number in line.times:
            time = reading.times[number]
            purpose = _purpose((*names, *about), time.service, line.text) or _borrowed(time, line, frames, len(html))
            if purpose is not None:
                found[number] = purpose
    return _without(reading, found) if found else reading


def _purpose(names: Sequence[str], service: Service, text: str) -> str | None:
    """Why a service that a text states under these names, the nearest first, is none of the standing ones, or None."""
    says_itself = bool(_SAYS_ITSELF.match(text))
    under_service = False
    for name in map(fold, names):
        if len(name.split()) > _LONGEST_NAME:
            continue  # a sentence that leads into hours names much that it is not about
        told = _elsewhere(name)
        if told is not None and told[0] not in _FESTIVE and _BESIDE.search(name):
            told = None
        if _SCHEDULE.search(name) and not _NEVER.search(name):
            return None
        if told is not None:
            stands = (
                service not in told[1]
                or (says_itself and told[0] in _MILD)
                or (under_service and told[0] not in _WHOLE)
            )
            return None if stands else f"“{name}” is about: {told[0]}"
        under_service = under_service or bool(_SERVICES.search(name) or _BARE.fullmatch(name))
    return None


def _borrowed(time: ServiceTime, line: ReadLine, frames: Sequence[tuple[int, int]], end: int) -> str | None:
    """Why a line of the footer has its service from a label of the page's own part, or None: there it holds no more."""
    footer = frames[-1][0] if frames and frames[-1][1] == end else end
    labels = time.evidence.context
    if line.start < footer or not labels or any(span.start >= footer for span in labels):
        return None
    return None if _SERVICES.search(fold(line.text)) else "its label stands outside the footer"


def _elsewhere(name: str) -> tuple[str, frozenset[Service]] | None:
    return next(((kind, services) for kind, services, words in _COMPILED if words.search(name)), None)


def _frames(html: str) -> list[tuple[int, int]]:
    """Where sidebars and the footer begin and end, in order: they are the site's own, not about what the page is for."""
    ends = [m.end() for m in _ASIDE_END.finditer(html)]
    found: list[tuple[int, int]] = []
    for opened in _ASIDE.finditer(html):
        index = bisect_right(ends, opened.start())
        if index < len(ends) and (not found or opened.start() >= found[-1][1]):
            found.append((opened.start(), ends[index]))
    footer = max((m.start() for m in _CONTAINER.finditer(html) if _IS_FOOTER.search(m.group())), default=None)
    if footer is None:
        return found
    return [*(each for each in found if each[1] <= footer), (footer, len(html))]


def _frame_of(position: int, frames: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    index = bisect_right(frames, position, key=lambda each: each[0]) - 1
    return frames[index] if index >= 0 and position < frames[index][1] else None


def _names(
    reading: ScheduleReading, html: str, frames: Sequence[tuple[int, int]]
) -> Iterator[tuple[ReadLine, tuple[str, ...]]]:
    """Each line with times, and the label and headings it stands under, the nearest first."""
    found = [each for each, _ in timed_sections(reading.lines, html)]
    starts = [each.start for each in found]
    label: ReadLine | None = None
    for line in reading.lines:
        index = bisect_right(starts, line.start) - 1
        section = found[index] if index >= 0 else Section("", 0, 0)
        frame = _frame_of(line.start, frames)
        if frame is not None and section.start < frame[0]:
            section = Section("", frame[0], frame[1])
        if label is not None and label.start < section.start:
            label = None
        if line.times:
            names = (section.name, *section.above)
            yield line, tuple(n for n in ((label.text, *names) if label else names) if n)
        if line.why == "label" or line.role in _LABELS:
            label = line


def _page_names(reading: ScheduleReading, url: str) -> tuple[str, ...]:
    """What the page calls itself: the pieces of its title that are no church's name, and the parts of its address."""
    pieces = [piece for piece in title_pieces(reading.title) if not has_type(piece)]
    path = [part for part in urlsplit(url).path.split("/") if part]
    address = [address_words(f"http://x/{part}") for part in reversed(path)]
    return (*pieces, *address)


def _without(reading: ScheduleReading, dropped: dict[int, str]) -> ScheduleReading:
    left = [number for number in range(len(reading.times)) if number not in dropped]
    place = {number: index for index, number in enumerate(left)}
    lines, passed = [], list(reading.passed_over)
    for line in reading.lines:
        gone = [number for number in line.times if number in dropped]
        if gone:
            passed.append(PassedOver(text=line.text, start=line.start, end=line.end, reason=dropped[gone[0]]))
        why = "; ".join(filter(None, (line.why, dropped[gone[0]]))) if gone else line.why
        lines.append(replace(line, times=tuple(place[n] for n in line.times if n in place), why=why))
    times = tuple(reading.times[number] for number in left)
    return replace(reading, times=times, lines=tuple(lines), passed_over=tuple(passed))
