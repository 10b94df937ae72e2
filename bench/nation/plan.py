"""What the simulated nation is: dioceses, parish sites, how often each must be asked, and what goes wrong where.

All times are those of a real crawl divided by `SCALE`, but for the guard of a start slot: that pays for the lateness of
the machine, which is no quicker here, so it is divided by five only and counts as a part of the delay. (Of a real delay
of 2 s it is a hundredth.)
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vitality.coordination.work import NewWork
from vitality.records import Host, WorkKind

SCALE = 100
DELAY_S = 2.0 / SCALE
CRAWL_DELAY_S = 10.0 / SCALE
"""What a fifth of the sites ask for in robots.txt."""
GUARD_S = 0.02 / 5
ANSWER_S = 0.1 / SCALE
"""Until an answer begins; the next delay counts from there."""
LATENCY_S = 0.4 / SCALE
SLOW_S = 8.0 / SCALE
RESTING = timedelta(hours=1)


class Mode(StrEnum):
    """How a host behaves; one in twenty fails, each way as often as any other."""

    WELL = "well"
    GONE = "gone"
    """No answer, ever: tried again with backoff until it is buried."""
    BROKEN = "broken"
    """503 at the first two visits."""
    BUSY = "busy"
    """429 with Retry-After at the first visit."""
    SLOW = "slow"
    RESTING = "resting"
    """Asks to be left alone for long: snoozed."""


FAILING = (Mode.GONE, Mode.BROKEN, Mode.BUSY, Mode.SLOW, Mode.RESTING)
NEVER_DONE = (Mode.GONE, Mode.RESTING)


@dataclass(frozen=True)
class Piece:
    """One piece of work: what it asks of its host, and what follows from it."""

    subject: str
    kind: WorkKind
    host: str
    requests: int
    delay_s: float = DELAY_S
    mode: Mode = Mode.WELL
    follows: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """The least time that it takes: starts lie a delay apart, and the last answer is waited for."""
        latency = SLOW_S if self.mode is Mode.SLOW else LATENCY_S
        return (self.requests - 1) * max(self.delay_s + GUARD_S, latency) + latency

    @property
    def done_at_last(self) -> bool:
        return self.mode not in NEVER_DONE

    def work(self) -> NewWork:
        return NewWork(kind=self.kind, subject=self.subject, host=Host(self.host))


def nation(dioceses: int, sites: int, seed: int = 196) -> dict[str, Piece]:
    """All pieces by subject; the same for every process."""
    chance = random.Random(seed)
    pieces = [_site(n, chance) for n in range(sites)]
    found = {piece.subject: piece for piece in pieces}
    for number in range(dioceses):
        host, mine = f"diocese{number}.org", tuple(piece.subject for piece in pieces[number::dioceses])
        extract = Piece(f"e{number}", WorkKind.EXTRACT_PARISHES, host, 12, follows=mine)
        find = Piece(f"f{number}", WorkKind.FIND_DIRECTORY, host, 6, follows=(extract.subject,))
        found |= {extract.subject: extract, find.subject: find}
    return found


def _site(number: int, chance: random.Random) -> Piece:
    return Piece(
        f"s{number}",
        WorkKind.READ_SCHEDULE,
        f"parish{number}.org",
        requests=chance.randint(3, 11),
        delay_s=CRAWL_DELAY_S if chance.random() < 0.2 else DELAY_S,
        mode=chance.choice(FAILING) if chance.random() < 0.05 else Mode.WELL,
    )
