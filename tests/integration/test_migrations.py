"""The schema's versions against real Postgres: applied once, refused when they do not fit."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from vitality.errors import SchemaHalfApplied, SchemaMissing, SchemaTooNew
from vitality.records import ParishStatus, TimeStatus, WorkKind
from vitality.storage import postgres_binaries
from vitality.storage.embedded import ensure
from vitality.storage.schema import FOLDER, check, migrate, migrations

pytestmark = pytest.mark.integration


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one small migration of its own."""
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (n integer)")
    return tmp_path


async def _run(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_an_empty_database_is_refused_and_then_migrated_once(empty_dsn: str) -> None:
    """Before `vitality migrate` the program says what to run; afterwards a second run has nothing to do."""
    with pytest.raises(SchemaMissing, match="vitality migrate"):
        await check(empty_dsn)
    assert await migrate(empty_dsn) == len(migrations())
    await check(empty_dsn)
    assert await migrate(empty_dsn) == 0


async def test_workers_that_start_together_apply_each_step_once(empty_dsn: str) -> None:
    """The advisory lock lets one worker migrate while the others wait and then find nothing to do."""
    counts = await asyncio.gather(*(migrate(empty_dsn) for _ in range(4)))
    assert sorted(counts) == [0, 0, 0, len(migrations())] or sum(counts) == len(migrations())


async def test_a_newer_schema_is_refused(dsn: str) -> None:
    """A database of a newer program is neither used nor changed."""
    await _run(dsn, "INSERT INTO schema_version (version, name, checksum) VALUES (99, 'later', 'x')")
    with pytest.raises(SchemaTooNew, match="newer version of the program"):
        await check(dsn)
    with pytest.raises(SchemaTooNew):
        await migrate(dsn)


async def test_a_step_that_only_adds_leaves_older_programs_at_work(
    empty_dsn: str, folder: Path, tmp_path: Path
) -> None:
    """A program accepts newer steps that say so, and refuses as soon as one needs a newer program than it is."""
    newer = tmp_path / "newer"
    newer.mkdir()
    shutil.copy(folder / "0001_one.sql", newer)
    (newer / "0002_two.sql").write_text("-- Adds.\n-- works from: 1\nALTER TABLE one ADD COLUMN m integer")
    await migrate(empty_dsn, folder=newer)
    await check(empty_dsn, folder=folder)
    assert await migrate(empty_dsn, folder=folder) == 0
    (newer / "0003_three.sql").write_text(
        "-- Takes away what the programs of step 2 stopped using.\n-- works from: 2\nSELECT 1"
    )
    await migrate(empty_dsn, folder=newer)
    for use in (check, migrate):
        with pytest.raises(SchemaTooNew, match="version 3"):
            await use(empty_dsn, folder=folder)


async def test_a_table_of_versions_without_the_promise_is_read_and_mended(empty_dsn: str, folder: Path) -> None:
    """A database migrated before steps said what they leave working is accepted, and gets the column."""
    await migrate(empty_dsn, folder=folder)
    await _run(empty_dsn, "ALTER TABLE schema_version DROP COLUMN works_from")
    await check(empty_dsn, folder=folder)
    (folder / "0002_two.sql").write_text("-- works from: 1\nCREATE TABLE two (n integer)")
    assert await migrate(empty_dsn, folder=folder) == 1
    await _run(empty_dsn, "UPDATE schema_version SET works_from = NULL WHERE version = 1")


def test_every_step_from_the_fourth_on_says_which_programs_it_leaves_working() -> None:
    """No step is added without a word on the upgrade that is rolling while it runs."""
    silent = [f"{one.version:04d}_{one.name}" for one in migrations() if one.version > 3 and one.works_from is None]
    assert silent == [], "say `-- works from: N` in the leading comment (vitality/storage/schema.py)"


async def test_an_older_schema_is_refused_until_migrated(empty_dsn: str, folder: Path) -> None:
    """A step that is missing is named by the versions on both sides."""
    await migrate(empty_dsn, folder=folder)
    (folder / "0002_two.sql").write_text("CREATE TABLE two (n integer)")
    with pytest.raises(SchemaMissing, match="lacks schema version 2 and this program needs 2"):
        await check(empty_dsn, folder=folder)
    assert await migrate(empty_dsn, folder=folder) == 1


def test_two_steps_of_one_number_are_refused(folder: Path) -> None:
    """Two steps of one number, as two merged branches may bring them, have no order; a number left out has."""
    (folder / "0003_three.sql").write_text("SELECT 3")
    assert [one.version for one in migrations(folder)] == [1, 3]
    (folder / "0003_other.sql").write_text("SELECT 3")
    with pytest.raises(SchemaMissing, match="two of one number"):
        migrations(folder)


async def test_a_step_that_fails_leaves_nothing(empty_dsn: str, folder: Path) -> None:
    """A transactional step is undone whole, and can be run again once it is mended."""
    (folder / "0002_two.sql").write_text("CREATE TABLE two (n integer); SELECT no_such_function()")
    with pytest.raises(asyncpg.UndefinedFunctionError):
        await migrate(empty_dsn, folder=folder)
    (folder / "0002_two.sql").write_text("CREATE TABLE two (n integer)")
    assert await migrate(empty_dsn, folder=folder) == 1


async def test_a_step_outside_a_transaction_that_fails_is_half_applied(empty_dsn: str, folder: Path) -> None:
    """What Postgres cannot undo stops the program until a person has looked."""
    (folder / "0002_two.sql").write_text("-- outside a transaction\nCREATE INDEX CONCURRENTLY x ON no_such_table (n)")
    with pytest.raises(asyncpg.UndefinedTableError):
        await migrate(empty_dsn, folder=folder)
    for use in (check, migrate):
        with pytest.raises(SchemaHalfApplied, match="migration 2 stopped midway"):
            await use(empty_dsn, folder=folder)


async def test_a_step_that_was_changed_after_it_ran_is_refused(empty_dsn: str, folder: Path) -> None:
    """The checksum tells a database made by another form of the same step."""
    await migrate(empty_dsn, folder=folder)
    (folder / "0001_one.sql").write_text("CREATE TABLE one (n bigint)")
    with pytest.raises(SchemaHalfApplied, match="another form"):
        await check(empty_dsn, folder=folder)


def test_the_schema_allows_exactly_the_words_of_the_records() -> None:
    """CHECK constraints and enums name the same values."""
    sql = (FOLDER / "0001_first_schema.sql").read_text()
    kinds = re.search(r"kind\s+text NOT NULL CHECK \(kind IN\s+\(([^)]*)\)\)", sql)
    assert kinds is not None
    assert set(re.findall(r"'(\w+)'", kinds.group(1))) == {kind.value for kind in WorkKind}
    for words in (ParishStatus, TimeStatus):
        assert f"status IN ({', '.join(repr(word.value) for word in words)})" in sql


@pytest.fixture
def state_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="vitality-majors-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize("major", [one.major for one in postgres_binaries.installed()])
def test_every_installed_version_takes_the_schema(major: int, state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SQL is valid on each Postgres that this machine has, old and new."""
    only = [one for one in postgres_binaries.installed() if one.major == major]
    monkeypatch.setattr(postgres_binaries, "installed", lambda: only)
    asyncio.run(_migrated(state_dir, major))


async def _migrated(state_dir: Path, major: int) -> None:
    server = await ensure(state_dir)
    try:
        assert server.major == major
        assert await migrate(server.dsn) == len(migrations())
        await _run(server.dsn, "SELECT * FROM pipeline_workers; SELECT * FROM diocese_work_assignments")
    finally:
        await server.stop()
