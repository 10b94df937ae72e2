"""`vitality import-legacy`: the earlier system's record, taken over without inventing anything.

Every old row ends in one of four ways, and the summary counts all of them: *taken* (new here), *joined* (says the same
as a row already taken), *known* (here before this import: nothing is changed) or *refused*, with the reason.
What the earlier system held for true becomes work that is due: its directories are searched and its sites read anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rich.console import Console

from vitality.app.database import opened
from vitality.app.legacy_parishes import Candidate, candidates, read_status
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import WorkQueue
from vitality.records import Diocese, Parish
from vitality.roles.discovery import extract_work
from vitality.roles.extraction import schedule_work
from vitality.roles.performing import find_work
from vitality.settings import Settings
from vitality.storage import dioceses, legacy, parishes
from vitality.storage.database import Connection, Database
from vitality.storage.dioceses import StoredDiocese
from vitality.storage.legacy import Cells, Note, OldData, OldId
from vitality.storage.site_key import site_address

End = Literal["taken", "joined", "known", "refused"]


@dataclass(slots=True)
class Summary:
    """How each old row ended, by old table and reason."""

    counts: Counter[tuple[str, End, str]] = field(default_factory=Counter)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """Old table, the row's key there, and the reason, for each refused row."""

    def note(self, table: str, end: End, reason: str = "") -> None:
        self.counts[table, end, reason] += 1

    def refuse(self, table: str, row: Cells, reason: str) -> None:
        key = next((f"{name} {row[name]}" for name in ("id", "diocese_id", "parish_id") if name in row), "without id")
        self.refused.append((table, key, reason))
        self.note(table, "refused", reason)

    def of(self, table: str) -> dict[tuple[End, str], int]:
        """The counts of one old table; together they are its rows."""
        return {(end, reason): n for (name, end, reason), n in self.counts.items() if name == table and n}


@dataclass(slots=True)
class Import:
    """One run: what the old rows became so far."""

    queue: WorkQueue
    source: str
    summary: Summary = field(default_factory=Summary)
    dioceses: dict[OldId, int] = field(default_factory=dict)
    parishes: dict[OldId, int] = field(default_factory=dict)


async def import_legacy(settings: Settings, source_dsn: str) -> int:
    """Takes over the earlier system's record from another database or schema, and prints what became of each row."""
    old = await legacy.read_old(source_dsn)
    async with opened(settings, migrate=False) as opening:
        summary = await take_over(opening.database, old, source=settings.conference_url)
    _print(summary)
    return 0


async def take_over(database: Database, old: OldData, *, source: str) -> Summary:
    """Takes over the rows; dioceses pass for rows of the list at `source`, whose next reading confirms or removes them."""
    run = Import(Leases(database, Wakeups(database, listen_dsn=None)), source)
    async with database.transaction() as connection:
        await _take_dioceses(connection, old.dioceses, run)
        await _take_directories(connection, old.directories, run)
        await _take_overrides(connection, old.overrides, run)
        run.parishes = await legacy.known_rows(connection, "Parishes")
    for diocese_id, rows in _by_diocese(old.parishes, run).items():
        async with database.transaction() as connection:
            await _take_parishes(connection, diocese_id, rows, run)
    async with database.transaction() as connection:
        await _take_facts(connection, old.facts, run)
    return run.summary


# ------------------------------------------------------------------ dioceses


async def _take_dioceses(connection: Connection, rows: Sequence[Cells], run: Import) -> None:
    run.dioceses = await legacy.known_rows(connection, "Dioceses")
    stored = await dioceses.everyone(connection)
    names = {_folded(name): diocese_id for name, diocese_id in (await legacy.diocese_names(connection)).items()}
    before = set(names.values())
    same = dioceses.match([each.diocese for each in stored], [_diocese(row) for row in rows if "Name" in row])
    ours = {new: names[_folded(old)] for old, new in same.renamed.items()}
    for row in rows:
        await _take_diocese(connection, row, run, names=names, before=before, renamed=ours)


async def _take_diocese(
    connection: Connection, row: Cells, run: Import, *, names: dict[str, int], before: set[int], renamed: dict[str, int]
) -> None:
    if "id" not in row or "Name" not in row:
        run.summary.refuse("Dioceses", row, "no id or no name")
        return
    old_id, diocese = OldId(row["id"]), _diocese(row)
    if old_id in run.dioceses:
        run.summary.note("Dioceses", "known")
        return
    here = names.get(_folded(diocese.name)) or renamed.get(diocese.name)
    if here is None:
        seen = legacy.parse_time(row.get("extracted_at"))
        here = names[_folded(diocese.name)] = await legacy.add_diocese(connection, diocese, run.source, seen)
        if site := site_address(diocese.website):
            await run.queue.add(connection, [find_work(here, diocese.name, site)])
        run.summary.note("Dioceses", "taken")
    else:
        run.summary.note("Dioceses", *_same_diocese(known=here in before))
    run.dioceses[old_id] = here
    await legacy.keep_row(connection, "Dioceses", old_id, here)


def _same_diocese(*, known: bool) -> tuple[End, str]:
    return ("known", "") if known else ("joined", "the same name")


def _diocese(row: Cells) -> Diocese:
    return Diocese(name=row["Name"], address=row.get("Address"), website=row.get("Website"))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


# ------------------------------------------------------------------ directories


async def _take_directories(connection: Connection, rows: Sequence[Cells], run: Import) -> None:
    table = "DiocesesParishDirectory"
    told: dict[int, list[Cells]] = defaultdict(list)
    for row in rows:
        diocese_id = run.dioceses.get(OldId(row.get("diocese_id", "")))
        if diocese_id is None:
            run.summary.refuse(table, row, "no such diocese was taken")
        elif "parish_directory_url" not in row and not _true(row, "is_blocked"):
            run.summary.refuse(table, row, "names no address")
        else:
            told[diocese_id].append(row)
    for diocese_id, hints in told.items():
        stored = await _stored(connection, diocese_id)
        if stored.directory_state is not None:
            run.summary.counts[table, "known", ""] += len(hints)
            continue
        await _keep_hints(connection, diocese_id, hints)
        run.summary.note(table, "taken")
        if len(hints) > 1:
            run.summary.counts[table, "joined", "the same diocese"] += len(hints) - 1


async def _keep_hints(connection: Connection, diocese_id: int, hints: Sequence[Cells]) -> None:
    """An address that nobody has proved here is evidence, not a directory."""
    names = ("parish_directory_url", "diocese_url", "found", "found_method", "is_blocked")
    evidence = {"legacy": [{name: row[name] for name in names if name in row} for row in hints]}
    blocked = all(_true(row, "is_blocked") for row in hints)
    state: dioceses.Absence = "blocked" if blocked else "not_found"
    reason = "the earlier system was refused" if blocked else "named by the earlier system, not proved yet"
    await dioceses.save_no_directory(connection, diocese_id, state, reason, evidence=evidence)


def _true(row: Cells, name: str) -> bool:
    return row.get(name, "").lower() in ("true", "t", "yes", "1")


async def _take_overrides(connection: Connection, rows: Sequence[Cells], run: Import) -> None:
    table = "DioceseParishDirectoryOverride"
    taken: dict[int, str] = {}
    for row in rows:
        diocese_id, url = run.dioceses.get(OldId(row.get("diocese_id", ""))), row.get("parish_directory_url")
        if diocese_id is None or url is None or not url.lower().startswith(("http://", "https://")):
            reason = "no such diocese was taken" if diocese_id is None else "names no web address"
            run.summary.refuse(table, row, reason)
            continue
        stored = await _stored(connection, diocese_id)
        if stored.override_url is None:
            await _override(connection, diocese_id, url, run)
            taken[diocese_id] = url
            run.summary.note(table, "taken")
        elif stored.override_url != url:
            run.summary.refuse(table, row, "another override stands")
        else:
            run.summary.note(table, "joined" if diocese_id in taken else "known", "the same" * (diocese_id in taken))


async def _override(connection: Connection, diocese_id: int, url: str, run: Import) -> None:
    await dioceses.override(connection, diocese_id, url, "taken over from the earlier system")
    stored = await _stored(connection, diocese_id)
    if stored.directory is not None:
        await run.queue.add(connection, [extract_work(diocese_id, stored.directory, stored.diocese, hasten=True)])


async def _stored(connection: Connection, diocese_id: int) -> StoredDiocese:
    stored = await dioceses.get(connection, diocese_id)
    if stored is None:
        raise LookupError(f"diocese {diocese_id}")
    return stored


# ------------------------------------------------------------------ parishes


def _by_diocese(rows: Sequence[Cells], run: Import) -> dict[int, list[Cells]]:
    """The rows that can be placed, by our diocese; the others are refused."""
    placed: dict[int, list[Cells]] = defaultdict(list)
    ids = Counter(row.get("id") for row in rows)
    for row in rows:
        diocese_id = run.dioceses.get(OldId(row.get("diocese_id", "")))
        if "id" not in row or "Name" not in row:
            run.summary.refuse("Parishes", row, "no id or no name")
        elif ids[row["id"]] > 1:
            run.summary.refuse("Parishes", row, "several rows have this id")
        elif diocese_id is None:
            run.summary.refuse("Parishes", row, "no such diocese was taken")
        else:
            placed[diocese_id].append(row)
    return placed


async def _take_parishes(connection: Connection, diocese_id: int, rows: Sequence[Cells], run: Import) -> None:
    new = [row for row in rows if OldId(row["id"]) not in run.parishes]
    run.summary.counts["Parishes", "known", ""] += len(rows) - len(new)
    stored = await _stored(connection, diocese_id)
    here = await parishes.of_diocese(connection, diocese_id)
    found, refused = candidates(new, stored.diocese, {each.identity: each.parish for each in here})
    for row, reason in refused:
        run.summary.refuse("Parishes", row, reason)
    ids = {each.identity: int(each.id) for each in here} | await _add(connection, diocese_id, found, run)
    for identity, each in found.items():
        run.summary.note("Parishes", "known" if each.stored else "taken")
        run.summary.counts["Parishes", "joined", "the same name and town"] += len(each.rows) - 1
        await _keep_rows(connection, each, ids[identity], run)


async def _add(connection: Connection, diocese_id: int, found: Mapping[str, Candidate], run: Import) -> dict[str, int]:
    """Adds what is not stored yet, by the time at which the earlier system saw it; returns the new ids by identity."""
    by_time: dict[datetime | None, dict[str, Parish]] = defaultdict(dict)
    for identity, each in found.items():
        if not each.stored:
            by_time[legacy.parse_time(each.rows[0].get("extracted_at"))][identity] = each.parish
    ids: dict[str, int] = {}
    for seen, group in by_time.items():
        added, sites = await legacy.add_parishes(connection, diocese_id, group, seen)
        await run.queue.add(connection, [schedule_work(site) for site in sites])
        ids |= added
    return ids


async def _keep_rows(connection: Connection, each: Candidate, parish_id: int, run: Import) -> None:
    for row in each.rows:
        old_id = OldId(row["id"])
        run.parishes[old_id] = parish_id
        await legacy.keep_row(connection, "Parishes", old_id, parish_id)
        if (words := row.get("Status")) and not read_status(words):
            await legacy.keep_note(connection, parish_id, Note(kind="Status", text=words))


# ------------------------------------------------------------------ facts


async def _take_facts(connection: Connection, rows: Sequence[Cells], run: Import) -> None:
    """Prose stays prose: a note, whatever it says, JSON or not, and never a service time."""
    kept: set[tuple[int, Note]] = set()
    for row in rows:
        parish_id = run.parishes.get(OldId(row.get("parish_id", "")))
        if parish_id is None:
            run.summary.refuse("ParishData", row, "no such parish was taken")
        elif "fact_value" not in row or "fact_type" not in row:
            run.summary.refuse("ParishData", row, "says nothing")
        else:
            await _take_fact(connection, parish_id, _note(row), kept, run)


async def _take_fact(
    connection: Connection, parish_id: int, note: Note, kept: set[tuple[int, Note]], run: Import
) -> None:
    once = (parish_id, Note(kind=note.kind, text=note.text, source_url=note.source_url))
    if await legacy.keep_note(connection, parish_id, note):
        run.summary.note("ParishData", "taken")
    elif once in kept:
        run.summary.note("ParishData", "joined", "the same words from the same page")
    else:
        run.summary.note("ParishData", "known")
    kept.add(once)


def _note(row: Cells) -> Note:
    return Note(
        kind=row["fact_type"],
        text=row["fact_value"],
        source_url=row.get("fact_source_url"),
        confidence=row.get("confidence_score"),
        method=row.get("extraction_method"),
    )


def _print(summary: Summary) -> None:
    console = Console(soft_wrap=True)
    for (table, end, reason), count in sorted((+summary.counts).items()):
        console.print(f"{table:<31}{end:<8}{count:>7}  {reason}".rstrip(), highlight=False)
    for table, key, reason in summary.refused:
        console.print(f"refused: {table} {key}: {reason}", highlight=False)
