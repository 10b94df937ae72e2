"""Each query of the operating guide runs on our schema."""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest

pytestmark = pytest.mark.integration

PAGES = sorted((Path(__file__).parents[2] / "docs" / "operating").glob("*.md"))
QUERIES = [
    pytest.param(" ".join(query.split()), id=f"{page.stem}-{number}")
    for page in PAGES
    for number, query in enumerate(re.findall(r"`(SELECT [^`]+)`", page.read_text("utf-8")))
]
GRANTS = [
    " ".join(found.split())
    for page in PAGES
    for found in re.findall(r"^(?:CREATE ROLE|GRANT SELECT)[^;]*;", page.read_text("utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("query", QUERIES)
async def test_a_query_of_the_guide_runs(query: str, dsn: str) -> None:
    """Tables, columns and functions are there; what ends a connection is only planned, not run."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"EXPLAIN {query}")
    finally:
        await connection.close()


async def test_roles_of_the_guide_can_be_made(dsn: str) -> None:
    """The roles that watch and that count the backlog get what the guide gives them."""
    assert len(GRANTS) >= 4
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    try:
        for statement in GRANTS:
            await connection.execute(statement)
    finally:
        await transaction.rollback()
        await connection.close()
