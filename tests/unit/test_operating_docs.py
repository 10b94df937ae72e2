"""The operating guide names only what exists: commands, settings, files, tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vitality.cli import main
from vitality.settings import table
from vitality.storage.schema import migrations

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "operating").glob("*.md"))
SETTINGS = {row.name for row in table()}
OURS = {name for one in migrations() for name in re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", one.sql)} | {
    "schema_version"
}
OLD = {"Dioceses", "DiocesesParishDirectory", "DioceseParishDirectoryOverride", "Parishes", "ParishData"}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_commands_files_and_links_exist(page: Path) -> None:
    """Each command of ours, each file under manifests and each link to another page is there."""
    text = page.read_text("utf-8")
    for command in re.findall(r"`(?:[^`\n]*?[ &])?vitality ([a-z][a-z-]+)(?=[ `])", text):
        assert command in main.commands
    for path in re.findall(r"manifests/[\w./-]*\w", text):
        assert (ROOT / path).exists(), path
    for link in re.findall(r"\]\(([^)#:]+)", text):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_settings_and_tables_exist(page: Path) -> None:
    """Each name in capitals is a setting (or a shell variable), each table in a query is one of ours or of the earlier system."""
    text = page.read_text("utf-8")
    names = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)\b", text))
    assert names <= SETTINGS
    tables = set(re.findall(r"(?:FROM|SELECT ON) (?:\w+\.)?\"?([A-Za-z_]+)\"?", text))
    assert {name for name in tables if not name.startswith("pg_")} <= OURS | OLD | {
        "vitality"
    }  # a schema, where a table's name is put in
