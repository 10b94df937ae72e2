"""Who is the pastor of a parish, as its pages say it: not the associate, the deacon, the bishop or a former one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vitality.pages.text_lines import TextLine

_TITLE = (
    r"(?:(?:Very|Most|Right|The|Rev(?:erend|\.)?|Mitred|V\.)\s+)*"
    r"(?:Rev(?:erend)?\b\.?|Fr\b\.?|Father|Msgr\b\.?|Monsignor|Mons\b\.?|Archpriest|Protopresbyter|Archimandrite|Hieromonk|Canon|Padre|P\.|Pbro\.?|Pe\.|Don)"
    r"(?:\s*(?:Fr\b\.?|Father|Msgr\b\.?|Monsignor|Canon|Protopresbyter))?"
)
_WORD = r"(?:[A-ZÀ-ÖØ-ÞĐ][\w'’\-]{0,2}\.|[A-ZÀ-ÖØ-ÞĐ][\w'’\-]*|(?:de|la|del|los|van|von|der|di|da|dos|le|St\.)(?=\s))"
_ORDER = r"(?:,?\s+(?!P\.\s?P\.?)(?:Jr\.?|Sr\.?|I{2,3}|[A-Z]\.?(?:[A-Z]\.?){1,4}|J\.C\.L\.|Ph\.?D\.?|[A-Z][a-z]?\.[A-Za-z.]{1,6}))"
_NAME = rf"{_TITLE}\s*{_WORD}(?:\s+{_WORD}){{0,4}}{_ORDER}*"
_ROLE = r"(?:pastor|parish priest|parish administrator|administrator|párroco|parroco|cura párroco|proboszcz|cha xứ|(?:priest|father)[ -]in[ -]charge|parochial administrator|pároco|p\.p\.?|proistamenos|head priest|presiding priest|vicar(?!\s+(?:general|for))|rector(?! of))"
_NOT_ROLE = re.compile(
    r"\b(?:associate|assistant|asst|emerit\w+|former\w*|retired|past|in residence|parochial vicar|deacon|bishop|succeeded|became|was|founding|first|until|youth|sacristan)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    rf"(?:^|[/|]\s*)(?:(?i:our|the)\s+)?(?i:{_ROLE})\s*[:–—,-]?\s*(?P<name>{_NAME})(?=$|[\s,;.(|–-])"
)
_IN_SENTENCE = re.compile(rf"\b(?i:our|the)\s+(?i:{_ROLE})(?:,|\s+is|:)?\s+(?P<name>{_NAME})(?=$|[\s,;.(|–-])")
_FOLLOWED = re.compile(
    rf"(?P<name>{_NAME})\s*(?:[,(|:–—-]|\s)\s*(?:(?i:our|the|is our|is the|as the|as)\s+)?(?i:{_ROLE})(?!\w)(?!\s*(?i:emerit|of (?!the|our|this|st|saint|holy|sacred)))"
)
_ONLY_NAME = re.compile(rf"^(?P<name>{_NAME})[\s,.]*$")
_ONLY_ROLE = re.compile(rf"^(?:(?i:our|the)\s+)?(?i:{_ROLE})(?:\s*\([\w\s]{{3,30}}\))?[\s:.]*$")
_CONTACTS = re.compile(r"\s*[|•·]\s*|\s+[–-]?\s*(?=\S+@|\(?\d{3}\)?[\s.-])")
"""What parts a role from the e-mail address or number behind it."""
_SENTENCE_END = re.compile(r"[.;|]")
_MAX_LINE = 2000
_PROSE = 120
"""Characters within which a name before the role is a caption rather than a story."""


def pastors(lines: Sequence[TextLine]) -> Iterator[str]:
    """Names with their titles, as printed, of those whom the lines call pastor, parish priest or administrator."""
    for index, line in enumerate(lines):
        name = _on_line(line.text) or _beside(lines, index)
        if name is not None:
            yield name


def _on_line(text: str) -> str | None:
    for pattern in (_LABELLED, _IN_SENTENCE, _FOLLOWED):
        found = pattern.search(text[: _PROSE if pattern is _FOLLOWED else _MAX_LINE])
        if found is None:
            continue
        after = _SENTENCE_END.split(text[found.end() : found.end() + 12])[0]
        if pattern is _IN_SENTENCE:  # "Our pastor, Fr. Smith, was ordained in 1990" is told of him who is
            after = after.replace("was", "")
        if not _NOT_ROLE.search(text[max(0, found.start() - 25) : found.end()] + after):
            return _tidy(found.group("name"))
    return None


def _beside(lines: Sequence[TextLine], index: int) -> str | None:
    """A card: the role on a line of its own, the name on the line before, else after."""
    if not _ONLY_ROLE.match(_CONTACTS.split(lines[index].text)[0]):
        return None
    neighbours = [lines[i].text for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    found = (_ONLY_NAME.match(text) for text in neighbours)
    return next((_tidy(each.group("name")) for each in found if each is not None), None)


def _tidy(name: str) -> str:
    return re.sub(rf"\s+(?i:{_ROLE}|our|the|is|as)$", "", name.strip(" ,;-–")).strip(" ,;-–")
