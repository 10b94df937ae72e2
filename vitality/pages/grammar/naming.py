"""What a time is called: two names of one service as one, a name in its context, the languages of what is bilingual."""

from __future__ import annotations

from dataclasses import replace

from vitality.pages.grammar.draft import Draft
from vitality.pages.grammar.vocabulary import BILINGUAL, Named


def not_after_itself(draft: Draft) -> None:
    """Such as "After the 4:30 Vigil Mass we have ..." states that Mass."""
    relative = draft.relative
    if relative is not None and draft.named is not None and relative.anchor == draft.named.service:
        draft.relative, draft.clock, draft.until = None, relative.clock, None
        if relative.clock is None or relative.offset is None:
            draft.reason = "relative to the same service"


def blend(first: Named, second: Named) -> Named:
    """Two names of one service as one ("Latin" and "High Mass")."""
    strong = second if first.weak else first
    other = first if first.weak else second
    return replace(
        strong,
        subtype=strong.subtype or other.subtype,
        language=strong.language or other.language,
        rite=strong.rite or other.rite,
        notes=strong.notes or other.notes,
    )


def in_context(named: Named, outer: Named) -> Named:
    """A bare name takes its rite from what the heading said of the same service."""
    if outer.service == "divine_liturgy" and named.service == "mass" and (named.weak or named.subtype == "vigil"):
        return outer
    if named.service == outer.service and outer.rite and not named.rite:
        return replace(named, rite=outer.rite)
    return named


def two_named(draft: Draft, spoken: tuple[str, ...]) -> tuple[str, ...]:
    """The languages of what is "bilingual": English and Spanish of a Latin parish, which the page has not printed;
    those of an Eastern one are not known.
    """
    if draft.named is None or draft.named.service == "divine_liturgy":
        return tuple(code for code in spoken if code != BILINGUAL)
    draft.inferred.append("language")
    return tuple(dict.fromkeys(("en", *(code for code in spoken if code not in (BILINGUAL, "en")), "es")))[:2]
