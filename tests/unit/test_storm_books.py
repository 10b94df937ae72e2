"""The chaos command's books can find what they are kept for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

BENCH = str(Path(__file__).parent.parent.parent / "bench")
HOLDER, OTHER = "10000000-0000-0000-0000-000000000001", "10000000-0000-0000-0000-000000000002"


@pytest.fixture
def storm(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, ModuleType]]:
    """The modules of bench/storm."""
    monkeypatch.syspath_prepend(BENCH)
    yield {name: import_module(f"storm.{name}") for name in ("audit", "web", "wire", "landscape")}
    for name in [each for each in sys.modules if each.partition(".")[0] == "storm"]:
        del sys.modules[name]


def turn(what: str, **values: object) -> dict[str, object]:
    row = {"what": what, "work_id": 1, "host": "a.org", "holder": HOLDER, "term": 1, "attempt": 1, "max_attempts": 3}
    more = {"port": 5, "epoch": 100.0, "pid": 77, "left_s": 4.0, "outcome": "done", "note": ""}
    return {**row, **more, **values}


def test_an_end_by_another_process_is_stale(storm: dict[str, ModuleType]) -> None:
    """The connection's owner must be the process of the holder, but for rescues of leases that ran out."""
    audit, passage = storm["audit"], storm["wire"].Passage
    senders = audit.Senders([passage(5, 10.0, 66), passage(5, 50.0, 77), passage(5, 150.0, 88)])
    assert audit.stale_ends([turn("end")], senders) == []
    assert len(audit.stale_ends([turn("end", epoch=160.0)], senders)) == 1
    assert len(audit.stale_ends([turn("end", port=6)], senders)) == 1
    assert len(audit.stale_ends([turn("end", left_s=-3.0)], senders)) == 1
    rescued = turn("end", epoch=160.0, outcome="expired", left_s=None)
    assert audit.stale_ends([rescued], senders) == []
    assert len(audit.stale_ends([{**rescued, "left_s": 2.0}], senders)) == 1


def test_findings_without_a_settlement_of_their_own_are_stale(storm: dict[str, ModuleType]) -> None:
    """They must stand in the transaction, and have come over the connection, of a settlement that counted."""
    row = {
        "place": "service_time",
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "port": 5,
        "settled_by": 5,
        "outcome": "done",
    }
    stale = storm["audit"].stale_findings
    assert stale([row]) == []
    assert len(stale([{**row, "settled_by": None}, {**row, "settled_by": 6}, {**row, "outcome": "expired"}])) == 3


def test_two_holders_and_terms_out_of_turn_are_found(storm: dict[str, ModuleType]) -> None:
    """Claims of a held host, claims without an end between, ends twice, and terms that do not rise by one."""
    audit = storm["audit"]
    good = [turn("claim"), turn("end"), turn("claim", term=2, holder=OTHER), turn("end", term=2, holder=OTHER)]
    assert audit.double_holders(good) == audit.out_of_turn(good) == []
    two = [turn("claim"), turn("claim", work_id=2, holder=OTHER)]
    assert len(audit.double_holders(two)) == 1
    assert len(audit.out_of_turn([turn("claim"), turn("claim", term=2)])) == 1
    assert len(audit.out_of_turn([turn("claim"), turn("end"), turn("end")])) == 1
    assert len(audit.out_of_turn([turn("claim"), turn("end"), turn("claim", term=1)])) == 1


def test_short_gaps_and_overlaps_are_found_in_a_log(storm: dict[str, ModuleType]) -> None:
    """By the starts of requests to one host, and by requests of two processes under way at once."""
    web = storm["web"]

    def seen(host: str, started: float, finished: float, asker: str) -> object:
        return web.Seen(host=host, path="/", status=200, started=started, finished=finished, asker=asker)

    log = [seen("a", 0, 0.1, "one"), seen("a", 1.0, 1.1, "one"), seen("b", 0.5, 0.6, "two"), seen("a", 2.1, 2.2, "two")]
    assert web.short_gaps(log, 1.0) == web.overlaps(log) == []
    assert len(web.short_gaps([*log, seen("a", 2.9, 3.0, "two")], 1.0)) == 1
    assert len(web.overlaps([*log, seen("b", 0.55, 0.7, "one")])) == 1
    assert web.overlaps([*log, seen("b", 0.55, 0.7, "two")]) == [], "one process may ask twice at once"


def test_the_invented_web_has_no_parish_twice(storm: dict[str, ModuleType], tmp_path: Path) -> None:
    """Every site of the landscape is a host of its own."""
    land = storm["landscape"].Landscape(tmp_path, dioceses=4, parishes=12)
    land.write()
    assert len([each for each in tmp_path.iterdir() if each.name.startswith("parish")]) == land.sites == 48
