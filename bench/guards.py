"""Takes each guard of coordination out, one at a time, and shows which test notices.

    python bench/guards.py [--only WORD] [--list]

A guard is a condition of the SQL (or of the code around it) that holds an invariant of coordination. For each, the
package and its tests are copied, the guard is replaced, and the tests of coordination run until the first failure.
A guard that nothing notices is either redundant or untested; the exit code is then 1.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SQL = "vitality/coordination/queries.sql"
LEASES = "vitality/coordination/leases.py"
SCHEMA = "vitality/storage/migrations/0001_first_schema.sql"
STATES = "vitality/storage/migrations/0004_cheaper_claims.sql"
TESTS = ("test_guards.py", "test_leases.py", "test_hosts.py", "test_workers.py")
LIMIT_S = 180


@dataclass(frozen=True)
class Guard:
    """What is replaced within one query (or one file), and what that guard is for."""

    what: str
    old: str
    new: str = ""
    query: str = ""
    path: str = SQL


GUARDS = (
    Guard("settle: only the claim's term", "w.term = i.term AND ", query="finish"),
    Guard("settle: only the claim's holder", " AND w.holder = $1", query="finish"),
    Guard(
        "settle: only under a live lease",
        "EXISTS (SELECT 1 FROM lease l WHERE l.id = $1 AND l.expires_at > clock_timestamp())",
        "true",
        "finish",
    ),
    Guard("settle: buried after the last attempt", "w.attempt >= w.max_attempts", "false", "finish"),
    Guard("settle: attempts forgotten when done", "WHEN 'done' THEN 0", "WHEN 'done' THEN w.attempt", "finish"),
    Guard("snooze and give back: no attempt counted", "ELSE w.attempt - 1", "ELSE w.attempt", "finish"),
    Guard(
        "settle: the host is freed", "SET holder = NULL, held_since = NULL", "SET failures = failures", "finish_hosts"
    ),
    Guard("settle: only one's own host is freed", " AND holder = $1", "", "finish_hosts"),
    Guard("settle: a lane's stale view is dropped", " AND l.version = s.version", query="finish_hosts"),
    Guard(
        "settle: a lane waits for its closed host",
        "greatest(f.closed_until,",
        "greatest(NULL::timestamptz,",
        "finish_hosts",
    ),
    Guard("findings: only the claim's term", "AND w.term = $3 ", "AND $3::integer IS NOT NULL ", "fence"),
    Guard("findings: only the claim's holder", "AND w.holder = $1\n", "\n", "fence"),
    Guard(
        "findings: only under a live lease",
        "AND EXISTS (SELECT 1 FROM lease l WHERE l.id = $1 AND l.expires_at > clock_timestamp())",
        "AND $1::uuid IS NOT NULL",
        "fence",
    ),
    Guard("findings: the row stays locked until the commit", "FOR NO KEY UPDATE OF w", query="fence"),
    Guard("renewal: a lease that ran out stays so", " AND expires_at > clock_timestamp()", query="renew"),
    Guard("claim with hosts: only under a live lease", " AND expires_at > clock_timestamp()", query="claim_hosted"),
    Guard("claim with hosts: not while draining", " AND NOT draining", query="claim_hosted"),
    Guard("claim with hosts: only free hosts", "h.holder IS NULL AND ", query="claim_hosted"),
    Guard("claim with hosts: only open hosts", " AND h.closed_until <= statement_timestamp()", query="claim_hosted"),
    Guard("claim with hosts: the host's row is locked", "FOR NO KEY UPDATE OF h SKIP LOCKED", query="claim_hosted"),
    Guard(
        "claim with hosts: one piece a host",
        "SELECT DISTINCT ON (host) * FROM open",
        "SELECT * FROM open",
        "claim_hosted",
    ),
    Guard(
        "claim with hosts: the host is marked",
        "SET holder = $1, held_since = clock_timestamp(), term = term + 1",
        "SET term = term + 1",
        "claim_hosted",
    ),
    Guard(
        "claim with hosts: what is locked is passed over",
        "        LIMIT 1\n        FOR NO KEY UPDATE SKIP LOCKED",
        "        LIMIT 1",
        "claim_hosted",
    ),
    Guard(
        "claim with hosts: a lane's stale view is dropped", "      AND l.version = due.version\n", query="claim_hosted"
    ),
    Guard(
        "claim with hosts: a lane that promised too much is corrected",
        "WHERE due.id IS NULL AND l.host",
        "WHERE false AND l.host",
        "claim_hosted",
    ),
    Guard(
        "claim with hosts: the term rises",
        "term = term + 1, attempt = attempt + 1",
        "attempt = attempt + 1",
        "claim_hosted",
    ),
    Guard(
        "claim with hosts: the attempt is counted",
        "term = term + 1, attempt = attempt + 1",
        "term = term + 1",
        "claim_hosted",
    ),
    Guard("claim without host: only under a live lease", " AND expires_at > clock_timestamp()", query="claim_free"),
    Guard("claim without host: not while draining", " AND NOT draining", query="claim_free"),
    Guard("claim without host: what is locked is passed over", "FOR NO KEY UPDATE SKIP LOCKED", query="claim_free"),
    Guard(
        "claim without host: the term rises",
        "term = term + 1, attempt = attempt + 1",
        "attempt = attempt + 1",
        "claim_free",
    ),
    Guard(
        "claim without host: the attempt is counted",
        "term = term + 1, attempt = attempt + 1",
        "term = term + 1",
        "claim_free",
    ),
    Guard("rescue: only leases that ran out", "(l.id IS NULL OR l.expires_at <= clock_timestamp())", "true", "rescue"),
    Guard("rescue: leases that are gone count too", "l.id IS NULL OR ", query="rescue"),
    Guard("rescue: what is being settled is passed over", "FOR NO KEY UPDATE OF w SKIP LOCKED", query="rescue"),
    Guard(
        "rescue: buried after the last attempt",
        "CASE WHEN w.attempt >= w.max_attempts THEN 'buried' ELSE 'waiting' END",
        "'waiting'",
        "rescue",
    ),
    Guard(
        "rescue: hosts are freed",
        "UPDATE host h SET holder = NULL, held_since = NULL",
        "UPDATE host h SET failures = failures",
        "rescue",
    ),
    Guard("rescue: only the dead worker's hosts are freed", " AND h.holder = lost.holder", query="rescue"),
    Guard(
        "close: only what one holds goes back",
        "WHERE holder = $1 AND state = 'leased' ORDER BY",
        "WHERE state = 'leased' ORDER BY",
        "close_lease",
    ),
    Guard("close: no attempt counted", "attempt = w.attempt - 1", "attempt = w.attempt", "close_lease"),
    Guard(
        "close: hosts are freed",
        "UPDATE host h SET holder = NULL, held_since = NULL",
        "UPDATE host h SET failures = failures",
        "close_lease",
    ),
    Guard(
        "lost answers: what is known stays held",
        "(id, term) NOT IN (SELECT * FROM unnest($2::bigint[], $3::integer[]) AS known (id, term))",
        "$2::bigint[] IS NOT NULL AND $3::integer[] IS NOT NULL",
        "drop_unknown",
    ),
    Guard(
        "lost answers: buried after the last attempt",
        "CASE WHEN w.attempt >= w.max_attempts THEN 'buried' ELSE 'waiting' END",
        "'waiting'",
        "drop_unknown",
    ),
    Guard("add: what is leased or buried is left alone", " AND w.state = 'waiting'\n", "\n", "add"),
    Guard(
        "add: a due time is only ever brought forward",
        "least(w.due_at, clock_timestamp() + i.due_in)",
        "clock_timestamp() + i.due_in",
        "add",
    ),
    Guard(
        "add: a lane is never later than the truth", "least(lane.next_at, excluded.next_at)", "excluded.next_at", "add"
    ),
    Guard("by hand: leased work is not touched", " AND state <> 'leased'", query="bring_back"),
    Guard("by hand: only waiting work is buried", " AND state = 'waiting'", query="bury"),
    Guard("slots: a full delay after the last", "h.last_slot_at + $2::interval END)", "h.last_slot_at END)", "reserve"),
    Guard(
        "slots: none further away than asked",
        "WHERE h.last_slot_at = $5::timestamptz\n       OR h.last_slot_at + $2::interval <= clock_timestamp() + $3::interval",
        "WHERE $3::interval IS NOT NULL",
        "reserve",
    ),
    Guard(
        "failing hosts: never sooner than Retry-After",
        "clock_timestamp() + greatest(\n            $3::interval, ",
        "clock_timestamp() + greatest(NULL::interval, ",
        "host_failed",
    ),
    Guard(
        "failing hosts: a closure is never shortened",
        "closed_until = greatest(h.closed_until, ",
        "closed_until = greatest(NULL, ",
        "host_failed",
    ),
    Guard("failing hosts: their lanes wait as long", "greatest(l.next_at, c.closed_until)", "l.next_at", "host_failed"),
    Guard(
        "trust: nothing is claimed without",
        'if not self.trusted():\n            raise LeaseLost("this process has no lease that it may trust")',
        "if False:\n            raise LeaseLost",
        path=LEASES,
    ),
    Guard("trust: shorter than the lease", "TRUSTED_SHARE = 0.8", "TRUSTED_SHARE = 1.2", path=LEASES),
    Guard(
        "trust: counted from before the renewal was sent",
        "        self._trust(sent_at)\n\n    async def keep",
        "        self._trust(self._clock())\n\n    async def keep",
        path=LEASES,
    ),
    Guard(
        "trust: a lost lease is trusted no more",
        '            self._trust_until = float("-inf")\n            raise LeaseLost("the lease',
        '            raise LeaseLost("the lease',
        path=LEASES,
    ),
    Guard(
        "findings: the settlement's own fence rolls them back",
        "if await self._finish(connection, [_done(claim, settlement)]):",
        "if not await self._finish(connection, [_done(claim, settlement)]) and False:",
        path=LEASES,
    ),
    Guard("schema: leased work has a holder", "holder IS NOT NULL AND claimed_at", "claimed_at", path=STATES),
    Guard("schema: waiting work has none", "THEN holder IS NULL AND attempt >= 0", "THEN attempt >= 0", path=STATES),
    Guard("schema: no waiting work without an attempt left", " AND attempt < max_attempts", path=STATES),
    Guard(
        "schema: no attempts beyond the last",
        "holder IS NULL AND attempt BETWEEN 0 AND max_attempts",
        "holder IS NULL",
        path=STATES,
    ),
    Guard("schema: no other states", "ELSE false", "ELSE true", path=STATES),
    Guard("schema: priorities from 0 to 3", "NEW.priority NOT BETWEEN 0 AND 3 OR ", path=STATES),
    Guard("schema: one row a subject", "    UNIQUE (kind, subject),\n", path=SCHEMA),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="guards whose name has this word")
    parser.add_argument("--list", action="store_true", help="name the guards and check that each is still in the code")
    options = parser.parse_args()
    chosen = [guard for guard in GUARDS if options.only in guard.what]
    for guard in chosen:
        without(guard)  # a guard that is no longer found is told before anything runs
    unseen = [guard.what for guard in chosen if not _seen(guard, list_only=options.list)]
    print(f"\n{len(chosen) - len(unseen)} of {len(chosen)} guards are noticed when they are gone")
    for what in unseen:
        print(f"  unnoticed: {what}")
    raise SystemExit(1 if unseen else 0)


def without(guard: Guard) -> str:
    """The file without the guard; raises `ValueError` where it is not there exactly once."""
    text = (ROOT / guard.path).read_text(encoding="utf-8")
    start, end = _span(text, guard.query)
    part = text[start:end]
    if part.count(guard.old) != 1:
        raise ValueError(f"{guard.what}: {part.count(guard.old)} times in {guard.query or guard.path}")
    return text[:start] + part.replace(guard.old, guard.new) + text[end:]


def _span(text: str, query: str) -> tuple[int, int]:
    if not query:
        return 0, len(text)
    found = re.search(rf"^-- name: {query}\n.*?(?=^-- name: |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise ValueError(f"no query {query}")
    return found.span()


def _seen(guard: Guard, *, list_only: bool) -> bool:
    broken = without(guard)
    if list_only:
        print(guard.what)
        return True
    with tempfile.TemporaryDirectory(prefix="vitality-guard-") as name:
        copy = Path(name)
        for part in ("vitality", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        (copy / guard.path).write_text(broken, encoding="utf-8")
        started = time.monotonic()
        by = _first_failure(copy)
    print(f"{guard.what:62} {'NOT NOTICED' if by is None else by}  ({time.monotonic() - started:.0f} s)", flush=True)
    return by is not None


def _first_failure(copy: Path) -> str | None:
    tests = [f"tests/integration/{name}" for name in TESTS if (copy / "tests/integration" / name).exists()]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "--timeout=60",
        *tests,
    ]
    environment = os.environ | {"PYTHONPATH": str(copy)}
    try:
        done = subprocess.run(
            command, check=False, cwd=copy, env=environment, capture_output=True, text=True, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return "(the tests hung)"
    if done.returncode == 0:
        return None
    failed = re.search(r"^(?:FAILED|ERROR) \S*?::(\S+)", done.stdout, re.MULTILINE)
    return failed.group(1) if failed else done.stdout[-300:]


if __name__ == "__main__":
    main()
