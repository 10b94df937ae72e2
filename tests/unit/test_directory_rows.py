"""Whatever a row leaves out, it gets nothing from its neighbours: every value of a row carries the row's own number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitality.pages.directory import read_directory
from vitality.records import ContentHash, Page

SAINTS = ("Aldate", "Benno", "Cosmas", "Damian", "Edith", "Fidelis", "Giles", "Hilda", "Isidore", "Jude", "Kilian", "Lioba")  # fmt: skip
TOWNS = (("Athens", "45701"), ("Marietta", "45750"), ("Ironton", "45638"), ("Jackson", "45640"), ("Troy", "45373"))


@dataclass(frozen=True)
class Row:
    number: int
    street: bool
    phone: bool
    website: bool
    pastor: bool

    @property
    def name(self) -> str:
        return f"St. {SAINTS[self.number]} {'Church' if self.number % 3 else 'Parish'}"

    @property
    def city(self) -> tuple[str, str]:
        return TOWNS[self.number % len(TOWNS)]

    def lines(self) -> list[str]:
        stated = [f"{700 + self.number} Elm Street" if self.street else "", f"{self.city[0]}, OH {self.city[1]}"]
        stated += [f"Phone: 740-555-{700 + self.number:04d}" if self.phone else ""]
        stated += [f"Pastor: Rev. Hugh Penn{'abcdefghijkl'[self.number]}" if self.pastor else ""]
        stated += [
            f'<a href="http://p{700 + self.number}.example/">p{700 + self.number}.example</a>' if self.website else ""
        ]
        return [line for line in stated if line]


def cells(row: Row) -> list[str]:
    phone = f"740-555-{700 + row.number:04d}" if row.phone else ""
    site = f'<a href="http://p{700 + row.number}.example/">Website</a>' if row.website else ""
    street = f"{700 + row.number} Elm Street" if row.street else ""
    return [row.name, street, *row.city, phone, site]


TEMPLATES: dict[str, Callable[[list[Row]], str]] = {
    "paragraphs": lambda rows: "".join(f"<p><b>{r.name}</b><br>{'<br>'.join(r.lines())}</p>" for r in rows),
    "unmarked": lambda rows: "".join(f"<p>{r.name}<br>{'<br>'.join(r.lines())}</p>" for r in rows),
    "one_block": lambda rows: "<div>" + "<br><br>".join("<br>".join([f"<b>{r.name}</b>", *r.lines()]) for r in rows) + "</div>",
    "headings": lambda rows: "".join(f"<h3>{r.name}</h3>" + "".join(f"<p>{line}</p>" for line in r.lines()) for r in rows),
    "items": lambda rows: "<ul>" + "".join(f"<li>{r.name}<br>{'<br>'.join(r.lines())}</li>" for r in rows) + "</ul>",
    "cards": lambda rows: "".join(f'<div class="c"><a href="/p/{r.number}">{r.name}</a>' + "".join(f"<div>{line}</div>" for line in r.lines()) + "</div>" for r in rows),
    "flat_classes": lambda rows: "".join(f'<p class="n">{r.name}</p>' + "".join(f'<p class="d">{line}</p>' for line in r.lines()) for r in rows),
    "town_above": lambda rows: "".join(f"<b>{r.city[0].upper()}, OHIO</b><br>{r.name}<br>{'<br>'.join(r.lines())}<br><br>" for r in rows),
    "terms": lambda rows: "<dl>" + "".join(f"<dt>{r.name}</dt>" + "".join(f"<dd>{line}</dd>" for line in r.lines()) for r in rows) + "</dl>",
    "preformatted": lambda rows: "<pre>" + "\n\n".join("\n".join([r.name, *r.lines()]) for r in rows) + "</pre>",
    "table": lambda rows: "<table><tr><th>Parish</th><th>Street</th><th>City</th><th>Zip</th><th>Phone</th><th>Web</th></tr>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells(r)) + "</tr>" for r in rows) + "</table>",
    "bare_table": lambda rows: "<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells(r)) + "</tr>" for r in rows) + "</table>",
    "three_in_a_row": lambda rows: "<table>" + "".join("<tr>" + "".join(f"<td><b>{r.name}</b><br>{'<br>'.join(r.lines())}</td>" for r in rows[i : i + 3]) + "</tr>" for i in range(0, len(rows), 3)) + "</table>",
    "comma_lines": lambda rows: "<p>" + "<br>".join(", ".join([r.name, *r.lines()]) for r in rows) + "</p>",
}  # fmt: skip


@pytest.mark.parametrize("template", sorted(TEMPLATES))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(flags=st.lists(st.tuples(*[st.booleans()] * 4), min_size=5, max_size=len(SAINTS)))
def test_a_row_states_only_what_is_its_own(template: str, flags: list[tuple[bool, bool, bool, bool]]) -> None:
    """In fourteen layouts with any fields left out, no parish is lost, and no value belongs to another row."""
    rows = [Row(number, *given_) for number, given_ in enumerate(flags)]
    text = f"<html><head><title>Parishes</title></head><body><h1>Parishes</h1>{TEMPLATES[template](rows)}</body></html>"
    page = Page(url="http://www.marlow.example/parishes", text=text, content_hash=ContentHash("sha256:0"))
    found = {parish.name: parish for parish in read_directory(page).parishes}
    assert set(found) == {row.name for row in rows}
    for row in rows:
        parish = found[row.name]
        assert parish.city is not None
        assert parish.city.lower() == row.city[0].lower()
        assert parish.street == (f"{700 + row.number} Elm Street" if row.street else None)
        digits = re.sub(r"\D", "", parish.phone or "")
        assert digits == (f"740555{700 + row.number:04d}" if row.phone else "")
        assert (parish.website or "") in ("", f"http://p{700 + row.number}.example/", f"http://p{700 + row.number}.example")  # fmt: skip
        assert bool(parish.website) == row.website
