"""Recovery, measured one fault at a time with calm around it."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from dataclasses import dataclass, field

from storm.fleet import Fleet, Seat
from storm.record import fetch
from storm.weather import Server
from storm.web import Web

HELD = """SELECT w.host FROM work w JOIN audit.entry e ON e.worker = w.holder
          WHERE e.pid = $1 AND w.host IS NOT NULL"""
LEASED_AGAIN = """SELECT extract(epoch FROM min(at))::float8 AS epoch FROM audit.turn
                  WHERE host = $1 AND what = 'claim' AND at > to_timestamp($2)"""
PATIENCE_S = 30.0
WINDOW_S = 2.5


@dataclass(slots=True)
class Recovery:
    """What the drills measured, in seconds; the rates in requests a second at the sites."""

    leased_again: list[float] = field(default_factory=list)
    """Of each host that a killed worker held: from the kill until somebody leased it again."""
    sigterm: list[float] = field(default_factory=list)
    full_rate: list[float] = field(default_factory=list)
    """From the return of Postgres to the end of the first window in which requests came as fast as before it went."""
    exits: int = 0
    """Of processes while Postgres was away."""


async def kill_drill(fleet: Fleet, server: Server, chance: random.Random, found: Recovery) -> None:
    """kill -9 of a worker that holds hosts."""
    seat, hosts = await _busy_seat(fleet, server, chance)
    killed = time.time()
    fleet.send(seat, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_S
    waiting = list(hosts)
    while waiting and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        for host in list(waiting):
            (row,) = await fetch(server.dsn, LEASED_AGAIN, host, killed)
            if row["epoch"] is not None:
                found.leased_again.append(row["epoch"] - killed)
                waiting.remove(host)
    found.leased_again += [PATIENCE_S] * len(waiting)


async def term_drill(fleet: Fleet, server: Server, chance: random.Random, found: Recovery) -> None:
    """SIGTERM of a worker that holds hosts."""
    seat, _ = await _busy_seat(fleet, server, chance)
    process, sent = seat.process, time.monotonic()
    assert process is not None
    fleet.send(seat, signal.SIGTERM)
    while process.poll() is None and time.monotonic() < sent + PATIENCE_S:
        await asyncio.sleep(0.01)
    found.sigterm.append(time.monotonic() - sent)


async def away_drill(fleet: Fleet, server: Server, web: Web, found: Recovery, *, away_s: float = 5.0) -> None:
    """Postgres away for a while."""
    await asyncio.sleep(4 * WINDOW_S)
    before = _rate(web, time.monotonic() - 3 * WINDOW_S, 3 * WINDOW_S)
    exits = len(fleet.unexpected)
    await server.restart(kill=False, away_s=away_s)
    back = time.monotonic()
    await asyncio.sleep(PATIENCE_S / 2)
    found.exits += len(fleet.unexpected) - exits
    steps = [step / 10 for step in range(int(10 * (PATIENCE_S / 2 - WINDOW_S)))]
    full = (step + WINDOW_S for step in steps if _rate(web, back + step, WINDOW_S) >= 0.9 * before)
    found.full_rate.append(next(full, PATIENCE_S))


async def _busy_seat(fleet: Fleet, server: Server, chance: random.Random) -> tuple[Seat, list[str]]:
    """A worker that holds at least one host, all workers having entered; and the hosts."""
    deadline = time.monotonic() + 2 * PATIENCE_S
    while time.monotonic() < deadline:
        seat = fleet.someone(chance)
        held = await fetch(server.dsn, HELD, seat.pid) if seat else []
        if seat and held and all(each.pid for each in fleet.seats):
            return seat, [row["host"] for row in held]
        await asyncio.sleep(0.1)
    raise RuntimeError("no worker takes work")


def _rate(web: Web, since: float, seconds: float) -> float:
    return sum(since <= each.started < since + seconds for each in web.seen()) / seconds
