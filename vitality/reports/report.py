"""The report: a folder of pages and CSV files that says what is known, how fresh it is, and what fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

from anyio import to_thread

from vitality.reports.batches import batches
from vitality.reports.folder import MARK, replaced_folder
from vitality.reports.pages import Pages, ParishLink, State, diocese_page, link_to
from vitality.reports.rows import ParishEntry, ReportData
from vitality.reports.tables import write_tables
from vitality.reports.words import folded

FOLDERS = ("diocese", "parish", "find")
UNKNOWN = "not-stated"


async def write_report(data: ReportData, entries: AsyncIterable[ParishEntry], folder: Path) -> tuple[Path, ...]:
    """Write the report into `folder`, which is replaced as a whole, and return its files relative to it.

    `index.html` is the first page, `diocese/` and `parish/` hold a page each, `find/` lists parishes by state and town,
    and the tables lie beside as CSV. The same rows give the same bytes. Raises FolderUnusable.
    """
    with ExitStack() as stack:
        report = Report(data, stack.enter_context(replaced_folder(folder)))
        async for batch in batches(entries):
            await to_thread.run_sync(report.add, batch)
        return await to_thread.run_sync(_finish, report, stack)


def _finish(report: Report, stack: ExitStack) -> tuple[Path, ...]:
    files = report.finish()
    stack.close()
    return files


class Report:
    """Writes the pages of parishes as they come, and then those that list them."""

    def __init__(self, data: ReportData, folder: Path) -> None:
        self._data = data
        self._folder = folder
        self._pages = Pages(data)
        self._links: list[ParishLink] = []
        for name in FOLDERS:
            (folder / name).mkdir()

    def add(self, entries: Sequence[ParishEntry]) -> None:
        for entry in entries:
            link = link_to(entry)
            self._write(link.page, self._pages.parish(entry))
            self._links.append(link)

    def finish(self) -> tuple[Path, ...]:
        """Write the rest; returns all files, relative to the folder."""
        self._write("index.html", self._pages.index())
        write_tables(self._folder, self._data)
        self._write_dioceses()
        self._write_states()
        files = (path for path in self._folder.rglob("*") if path.is_file() and path.name != MARK)
        return tuple(sorted(path.relative_to(self._folder) for path in files))

    def _write_dioceses(self) -> None:
        by_diocese: dict[int, list[ParishLink]] = defaultdict(list)
        for link in self._links:
            by_diocese[link.diocese_id].append(link)
        for row in self._data.dioceses:
            self._write(diocese_page(row), self._pages.diocese(row, by_diocese[row.id]))

    def _write_states(self) -> None:
        states = _states(self._links)
        self._write("find/index.html", self._pages.find([state for state, _ in states]))
        for state, links in states:
            self._write(f"find/{state.page}", self._pages.state(state, links))

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, encoding="utf-8")


def _states(links: Iterable[ParishLink]) -> list[tuple[State, list[ParishLink]]]:
    by_page: dict[str, list[ParishLink]] = defaultdict(list)
    for link in links:
        by_page[folded(link.state or "") or UNKNOWN].append(link)
    return [
        (_state(page, by_page[page]), by_page[page])
        for page in sorted(by_page, key=lambda page: (page == UNKNOWN, page))
    ]


def _state(page: str, links: Sequence[ParishLink]) -> State:
    name = "State not stated" if page == UNKNOWN else min(link.state or "" for link in links)
    return State(name=name, page=f"{page}.html", parishes=len(links))
