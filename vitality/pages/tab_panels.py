"""Tabs, whose titles stand together in front of their panels and often in another order.

The titles are kept by what names them (`id`, `aria-controls`, `href="#…"`, Divi's numbered classes); the panel that
answers to one of these names is read under that title (WAI-ARIA, tab pattern).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from vitality.pages.source_map import Tag, Text, attributes_of

_LONGEST_TITLE: Final = 80
_MOST: Final = 200
_NUMBERED: Final = re.compile(r"\bet_pb_tab_\d+\b")
_HINT: Final = re.compile(r"tab", re.IGNORECASE)
_TOGGLES: Final = ("data-toggle", "data-bs-toggle", "data-vc-tabs", "data-tab", "data-w-tab")


_MARKS: Final = (
    'role="tab"',
    "role='tab'",
    "role=tab",
    "et_pb_tab_",
    "data-toggle",
    "data-bs-toggle",
    "data-vc-tab",
    "data-tab",
    "data-w-tab",
)


def may_have_tabs(source: str) -> bool:
    """Whether a page's markup has what marks a tab; where it has not, its tags need not be looked at for them."""
    return any(mark in source for mark in _MARKS)


class Title(NamedTuple):
    """The words of a tab and the level of a heading that would say the same."""

    words: Text
    level: int


class TabTitles:
    """The titles seen so far, by the names that lead from a panel to its title."""

    def __init__(self) -> None:
        self.titles: dict[str, Title] = {}
        self._element = ""
        self._depth = 0
        self._names: list[str] = []
        self._level = 2
        self._words = Text()

    def tag(self, tag: Tag, level: int) -> None:
        """Takes in any tag; `level` is that of the heading in force."""
        if self._element:
            self._inside(tag)
        elif not tag.closing and _HINT.search(tag.attributes):
            self._names = _names_of_tab(tag)
            if self._names:
                self._element, self._depth, self._level, self._words = tag.name, 1, min(level + 1, 6), Text()

    def text(self, source: str, start: int, end: int) -> None:
        """Takes in a run of text."""
        if self._element and len(self._words.text) < _LONGEST_TITLE:
            if self._words.text:
                self._words.separate()
            self._words.append(source, start, min(end, start + _LONGEST_TITLE))

    def of_panel(self, tag: Tag) -> Title | None:
        """The title of the panel that a tag begins, if a tab names it."""
        if not self.titles or not tag.attributes:
            return None
        attributes = attributes_of(tag)
        names = [attributes.get("id", ""), attributes.get("aria-labelledby", ""), attributes.get("data-w-tab", "")]
        names += _NUMBERED.findall(attributes.get("class", ""))
        return next((self.titles.pop(name) for name in names if name in self.titles), None)

    def _inside(self, tag: Tag) -> None:
        if tag.name != self._element:
            return
        self._depth += -1 if tag.closing else 1
        if self._depth == 0:
            self._element = ""
            if self._words.text.strip() and len(self.titles) < _MOST:
                self.titles.update(dict.fromkeys(self._names, Title(self._words, self._level)))


def _names_of_tab(tag: Tag) -> list[str]:
    """The names that a panel may give for this tab; empty for any other element."""
    attributes = attributes_of(tag)
    href = attributes.get("href", "")
    numbered = _NUMBERED.findall(attributes.get("class", "")) if tag.name == "li" else []
    if attributes.get("role") != "tab" and not numbered and not any(attributes.get(name) for name in _TOGGLES):
        return []
    named = [attributes.get("id", ""), attributes.get("aria-controls", ""), attributes.get("data-w-tab", "")]
    return [name for name in [*named, href[1:] if href.startswith("#") else "", *numbered] if name]
