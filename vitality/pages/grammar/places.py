"""Names of churches and rooms behind "at", "@", a dash or a bracket."""

from __future__ import annotations

from typing import Final

from vitality.pages.grammar.calendar import CalendarReader
from vitality.pages.grammar.days import is_day
from vitality.pages.grammar.elements import Element
from vitality.pages.grammar.vocabulary import fold

_PLACE_SMALL: Final = frozenset({"of", "the", "de", "la", "del", "las", "los", "and", "in"})
_PLACE_STARTS: Final = frozenset(
    {
        "st",
        "saint",
        "saints",
        "sts",
        "our",
        "holy",
        "sacred",
        "san",
        "santa",
        "santo",
        "nuestra",
        "blessed",
        "immaculate",
        "christ",
        "queen",
        "ss",
        "mary",
        "good",
    }
)


class PlaceReader(CalendarReader):
    """Reads places."""

    def read_place(self, at: int) -> int:
        """A place name behind "at", "@", a dash or a bracket, as an element."""
        opener = self.tokens[at]
        step = at + 1
        if self.kind_at(step) in ("each", "on"):
            step += 1
        first = step
        if opener.text == "(" and self._church_called(step):
            self.add(Element("place", self.tokens[step].start, self.tokens[step].end, code=self.tokens[step].text))
            return step + 1
        while step < len(self.tokens) and self._in_place(step, first):
            step += 1
        while step > first and (
            fold(self.text_at(step - 1)) in _PLACE_SMALL or self.text_at(step - 1) in ("/", "'", ",")
        ):
            step -= 1
        if step == first:
            return 0
        words = [fold(self.text_at(i).rstrip(".")) for i in range(first, step)]
        named = any(self.kind_at(i) == "church" for i in range(first, step)) or words[0] in _PLACE_STARTS
        free = (opener.kind == "at" and opener.text.lower() in ("at", "en", "in")) or opener.text == "@"
        if not named and not (free and opener.text.lower() in ("at", "@") and self.text_at(first)[:1].isupper()):
            return 0
        name = self.text[self.tokens[first].start : self.tokens[step - 1].end].strip(" .,")
        self.add(Element("place", self.tokens[first].start, self.tokens[step - 1].end, code=name))
        return step

    def _church_called(self, at: int) -> bool:
        """Whether a bracket behind a language holds a feast or devotion that a church is named for: "(Corpus Christi)"."""
        behind = [element.kind for element in self.found if element.kind != "open"][-1:]
        named = self.kind_at(at) == "feast" or (self.kind_at(at) == "service" and " " in self.text_at(at))
        return named and behind == ["language"] and self.text_at(at + 1) == ")" and self.text_at(at)[:1].isupper()

    def read_listed_place(self, at: int) -> int:
        """A church's name that fills a member of a list: "7:15 PM, Basilica"."""
        before = len(self.found)
        after = self.read_place(at)
        if after and (
            self.text_at(after) in ("", ",", ";", "(", ")", ".", "|") or self.kind_at(after) in ("time", "dash")
        ):
            return after
        del self.found[before:]
        return 0

    def _in_place(self, at: int, first: int) -> bool:
        token = self.tokens[at]
        if at > first and self.tokens[at - 1].text.endswith(".") and len(self.tokens[at - 1].text) > 4:
            return False
        if token.kind in ("time", "number", "dash", "junk", "mark") and token.text not in ("'", "/"):
            return False
        if token.text == "/" and not (self.text_at(at + 1)[:1].isupper() and token.start == self.tokens[at - 1].end):
            return False
        if token.kind == "church":
            return True
        if self.text[self.tokens[at - 1].end : token.start].count("\n"):
            return False
        if token.kind in ("language", "month", "season", "no", "past") or (
            token.kind == "service" and token.text.lower() in ("mass", "masses", "confession", "confessions")
        ):
            return False
        if (
            token.kind == "day"
            and not (at > first and self.text_at(at - 1).rstrip(".") == "St")
            and is_day(self.tokens, at)
        ):
            return False
        if token.kind == "service" and at > first and fold(self.text_at(at - 1)) in ("of", "de", "del"):
            return token.text.split()[-1][:1].isupper()
        return (
            token.text[:1].isupper()
            or token.text in ("'", "/")
            or (fold(token.text) in _PLACE_SMALL and at > first)
            or (at == first and fold(token.text) in ("gym", "lower", "main", "upper", "side"))
        )
