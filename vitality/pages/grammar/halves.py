"""Morning or afternoon, where a time does not say: what the list says first, then what is customary."""

from __future__ import annotations

from vitality.pages.grammar.elements import Clock

_NOON = 12 * 60


def settle(
    clocks: list[Clock], service: str, days: tuple[str, ...], *, vigil: bool, hint: str
) -> list[tuple[int, bool]]:
    """Minutes after midnight of each clock of one list, and whether its half of the day was a guess.

    A printed a.m./p.m. holds for the times to its left, as far as the order of the day allows; a time after a
    known one is the next that comes; what is left follows custom.
    """
    minutes: list[int | None] = [clock.minutes() if clock.half or not clock.around else None for clock in clocks]
    guessed = [False] * len(clocks)
    for at in range(len(clocks) - 2, -1, -1):
        right = minutes[at + 1]
        if minutes[at] is None and right is not None and clocks[at + 1].around:
            minutes[at] = clocks[at].minutes("p") if not right else _before(clocks[at], right, clocks[at + 1])
    for at, clock in enumerate(clocks):
        left = minutes[at - 1] if at else None
        if minutes[at] is None:
            guessed[at] = not hint
            minutes[at] = _after(clock, left) if left is not None else _custom(clocks, at, service, days, vigil, hint)
    return [(value or 0, guess) for value, guess in zip(minutes, guessed, strict=True)]


def _before(clock: Clock, right: int, printed: Clock) -> int:
    same = clock.minutes(printed.half or ("a" if right < _NOON else "p"))
    other = clock.minutes("a" if same >= _NOON else "p")
    return same if same <= right or other > right else other


def _after(clock: Clock, left: int) -> int:
    morning, afternoon = clock.minutes("a"), clock.minutes("p")
    return morning if morning > left else afternoon


def _custom(clocks: list[Clock], at: int, service: str, days: tuple[str, ...], vigil: bool, hint: str) -> int:
    clock = clocks[at]
    if hint:
        return clock.minutes(hint)
    following = clocks[at + 1] if at + 1 < len(clocks) else None
    rises = following is not None and not following.half and following.hour % 12 > clock.hour % 12
    hour = clock.hour % 12
    if vigil:
        return clock.minutes("p")
    first_morning_hour = _first_morning_hour(service, days, rises)
    return clock.minutes("a" if hour >= first_morning_hour else "p")


def _first_morning_hour(service: str, days: tuple[str, ...], rises: bool) -> int:
    """The hour from which a bare time means the morning, until noon."""
    kinds = {day[-2:] for day in days}
    if service in ("mass", "divine_liturgy", "communion_service"):
        if kinds == {"SU"}:
            return 6 if rises else 7
        if kinds == {"SA"}:
            return 7
        return 6
    if service in ("confession", "holy_hour", "stations", "benediction", "penance_service", "vespers"):
        return 8
    return 6 if rises else 7
