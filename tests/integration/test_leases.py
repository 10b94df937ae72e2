"""Claims, fencing, burial and rescue against real Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Claim, NewWork, Settlement
from vitality.coordination.workers import WorkerInfo, Workers
from vitality.errors import DatabaseUnavailable, LeaseLost
from vitality.records import Host, Role, WorkKind
from vitality.storage.database import Connection, Database

pytestmark = pytest.mark.integration

KIND = WorkKind.READ_SCHEDULE
HOUR = timedelta(hours=1)
DONE = Settlement(due_in=HOUR)
Opener = Callable[..., Awaitable[Leases]]


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    database = Database(dsn)
    yield database
    await database.close()


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[Opener]:
    """Opens a lease for one more worker of the same database."""

    async with AsyncExitStack():

        async def opened(**options: object) -> Leases:
            leases = Leases(database, Wakeups(database, listen_dsn=None), **options)  # type: ignore[arg-type]
            await leases.open(WorkerInfo(roles=(Role.SCHEDULE,), name="pod-1"))
            return leases

        yield opened


def site(n: int, *, host: str | None = None, **options: object) -> NewWork:
    return NewWork(kind=KIND, subject=f"http://site{n}.org/", host=Host(host or f"site{n}.org"), **options)  # type: ignore[arg-type]


async def expire(database: Database, leases: Leases) -> None:
    """Makes a worker's lease run out as a long stop of its process would."""
    await run(
        database,
        "UPDATE lease SET renewed_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' "
        "WHERE id = $1",
        leases._me().id,
    )


async def run(database: Database, sql: str, *values: object) -> list[asyncpg.Record]:
    async with database.connection() as connection:
        return await connection.fetch(sql, *values)


async def one(database: Database, sql: str, *values: object) -> object:
    return (await run(database, sql, *values))[0][0]


async def test_due_work_is_claimed_once_and_settled_for_later(worker: Opener, database: Database) -> None:
    """What is claimed is nobody else's, and settling makes it due again at the stated time."""
    a, b = await worker(), await worker()
    assert await a.add(None, [site(1, details={"diocese_id": 7, "notes": ["é"]})]) == 1
    (claim,) = await a.claim([KIND], 10)
    assert (claim.subject, claim.host, claim.attempt) == ("http://site1.org/", "site1.org", 1)
    assert claim.details == {"diocese_id": 7, "notes": ["é"]}
    assert await b.claim([KIND], 10) == []
    await a.settle(claim, DONE)
    assert await b.claim([KIND], 10) == []
    assert await one(database, "SELECT due_at > now() + interval '59 minutes' FROM work")
    assert await one(database, "SELECT outcome FROM work_run") == "done"


async def test_work_without_a_host_is_claimed_too(worker: Opener) -> None:
    """The report belongs to no host; several such pieces are claimed together."""
    leases = await worker()
    await leases.add(None, [NewWork(kind=WorkKind.WRITE_REPORT, subject=str(n)) for n in range(5)])
    assert len(await leases.claim([KIND, WorkKind.WRITE_REPORT], 3)) == 3
    assert len(await leases.claim([WorkKind.WRITE_REPORT], 3)) == 2


async def test_only_the_kinds_asked_for_are_claimed(worker: Opener) -> None:
    """A schedule worker leaves the work of discovery alone."""
    leases = await worker()
    await leases.add(None, [NewWork(kind=WorkKind.FIND_DIRECTORY, subject="1", host=Host("d.org"))])
    assert await leases.claim([KIND], 10) == []
    assert len(await leases.claim([WorkKind.FIND_DIRECTORY], 10)) == 1


async def test_a_host_has_one_holder_whatever_the_kind(worker: Opener) -> None:
    """While one worker is at a host, no other piece of that host is given out, not even of another kind."""
    a, b = await worker(), await worker()
    works = [site(n, host="shared.org") for n in range(4)]
    await a.add(None, [*works, NewWork(kind=WorkKind.FIND_DIRECTORY, subject="d", host=Host("shared.org"))])
    (claim,) = await a.claim([KIND], 10)
    assert await b.claim(list(WorkKind), 10) == []
    await a.settle(claim, DONE)
    assert len(await b.claim(list(WorkKind), 10)) == 1


async def test_many_claimers_at_once_never_share_a_host(worker: Opener) -> None:
    """Claiming in parallel gives each host to exactly one worker and leaves no host out."""
    workers = [await worker() for _ in range(4)]
    await workers[0].add(None, [site(n, host=f"h{n % 40}.org") for n in range(200)])
    claimed: list[Claim] = []
    for _ in range(10):
        for claims in await asyncio.gather(*(leases.claim([KIND], 3) for leases in workers)):
            claimed += claims
    assert len(claimed) == 40
    assert len({claim.host for claim in claimed}) == 40


async def test_the_oldest_due_host_comes_first_and_priority_is_a_head_start(worker: Opener, database: Database) -> None:
    """Hosts are served by due time; one step of priority is worth an hour of waiting, no more."""
    leases = await worker()
    await leases.add(None, [site(1, due_in=-2 * HOUR), site(2), site(3, priority=1), site(4, due_in=-3 * HOUR)])
    order = [claim.subject[11] for _ in range(4) for claim in await leases.claim([KIND], 1)]
    assert order == ["4", "1", "3", "2"]


async def test_a_lost_lease_writes_nothing(worker: Opener, database: Database) -> None:
    """A worker whose work was rescued can neither settle, retry, snooze nor give back, and its findings are not kept."""
    a, b = await worker(), await worker()
    await a.add(None, [site(1)])
    (stale,) = await a.claim([KIND], 1)
    await expire(database, a)
    (fresh,) = await b.claim([KIND], 1)
    assert (fresh.work_id, fresh.term, fresh.attempt) == (stale.work_id, stale.term + 1, 2)
    await _expect_nothing_written(a, stale, database)
    await b.settle(fresh, DONE)
    assert await one(database, "SELECT holder IS NULL FROM host WHERE host = 'site1.org'")


async def test_a_lease_that_ran_out_writes_nothing_even_before_a_rescue(worker: Opener, database: Database) -> None:
    """The database's clock decides: late is late, though nobody has taken the work yet."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    await expire(database, leases)
    await _expect_nothing_written(leases, claim, database)
    with pytest.raises(LeaseLost):
        await leases.renew()
    assert not leases.trusted()


async def test_an_old_term_of_the_same_worker_writes_nothing(worker: Opener, database: Database) -> None:
    """The term fences a worker against its own earlier claim."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (old,) = await leases.claim([KIND], 1)
    await leases.give_back([old])
    (new,) = await leases.claim([KIND], 1)
    await _expect_nothing_written(leases, old, database)
    await leases.settle(new, DONE)


async def test_a_claim_ends_only_once(worker: Opener, database: Database) -> None:
    """Whoever ended a claim has nothing left to write with, though nobody has taken the work since."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    await leases.settle(claim, DONE)
    await _expect_nothing_written(leases, claim, database)


async def _expect_nothing_written(leases: Leases, claim: Claim, database: Database) -> None:
    before = await run(database, "SELECT * FROM work ORDER BY id")
    soon = datetime.now(UTC) + HOUR
    with_findings = Settlement(due_in=HOUR, write=_make_diocese, follow_up=(site(99),))
    for end in (
        lambda: leases.settle(claim, with_findings),
        lambda: leases.settle(claim, DONE),
        lambda: leases.retry(claim, "broken"),
        lambda: leases.snooze(claim, soon, "later"),
        lambda: leases.give_back([claim]),
    ):
        with pytest.raises(LeaseLost):
            await end()
    assert await run(database, "SELECT * FROM work ORDER BY id") == before
    assert await one(database, "SELECT count(*) FROM diocese") == 0


async def _make_diocese(connection: Connection) -> None:
    await connection.execute("INSERT INTO diocese (name, source) VALUES ('Findings', 'test')")


async def test_findings_follow_up_and_settlement_are_one(worker: Opener, database: Database) -> None:
    """All three are there afterwards; when the writing fails none is, and the claim can still be retried."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)

    async def broken(connection: Connection) -> None:
        await _make_diocese(connection)
        raise RuntimeError("a defect in a role")

    with pytest.raises(RuntimeError):
        await leases.settle(claim, Settlement(due_in=HOUR, write=broken, follow_up=(site(2),)))
    assert await one(database, "SELECT count(*) FROM diocese") == 0
    assert await one(database, "SELECT count(*) FROM work") == 1
    await leases.settle(claim, Settlement(due_in=HOUR, write=_make_diocese, follow_up=(site(2),)))
    assert await one(database, "SELECT count(*) FROM diocese") == 1
    assert [c.subject for c in await leases.claim([KIND], 5)] == ["http://site2.org/"]


async def test_a_lease_that_runs_out_during_the_writing_is_noticed(worker: Opener, database: Database) -> None:
    """Findings written under a lease that ends before the settlement are rolled back with it."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)

    async def slow(connection: Connection) -> None:
        await _make_diocese(connection)
        await expire(database, leases)

    with pytest.raises(LeaseLost):
        await leases.settle(claim, Settlement(due_in=HOUR, write=slow))
    assert await one(database, "SELECT count(*) FROM diocese") == 0


async def test_rescue_passes_over_work_that_is_being_settled(worker: Opener, database: Database) -> None:
    """A row locked by its holder's settlement is neither waited for nor taken."""
    a, b = await worker(), await worker()
    await a.add(None, [site(1)])
    (claim,) = await a.claim([KIND], 1)

    async def meanwhile(_: Connection) -> None:
        await expire(database, a)
        assert await b.rescue() == 0
        assert await b.claim([KIND], 1) == []

    with pytest.raises(LeaseLost):
        await a.settle(claim, Settlement(due_in=HOUR, write=meanwhile))
    assert await b.rescue() == 1
    assert len(await b.claim([KIND], 1)) == 1


async def test_an_input_that_kills_workers_is_buried_after_its_attempts(worker: Opener, database: Database) -> None:
    """Each crash costs one attempt; after the last the work is buried with the reason and given to nobody."""
    await (await worker()).add(None, [site(1, max_attempts=3)])
    attempts = []
    for _ in range(5):
        victim = await worker()
        attempts += [claim.attempt for claim in await victim.claim([KIND], 1)]
        await expire(database, victim)
    assert attempts == [1, 2, 3]
    (row,) = await run(database, "SELECT state, error, attempt FROM work")
    assert row["state"] == "buried"
    assert "ran out in attempt 3 of 3" in row["error"]
    outcomes = await run(database, "SELECT outcome FROM work_run ORDER BY finished_at")
    assert [o["outcome"] for o in outcomes] == ["expired", "expired", "buried"]


async def test_failed_attempts_are_counted_backed_off_and_buried(worker: Opener, database: Database) -> None:
    """retry() moves the due time on, keeps the reason, and buries at the last attempt."""
    leases = await worker()
    await leases.add(None, [site(1, max_attempts=2)])
    (claim,) = await leases.claim([KIND], 1)
    await leases.retry(claim, "server said 500\x00", after=timedelta(0))
    (claim,) = await leases.claim([KIND], 1)
    assert claim.attempt == 2
    await leases.retry(claim, "server said 500 again")
    (row,) = await run(database, "SELECT state, error FROM work")
    assert tuple(row) == ("buried", "server said 500 again")
    assert await leases.claim([KIND], 1) == []


async def test_adding_again_never_brings_back_the_buried_nor_changes_due_times(
    worker: Opener, database: Database
) -> None:
    """Work is perpetual: adding what exists keeps its due time unless asked to hasten, and leaves a burial alone."""
    leases = await worker()
    await leases.add(None, [site(1, max_attempts=1), site(2, due_in=HOUR), site(3, due_in=HOUR)])
    (claim,) = await leases.claim([KIND], 1)
    await leases.retry(claim, "no")
    again = [site(1), site(2), site(3, hasten=True, details={"why": "the directory changed"})]
    assert await leases.add(None, again) == 0
    assert await leases.add(None, [site(1, hasten=True)]) == 0
    assert [c.subject for c in await leases.claim([KIND], 5)] == ["http://site3.org/"]
    assert await one(database, "SELECT state FROM work WHERE subject = 'http://site1.org/'") == "buried"


async def test_snoozing_and_giving_back_cost_no_attempt(worker: Opener, database: Database) -> None:
    """A host that must wait is not the work's fault."""
    leases = await worker()
    await leases.add(None, [site(1, max_attempts=3)])
    for _ in range(3):
        (claim,) = await leases.claim([KIND], 1)
        assert claim.attempt == 1
        await leases.give_back([claim])
    (claim,) = await leases.claim([KIND], 1)
    await leases.snooze(claim, datetime.now(UTC) + HOUR, "429")
    assert await leases.claim([KIND], 1) == []
    assert await one(database, "SELECT attempt FROM work") == 0
    assert await one(database, "SELECT next_at > now() + interval '59 minutes' FROM lane")


async def test_closing_gives_back_what_is_held(worker: Opener, database: Database) -> None:
    """A worker that leaves in good order frees its work and hosts at once."""
    a, b = await worker(), await worker()
    await a.add(None, [site(1), site(2)])
    assert len(await a.claim([KIND], 5)) == 2
    await a.close()
    assert [c.attempt for c in await b.claim([KIND], 5)] == [1, 1]
    with pytest.raises(LeaseLost):
        await a.claim([KIND], 1)


async def test_a_draining_worker_claims_nothing(worker: Opener) -> None:
    """After drain() no claim succeeds under this lease."""
    leases = await worker()
    await leases.add(None, [site(1)])
    await leases.drain()
    assert await leases.claim([KIND], 1) == []


async def test_one_renewal_keeps_everything(worker: Opener, database: Database) -> None:
    """The heartbeat updates one row however much is held."""
    leases = await worker()
    await leases.add(None, [site(n) for n in range(20)])
    claims = await leases.claim([KIND], 20)
    before = await one(database, "SELECT expires_at FROM lease")
    await leases.renew()
    assert await one(database, "SELECT expires_at > $1 FROM lease", before)
    await leases.settle_all([(claim, DONE) for claim in claims])
    assert await one(database, "SELECT count(*) FROM work_run") == 20


async def test_trust_ends_before_the_lease_does(worker: Opener) -> None:
    """The process stops trusting its lease on its own clock, counted from before the renewal was sent."""
    now = [100.0]
    leases = await worker(clock=lambda: now[0], lease=timedelta(seconds=30))
    assert leases.trusted()
    now[0] += 23.9
    assert leases.trusted()
    now[0] += 0.2
    assert not leases.trusted()
    with pytest.raises(LeaseLost):
        await leases.claim([KIND], 1)
    await leases.renew()
    assert leases.trusted()


async def test_a_renewal_that_is_not_answered_is_tried_again_on_another_connection(
    worker: Opener, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A black hole on one connection does not cost the lease: after a quarter of it the next renewal gets through."""
    leases = await worker(lease=timedelta(seconds=4))
    real, calls = database.connection, []

    @asynccontextmanager
    async def silent_at_first() -> AsyncIterator[Connection]:
        calls.append(1)
        if len(calls) == 1:
            await asyncio.sleep(60)
        async with real() as connection:
            yield connection

    monkeypatch.setattr(database, "connection", silent_at_first)
    renewed = asyncio.Event()
    async with asyncio.timeout(3.2), asyncio.TaskGroup() as tasks:
        keeping = tasks.create_task(leases.keep(beat=renewed.set))
        await renewed.wait()
        keeping.cancel()
    assert leases.trusted()
    assert len(calls) == 2


async def test_a_claim_whose_answer_was_lost_is_freed_by_the_next(
    worker: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database gave and the process never learned of does not stay held for as long as it lives."""
    leases = await worker()
    await leases.add(None, [site(1), site(2)])
    real = leases._take

    async def lost(*arguments: object) -> list[asyncpg.Record]:
        await real(*arguments)  # type: ignore[arg-type]
        raise DatabaseUnavailable("the answer was lost")

    monkeypatch.setattr(leases, "_take", lost)
    with pytest.raises(DatabaseUnavailable):
        await leases.claim([KIND], 1)
    monkeypatch.undo()
    assert len(await leases.claim([KIND], 5)) == 2


async def test_a_claim_whose_answer_was_lost_is_told_from_an_older_one_of_the_same_work(
    worker: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of the first claim and the whole second claim went unheard: the second is freed all the same."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (first,) = await leases.claim([KIND], 1)
    take, finish = leases._take, leases._finish_alone

    async def unheard(*arguments: object) -> list[asyncpg.Record]:
        await take(*arguments)  # type: ignore[arg-type]
        raise DatabaseUnavailable("the answer was lost")

    async def unheard_end(*arguments: object) -> list[str]:
        await finish(*arguments)  # type: ignore[arg-type]
        raise DatabaseUnavailable("the answer was lost")

    monkeypatch.setattr(leases, "_take", unheard)
    monkeypatch.setattr(leases, "_finish_alone", unheard_end)
    with pytest.raises(DatabaseUnavailable):
        await leases.give_back([first])
    with pytest.raises(DatabaseUnavailable):
        await leases.claim([KIND], 1)
    monkeypatch.undo()
    assert [claim.term for claim in await leases.claim([KIND], 5)] == [3]


async def test_a_claim_that_reaches_postgres_after_it_was_given_up_is_freed_within_a_lease(
    worker: Opener, database: Database
) -> None:
    """Nobody waits for its answer any more, and no statement has failed since."""
    now = [0.0]
    leases = await worker(clock=lambda: now[0])
    await leases.add(None, [site(1)])
    me = leases._me().id
    await run(database, "UPDATE host SET holder = $1, held_since = now(), term = term + 1", me)
    await run(database, "UPDATE work SET state = 'leased', holder = $1, term = 1, attempt = 1, claimed_at = now()", me)
    assert await leases.claim([KIND], 5) == []
    now[0] = 31.0
    await leases.renew()
    assert len(await leases.claim([KIND], 5)) == 1


async def test_a_database_that_is_away_is_an_error(worker: Opener, dsn: str) -> None:
    """Down is not empty: claiming from a database that cannot be reached raises."""
    away = Database(dsn.replace("127.0.0.1", "127.0.0.1").rsplit(":", 1)[0] + ":1/none")
    leases = Leases(away, Wakeups(away, listen_dsn=None))
    with pytest.raises(DatabaseUnavailable):
        await leases.open(WorkerInfo(roles=(Role.SCHEDULE,)))
    await away.close()


async def test_connections_that_are_cut_are_replaced(worker: Opener, database: Database) -> None:
    """After Postgres ended all connections the same objects go on."""
    leases = await worker()
    await leases.add(None, [site(1)])
    with pytest.raises(DatabaseUnavailable):
        await run(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()")
    for _ in range(10):
        try:
            claims = await leases.claim([KIND], 1)
            break
        except DatabaseUnavailable:
            await asyncio.sleep(0.05)
    assert len(claims) == 1


async def test_a_lane_that_promises_too_much_is_corrected(worker: Opener, database: Database) -> None:
    """A lane that says due while nothing is due stands in nobody's way for longer than one look."""
    leases = await worker()
    await leases.add(None, [site(1, due_in=HOUR), site(2)])
    await run(database, "UPDATE lane SET next_at = '2020-01-01' WHERE host = 'site1.org'")
    assert [c.subject for c in await leases.claim([KIND], 1) or await leases.claim([KIND], 1)] == ["http://site2.org/"]
    assert await one(
        database,
        "SELECT next_at = (SELECT due_at FROM work WHERE host = 'site1.org') FROM lane WHERE host = 'site1.org'",
    )


async def test_next_due_and_waiting(worker: Opener, database: Database) -> None:
    """An idle worker learns when to look again, and an announcement wakes it before."""
    leases = await worker()
    assert await leases.next_due([KIND]) is None
    await leases.add(None, [site(1, due_in=HOUR)])
    wait = await leases.next_due([KIND])
    assert wait is not None
    assert timedelta(minutes=59) < wait <= HOUR
    await leases.claim([KIND], 1)
    sleeper = asyncio.create_task(leases.wait([KIND], timedelta(seconds=30)))
    await asyncio.sleep(0)
    await leases.add(None, [site(2)])
    await asyncio.wait_for(sleeper, 5)


async def test_a_notification_wakes_another_process(dsn: str, database: Database, worker: Opener) -> None:
    """Work added by one process is announced to the others through Postgres."""
    line, other = Wakeups(database, listen_dsn=dsn), Wakeups(database, listen_dsn=None)
    tasks = [asyncio.create_task(line.run()), asyncio.create_task(other.run())]
    while not line.listening:
        await asyncio.sleep(0.01)
    sleeper = asyncio.create_task(line.wait([KIND], timedelta(seconds=30), since=line.mark()))
    await asyncio.sleep(0)
    other.announce([KIND.value])
    await asyncio.wait_for(sleeper, 5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_old_names_show_who_works_on_what(worker: Opener, database: Database) -> None:
    """The views for the old watchers name the worker and its dioceses."""
    leases = await worker()
    await leases.add(None, [NewWork(kind=WorkKind.EXTRACT_PARISHES, subject="7", details={"diocese_id": 7})])
    await leases.claim([WorkKind.EXTRACT_PARISHES], 1)
    (row,) = await run(database, "SELECT * FROM pipeline_workers")
    assert (row["pod_name"], row["worker_type"], row["status"]) == ("pod-1", "schedule", "active")
    assert row["assigned_dioceses"] == [7]
    (row,) = await run(database, "SELECT * FROM diocese_work_assignments")
    assert (row["diocese_id"], row["status"]) == (7, "processing")
    (listed,) = await Workers(database).all()
    assert (listed.name, listed.held, listed.ending) == ("pod-1", 1, None)


async def test_the_backlog_is_counted_by_kind(worker: Opener) -> None:
    """Status shows what is due, waiting, leased and buried, and how old the oldest is."""
    leases = await worker()
    await leases.add(None, [site(1, due_in=-HOUR), site(2), site(3, due_in=HOUR)])
    await leases.claim([KIND], 1)
    counts = {row.kind: row for row in await leases.backlog()}[KIND]
    assert (counts.due, counts.waiting, counts.leased, counts.buried) == (1, 1, 1, 0)
    assert counts.oldest is not None
