"""The links that a walk over a site has found, ranked by what they promise for its schedule."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from vitality.pages.dom import Link
from vitality.pages.links import Candidate, Purpose, fold, is_page_address, page_key, rank_links, rate, same_site
from vitality.pages.own_name import is_church_name, is_other_institution

STRONG = 9.0
"""Score of a link that names the schedule itself."""
_A_CHURCH = 6.5
"""Score of the page of one church of several: read even when the schedule looks complete."""
_SEVERAL = 2
_OTHER_CHURCH = re.compile(r".+ (?:mission(?: church)?|chapel|capilla|la mision)")
"""Names of churches that a parish has besides its own, so that one of them alone has Masses of its own."""
_NO_CHURCH = re.compile(
    r"(?:our|the|parish|lenten|advent|annual|.* and) mission|(?:.* )?mission (?:statement|trip|appeal)s?"
)
_MOST_CHURCHES = 6
_NEUTRAL_TRIES = 8
_LEAST_NEUTRAL = -3.0


@dataclass(slots=True)
class LinkQueue:
    """The best candidate for each page of one site; which pages were read is the walk's to know."""

    waiting: dict[str, Candidate] = field(default_factory=dict)
    neutral: dict[str, Candidate] = field(default_factory=dict)
    tries: int = 0

    @property
    def empty(self) -> bool:
        """Whether no link promised anything so far."""
        return not self.waiting

    def best_score(self) -> float:
        """The most that any link promised so far."""
        return max((c.score for c in self.waiting.values()), default=0.0)

    def offer(self, links: Iterable[Link], home: str, why: str) -> None:
        """Takes the links of one page, or of a sitemap, that lead to pages of the site of `home`."""
        links = [link for link in links if is_page_address(link.url)]
        for link in links:
            rated = rate(link, Purpose.SCHEDULE)
            if same_site(link.url, home) and _LEAST_NEUTRAL <= rated.score <= 0:
                self.neutral.setdefault(page_key(link.url), rated)
        ranked = rank_links(links, page_url=home, purpose=Purpose.SCHEDULE)
        for candidate in (*ranked, *_inside(links, home), *_churches(links, home)):
            key = page_key(candidate.url)
            known = self.waiting.get(key)
            if known is None or known.score < candidate.score:
                self.waiting[key] = replace(candidate, reason=f"{why}: {candidate.reason}") if why else candidate

    def best(self, seen: Collection[str], worth: float) -> Candidate | None:
        """The most promising page not seen yet, if it promises more than `worth`."""
        left = (c for key, c in self.waiting.items() if key not in seen and c.score > worth)
        return max(left, key=lambda c: c.score, default=None)

    def unpromising(self, seen: Collection[str]) -> Candidate | None:
        """The least bad page that promises nothing; a few such tries at most."""
        left = (c for key, c in self.neutral.items() if key not in seen)
        best = max(left, key=lambda c: c.score, default=None) if self.tries < _NEUTRAL_TRIES else None
        if best is None:
            return None
        self.tries += 1
        return replace(best, reason="nothing promising is left")


def _churches(links: Sequence[Link], home: str) -> Iterable[Candidate]:
    """The pages of the churches of one parish, where a menu names several, or its mission: each has Masses of its own."""
    named = {page_key(link.url): link for link in links if same_site(link.url, home) and _is_church(link)}
    if len(named) < _SEVERAL or len({fold(link.text) for link in named.values()}) < _SEVERAL:
        named = {key: link for key, link in named.items() if _OTHER_CHURCH.fullmatch(fold(link.text))}
    own = page_key(home)
    return [
        Candidate(url=link.url, text=link.text, score=_A_CHURCH, reason=f"a church of {len(named)} “{link.text}”")
        for key, link in list(named.items())[:_MOST_CHURCHES]
        if key != own
    ]


def _is_church(link: Link) -> bool:
    """Whether a link's words are a church's name, and its address no post, school or society."""
    name = (
        is_church_name(link.text) and not is_other_institution(link.text) and not _NO_CHURCH.fullmatch(fold(link.text))
    )
    return name and 0 <= rate(link, Purpose.SCHEDULE).score < _A_CHURCH


def _inside(links: Iterable[Link], home: str) -> Iterable[Candidate]:
    """Frames of a page and where it refreshes to: the page itself, as a visitor sees it."""
    frames = (rate(link, Purpose.SCHEDULE) for link in links if link.rel in ("frame", "iframe", "meta"))
    for c in frames:
        if same_site(c.url, home):
            yield Candidate(url=c.url, text=c.text, score=max(c.score, STRONG), reason="frame of a page")
