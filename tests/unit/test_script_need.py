"""A page is drawn by the browser only when it shows that it needs to be."""

from __future__ import annotations

import pytest

from vitality.pages.script_need import script_need
from vitality.records import ContentHash, Page

PROSE = "<p>" + "Sunday Mass is at nine, and coffee follows in the hall for everybody. " * 6 + "</p>"


def page(html: str, **more: bool) -> Page:
    return Page(url="http://st-a.test/", text=html, content_hash=ContentHash("sha256:0"), **more)


@pytest.mark.parametrize(
    "html",
    [
        '<body><div id="root"></div><script src="/app.js"></script></body>',
        '<body><noscript>You need to enable JavaScript to run this app.</noscript><script src="a.js"></script></body>',
        '<body><nav><a href="/">Home</a></nav><div class="list">Loading…</div><script>fetch("/x")</script></body>',
        '<body><script src="a.js"></script></body>',
    ],
)
def test_empty_pages_with_scripts_need_them(html: str) -> None:
    """An empty application element, a noscript plea, a loading notice or an empty body with scripts is a need."""
    found = script_need(page(html))
    assert found.needed
    assert found.reason


@pytest.mark.parametrize(
    "html",
    [
        f'<body><div id="root">{PROSE}</div><script src="/app.js"></script></body>',
        f"<body>{PROSE}<noscript>Enable JavaScript for the slideshow.</noscript><script></script></body>",
        "<body><p>Under construction</p></body>",
        '<head><title>Just a moment...</title></head><body><noscript>Enable JavaScript</noscript><script src="x"></script></body>',
        "",
    ],
)
def test_pages_that_speak_or_have_no_scripts_do_not(html: str) -> None:
    """Running text, a page without scripts, and a robot check are no need."""
    assert not script_need(page(html)).needed


def test_a_drawn_page_needs_no_drawing() -> None:
    """What the browser drew already is never asked for again."""
    assert not script_need(
        page('<body><div id="root"></div><script src="/app.js"></script></body>', rendered=True)
    ).needed
