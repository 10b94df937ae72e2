"""A JSON document that holds one long array, written element by element."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vitality.reports.writer import dump


class ArrayFile:
    """`{…head, "<name>": [element, …]}` with one element a line, so that no more than one is in memory."""

    def __init__(self, path: Path, head: Mapping[str, object], name: str) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._file.write(f"{dump(head)[:-1]}{',' if head else ''}{dump(name)}:[")
        self._between = "\n"

    def add(self, element: Mapping[str, object]) -> None:
        self._file.write(self._between + dump(element))
        self._between = ",\n"

    def close(self) -> None:
        self._file.write("\n]}\n")
        self._file.close()
