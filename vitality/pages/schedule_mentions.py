"""Sentences that mention a service without stating one: somebody attended, asked, sang, remembered, or sold tickets."""

from __future__ import annotations

import re
from typing import Final

_SENTENCE_END: Final = re.compile(
    r"(?<![ap]\.m)(?<!\b[A-Z])(?<!\bSt)(?<!\bFr)(?<!\bMsgr)(?<!\bRev)[.!?]+[\"')]?\s+(?=[^a-z\d\s])"
)
_SHORTEST_QUESTION: Final = 20
_MENTIONS: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (
            (
                r"\b(?:students?|pupils?|scouts?|schoolchildren|graders?|grades?|classes|alumn\w+|teachers|faculty)\b[^.;:?]{0,60}"
                r"\b(?:attend\w*|participate\w*|dismiss\w*|celebrate with|plan|lead)\b"
                r"|\b(?:i|we) (?:went|attended|used to go|was at|were at)\b|\b(?:alumnos|estudiantes)\b[^.;:?]{0,40}\basist\w+"
            ),
            "tells who attends",
        ),
        (
            (
                r"\b(?:would you|if you would|asked (?:you )?(?:if|whether)|we asked|discuss(?:ion|ed|ing)|propos(?:al|als|ed|ing)"
                r"|suggest(?:ion|ions|ed)|survey(?:ed)?|petition|questionnaire|feasib\w+|considering (?:a|the|whether|moving|changing))\b"
            ),
            "asks or proposes",
        ),
        (
            (
                r"\b(?:last (?:night|evening)|yesterday)\b|\b[A-Z][a-z]+\.? \d{1,2}, 1[6-9]\d\d\b|\btook place\b|\b(?:thank you|thanks) to (?:all|everyone)\b|\bheld its\b|\b(?:appeared|knelt|enjoyed|arrived|gathered|thanked)\b|^\W*(?:1[6-9]\d\d|200\d)\b(?! missal)|\b(?:in|on|of|by|since|from|until|around|about) (?:the (?:year )?)?(?:\w+ (?:\d{1,2}, )?)?1[6-9]\d\d\b"
                r"|\bwe celebrated\b|\blast (?:sun|mon|tues|wednes|thurs|fri|satur)day,? (?:we|our|the (?:parish|bishop))\b"
                r"|\bfirst mass (?:was|in|of the (?:new )?(?:parish|church))\b|\b(?:centennial|golden jubilee|silver jubilee) mass\b"
            ),
            "speaks of the past",
        ),
        (r"\b(?:the|is|be) (?:the )?last (?:week|time|day|weekend)\b(?! of)", "comes to an end"),
        (
            (
                r"\bneed(?:s|ed)?\b[^.;:?]{0,40}\b(?:ushers?|lectors?|readers?|ministers?|servers?|greeters?|singers?|volunteers?|counters?|drivers?)\b"
                r"|\b(?:choir|ensemble|group|cantors?|coro|schola)\b[^.;:?]{0,30}\b(?:sings?|plays?|rehears\w*|meets?|canta)\b"
                r"|\b(?:served|led|sung|hosted|sponsored) by the (?:teens|youth|children|students|choir|knights)\b|\b(?:he|she|they) (?:assisted|served|attended)\b"
                r"|\b(?:his|her|their) first (?:holy )?mass\b|\b(?:sings?|singing) (?:at|for|the)\b[^.;:?]{0,20}\bmass"
            ),
            "speaks of those who serve",
        ),
        (
            r"\b(?:performs?|performed|performance|chorale|tickets?|orchestra|symphony|mozart|verdi|faur[eé])\b",
            "a concert",
        ),
        (r"\b(?:radio|ewtn|television|televised|cable|broadcast|channel \d+)\b", "a broadcast"),
        (
            (
                r"^\W*(?:the )?(?:weddings?|baptisms?|funerals?|quincea[nñ]eras?|funeral mass(?:es)?|wedding mass(?:es)?)\b[^.;:?]{0,60}"
                r"\b(?:are|is|may|can|take)\b"
            ),
            "weddings, funerals or baptisms",
        ),
        (
            r"\b(?:received|submitted|turned in|rsvp|sign up|register)\b[^.;:?]{0,15} (?:by|before|no later than)\b|\bvacate\b|\bdeadline\b",
            "a deadline",
        ),
    )
)


def sentence_around(words: str, low: int, high: int) -> str:
    """The sentence of a line that holds `words[low:high]`."""
    start, end = 0, len(words)
    for match in _SENTENCE_END.finditer(words):
        if match.end() <= low:
            start = match.end()
        elif match.start() >= high:
            end = match.end()
            break
    return words[start:end].strip()


def mention(words: str, low: int, high: int) -> str:
    """Why the sentence around `words[low:high]` states no service; empty when it may."""
    sentence = sentence_around(words, low, high)
    if sentence.endswith("?") and len(sentence) > _SHORTEST_QUESTION:
        return "asks or proposes"
    return next((reason for pattern, reason in _MENTIONS if pattern.search(sentence)), "")
