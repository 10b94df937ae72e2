"""Sitemaps are read as the protocol says, and junk is refused."""

from __future__ import annotations

from datetime import date

import pytest

from vitality.errors import Unreadable
from vitality.pages.sitemap import MAX_ENTRIES, read_sitemap
from vitality.records import ContentHash, Page


def page(text: str) -> Page:
    return Page(url="http://st-a.test/sitemap.xml", text=text, content_hash=ContentHash("sha256:0"))


def test_pages_with_their_days() -> None:
    """Addresses come in order, unescaped, with the day of the last change where it is one."""
    found = read_sitemap(
        page(
            '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
            "<url><loc> http://st-a.test/a?b=1&amp;c=2 </loc><lastmod>2025-03-09T10:00:00+00:00</lastmod></url>"
            "<url><loc><![CDATA[http://st-a.test/mass]]></loc><lastmod>2025-99-09</lastmod></url>"
            "<url><loc>javascript:x</loc></url></urlset>"
        )
    )
    assert [(e.url, e.last_modified) for e in found.pages] == [
        ("http://st-a.test/a?b=1&c=2", date(2025, 3, 9)),
        ("http://st-a.test/mass", None),
    ]


def test_an_index_names_sitemaps() -> None:
    """The entries of an index are sitemaps, not pages."""
    found = read_sitemap(page("<sitemapindex><sitemap><loc>/p.xml</loc></sitemap></sitemapindex>"))
    assert [e.url for e in found.sitemaps] == ["http://st-a.test/p.xml"]
    assert found.pages == ()


def test_plain_list() -> None:
    """One address a line is a sitemap as well."""
    assert len(read_sitemap(page("http://st-a.test/a\nhttp://st-a.test/b\n")).pages) == 2


@pytest.mark.parametrize("text", ["", "<html><body>Not found</body></html>", "{}"])
def test_junk_is_unreadable(text: str) -> None:
    """What is no sitemap says so instead of being an empty one."""
    with pytest.raises(Unreadable):
        read_sitemap(page(text))


def test_no_more_than_the_protocol_allows_and_no_expansion() -> None:
    """A huge file is cut at the protocol's limit, and entities of a document type are not expanded."""
    many = "<urlset>" + "<url><loc>http://st-a.test/&x;</loc></url>" * (MAX_ENTRIES + 5) + "</urlset>"
    found = read_sitemap(page('<!DOCTYPE x [<!ENTITY x "boom">]>' + many))
    assert len(found.pages) == MAX_ENTRIES
    assert "boom" not in found.pages[0].url
