"""Reads pages of directories in a thread of their own, so that a huge page delays no heartbeat.

One thread reads at a time: readers hold the interpreter's lock, and the event loop has to get its turns between them.
"""

from __future__ import annotations

from functools import partial

import anyio
from anyio import to_thread

from vitality.pages.detail_pages import read_detail
from vitality.pages.directory import DirectoryReading, merge_detail, read_directory
from vitality.records import Page, Parish

_READERS = anyio.CapacityLimiter(1)


async def directory_of(page: Page, site: str) -> DirectoryReading:
    """What a page of a directory says (`pages.directory.read_directory`)."""
    read = partial(read_directory, page, site=site)
    return await to_thread.run_sync(read, limiter=_READERS, abandon_on_cancel=True)


async def with_detail(parish: Parish, page: Page) -> Parish:
    """The parish with what its own page adds (`pages.directory.merge_detail`)."""
    return await to_thread.run_sync(merge_detail, parish, page, limiter=_READERS, abandon_on_cancel=True)


async def parish_of(page: Page) -> Parish | None:
    """The parish that a page by itself is about (`pages.detail_pages.read_detail`)."""
    return await to_thread.run_sync(read_detail, page, limiter=_READERS, abandon_on_cancel=True)
