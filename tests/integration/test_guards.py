"""Guards of coordination that no ordinary course of events needs: each test fails when its guard is gone.

`bench/guards.py` takes the guards out one by one and shows which test notices.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from vitality.coordination.control import WorkControl
from vitality.coordination.hosts import Hosts
from vitality.coordination.leases import Leases
from vitality.coordination.wakeups import Wakeups
from vitality.coordination.work import Claim, NewWork, Settlement
from vitality.coordination.workers import WorkerInfo
from vitality.errors import LeaseLost
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
def worker(database: Database) -> Opener:
    """Opens a lease for one more worker of the same database."""

    async def opened(**options: object) -> Leases:
        leases = Leases(database, Wakeups(database, listen_dsn=None), **options)  # type: ignore[arg-type]
        await leases.open(WorkerInfo(roles=(Role.SCHEDULE,), name="pod-1"))
        return leases

    return opened


def site(n: int, *, host: str | None = None, **options: object) -> NewWork:
    return NewWork(kind=KIND, subject=f"s{n}", host=Host(host or f"site{n}.org"), **options)  # type: ignore[arg-type]


def report(n: int, **options: object) -> NewWork:
    return NewWork(kind=KIND, subject=f"r{n}", **options)  # type: ignore[arg-type]


async def run(database: Database, sql: str, *values: object) -> list[asyncpg.Record]:
    async with database.connection() as connection:
        return await connection.fetch(sql, *values)


async def one(database: Database, sql: str, *values: object) -> object:
    return (await run(database, sql, *values))[0][0]


async def expire(database: Database, leases: Leases) -> None:
    await run(
        database,
        "UPDATE lease SET renewed_at = now() - interval '2 hours', expires_at = now() - interval '1 hour' "
        "WHERE id = $1",
        leases._me().id,
    )


async def all_due(leases: Leases) -> list[Claim]:
    """Claims until nothing more is given out."""
    found: list[Claim] = []
    while claims := await leases.claim([KIND], 10):
        found += claims
    return found


async def hand_over(database: Database, claim: Claim, holder: UUID) -> None:
    """The row as it would be if a claim by another had not raised the term."""
    await run(database, "UPDATE work SET holder = $2 WHERE id = $1", claim.work_id, holder)


def writes(calls: list[str]) -> Settlement:
    async def write(_: Connection) -> None:
        calls.append("written")

    return Settlement(due_in=HOUR, write=write)


async def test_an_old_term_does_not_even_begin_to_write(worker: Opener) -> None:
    """The fence stands before the findings: nothing is sent for a claim of an earlier term."""
    leases, calls = await worker(), []
    await leases.add(None, [site(1)])
    (old,) = await leases.claim([KIND], 1)
    await leases.give_back([old])
    await leases.claim([KIND], 1)
    with pytest.raises(LeaseLost):
        await leases.settle(old, writes(calls))
    assert calls == []


async def test_nobody_writes_under_anothers_claim(worker: Opener, database: Database) -> None:
    """The holder is checked as well as the term, before the findings and in the settlement."""
    leases, other, calls = await worker(), await worker(), []
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    await hand_over(database, claim, other._me().id)
    for settlement in (writes(calls), DONE):
        with pytest.raises(LeaseLost):
            await leases.settle(claim, settlement)
    assert calls == []
    assert await one(database, "SELECT state FROM work") == "leased"


async def test_a_lease_that_ran_out_does_not_even_begin_to_write(worker: Opener, database: Database) -> None:
    """The lease is looked at before the findings, and not only at their end."""
    leases, calls = await worker(), []
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    await expire(database, leases)
    with pytest.raises(LeaseLost):
        await leases.settle(claim, writes(calls))
    assert calls == []


async def test_what_is_leased_or_buried_is_not_changed_by_adding(worker: Opener, database: Database) -> None:
    """A piece in work keeps its host and its details, so that its own host is freed; a buried one is left alone too."""
    leases = await worker()
    await leases.add(None, [site(1), site(2, max_attempts=1)])
    claims = {claim.subject: claim for claim in await leases.claim([KIND], 2)}
    await leases.retry(claims["s2"], "broken")
    before = await run(database, "SELECT host, details, due_at FROM work ORDER BY id")
    again = [site(n, host="moved.org", details={"new": True}, hasten=True, due_in=-2 * HOUR) for n in (1, 2)]
    await leases.add(None, again)
    assert await run(database, "SELECT host, details, due_at FROM work ORDER BY id") == before
    await leases.settle(claims["s1"], DONE)
    assert await one(database, "SELECT count(*) FROM host WHERE holder IS NOT NULL") == 0


async def test_hastening_never_delays(worker: Opener, database: Database) -> None:
    """What is due sooner than asked for stays so, though its details change; its lane is not moved on either."""
    leases = await worker()
    await leases.add(None, [site(1, due_in=-HOUR)])
    await leases.add(None, [site(1, due_in=HOUR, hasten=True, details={"new": True})])
    assert await one(database, "SELECT due_at < now() FROM work")
    await leases.add(None, [site(2, host="site1.org", due_in=2 * HOUR)])
    assert await one(database, "SELECT next_at < now() FROM lane")


async def test_a_lease_that_ran_out_claims_nothing(worker: Opener, database: Database) -> None:
    """The database refuses, though the process still trusts its lease; with hosts and without."""
    leases = await worker()
    await leases.add(None, [site(1), report(1)])
    await run(database, "UPDATE lease SET renewed_at = now() - interval '2 h', expires_at = now() - interval '1 h'")
    leases._rescue_at = float("inf")  # its own rescue would remove the row
    assert leases.trusted()
    assert await leases.claim([KIND], 5) == []


async def test_a_draining_lease_claims_nothing_of_either_kind(worker: Opener) -> None:
    """After drain() neither work with a host nor work without one is given out."""
    leases = await worker()
    await leases.add(None, [site(1), report(1)])
    await leases.drain()
    assert await leases.claim([KIND], 5) == []


async def test_work_without_host_is_fenced_and_counted(worker: Opener) -> None:
    """Each claim raises the term and the attempt, with a host or without."""
    leases = await worker()
    await leases.add(None, [site(1), report(1)])
    first = {claim.subject: claim for claim in await all_due(leases)}
    for claim in first.values():
        await leases.retry(claim, "again", after=timedelta(0))
    second = {claim.subject: claim for claim in await all_due(leases)}
    assert len(second) == 2
    for subject, claim in second.items():
        assert (claim.term, claim.attempt) == (first[subject].term + 1, 2)


async def test_claims_pass_over_what_others_have_locked(worker: Opener, database: Database) -> None:
    """A row that another transaction has locked is not waited for: neither a host, nor work of a host, nor other work."""
    leases = await worker()
    await leases.add(None, [site(n) for n in range(2)] + [report(n) for n in range(2)])
    for locked in (
        "SELECT 1 FROM host WHERE host = 'site0.org' FOR UPDATE",
        "SELECT 1 FROM work WHERE subject = 's0' FOR UPDATE",
        "SELECT 1 FROM work WHERE subject = 'r0' FOR UPDATE",
    ):
        async with database.transaction() as connection:
            await connection.execute(locked)
            claims = await asyncio.wait_for(all_due(leases), 5)
            assert len(claims) == 3
        await leases.give_back(claims)


async def test_claimers_at_the_same_instant_share_no_host(dsn: str, worker: Opener, database: Database) -> None:
    """Two claims that see the same free host at once: one gets it."""
    leases, other = await worker(), await worker()
    await leases.add(None, [site(n, host="one.org") for n in range(4)])
    async with database.transaction() as connection:
        await connection.execute("LOCK TABLE host IN SHARE MODE")  # both get as far as marking the host
        tasks = [asyncio.create_task(each.claim([KIND], 1)) for each in (leases, other)]
        await asyncio.sleep(0.3)
    assert sum(map(len, await asyncio.gather(*tasks))) == 1


async def test_one_host_gives_one_piece_though_it_has_several_lanes(worker: Opener) -> None:
    """A host with due work of several kinds and priorities is chosen once."""
    leases = await worker()
    other = WorkKind.FIND_DIRECTORY
    works = [site(n, host="one.org", priority=n) for n in range(4)]
    await leases.add(None, [*works, NewWork(kind=other, subject="d", host=Host("one.org"))])
    assert len(await leases.claim([KIND, other], 10)) == 1


async def test_a_stale_view_of_a_lane_is_dropped(worker: Opener, database: Database) -> None:
    """A settlement that saw the lane before others added to it does not move the lane past what they added."""
    leases = await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    async with database.transaction() as connection:
        await leases.add(connection, [site(2, host="site1.org", due_in=-HOUR)])
        task = asyncio.create_task(leases.settle(claim, DONE))
        await asyncio.sleep(0.3)  # it waits for the lane's row, and has seen the rows as they were
    await task
    assert [found.subject for found in await leases.claim([KIND], 1)] == ["s2"]


async def test_a_correction_from_a_stale_view_is_dropped(worker: Opener, database: Database) -> None:
    """A claimer that finds nothing where a lane promised something does not undo what was added meanwhile."""
    leases = await worker()
    await leases.add(None, [site(1, due_in=HOUR)])
    await run(database, "UPDATE lane SET next_at = now() - interval '1 hour'")
    async with database.transaction() as connection:
        await leases.add(connection, [site(2, host="site1.org", due_in=-HOUR)])
        task = asyncio.create_task(leases.claim([KIND], 1))
        await asyncio.sleep(0.3)
    await task
    assert await one(database, "SELECT next_at <= now() FROM lane")


async def test_a_closed_hosts_lane_waits_as_long(worker: Opener, database: Database) -> None:
    """What is due on a closed host does not stand at the front of its lane, however its claim ended."""
    leases, hosts = await worker(), Hosts(database, draw=lambda: 0.5)
    await leases.add(None, [site(1), site(2, host="site1.org")])
    (claim,) = await leases.claim([KIND], 1)
    await hosts.failed(Host("site1.org"), "503", retry_after=HOUR)
    assert await one(database, "SELECT next_at > now() + interval '59 min' FROM lane")
    await leases.settle(claim, DONE)
    assert await one(database, "SELECT next_at > now() + interval '59 min' FROM lane")
    await hosts.failed(Host("site1.org"), "503")
    assert await one(database, "SELECT closed_until > now() + interval '59 min' FROM host"), "shortened by a later one"


async def test_a_host_that_closes_while_it_is_chosen_is_passed_over(worker: Opener, database: Database) -> None:
    """The closure stands in the host's row, so a lane that was not moved on is no way around it."""
    leases = await worker()
    await leases.add(None, [site(1)])
    await run(database, "UPDATE host SET closed_until = now() + interval '1 hour'")
    assert await leases.claim([KIND], 1) == []


async def test_only_ones_own_host_is_freed(worker: Opener, database: Database) -> None:
    """A settlement, a rescue and a departure free the hosts of their own claims, not one that another holds by now."""
    other = uuid4()
    for end in ("settle", "rescue", "close"):
        leases = await worker()
        await leases.add(None, [site(1, hasten=True)])
        (claim,) = await leases.claim([KIND], 1)
        await run(database, "UPDATE host SET holder = $1", other)
        if end == "settle":
            await leases.settle(claim, Settlement(due_in=timedelta(0)))
        elif end == "rescue":
            await expire(database, leases)
            await (await worker()).rescue()
        else:
            await leases.close()
        assert await one(database, "SELECT holder FROM host") == other, end
        await run(database, "UPDATE host SET holder = NULL, held_since = NULL")


async def test_work_of_a_lease_that_is_gone_is_rescued(worker: Opener, database: Database) -> None:
    """A lease's row may be removed while its work was locked; the next look finds that work all the same."""
    leases = await worker()
    await leases.add(None, [site(1)])
    await leases.claim([KIND], 1)
    await run(database, "DELETE FROM lease WHERE id = $1", leases._me().id)
    other = await worker()
    assert await other.rescue() == 1
    assert len(await other.claim([KIND], 1)) == 1


async def test_a_departure_and_a_rescue_touch_nobody_else(worker: Opener, database: Database) -> None:
    """What live workers hold stays theirs when others leave or die."""
    leases, leaving, dying = await worker(), await worker(), await worker()
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    await leaving.close()
    await expire(database, dying)
    await leases.rescue()
    await leases.settle(claim, DONE)


async def test_lost_answers_cost_attempts_and_nothing_else(worker: Opener, database: Database) -> None:
    """What the process knows of stays held when it frees the rest; the last attempt buries."""
    leases = await worker()
    await leases.add(None, [site(1), site(2, max_attempts=1)])
    claims = {claim.subject: claim for claim in await leases.claim([KIND], 2)}
    leases.forget([claims["s2"]])
    assert await leases.claim([KIND], 1) == []
    await leases.settle(claims["s1"], DONE)
    assert await one(database, "SELECT state FROM work WHERE subject = 's2'") == "buried"


async def test_by_hand_nothing_in_work_is_touched(worker: Opener, database: Database) -> None:
    """Bringing back and burying leave leased work alone."""
    leases, control = await worker(), WorkControl(database)
    await leases.add(None, [site(1)])
    (claim,) = await leases.claim([KIND], 1)
    assert await control.retry([claim.work_id]) == 0
    assert await control.bury([claim.work_id], "by hand") == 0
    await leases.settle(claim, DONE)


async def test_trust_counts_from_before_the_renewal_was_sent(worker: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    """A renewal whose answer takes long prolongs trust by no more than the database granted."""
    now = [100.0]
    leases = await worker(clock=lambda: now[0], lease=timedelta(seconds=30))
    real = leases._database.connection

    def slow() -> object:
        now[0] += 10
        return real()

    monkeypatch.setattr(leases._database, "connection", slow)
    await leases.renew()
    assert leases.trust_until == 100.0 + 24


@pytest.mark.parametrize(
    "change",
    [
        "state = 'leased'",
        "state = 'leased', holder = gen_random_uuid()",
        "state = 'leased', claimed_at = now()",
        "kind = 'read_minds'",
        "host = 'Site1.org'",
        "max_attempts = 101",
        "holder = gen_random_uuid()",
        "attempt = 5",
        "attempt = -1",
        "attempt = 6, state = 'buried'",
        "subject = 's2'",
        "state = 'done'",
        "priority = 4",
    ],
)
async def test_the_schema_holds_what_must_always_hold(worker: Opener, database: Database, change: str) -> None:
    """No statement, ours or a person's, can make a row that breaks an invariant."""
    await (await worker()).add(None, [site(1), site(2)])
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await run_raw(database, f"UPDATE work SET {change} WHERE subject = 's1'")


async def run_raw(database: Database, sql: str) -> None:
    connection = await asyncpg.connect(database.dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_snoozing_until_a_time_keeps_that_time(worker: Opener, database: Database) -> None:
    """The instant is the caller's; the attempt goes back."""
    leases, until = await worker(), datetime.now(UTC) + 3 * HOUR
    await leases.add(None, [report(1)])
    (claim,) = await leases.claim([KIND], 1)
    await leases.snooze(claim, until, "robots")
    assert await one(database, "SELECT due_at = $1 AND attempt = 0 FROM work", until)


async def test_success_forgets_the_attempts_before_it(worker: Opener) -> None:
    """What has gone well starts its next round with all its attempts."""
    leases = await worker()
    await leases.add(None, [report(1, max_attempts=3)])
    (claim,) = await leases.claim([KIND], 1)
    await leases.retry(claim, "once", after=timedelta(0))
    (claim,) = await leases.claim([KIND], 1)
    await leases.settle(claim, Settlement(due_in=timedelta(0)))
    (claim,) = await leases.claim([KIND], 1)
    assert claim.attempt == 1


async def test_work_of_what_is_gone_is_forgotten(worker: Opener, database: Database) -> None:
    """Withdrawn work disappears, buried or waiting; what is leased goes on, and others of its kind stay."""
    leases = await worker()
    await leases.add(None, [site(1), site(2, max_attempts=1), report(3), site(4)])
    claims = {claim.subject: claim for claim in await all_due(leases)}
    await leases.settle(claims["s1"], DONE)
    await leases.retry(claims["s2"], "broken")
    await leases.settle(claims["s4"], DONE)
    async with database.transaction() as connection:
        assert await leases.withdraw(connection, [KIND], ["s1", "s2", "r3"]) == 2
    assert [row[0] for row in await run(database, "SELECT subject FROM work ORDER BY subject")] == ["r3", "s4"]
    await leases.settle(claims["r3"], DONE)


async def test_a_list_of_another_address_takes_the_place_of_the_old(worker: Opener, database: Database) -> None:
    """Of work that there is once, what was asked for under another subject is not done any more."""
    leases = await worker()
    old, new = (
        NewWork(kind=WorkKind.LIST_DIOCESES, subject=f"http://{name}.org/", host=Host(f"{name}.org"))
        for name in ("old", "new")
    )
    await leases.replace(old)
    await leases.add(None, [report(1)])
    await leases.replace(new)
    await leases.replace(new)
    assert [row[0] for row in await run(database, "SELECT subject FROM work ORDER BY id")] == ["r1", "http://new.org/"]


async def test_an_exchange_settles_and_claims_at_once(worker: Opener, database: Database) -> None:
    """A busy worker ends what it has and takes as much again: all is done once, one piece a host at a time."""
    leases, pair = await worker(), 2
    await leases.add(None, [site(n, host=f"h{n % 4}.org") for n in range(12)] + [report(n) for n in range(6)])
    seen: list[str] = []
    while claims := await leases.claim([KIND], pair):
        while claims:
            hosts = [claim.host for claim in claims if claim.host]
            assert len(hosts) == len(set(hosts))
            seen += [claim.subject for claim in claims]
            claims, lost = await leases.exchange([(claim, DONE) for claim in claims], [KIND], pair)
            assert lost == []
    assert sorted(seen) == sorted([f"s{n}" for n in range(12)] + [f"r{n}" for n in range(6)])
    assert await one(database, "SELECT count(*) FROM work_run WHERE outcome = 'done'") == 18
    assert await one(database, "SELECT count(*) FROM host WHERE holder IS NOT NULL") == 0
    assert await one(database, "SELECT bool_and(next_at > now() + interval '59 minutes') FROM lane")


async def test_an_exchange_tells_what_was_lost(worker: Opener, database: Database) -> None:
    """What is another's by now is not settled, and new work is claimed all the same; without a live lease nothing is."""
    leases = await worker()
    await leases.add(None, [site(n) for n in range(4)])
    stale, good = await leases.claim([KIND], 2)
    await run(database, "UPDATE work SET term = term + 1 WHERE id = $1", stale.work_id)
    claims, lost = await leases.exchange([(stale, DONE), (good, DONE)], [KIND], 1)
    assert (len(claims), lost) == (1, [stale])
    await expire(database, leases)
    leases._rescue_at = float("inf")
    assert await leases.exchange([(claims[0], DONE)], [KIND], 1) == ([], claims)
    assert await one(database, "SELECT count(*) FROM work_run") == 1


async def test_missed_periods_of_a_cycle_are_not_made_up_for(worker: Opener, database: Database) -> None:
    """A cycle that was due ten periods ago runs once, and is due again a full period after that."""
    leases = await worker()
    await leases.add(None, [NewWork(kind=WorkKind.WRITE_REPORT, subject="report", due_in=-10 * HOUR)])
    (claim,) = await leases.claim([WorkKind.WRITE_REPORT], 5)
    await leases.settle(claim, DONE)
    assert await leases.claim([WorkKind.WRITE_REPORT], 5) == []
    assert await one(database, "SELECT due_at > now() + interval '59 minutes' FROM work")


async def test_work_entered_by_itself_wakes_other_processes_at_once(dsn: str, worker: Opener) -> None:
    """Nobody has to send anything afterwards: a command that enters due work and ends has woken the workers."""
    leases, line = await worker(), Wakeups(Database(dsn), listen_dsn=dsn)
    task = asyncio.create_task(line.run())
    while not line.listening:
        await asyncio.sleep(0.01)
    sleeper = asyncio.create_task(line.wait([KIND], timedelta(seconds=30), since=line.mark()))
    await leases.add(None, [site(1, due_in=HOUR)])
    await asyncio.sleep(0.3)
    assert not sleeper.done()
    await leases.add(None, [site(2)])
    await asyncio.wait_for(sleeper, 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
