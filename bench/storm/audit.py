"""What the audit tables say after the storm: each broken rule as a sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from storm.wire import Passage

SQL = Path(__file__).with_name("audit.sql")
Row = asyncpg.Record
HANDED_OVER = """SELECT t.*, extract(epoch FROM t.at)::float8 AS epoch, extract(epoch FROM t.lease_left)::float8 AS left_s,
                        e.pid, r.outcome, coalesce(r.note, '') AS note
                 FROM audit.turn t LEFT JOIN audit.entry e ON e.worker = t.holder
                 LEFT JOIN work_run r ON t.what = 'end' AND r.work_id = t.work_id AND r.term = t.term
                 ORDER BY t.n"""
FINDINGS = """SELECT f.*, extract(epoch FROM f.at)::float8 AS epoch, t.port AS settled_by, r.outcome
              FROM audit.finding f
              LEFT JOIN audit.turn t ON t.xid = f.xid AND t.what = 'end'
              LEFT JOIN work_run r ON r.work_id = t.work_id AND r.term = t.term"""


async def install(connection: asyncpg.Connection[Row]) -> None:
    """Puts the audit into a database with the current schema."""
    await connection.execute(SQL.read_text())


class Senders:
    """Which process spoke over a connection, by the port that Postgres saw and the time."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._by_port: dict[int, list[Passage]] = defaultdict(list)
        for passage in sorted(passages, key=lambda each: each.since):
            self._by_port[passage.port].append(passage)

    def of(self, port: int, epoch: float) -> int | None:
        """The process id; None for a connection that came by no wire."""
        known = self._by_port.get(port, [])
        place = bisect_right([each.since for each in known], epoch)
        return known[place - 1].owner if place else None


@dataclass(frozen=True, slots=True)
class Findings:
    """What the audit found wrong, and how much it looked at."""

    turns: int
    ends: int
    findings: int
    rescues: int
    stale: list[str]
    double: list[str]
    out_of_turn: list[str]
    over_attempts: list[str]


async def examine(connection: asyncpg.Connection[Row], senders: Senders) -> Findings:
    """Reads the audit."""
    turns = await connection.fetch(HANDED_OVER)
    findings = await connection.fetch(FINDINGS)
    ends = [row for row in turns if row["what"] == "end"]
    return Findings(
        turns=len(turns),
        ends=len(ends),
        findings=len(findings),
        rescues=sum(_is_rescue(row) for row in ends),
        stale=[*stale_ends(ends, senders), *stale_findings(findings)],
        double=double_holders(turns),
        out_of_turn=out_of_turn(turns),
        over_attempts=[_about(row) for row in turns if row["attempt"] > row["max_attempts"]],
    )


def stale_ends(ends: Sequence[Row], senders: Senders) -> list[str]:
    """Ends that another than the holder brought about, but for the rescue of a lease that ran out."""
    found = []
    for row in ends:
        sender = senders.of(row["port"], row["epoch"])
        alive = row["left_s"] is not None and row["left_s"] > 0
        if _is_rescue(row):
            if alive:
                found.append(f"rescued from a live lease: {_about(row)}")
        elif sender != row["pid"]:
            found.append(f"ended by process {sender}, held by {row['pid']}: {_about(row)}")
        elif row["left_s"] is not None and row["left_s"] < -1:
            found.append(f"ended {-row['left_s']:.1f} s after the lease: {_about(row)}")
    return found


def stale_findings(findings: Sequence[Row]) -> list[str]:
    """Findings that were not written in the transaction, and over the connection, of a settlement."""
    return [
        f"{row['place']} written at {row['at']:%T} without a settlement of its own (outcome {row['outcome']})"
        for row in findings
        if row["outcome"] != "done" or row["settled_by"] != row["port"]
    ]


def double_holders(turns: Sequence[Row]) -> list[str]:
    """Claims of a host of which another worker still held a piece of work."""
    held: dict[str, dict[int, Row]] = defaultdict(dict)
    found = []
    for row in turns:
        if row["host"] is None:
            continue
        pieces = held[row["host"]]
        if row["what"] == "end":
            pieces.pop(row["work_id"], None)
            continue
        found += [f"{_about(row)} while {_about(each)}" for each in pieces.values() if each["holder"] != row["holder"]]
        pieces[row["work_id"]] = row
    return found


def out_of_turn(turns: Sequence[Row]) -> list[str]:
    """Terms that do not rise by one from claim to claim, and claims that no end lies between."""
    last: dict[int, Row] = {}
    found = []
    for row in turns:
        before = last.get(row["work_id"])
        last[row["work_id"]] = row
        if row["what"] == "claim":
            wrong = before is not None and (before["what"] == "claim" or row["term"] != before["term"] + 1)
        else:
            same = before is not None and (before["term"], before["holder"]) == (row["term"], row["holder"])
            wrong = before is None or before["what"] == "end" or not same
        if wrong:
            found.append(_about(row))
    return found


def _is_rescue(row: Row) -> bool:
    return row["outcome"] == "expired" or (row["outcome"] == "buried" and row["note"].startswith("the lease of worker"))


def _about(row: Row) -> str:
    return f"{row['what']} of work {row['work_id']} at {row['host']}, term {row['term']}, attempt {row['attempt']}"
