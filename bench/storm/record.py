"""What was found, as the exports show it, without the numbers and dates in which two runs must differ."""

from __future__ import annotations

import json
from pathlib import Path

import asyncpg

from vitality.app.rendering import render_exports
from vitality.storage.database import connect

PASSING = frozenset(
    {"parish_id", "service_time_id", "first_seen", "last_seen", "last_verified", "ended", "missing_since"}
)


async def exported(dsn: str, folder: Path) -> list[str]:
    """The rows of the JSON Lines export, sorted."""
    async with connect(dsn) as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        await render_exports(connection, folder, ["jsonl"])
    lines = [line for file in sorted(folder.rglob("*.jsonl")) for line in file.read_text().splitlines()]
    return sorted(json.dumps(_lasting(json.loads(line)), sort_keys=True) for line in lines)


def _lasting(value: object) -> object:
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in value.items() if key not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


async def fetch(dsn: str, sql: str, *values: object) -> list[asyncpg.Record]:
    """One query over a connection of its own, past all wires."""
    async with connect(dsn) as connection:
        return await connection.fetch(sql, *values)
