"""The makespan that politeness alone sets: the same pieces on as many slots, with a coordination that costs nothing."""

from __future__ import annotations

import heapq
from collections.abc import Mapping

from nation.plan import Piece
from vitality.records import WorkKind


def makespan(pieces: Mapping[str, Piece], slots: int) -> float:
    """Seconds until the last piece is done when each free slot takes the piece that has waited longest."""
    free = [0.0] * slots
    waiting = [(0.0, piece.subject) for piece in pieces.values() if piece.kind is WorkKind.FIND_DIRECTORY]
    heapq.heapify(waiting)
    last = 0.0
    while waiting:
        since, subject = heapq.heappop(waiting)
        piece = pieces[subject]
        ends = max(since, heapq.heappop(free)) + (piece.seconds if piece.done_at_last else 0.0)
        heapq.heappush(free, ends)
        last = max(last, ends)
        for following in piece.follows:
            heapq.heappush(waiting, (ends, following))
    return last
