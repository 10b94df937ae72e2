"""An invented web to crawl, as a folder of hosts: a conference, dioceses, and parishes each with a site of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CONFERENCE = "conference.storm.example.org"
TOWNS = ("Alder", "Birch Falls", "Cedar Mill", "Dunmore", "Elm Grove", "Fairview", "Granite", "Hazel Park")
SAINTS = ("Agnes", "Bridget", "Casimir", "Dymphna", "Elizabeth", "Francis", "Gertrude", "Hedwig", "Isidore", "Jerome")
SLOW_MS = 250
"""How long the page of times lets wait, so that faults meet work in flight."""


@dataclass(frozen=True, slots=True)
class Landscape:
    """How large the web is; `root` is where it lies."""

    root: Path
    dioceses: int
    parishes: int
    """Of each diocese."""

    @property
    def sites(self) -> int:
        """How many parish sites there are."""
        return self.dioceses * self.parishes

    @property
    def conference_url(self) -> str:
        """Where a crawl begins."""
        return f"http://{CONFERENCE}/dioceses"

    def write(self) -> None:
        """Makes the folder."""
        hosts: dict[str, object] = {CONFERENCE: {}}
        self._page(CONFERENCE, "dioceses", "All Dioceses", _list([_entry(n) for n in range(self.dioceses)]))
        self._page(CONFERENCE, "index", "Conference", '<p><a href="/dioceses">All dioceses</a></p>')
        for diocese in range(self.dioceses):
            hosts[_diocese_host(diocese)] = {}
            self._diocese(diocese)
            for parish in range(self.parishes):
                host = _parish_host(diocese, parish)
                hosts[host] = {"special": {"/mass-times": {"delay_ms": SLOW_MS}}}
                self._parish(host, diocese, parish)
        (self.root / "hosts.json").write_text(json.dumps(hosts))

    def _diocese(self, diocese: int) -> None:
        host = _diocese_host(diocese)
        rows = "".join(_row(diocese, parish) for parish in range(self.parishes))
        head = "<thead><tr><th>Parish</th><th>Address</th><th>City</th><th>Phone</th><th>Web site</th></tr></thead>"
        self._page(host, "index", f"Diocese of {_see(diocese)}", '<p><a href="/parishes">Parish directory</a></p>')
        self._page(host, "parishes", "Parish directory", f"<table>{head}<tbody>{rows}</tbody></table>")

    def _parish(self, host: str, diocese: int, parish: int) -> None:
        hour = 7 + (diocese + parish) % 4
        times = f"""<h2>Mass schedule</h2><p>Saturday Vigil: {4 + parish % 2}:30 PM</p>
            <p>Sunday: {hour}:00 AM and {hour + 2}:30 AM</p><p>Weekdays: Monday through Friday {hour}:15 AM</p>
            <h2>Confession</h2><p>Saturday 3:{(parish * 5) % 30:02d} PM to 4:00 PM</p>"""
        self._page(host, "index", _saint(parish), '<p>Welcome. <a href="/mass-times">Mass times</a></p>')
        self._page(host, "mass-times", f"Mass times - {_saint(parish)}", times)

    def _page(self, host: str, name: str, title: str, body: str) -> None:
        folder = self.root / host
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
            f'<body><header><a href="/">{title}</a></header><main><h1>{title}</h1>{body}</main></body></html>'
        )


def _list(entries: list[str]) -> str:
    return f'<div class="view view-dioceses"><div class="view-content">{"".join(entries)}</div></div>'


def _entry(diocese: int) -> str:
    host, town = _diocese_host(diocese), _see(diocese)
    return f"""<div class="views-row"><div class="da-wrap"><div class="da-title">Diocese of {town}</div>
        <div class="da-address"><p class="address"><span class="address-line1">{diocese + 1} Chancery Street</span><br>
        <span class="locality">{town}</span>, <span class="administrative-area">KS</span>
        <span class="postal-code">6{diocese:02d}01</span></p>
        <div class="site"><a href="http://{host}/">http://{host}/</a></div></div></div></div>"""


def _row(diocese: int, parish: int) -> str:
    host = _parish_host(diocese, parish)
    return f"""<tr><td>{_saint(parish)}</td><td>{100 + parish} Main Street</td><td>{TOWNS[parish % len(TOWNS)]}</td>
        <td>(620) 555-{diocese:02d}{parish:02d}</td><td><a href="http://{host}/">http://{host}/</a></td></tr>"""


def _see(diocese: int) -> str:
    return f"{TOWNS[diocese % len(TOWNS)]} {'ABCDEFGHIJ'[diocese // len(TOWNS)]}".removesuffix(" A")


def _saint(parish: int) -> str:
    return f"St. {SAINTS[parish % len(SAINTS)]} Parish" if parish < len(SAINTS) else f"Holy Family Parish {parish}"


def _diocese_host(diocese: int) -> str:
    return f"www.diocese{diocese}.storm.example.org"


def _parish_host(diocese: int, parish: int) -> str:
    return f"parish{parish}.diocese{diocese}.storm.example.org"
