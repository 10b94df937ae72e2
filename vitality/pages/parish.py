"""Parish facts from a parish's own site: name, address, telephone, e-mail, pastor, each with the page that states it.

Every page votes: home and contact pages weigh most, the first number or address of a page more than later ones,
and what stands in the footer of every page wins over a stray mention. A site that is not a parish's gives None.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.address import Address
from vitality.pages.contact import addresses, emails, is_email, is_number, phones
from vitality.pages.dom import parse, text_of
from vitality.pages.links import address_words, fold, site_host
from vitality.pages.own_name import (
    has_type,
    is_other_institution,
    is_plainly_a_name,
    kind_of,
    name_core,
    names,
    other_site_name,
    rite_of,
    title_pieces,
)
from vitality.pages.pastor import pastors
from vitality.pages.site_data import data_addresses, data_values
from vitality.pages.text_lines import text_lines
from vitality.records import Page, Parish

_T = TypeVar("_T")

_CONTACT = re.compile(
    r"\b(?:contact|directions?|about|office|staff|info|information|contacto|parish|welcome|visit|clergy|reach|connect|find us|oficina|ubicacion|personal|who s who)\b"
)
_HOME = 4.0
"""Weight of the home page, which is kept up when others are forgotten."""
_LATER = 0.3
"""Weight of a page's second and later values: the first one is mostly the parish's own."""
_LEAST = {"email": 1.3, "phone": 0.7}
"""Votes below which a value is rather somebody else's: a mention in passing."""
_IN_PASSING = 0.5
"""Strength of a number up to which it is told within a sentence, and worth no more on a home page than elsewhere."""
_LEAST_NAME = 2.0
_LEAST_AGAINST_TITLES = 4.0
"""Votes a page that a church's name needs where the pages' titles repeat another name: the host of a community."""
_OFFICE_EMAIL = re.compile(
    r"^(?:info|informacion|office|theoffice|parish\w*|contact\w*|(?:\w+[._-])?church\w*|secretar\w*|admin|adminoffice|mail|hello|welcome|rectory|frontdesk|receptionist"
    r"|oficina\w*|parroquia\w*|\w+(?:office|parish|church|rectory|parroquia|catholic))@",
    re.IGNORECASE,
)
_DIALLED = re.compile(r"\+?\d{9,}")
"""A number as a link dials it; as it is printed somewhere it reads better."""
_BOX = re.compile(r"(?:p\.?\s?o\.?|post office)\s*(?:box|drawer)\b", re.IGNORECASE)
_OWN_NAME = 4.0
_TELLING = 4
"""Letters of a name's word from which an e-mail address that holds it is the parish's."""
_SUBSCRIBER = 8
"""Digits that tell telephone numbers apart: with a country's code and without it they differ in the first ones."""


@dataclass(slots=True)
class _Ballot:
    """The votes for the values of one field: weight, first page and printed forms of each."""

    weight: dict[object, float] = field(default_factory=lambda: defaultdict(float))
    forms: dict[object, list[tuple[object, str]]] = field(default_factory=lambda: defaultdict(list))
    usual: dict[object, float] = field(default_factory=lambda: defaultdict(float))
    """Weight of each printed form."""

    def add(self, key: object, value: object, url: str, weight: float) -> None:
        self.weight[key] += weight
        self.forms[key].append((value, url))
        self.usual[value] += weight

    def winner(self, least: float = 0.0) -> tuple[object, str] | None:
        """The value with most weight, the earliest among equals, and the page that first states it."""
        best = max(self.weight, key=lambda key: self.weight[key], default=None)
        if best is None or self.weight[best] < least:
            return None
        return next((each for each in self.forms[best] if not _DIALLED.fullmatch(str(each[0]))), self.forms[best][0])


def read_parish(pages: Sequence[Page]) -> Parish | None:
    """The facts of a parish from pages of its site, the home page first; None when the site is not a parish's.

    A field that no page states is None. `sources` names for each field the page that states it.
    """
    ballots = {name: _Ballot() for name in ("name", "address", "phone", "email", "pastor")}
    titles = []
    for index, page in enumerate(pages):
        if "html" in page.content_type:
            titles.append(
                _vote(page, _HOME if index == 0 else 2.5 if _CONTACT.search(address_words(page.url)) else 1.0, ballots)
            )
    least = _LEAST_NAME if other_site_name(titles) is None else _LEAST_AGAINST_TITLES * len(pages)
    name = _name_of_several(titles, pages) or _name(ballots["name"], pages[0].url if pages else "", len(pages), least)
    if (
        name is None
        or is_other_institution(name[0])
        or _is_group_at(name[0], titles[0])
        or not (is_plainly_a_name(name[0]) or _titled(name[0], titles))
    ):
        return None
    facts: dict[str, str] = {"name": name[0]}
    sources = {"name": name[1]}
    _add_address(ballots["address"], facts, sources)
    _prefer_emails_of(name[0], ballots["email"])
    for each in ("phone", "email", "pastor"):
        found = ballots[each].winner(least=_LEAST.get(each, 0.0))
        if found is not None:
            facts[each], sources[each] = str(found[0]), found[1]
    rite = rite_of(name[0])
    hashes = {page.url: page.content_hash for page in pages if page.url in sources.values()}
    return Parish(
        **facts, kind=kind_of(name[0]), rite=rite, website=_home(pages[0].url), sources=sources, page_hashes=hashes
    )


def _name_of_several(titles: Sequence[str], pages: Sequence[Page]) -> tuple[str, str] | None:
    """The name of a group of parishes, in full on the home page and cut short in the titles of its churches' pages."""
    short = other_site_name(titles)
    if short is None:
        return None
    full = (
        p for p in title_pieces(titles[0]) if fold(short) in fold(p) and has_type(p) and not is_other_institution(p)
    )
    return next(((piece, pages[0].url) for piece in full), None)


def _is_group_at(name: str, title: str) -> bool:
    """Whether a title begins with a group and names the church where it meets: "Knights of Columbus - St. Mary"."""
    first = next(iter(title_pieces(title)), "")
    return not has_type(name) and is_other_institution(first) and fold(name) not in fold(first)


def _is_box(address: Address) -> bool:
    return bool(address.street and _BOX.match(address.street))


def _titled(name: str, titles: Sequence[str]) -> bool:
    return any(fold(name) in fold(title) for title in titles)


def _vote(page: Page, weight: float, ballots: dict[str, _Ballot]) -> str:
    """Adds what a page says to the ballots; returns its title."""
    tree = parse(page.text)
    lines = text_lines(tree)
    for name, strength in names(tree, lines):
        ballots["name"].add(name_core(name), name, page.url, strength * weight)
    stated = (*data_addresses(tree), *addresses(lines))
    for address, factor in _first_more(sorted(stated, key=lambda each: (_is_box(each), each.zip is None))):
        key = (fold(address.street or ""), fold(address.city or ""))
        worth = 0.2 if not address.street else 0.5 if _is_box(address) else 1.0
        ballots["address"].add(key, address, page.url, weight * factor * worth)
    for (number, strength), factor in _first_more(_surest((*phones(lines, tree), *_of_data(tree, "telephone")))):
        worth = weight if strength > _IN_PASSING else min(weight, 1.0)
        ballots["phone"].add(re.sub(r"\D", "", number)[-_SUBSCRIBER:], number, page.url, worth * factor * strength)
    written = (*emails(lines, tree), *_of_data(tree, "email"))
    trusted = ((email, strength * _trust_email(email, page.url)) for email, strength in written)
    for (email, strength), factor in _first_more(_surest(trusted)):
        ballots["email"].add(email.lower(), email, page.url, weight * factor * strength)
    for pastor, factor in _first_more(pastors(lines)):
        ballots["pastor"].add(name_core(pastor), pastor, page.url, weight * factor)
    return text_of(tree.css_first("title"))


def _of_data(tree: LexborHTMLParser, name: str) -> Iterator[tuple[str, float]]:
    wanted = is_email if name == "email" else is_number
    return ((value, 1.0) for value in data_values(tree, name) if wanted(value))


def _first_more(values: Iterable[_T]) -> Iterable[tuple[_T, float]]:
    for index, value in enumerate(dict.fromkeys(values)):
        yield value, 1.0 if index == 0 else _LATER


def _surest(values: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(values, key=lambda each: -each[1])


def _trust_email(email: str, url: str) -> float:
    own = email.lower().endswith("@" + site_host(url))
    return (1.5 if own else 1.0) * (2.2 if _OFFICE_EMAIL.search(email) else 1.0)


def _prefer_emails_of(name: str, ballot: _Ballot) -> None:
    """Weighs an address that bears the parish's name (stsophie.office@…, sacredheart@…) before those of persons."""
    words = {word for word in name_core(name) if len(word) >= _TELLING}
    for key in ballot.weight:
        if any(word in str(key).partition("@")[0] for word in words):
            ballot.weight[key] *= _OWN_NAME


def _name(ballot: _Ballot, home: str, pages: int, least: float) -> tuple[str, str] | None:
    """The name with most votes, a shorter form's votes counted for the longer, in the fullest form that is usual.

    A name that neither the home page nor a third of the pages use is of something else.
    """
    if not ballot.weight:
        return None
    cores = {core: w for core, w in ballot.weight.items() if isinstance(core, frozenset)}
    total = {c: w + sum(v for other, v in cores.items() if other < c) * 0.9 for c, w in cores.items()}
    best = max(total, key=lambda core: total[core])
    forms = [(str(value), url) for core in cores if core <= best for value, url in ballot.forms[core]]
    users = {url for _, url in forms}
    if total[best] < least or (home not in users and len(users) * 3 < pages):
        return None
    chosen = max(
        (value for value, _ in forms),
        key=lambda value: (has_type(value), name_core(value) == best, ballot.usual[value], len(value)),
    )
    short = chosen.rpartition(", ")[0]
    if ballot.usual.get(short, 0) > ballot.usual[chosen]:  # "St. Ann Church, Rye", mostly called St. Ann Church
        chosen = short
    return next((value, url) for value, url in forms if value == chosen)


def _add_address(ballot: _Ballot, facts: dict[str, str], sources: dict[str, str]) -> None:
    best = max(ballot.weight, key=lambda key: ballot.weight[key], default=None)
    forms = [(each, url) for each, url in ballot.forms[best] if isinstance(each, Address)] if best is not None else []
    if not forms:
        return
    address, url = max(forms, key=lambda each: each[0].zip is not None)
    for name in ("street", "city", "state", "zip"):
        value = getattr(address, name)
        if value:
            facts[name], sources[name] = value, url
    if address.mailing:
        facts["mailing_address"], sources["mailing_address"] = address.mailing, url


def _home(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
