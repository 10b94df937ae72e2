"""The statements of claims and settlements: their texts, put together from `queries.sql`, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import asyncpg

from vitality.coordination.sql import SQL
from vitality.coordination.work import Claim, Settlement
from vitality.records import Host, WorkKind

FINISH_FREE = SQL["finish"].replace("{hosts}", "")
FINISH_HOSTED = SQL["finish"].replace("{hosts}", SQL["finish_hosts"])
NOTHING = "SELECT id, state FROM ended"
"""The last line of `finish`, where a claim may follow in the same statement."""


@dataclass(frozen=True, slots=True)
class End:
    """How one claim ends, as the query `finish` takes it."""

    claim: Claim
    outcome: str
    due_in: timedelta = timedelta(0)
    until: datetime | None = None
    changed: bool = False
    note: str | None = None

    @property
    def key(self) -> tuple[int, int]:
        """(work id, term)."""
        return self.claim.work_id, self.claim.term


def done(claim: Claim, settlement: Settlement) -> End:
    """The end of a claim that went well."""
    return End(claim, "done", due_in=settlement.due_in, changed=settlement.changed, note=settlement.note)


@cache
def claim_sql(name: str, kinds: frozenset[WorkKind], limit: int) -> str:
    """The query of a claim for these kinds, each at its four priorities, and for so many pieces."""
    pairs = ", ".join(f"('{kind.value}', {priority})" for kind in sorted(kinds) for priority in (3, 2, 1, 0))
    return SQL[name].replace("{kinds}", pairs).replace("{limit}", str(int(limit)))


def finish_sql(ends: Sequence[End]) -> str:
    """The query that ends these claims."""
    return FINISH_HOSTED if any(end.claim.host for end in ends) else FINISH_FREE


def exchange_sql(ends: Sequence[End], name: str, kinds: frozenset[WorkKind], limit: int) -> str:
    """Ends these claims and makes new ones: rows with a term are the new claims, rows without are those ended.

    Both parts see the rows as they were before, so that what is being ended is not claimed again.
    """
    return joined(finish_sql(ends), claim_sql(name, kinds, limit))


@cache
def joined(finish: str, claim: str) -> str:
    """Two queries as one statement; the claim's second parameter becomes the tenth."""
    parts, taking = claim.replace("$2::", "$10::").removeprefix("WITH ").rsplit("UPDATE work\n", 1)
    columns = taking[taking.index("RETURNING ") + len("RETURNING ") :]
    shown = ", ".join(name if name == "id" else f"NULL AS {name}" for name in columns.split(", "))
    return (
        f"{finish.removesuffix(NOTHING).rstrip()}, {parts.rstrip()}, taken AS (\nUPDATE work\n{taking}\n)\n"
        f"SELECT {columns} FROM taken UNION ALL SELECT {shown} FROM ended"
    )


def finish_values(ends: Sequence[End]) -> tuple[list[object], ...]:
    """What `finish` takes after the lease's id, sorted by work: the order of locks."""
    ordered = sorted(ends, key=lambda end: end.key)
    return (
        [end.claim.work_id for end in ordered],
        [end.claim.term for end in ordered],
        [end.claim.attempt for end in ordered],
        [end.outcome for end in ordered],
        [end.due_in for end in ordered],
        [end.until for end in ordered],
        [end.changed for end in ordered],
        [_clean(end.note) for end in ordered],
    )


def claimed(row: asyncpg.Record, trust_until: float) -> Claim:
    """The claim that a row of a claiming query tells of."""
    return Claim(
        work_id=row["id"],
        kind=WorkKind(row["kind"]),
        subject=row["subject"],
        host=None if row["host"] is None else Host(row["host"]),
        details=row["details"],
        term=row["term"],
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        claimed_at=row["claimed_at"],
        trust_until=trust_until,
    )


def _clean(note: str | None) -> str | None:
    """Postgres has no NUL in text; an error's text can be long."""
    return note.replace("\x00", "�")[:2000] if note is not None else None
