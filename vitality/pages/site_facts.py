"""Facts that stand on every page of a site: they are the diocese's own, and no parish's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vitality.records import Parish

_FIELDS = ("phone", "email", "website", "street", "mailing_address")
_PLACE = ("street", "city", "state", "zip")
FEWEST_PAGES = 3
"""On fewer other pages a shared number may be that of a cluster of parishes."""


def without_site_facts(parish: Parish, page: str, others: Sequence[str]) -> Parish:
    """The parish without the values that its own page states no more often than every other parish's page does.

    `page` and `others` are the texts of its own and of other parishes' pages. What the list itself states is left
    alone, and so is what its page repeats beside the diocese's own (a cathedral may share the chancery's number).
    """
    if len(others) < FEWEST_PAGES:
        return parish
    cleared: dict[str, Any] = {}
    for name in _FIELDS:
        value = getattr(parish, name)
        if value and parish.sources.get(name) == parish.detail_url and _is_the_sites(value.strip("/"), page, others):
            behind = _PLACE if name == "street" else (name,)
            cleared |= dict.fromkeys(
                key for key in behind if parish.sources.get(key, parish.detail_url) == parish.detail_url
            )
    sources = {name: url for name, url in parish.sources.items() if name not in cleared}
    return parish.model_copy(update={**cleared, "sources": sources}) if cleared else parish


def _is_the_sites(value: str, page: str, others: Sequence[str]) -> bool:
    return 0 < page.count(value) <= min(text.count(value) for text in others)
