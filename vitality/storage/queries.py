"""SQL in files: each query has a name and one sentence that says what it does.

-- name: renew
-- Prolongs a lease that has not run out.
UPDATE …
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

HEAD = re.compile(r"^-- name: (\w+)\n-- (\S[^\n]*\.)$", re.MULTILINE)


def load(path: Path) -> Mapping[str, str]:
    """The queries of one file by name; raises `ValueError` where a name or its sentence is missing or doubled."""
    text = path.read_text(encoding="utf-8")
    heads = list(HEAD.finditer(text))
    if len(heads) != text.count("-- name:"):
        raise ValueError(f"{path.name}: every `-- name:` line is followed by one sentence in a comment")
    queries: dict[str, str] = {}
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name = head.group(1)
        if name in queries:
            raise ValueError(f"{path.name}: two queries named {name}")
        queries[name] = text[head.end() : following.start() if following else None].strip().rstrip(";")
    return MappingProxyType(queries)
