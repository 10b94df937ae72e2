"""The pages of the report: templates filled with rows, strings out. No page runs a script or asks another host for anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from vitality.records import ParishStatus
from vitality.reports import parish_view, summary
from vitality.reports.columns import name_source
from vitality.reports.rows import DioceseRow, ParishEntry, ReportData, SiteState
from vitality.reports.words import printable, slug

LIMIT = 200
"""Rows of a table on the first page; the CSV files hold them all."""

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParishLink:
    """As much of a parish as lists of parishes show; kept in memory for all of them."""

    page: str
    name: str
    street: str | None
    city: str | None
    state: str | None
    diocese_id: int
    kind: str
    times: int
    site: str
    gone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A page of parishes by town; parishes whose state is not stated share one."""

    name: str
    page: str
    parishes: int


class Pages:
    """Renders the pages of one report."""

    def __init__(self, data: ReportData) -> None:
        self._data = data
        self._pages = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_finalize,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._pages.filters |= {
            "day": _day, "instant": _instant, "number": _number, "spaced": _spaced, "web": is_web, "host": _host,
            "diocese_page": diocese_page,
        }  # fmt: skip
        self._pages.globals |= {
            "style": Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
            "made_at": data.made_at, "database_state": data.database_state, "percent": summary.percent, "limit": LIMIT,
        }  # fmt: skip

    def index(self) -> str:
        data = self._data
        return self._render(
            "index.html",
            data=data,
            totals=summary.totals(data.dioceses),
            freshness=summary.freshness(data.verified, data.made_at.date()),
            services=summary.by_service(data.counts),
        )

    def diocese(self, diocese: DioceseRow, parishes: Iterable[ParishLink]) -> str:
        return self._render("diocese.html", diocese=diocese, parishes=sorted(parishes, key=_by_name))

    def parish(self, entry: ParishEntry) -> str:
        row = entry.row
        return self._render(
            "parish.html",
            row=row,
            parish=row.parish,
            name_source=name_source(entry),
            diocese_page=page_of_diocese(row.diocese, row.diocese_id),
            warnings=list(parish_view.warnings(row)),
            services=list(parish_view.services(entry, self._data.made_at.date())),
            facts=list(parish_view.facts(row)),
            site_states=parish_view.SITE_STATES,
        )

    def find(self, states: Sequence[State]) -> str:
        return self._render("find.html", states=states)

    def state(self, state: State, parishes: Iterable[ParishLink]) -> str:
        ordered = sorted(parishes, key=lambda each: ((each.city or "~").casefold(), _by_name(each)))
        towns = [(town, list(group)) for town, group in groupby(ordered, key=lambda each: each.city)]
        return self._render("state.html", state=state, towns=towns)

    def _render(self, template: str, **values: Any) -> str:
        return self._pages.get_template(template).render(values)


def link_to(entry: ParishEntry) -> ParishLink:
    """What lists of parishes show of it."""
    row, parish = entry.row, entry.row.parish
    gone = None if parish.status is ParishStatus.ACTIVE else parish.status.value
    states = [site.state for site in row.sites] or [SiteState.NONE]
    return ParishLink(
        page=f"parish/{row.id}.html",
        name=parish.name,
        street=parish.street,
        city=parish.city,
        state=parish.state or row.derived.state,
        diocese_id=row.diocese_id,
        kind=parish.kind.value,
        times=sum(map(entry.holds, entry.times)),
        site=parish_view.SITE_STATES[min(states, key=list(SiteState).index)],
        gone=gone or ("no longer listed" if row.missing_since else None),
    )


def diocese_page(row: DioceseRow) -> str:
    """The page's path below the report's folder."""
    return page_of_diocese(row.name, row.id)


def page_of_diocese(name: str, number: int) -> str:
    """The page's path below the report's folder."""
    return f"diocese/{slug(name, number)}.html"


def is_web(url: str) -> bool:
    """Whether a browser may be led there: a page can print `javascript:` where an address should be."""
    return url.lower().startswith(("http://", "https://"))


def _by_name(link: ParishLink) -> tuple[str, str]:
    return link.name.casefold(), link.page


def _finalize(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc or url
    except ValueError:
        return url


def _day(value: date | None) -> str:
    return f"{value:%B %-d, %Y}" if value else "not known"


def _instant(value: datetime | None) -> str:
    return f"{value:%B %-d, %Y, %H:%M %Z}" if value else "not known"


def _number(value: int) -> str:
    return f"{value:,}"


def _spaced(value: str) -> str:
    return value.replace("_", " ")
