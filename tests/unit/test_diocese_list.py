"""The list of dioceses is read by its structure, with its quirks; what is no list is refused with the reason."""

from __future__ import annotations

import pytest

from vitality.errors import Unreadable
from vitality.pages.diocese_list import read_dioceses
from vitality.records import ContentHash, Diocese, Page

NAMES = [
    ("Archdiocese of Marlow", "1 Chancery Row", "Athens", "OH", "45701", "https://marlow.example/"),
    ("Diocese of Eastmoor&nbsp;", "P.O. Box 31", "Troy", "OH", "45373", "http://eastmoor.example/ "),
    ("Holy Wisdom Byzantine Catholic Eparchy of Ferry", "9 Depot Street", "Parma", "OH", "44134", None),
    ("Westhill-Newton (Archdiocese)", "2 Hill Road", "Gary", "IN", "46410", "http://www.westhill.example"),
    ("Diocese of St. Aldate, VI", "77 Bay Road", "St. Thomas", "VI", "00803-1825", "/dioceses/aldate"),
    ("Diocese of Lund <!-- node 9 -->", "12 Elm Street", "Lund", "NV", "89317", "http://lund.example/"),
]
EXPECTED = [
    Diocese(name="Archdiocese of Marlow", address="1 Chancery Row", city="Athens", state="OH", zip="45701", website="https://marlow.example/"),
    Diocese(name="Diocese of Eastmoor", address="P.O. Box 31", city="Troy", state="OH", zip="45373", website="http://eastmoor.example/"),
    Diocese(name="Holy Wisdom Byzantine Catholic Eparchy of Ferry", address="9 Depot Street", city="Parma", state="OH", zip="44134"),
    Diocese(name="Westhill-Newton (Archdiocese)", address="2 Hill Road", city="Gary", state="IN", zip="46410", website="http://www.westhill.example"),
    Diocese(name="Diocese of St. Aldate, VI", address="77 Bay Road", city="St. Thomas", state="VI", zip="00803-1825"),
    Diocese(name="Diocese of Lund", address="12 Elm Street", city="Lund", state="NV", zip="89317", website="http://lund.example/"),
]  # fmt: skip


def page(body: str) -> Page:
    text = f"<html><title>All Dioceses</title><body><nav><a href='/'>All Dioceses</a></nav><h1>All Dioceses</h1>{body}</body></html>"
    return Page(url="http://conference.example/dioceses", text=text, content_hash=ContentHash("sha256:0"))


def link(site: str | None) -> str:
    return f'<a href="{site}">Web site</a>' if site else ""


def divs() -> str:
    return "".join(f"<div class=r><div>{n}</div><p>{s}<br>{c}, {st} {z}</p><p>{link(w)}</p></div>" for n, s, c, st, z, w in NAMES)  # fmt: skip


def table() -> str:
    return "<table>" + "".join(f"<tr><td>{n}</td><td>{s}<br>{c}, {st} {z}</td><td>{link(w)}</td></tr>" for n, s, c, st, z, w in NAMES) + "</table>"  # fmt: skip


def paragraphs() -> str:
    return "".join(f"<p><b>{n}</b><br>{s}<br>{c}, {st} {z}<br>{link(w)}</p>" for n, s, c, st, z, w in NAMES)


def headings() -> str:
    return "".join(f"<h3>{n}</h3><div>{s}</div><div>{c}, {st} {z}</div><div>{link(w)}</div>" for n, s, c, st, z, w in NAMES)  # fmt: skip


def columns() -> str:
    head = "<tr><th>Diocese</th><th>Address</th><th>City</th><th>State</th><th>Zip</th><th>Web</th></tr>"
    return f"<table>{head}" + "".join(f"<tr><td>{n}</td><td>{s}</td><td>{c}</td><td>{st}</td><td>{z}</td><td>{link(w)}</td></tr>" for n, s, c, st, z, w in NAMES) + "</table>"  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [divs(), table(), columns(), paragraphs(), headings()],
    ids=["divs", "table", "columns", "paragraphs", "headings"],
)
def test_the_list_is_read_whatever_its_markup(body: str) -> None:
    """Every row is read with what it states: blanks, comments, a missing site and a link within the site included."""
    assert list(read_dioceses(page(body))) == EXPECTED


@pytest.mark.parametrize(
    "body",
    ["<p>The list is being updated.</p>", "<ul><li><a href='/a'>Diocese of Marlow</a></li></ul>", ""],
    ids=["notice", "one", "empty"],
)
def test_a_broken_page_changes_nothing_and_says_why(body: str) -> None:
    """Fewer rows than any list has are refused with their number."""
    with pytest.raises(Unreadable, match="rows with names of dioceses"):
        read_dioceses(page(body))
