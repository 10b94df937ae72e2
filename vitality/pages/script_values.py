"""Values written in scripts: JSON and JavaScript literals, found without running anything."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

_START = re.compile(r"(?:[=(,:\[]|\breturn\b|\?)\s*(?=[\[{])|^\s*(?=[\[{])")
_PARSED = re.compile(r"JSON\.parse\(\s*(['\"`])((?:\\.|(?!\1).)*)\1", re.DOTALL)
_PUSHED = re.compile(r"__next_f\.push\(\[1,\s*(\"(?:\\.|[^\"\\])*\")\s*\]\)")
_POPUP = re.compile(
    r"(?:marker|circleMarker)\(\s*\[\s*(?P<lat>-?\d+\.\d+)\s*,\s*(?P<lng>-?\d+\.\d+)\s*\][^;]{0,2000}?bindPopup\(\s*(?P<quote>['\"`])(?P<html>(?:\\.|(?!(?P=quote)).)*)(?P=quote)",
    re.DOTALL,
)
_EXPRESSION = re.compile(
    r"void\s+0|(?:new\s+)?(?!function\b)[A-Za-z_$][\w$]*(?:\.[\w$]+)*(?:\s*\((?P<handed>[^()\"'`]{0,200})\))?"
)
_DECODER = json.JSONDecoder(strict=False)
_MAX_TRIES = 3000
_TOKEN = re.compile(
    r"""\s*(?:(?://[^\n]*\n|/\*.*?\*/)\s*)*(?:
    (?P<punct>[\[\]{},:])|(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`)|
    (?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$])|(?P<word>[A-Za-z_$][\w$]*))""",
    re.VERBOSE | re.DOTALL,
)


_CALLED = re.compile(r"__NUXT__\s*=\s*\(?function\((?P<names>[\w$,\s]*)\)\s*\{")
_RETURNED = re.compile(r"(?:^|[;{}\s])return\s*(?=\{)")


def _called_payload(text: str) -> Iterator[Any]:
    """The object that a function returns whose values stand in its call: `(function(a){return {…a…}}("…"))` of Nuxt 2."""
    called = _CALLED.search(text)
    returned = _RETURNED.search(text, called.end() - 1) if called else None
    if called is None or returned is None:
        return
    try:
        _, end = read_literal(text, returned.end(), _Anything())
        opening = re.compile(r"\s*;?\s*\}\s*\)?\s*\(").match(text, end)
        if opening is None:
            return
        values = _arguments(text, opening.end())
        names = [name.strip() for name in called["names"].split(",")]
        yield read_literal(text, returned.end(), dict(zip(names, values, strict=False)))[0]
    except ValueError:
        return


class _Anything(dict[str, Any]):
    """Knows every name, and nothing of it."""

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> Any:
        return None


def _arguments(text: str, start: int, known: Mapping[str, Any] | None = None) -> list[Any]:
    """The literals of a call, up to what is none; `known` are variables whose values are known."""
    reader = _Literal(text, start, {} if known is None else known)
    values = []
    while reader.peek():
        values.append(reader.value(1))
        if reader.peek() != ",":
            break
        reader.next()
    return values


def values_in_script(text: str) -> Iterator[Any]:
    """The lists and objects that a script writes out; objects handed one by one to calls come as one list."""
    singles: list[Any] = []
    if "__NUXT__" in text:
        yield from _called_payload(text)
    text = _unwrapped(text)
    for value in _literals(text):
        if isinstance(value, list) and len(value) > 1 and any(isinstance(each, list | dict) for each in value):
            yield value
        elif isinstance(value, dict) and any(isinstance(each, list | dict) for each in value.values()):
            yield value
            singles.append(value)
        elif (isinstance(value, dict) and len(value) >= 2) or (isinstance(value, list) and len(value) >= 2):
            singles.append(value)
    objects = [value for value in singles if isinstance(value, dict)]
    if len(objects) > 1:
        yield objects
    arrays = [value for value in singles if isinstance(value, list)]
    if len(arrays) > 1:
        yield arrays
    popups = [
        {"latitude": found["lat"], "longitude": found["lng"], "popup": _plain(found["html"])}
        for found in _POPUP.finditer(text)
    ]
    if popups:
        yield popups
    yield from _calls(text)


_CALL = re.compile(r"(?:^|[;{}\n])\s*(?:var\s+\w+\s*=\s*)?(?:new\s+)?(?P<name>[A-Za-z_$][\w$.]{2,60})\(\s*(?=[\"'\w-])")
_FEWEST_CALLS = 4
_FEWEST_HANDED = 3
_NO_ROWS = re.compile(
    r"(?:^|\.)(?:if|for|while|switch|catch|function|require|define|gtag|ga|fbq|log|addEventListener|querySelector\w*|getElement\w*|setAttribute|on)$"
)


def _calls(text: str) -> Iterator[list[list[Any]]]:
    """What is handed to a function that is called again and again with strings: `addParish("St. Mary", "1 Elm Street")`."""
    starts: dict[str, list[int]] = defaultdict(list)
    for found in _CALL.finditer(text):
        starts[found["name"]].append(found.end())
    assigned = _assigned(text) if starts else {}
    for name, positions in starts.items():
        if len(positions) < _FEWEST_CALLS or _NO_ROWS.search(name):
            continue
        rows = [
            row
            for position in positions[:_MAX_TRIES]
            if len(row := _handed(text, position, _Known(position, assigned))) >= _FEWEST_HANDED
        ]
        if len(rows) >= _FEWEST_CALLS:
            yield rows


_ASSIGNED = re.compile(
    r"(?:^|[;{}\n])\s*(?:var|let|const)?\s*(?P<name>[A-Za-z_$][\w$]*)\s*=\s*(?:(?P<string>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')\s*(?=[;\n])|new\s[\w.]*LatLng\(\s*(?P<lat>-?\d+\.\d+)\s*,\s*(?P<lng>-?\d+\.\d+)\s*\))"
)


def _assigned(text: str) -> dict[str, list[tuple[int, Any]]]:
    """The strings and points that variables are given, with where: `var text = "…"; add(point, text);`."""
    found: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for match in _ASSIGNED.finditer(text):
        string = match["string"]
        value = {"lat": float(match["lat"]), "lng": float(match["lng"])} if string is None else _plain(string[1:-1])
        found[match["name"]].append((match.start(), value))
    return found


class _Known(Mapping[str, Any]):
    """What the variables hold at one position of a script: what they were given last before it."""

    def __init__(self, position: int, assigned: Mapping[str, list[tuple[int, Any]]]) -> None:
        self._position, self._assigned = position, assigned

    def __getitem__(self, name: str) -> Any:
        given = self._assigned[name]
        last = bisect_left(given, self._position, key=lambda each: each[0]) - 1
        if last < 0:
            raise KeyError(name)
        return given[last][1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._assigned)

    def __len__(self) -> int:
        return len(self._assigned)


def _handed(text: str, position: int, known: Mapping[str, Any]) -> list[Any]:
    try:
        handed = _arguments(text, position, known)
    except (ValueError, RecursionError):
        return []
    values = [part for each in handed for part in (each.values() if isinstance(each, dict) else (each,))]
    return values if sum(isinstance(value, str) for value in values) >= 2 else []


def _unwrapped(text: str) -> str:
    """The script with the JSON that it carries inside strings laid open."""
    pieces = [_string(found[1]) for found in _PUSHED.finditer(text)]
    opened = [_plain(found[2]) for found in _PARSED.finditer(text)]
    return "\n=".join([text, *("".join(pieces),) * bool(pieces), *opened]) if pieces or opened else text


def _string(literal: str) -> str:
    try:
        value = json.loads(literal, strict=False)
    except ValueError:
        return ""
    return value if isinstance(value, str) else ""


def _plain(inner: str) -> str:
    """What a JavaScript string literal's inside stands for."""
    if "\\" not in inner:
        return inner
    escaped = re.sub(
        r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1] or found[2], 16)), inner
    )
    escaped = re.sub(r"\\\r?\n", "", escaped)
    return re.sub(
        r"\\(.)", lambda found: {"n": "\n", "t": "\t", "r": ""}.get(found[1], found[1]), escaped, flags=re.DOTALL
    )


def _literals(text: str) -> Iterator[Any]:
    position, tries, effort = 0, 0, 0
    while tries < _MAX_TRIES and effort < 6 * len(text) + 10_000:
        found = _START.search(text, position)
        if found is None:
            return
        start = found.end()
        tries += 1
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (json.JSONDecodeError, RecursionError) as error:
            effort += max(0, getattr(error, "pos", start) - start) + 50
            try:
                value, end = read_literal(text, start)
            except ValueError as failure:
                effort += failure.args[1] - start if len(failure.args) > 1 else 0
                position = start + 1
                continue
        position = max(end, start + 1)
        yield value


def read_literal(text: str, start: int, names: Mapping[str, Any] | None = None) -> tuple[Any, int]:
    """Reads a JavaScript literal (bare keys, single quotes, trailing commas) at `start`; returns it and its end.

    `names` are the variables whose values are known. Raises ValueError("…", position) where something else than a
    literal stands.
    """
    reader = _Literal(text, start, {} if names is None else names)
    return reader.value(0), reader.position


class _Literal:
    def __init__(self, text: str, position: int, names: Mapping[str, Any]) -> None:
        self.text = text
        self.position = position
        self.names = names

    def next(self) -> tuple[str, str]:
        found = _TOKEN.match(self.text, self.position)
        if found is None or found.lastgroup is None:
            raise ValueError("no literal", self.position)
        self.position = found.end()
        return found.lastgroup, found[found.lastgroup]

    def peek(self) -> str:
        found = _TOKEN.match(self.text, self.position)
        return found[found.lastgroup] if found and found.lastgroup else ""

    def value(self, depth: int) -> Any:
        if depth > 60:
            raise ValueError("too deep", self.position)
        kind, token = self.next()
        if kind == "string":
            return self._joined(_plain(token[1:-1]))
        if kind == "number":
            return float(token) if re.search(r"[.eE]", token) else int(token)
        if kind == "word" and token in ("true", "false", "null", "undefined"):
            return {"true": True, "false": False}.get(token)
        if kind == "word" and token in self.names:
            return self.names[token]
        if kind == "word" and depth:
            return self._expression(token)
        if token.startswith("["):
            return self._list(depth)
        if token.startswith("{"):
            return self._object(depth)
        raise ValueError("no literal", self.position)

    def _expression(self, word: str) -> dict[str, float] | None:
        """Passes over a variable, or a call of two numbers that are a point (`new google.maps.LatLng(39.1, -82.0)`)."""
        found = _EXPRESSION.match(self.text, self.position - len(word))
        if found is None:
            raise ValueError("no literal", self.position)
        self.position = found.end()
        point = re.fullmatch(r"\s*(-?\d+\.\d+)\s*,\s*(-?\d+\.\d+)\s*", found["handed"] or "")
        return {"lat": float(point[1]), "lng": float(point[2])} if point else None

    def _joined(self, text: str) -> str:
        """Strings added to one another."""
        while found := re.compile(r"\s*\+\s*(?=['\"`])").match(self.text, self.position):
            self.position = found.end()
            text += _plain(self.next()[1][1:-1])
        return text

    def _list(self, depth: int) -> list[Any]:
        values: list[Any] = []
        while self.peek() != "]":
            values.append(self.value(depth + 1))
            if self.peek() == ",":
                self.next()
            elif self.peek() != "]":
                raise ValueError("no literal", self.position)
        self.next()
        return values

    def _object(self, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while self.peek() != "}":
            kind, key = self.next()
            if kind == "punct" or self.next()[1] != ":":
                raise ValueError("no literal", self.position)
            values[_plain(key[1:-1]) if kind == "string" else key] = self.value(depth + 1)
            if self.peek() == ",":
                self.next()
            elif self.peek() != "}":
                raise ValueError("no literal", self.position)
        self.next()
        return values
