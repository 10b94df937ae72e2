"""Where each field of a parish stands."""

from __future__ import annotations

from vitality.records import Page, Parish


def sourced(parish: Parish, page: Page) -> Parish:
    """The parish with the page as the source of each field it states."""
    stated = {
        name: page.url
        for name in Parish.model_fields
        if name not in ("sources", "status", "kind") and getattr(parish, name) not in (None, (), {})
    }
    return parish.model_copy(update={"sources": stated})
