"""Real processes on a real database and a real web: what the acceptance tests stand on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path

import anyio
import pytest

from tests.acceptance.crew import Crew
from vitality.localweb.server import LocalWeb
from vitality.storage.embedded import ensure

SAMPLE = Path(str(files("vitality.localweb").joinpath("sample")))


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder of its own, so that the test may kill its Postgres; others may enter it (the server is not root)."""
    folder = Path(tempfile.mkdtemp(prefix="vitality-acceptance-"))
    folder.chmod(0o755)
    yield folder
    anyio.run(_stop, folder)
    shutil.rmtree(folder)


async def _stop(folder: Path) -> None:
    server = await ensure(folder)
    await server.stop()


@pytest.fixture
async def web() -> AsyncIterator[LocalWeb]:
    """The sample web on a loopback port."""
    async with LocalWeb(SAMPLE) as serving:
        yield serving


@pytest.fixture
def crew(state: Path, web: LocalWeb) -> Iterator[Crew]:
    """Starts workers."""
    crew = Crew(state, web)
    yield crew
    crew.end_all()
