"""`vitality read`: stored pages in, JSON Lines out; what it prints is what the service would store.

A file is read as one page; a folder is read as one site, by the code of the role and within its request budget,
through a fetcher that answers from the folder.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from anyio import Path as AsyncPath
from anyio import to_thread

from vitality.errors import DEFECTS, Unreadable, VitalityError
from vitality.fetch.folder import FolderFetcher, page_of_file
from vitality.pages.diocese_list import read_dioceses
from vitality.pages.directory import read_directory
from vitality.pages.merge import merge
from vitality.pages.page_reading import read_page
from vitality.pages.page_trust import SourceReading
from vitality.pages.parish import read_parish
from vitality.pages.passing import parts
from vitality.records import Diocese, Directory, Page, Parish, ServiceTime
from vitality.roles import explanation
from vitality.roles.directory_walk import extract_parishes, find_directory
from vitality.roles.site_reading import SiteReading
from vitality.roles.site_walk import read_every_page, read_site

KINDS = ("dioceses", "directory", "parish", "schedule")
"""What can be read from stored pages."""

Json = dict[str, Any]


async def read(
    kind: str, paths: Sequence[Path], *, every_page: bool = False, explain: bool = False, out: TextIO, err: TextIO
) -> int:
    """Reads each path and prints its records, one JSON object a line; returns the exit code.

    An input that cannot be read is one line on `err` and exit code 1; the others are still read. With `explain`
    the schedules of the paths are laid open for a person instead.
    """
    code = 0
    for path in paths:
        try:
            if explain and kind == "schedule":
                print(await _explained(path, every_page), file=out)
                continue
            async for record in _records(kind, path, every_page):
                print(json.dumps({**record, "path": str(path)}, ensure_ascii=False), file=out)
        except (VitalityError, OSError, *DEFECTS) as error:
            print(f"vitality read: {path}: {_reason(error)}", file=err)
            code = 1
    return code


def _reason(error: Exception) -> str:
    """One line; a reader's own slip is named as what it is."""
    known = isinstance(error, (VitalityError, OSError))
    return " ".join((str(error) if known else f"the reader failed: {type(error).__name__}: {error}").split())


async def _records(kind: str, path: Path, every_page: bool) -> AsyncIterator[Json]:
    records = _of_folder(kind, path, every_page) if await _is_folder(path) else _of_file(kind, path)
    async for each in records:
        yield each


async def _is_folder(path: Path) -> bool:
    if not await AsyncPath(path).exists():
        raise Unreadable("no such file or folder")
    return await AsyncPath(path).is_dir()


async def _of_file(kind: str, path: Path) -> AsyncIterator[Json]:
    page = await stored_page(path, document=kind == "directory")
    match kind:
        case "dioceses":
            for diocese in read_dioceses(page):
                yield _diocese(diocese, path.name)
        case "directory":
            for record in _directory_page(page, path.name):
                yield record
        case "parish":
            parish = read_parish([page])
            if parish is not None:
                yield _parish(parish, path.name)
        case _:
            split = parts(read_page(page), page.text)
            for time in merge([SourceReading(url=page.url, reading=each) for each in split]):
                yield _service_time(time, path.name)


async def _of_folder(kind: str, path: Path, every_page: bool) -> AsyncIterator[Json]:
    fetcher = FolderFetcher(path)
    match kind:
        case "dioceses":
            page, dioceses = await _longest_list(fetcher)
            for diocese in dioceses:
                yield _diocese(diocese, fetcher.path_of(page.url))
        case "directory":
            async for record in _directory_site(fetcher, every_page):
                yield record
        case "parish":
            parish = (await site_of(fetcher, every_page)).parish
            if parish is not None:
                yield _parish(parish, fetcher.path_of(parish.sources["name"]))
        case _:
            for time in (await site_of(fetcher, every_page)).times:
                yield _service_time(time, fetcher.path_of(time.evidence.url))


async def site_of(fetcher: FolderFetcher, every_page: bool) -> SiteReading:
    """A parish site read as the schedule role reads it, or with all of its stored pages."""
    if every_page:
        return await read_every_page(fetcher, fetcher.home_url, await fetcher.stored_pages())
    return await read_site(fetcher, fetcher.home_url)


async def stored_page(path: Path, *, document: bool = False) -> Page:
    """A single stored file as a page, or as a PDF where `document` is wanted; raises `Unreadable` with the reason."""
    page = await to_thread.run_sync(page_of_file, path)
    if document and page.body.startswith(b"%PDF"):
        return page
    if "\x00" in page.text[:4096] or page.content_type.startswith(("image/", "audio/", "video/")):
        raise Unreadable(f"not a text page ({page.content_type})")
    if "pdf" in page.content_type:
        raise Unreadable("a PDF document, not a page")
    return page


async def _longest_list(fetcher: FolderFetcher) -> tuple[Page, Sequence[Diocese]]:
    """The stored page that lists most dioceses; raises `Unreadable` when none lists any."""
    best: tuple[Page, Sequence[Diocese]] | None = None
    for url in await fetcher.stored_pages():
        try:
            page = await fetcher.get(url)
            found = read_dioceses(page)
        except VitalityError:
            continue
        if best is None or len(found) > len(best[1]):
            best = page, found
    if best is None:
        raise Unreadable("no page of the folder lists dioceses")
    return best


async def _directory_site(fetcher: FolderFetcher, every_page: bool) -> AsyncIterator[Json]:
    directory = (
        await _best_directory(fetcher) if every_page else (await find_directory(fetcher, fetcher.home_url)).directory
    )
    yield {"record": "directory", **directory.model_dump(mode="json"), "page": fetcher.path_of(directory.url)}
    for parish in (await extract_parishes(fetcher, directory)).parishes:
        source = parish.sources.get("name", directory.url)
        yield _parish(parish, fetcher.path_of(source))


async def _best_directory(fetcher: FolderFetcher) -> Directory:
    """The stored page from which most parishes can be read, linked or not."""
    best: tuple[float, Directory] | None = None
    for url in await fetcher.stored_pages():
        try:
            page = await fetcher.get(url)
        except VitalityError:
            continue
        found = read_directory(page, site=fetcher.home_url)
        if found.parishes and (best is None or found.score > best[0]):
            best = found.score, Directory(url=page.url, layout=found.layout, parishes=len(found.parishes))
    if best is None:
        raise Unreadable("no page of the folder lists parishes")
    return best[1]


def _directory_page(page: Page, name: str) -> list[Json]:
    found = read_directory(page)
    if not found.parishes:
        raise Unreadable(found.reason or "the page lists no parishes")
    directory = Directory(url=page.url, layout=found.layout, parishes=len(found.parishes))
    head = {"record": "directory", **directory.model_dump(mode="json"), "page": name}
    return [head, *(_parish(parish, name) for parish in found.parishes)]


def _diocese(diocese: Diocese, page: str) -> Json:
    return {"record": "diocese", **diocese.model_dump(mode="json"), "page": page}


def _parish(parish: Parish, page: str) -> Json:
    return {"record": "parish", **parish.model_dump(mode="json"), "page": page}


def _service_time(time: ServiceTime, page: str) -> Json:
    return {"record": "service_time", **time.as_json(), "page": page}


async def _explained(path: Path, every_page: bool) -> str:
    if await _is_folder(path):
        fetcher = FolderFetcher(path)
        return explanation.site(await site_of(fetcher, every_page), fetcher.path_of)
    page = await stored_page(path)
    return explanation.page(page, read_page(page))
