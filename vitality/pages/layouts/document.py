"""What a layout is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.dom import base_url, parse, text_of
from vitality.pages.layouts.contacts import host_of
from vitality.pages.layouts.entry import Entry, Surroundings
from vitality.pages.layouts.flow import Flow, flow_of
from vitality.pages.layouts.signals import Signals, signals_of
from vitality.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One way to read a page: rows in order, and what the source says about its own completeness."""

    layout: str
    entries: tuple[Entry, ...]
    total: int | None = None
    more: bool = False
    following: str | None = None
    """The address of the next part, as the source gives it."""


class Document:
    """A page with what several layouts need of it, made when first asked for."""

    def __init__(self, page: Page, site: str | None = None) -> None:
        self.page = page
        self.own_host = host_of(site or page.url)

    @cached_property
    def is_markup(self) -> bool:
        """Whether the page is an HTML document (or a fragment of one)."""
        kind = self.page.content_type.lower()
        if any(other in kind for other in ("json", "javascript", "pdf", "kml", "csv")):
            return False
        start = self.page.text.lstrip("\ufeff \t\r\n")[:400].lower()
        return (
            not start.startswith(("{", "[", "%pdf", "<?xml"))
            and "<kml" not in start
            and not (kind.endswith("/xml") and "html" not in start)
        ) or "<html" in start

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed document."""
        return parse(self.page.text)

    @cached_property
    def flow(self) -> Flow:
        """The document's lines and boxes."""
        return flow_of(self.tree)

    @cached_property
    def signals(self) -> Signals:
        """What each line says by itself."""
        return signals_of(self.flow)

    @cached_property
    def heading(self) -> str:
        """The page's own heading: its only h1, else its title up to the site's name."""
        if not self.is_markup:
            return ""
        headings = [words for node in self.tree.css("h1") if (words := text_of(node))]
        if headings:
            return headings[0]
        return self.title.split(" | ")[0].split(" - ")[0].split(" – ")[0]

    @cached_property
    def title(self) -> str:
        """What the document calls itself in its head."""
        return text_of(self.tree.css_first("title")) if self.is_markup else ""

    @cached_property
    def around(self) -> Surroundings:
        """What the values of rows are judged against."""
        url = self.page.url
        return Surroundings(url=url, base=base_url(self.tree, url) if self.is_markup else url, own_host=self.own_host)


Layout = Callable[[Document], Iterable[Candidate]]
"""A reader of one way to lay a list out; gives nothing for pages that are laid out otherwise."""
