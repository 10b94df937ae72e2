"""The queries of coordination, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from vitality.storage.queries import load

SQL: Final = load(Path(__file__).with_name("queries.sql"))
