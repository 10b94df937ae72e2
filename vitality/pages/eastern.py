"""Words that mean another service in an Orthodox church: its "Vigil" on Saturday is Vespers, its "Mass" the Liturgy."""

from __future__ import annotations

from collections.abc import Sequence

from vitality.pages.links import fold
from vitality.records import Service, ServiceTime, Subtype


def in_orthodox_words(times: Sequence[ServiceTime], name: str) -> tuple[ServiceTime, ...]:
    """The times with their services as an Orthodox parish means them; unchanged for a parish of another name.

    Eastern Catholic parishes are left as read: their Saturday vigil is often the Sunday's Liturgy.
    """
    liturgy = any(time.service is Service.DIVINE_LITURGY and "SU" in time.days for time in times)
    if "orthodox" not in fold(name).split() or not liturgy:
        return tuple(times)
    return tuple(_anchored(_vespers(time)) for time in times)


def _vespers(time: ServiceTime) -> ServiceTime:
    if time.service is not Service.MASS or time.subtype is not Subtype.VIGIL:
        return time
    return time.model_copy(update={"service": Service.VESPERS, "subtype": None})


def _anchored(time: ServiceTime) -> ServiceTime:
    relative = time.start_rel
    if relative is None or relative.anchor != "mass" or not time.days:
        return time
    anchor = "vespers" if set(time.days) == {"SA"} else "divine_liturgy"
    return time.model_copy(update={"start_rel": relative.model_copy(update={"anchor": anchor})})
