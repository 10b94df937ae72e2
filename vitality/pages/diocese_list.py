"""Reads the bishops' conference's list of dioceses."""

from __future__ import annotations

from vitality.records import Diocese, Page


def read_dioceses(page: Page) -> tuple[Diocese, ...]:
    """The dioceses, archdioceses, eparchies and ordinariates that a page lists, in its order.

    Raises `Unreadable` with the reason when the page is not such a list.
    """
    raise NotImplementedError
