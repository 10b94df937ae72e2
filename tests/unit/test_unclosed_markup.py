"""What begins again and again and never ends: a reader that looked on from each beginning would take minutes."""

from __future__ import annotations

import time

import pytest

from vitality.pages.directory import read_directory
from vitality.records import ContentHash, Page

SIZE = 200_000
"""Characters; looked through once for each beginning they take ten seconds and more."""
LIMIT_S = 4.0
"""Of the processor; a tenth of it is enough."""


@pytest.mark.parametrize(
    ("piece", "kind", "frame"),
    [
        ("<!--", "application/xml", "<r>{}"),
        ("<?", "application/xml", "<r>{}"),
        ("<!DOCTYPE", "application/xml", "<r>{}"),
        ("<![CDATA[", "application/xml", "<r>{}"),
        ("<![CDATA[", "application/vnd.google-earth.kml+xml", "<kml>{}"),
        ("marker([1.5,2.5])", "text/html", "<script>{}</script>"),
        ("1", "text/html", "<p>{}</p>"),
        ("a.", "text/html", "<p>{}</p>"),
        ("555-", "text/html", "<p>{}</p>"),
        ("- ", "text/html", "<p>{}</p>"),
    ],
)
def test_what_never_ends_is_looked_through_once(piece: str, kind: str, frame: str) -> None:
    """A directory page of such pieces has no parishes, and is read in time linear in its length."""
    text = frame.format(piece * (SIZE // len(piece)))
    page = Page(url="http://a.org/x", text=text, content_hash=ContentHash("sha256:0"), content_type=kind)
    begun = time.process_time()
    assert read_directory(page).parishes == ()
    assert time.process_time() - begun < LIMIT_S
