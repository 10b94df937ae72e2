"""The worked example of docs/directory-layouts.md does what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from vitality.pages.layouts.document import Candidate, Document
from vitality.records import ContentHash, Page

TEXT = (Path(__file__).parent.parent.parent / "docs" / "directory-layouts.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_worked_example_reads_its_page() -> None:
    """The module as printed gives one entry a line of the page as printed."""
    namespace: dict[str, Any] = {}
    exec(compile(block("python"), "caret_lines.py", "exec"), namespace)  # noqa: S102 - the page's own example
    read: Callable[[Document], Iterator[Candidate]] = namespace["read"]
    page = Page(url="http://www.marlow.example/parishes/", text=block("html"), content_hash=ContentHash("sha256:0"))
    (candidate,) = read(Document(page))
    assert [entry.name for entry in candidate.entries] == ["St. Aldate", "Our Lady of the Ferry"]


def test_every_path_that_the_page_names_exists() -> None:
    """Modules and tests named in the text are there, apart from those of the example."""
    root = Path(__file__).parent.parent.parent
    for name in set(re.findall(r"`((?:vitality|pages|layouts|tests|bench)/[\w/]+\.py)`", TEXT)):
        if "caret" not in name:
            assert any((root / prefix / name).exists() for prefix in ("", "vitality", "vitality/pages")), name
