"""Where each field of a parish stands."""

from __future__ import annotations

from vitality.records import Page, Parish


def sourced(parish: Parish, page: Page) -> Parish:
    """The parish with the page, and its stored bytes, as the source of each field it states."""
    stated = {
        name: page.url
        for name in Parish.model_fields
        if name not in ("sources", "page_hashes", "status", "kind") and getattr(parish, name) not in (None, (), {})
    }
    return parish.model_copy(update={"sources": stated, "page_hashes": {page.url: page.content_hash}})
