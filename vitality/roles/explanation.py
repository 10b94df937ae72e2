"""`vitality read schedule --explain`: for a person, what was read from each line of a page and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from vitality.pages.passing import occasions
from vitality.pages.schedule import ReadLine, ScheduleReading
from vitality.records import Page, RelativeTime, ServiceTime, TimeStatus
from vitality.roles.site_reading import SiteReading

_WIDTH = 100


def page(read: Page, reading: ScheduleReading) -> str:
    """One page: its lines with what came of them and why, then what was passed over."""
    return "\n".join(_page(read.url, reading, read.text))


def site(read: SiteReading, path_of: Callable[[str], str]) -> str:
    """A site: the walk, each page read, and the schedule that they make together."""
    parts = [f"site {read.home_url}   {read.requests} requests, stopped: {read.stop.value}", ""]
    for each in read.pages:
        linked = "" if each.linked else "   (nothing links here)"
        parts.append(
            f"  read    {path_of(each.page.url)}   {len(each.reading.times)} times   because: {each.why}{linked}"
        )
    parts += [f"  failed  {path_of(f.url)}   {f.kind}: {f.reason}" for f in read.failed]
    parts += [f"  blocked {path_of(f.url)}   {f.kind}: {f.reason}" for f in read.blocked]
    parts += [f"  needs JavaScript, read without it: {path_of(url)}" for url in read.browser_missed]
    for each in read.pages:
        parts += ["", *_page(path_of(each.page.url), each.reading, each.page.text)]
    parts += ["", "the site's schedule"]
    parts += [
        f"  {in_words(time)}   [{path_of(time.evidence.url)}]{_overruled(time, read.times)}" for time in read.times
    ]
    parts += [] if read.times else ["  nothing"]
    return "\n".join(parts)


def _page(name: str, reading: ScheduleReading, html: str) -> Iterator[str]:
    traits = [
        word for word, holds in (("made for it", reading.dedicated), ("about one occasion", reading.transient)) if holds
    ]
    told = [f"title “{reading.title}”", *traits, f"speaks of {reading.year}" if reading.year else ""]
    yield f"page {name}   {'   '.join(filter(None, told))}"
    passing = occasions(reading, html)
    for line in reading.lines:
        yield from _line(line, reading, passing)
    if reading.passed_over:
        yield "  passed over"
    for passed in reading.passed_over:
        yield f"    {_short(passed.text)}\n        because: {passed.reason}"


def _line(line: ReadLine, reading: ScheduleReading, passing: Mapping[int, str]) -> Iterator[str]:
    why = f"   ({line.why})" if line.why and line.why != "label" else ""
    yield f"  {line.role:<8} {_short(line.text)}{why}"
    for index in line.times:
        time = reading.times[index]
        yield f"           → {in_words(time)}"
        yield f"             {_why(time, passing.get(index))}"


def _overruled(time: ServiceTime, times: Sequence[ServiceTime]) -> str:
    """Why a time was set aside: what another page says of the same service and day; else it is over or nothing links it."""
    if time.status is not TimeStatus.SUPERSEDED:
        return ""
    rivals = (t for t in times if t.status is TimeStatus.ACTIVE and t.service is time.service)
    against = [t.start for t in rivals if set(t.days) & set(time.days) and t.evidence.url != time.evidence.url]
    told = ", ".join(dict.fromkeys(start for start in against if start))
    return f"   because: a page of more trust says {told}" if told else "   because: it is over, or nothing leads there"


def _why(time: ServiceTime, occasion: str | None) -> str:
    """The words that a time was read from, those around that gave them their meaning, and the occasion it is for."""
    told = f"from “{_short(time.evidence.quote)}”"
    if time.evidence.context:
        told += " under " + " › ".join(f"“{_short(' '.join(span.quote.split()))}”" for span in time.evidence.context)
    return f"{told}; passing, for “{_short(occasion)}”" if occasion else told


def in_words(time: ServiceTime) -> str:
    """A service time on one line."""
    days = " ".join((*time.days, *time.dates)) or "no day"
    start = time.start or _relative(time.start_rel) or ("by appointment" if time.by_appointment else "no time")
    end = time.end or _relative(time.end_rel)
    details = [
        time.subtype.value if time.subtype else "",
        "/".join(time.language),
        time.rite or "",
        time.location or "",
    ]
    details += [time.season or "", f"except {', '.join(time.except_)}" if time.except_ else ""]
    details += [f"inferred: {', '.join(time.inferred)}" if time.inferred else "", time.status.value]
    told = ", ".join(each for each in details if each)
    return f"{time.service.value} {days} {start}{f'–{end}' if end else ''}   {told}   {time.confidence:.2f}"


def _relative(relative: RelativeTime | None) -> str:
    if relative is None:
        return ""
    minutes = "" if relative.offset_min is None else f"{relative.offset_min:+d} min "
    return f"{minutes}of the {relative.edge} of {relative.anchor} {relative.anchor_time or ''}".strip()


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
