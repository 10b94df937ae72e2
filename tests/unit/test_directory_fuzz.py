"""Damaged pages: no exception, and no value that the page does not show."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitality.pages.directory import merge_detail, read_directory
from vitality.records import ContentHash, Page, Parish

CASES = Path(__file__).parent.parent / "pages" / "directory"
TEXTS = {case.name: next(each for each in case.iterdir() if each.stem == "page").read_text() for case in sorted(CASES.iterdir())}  # fmt: skip
TYPES = {case.name: json.loads((case / "expected.json").read_text()).get("content_type", "text/html") for case in sorted(CASES.iterdir())}  # fmt: skip
SHOWN = ("name", "street", "city", "zip", "phone", "email", "pastor", "deanery", "mailing_address")
fuzzing = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def page(text: str, kind: str) -> Page:
    return Page(
        url="http://www.marlow.example/parishes/", text=text, content_hash=ContentHash("sha256:0"), content_type=kind
    )


def words(text: str) -> str:
    """Letters and digits only: a value may be put together across tags, lines and commas."""
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return re.sub(
        r"[\W_]+", "", html.unescape(html.unescape(re.sub(r"<[^>]*>", " ", unescaped))) + html.unescape(unescaped)
    ).lower()


def invented(parish: Parish, text: str) -> list[tuple[str, str]]:
    """Values whose words do not all stand on the page."""
    shown = words(text)
    missing = []
    for name in SHOWN:
        value = getattr(parish, name)
        parts = re.findall(r"\w+", value.lower()) if value else []
        missing.extend((name, value) for part in parts if re.sub(r"[\W_]+", "", part) not in shown)
    return missing


@fuzzing
@given(name=st.sampled_from(sorted(TEXTS)), start=st.floats(0, 1), size=st.floats(0, 0.5))
def test_a_page_with_a_hole_is_read_without_invention(name: str, start: float, size: float) -> None:
    """Cut anywhere, a page gives parishes whose every value it shows, or none."""
    text = TEXTS[name]
    begin = int(start * len(text))
    damaged = text[:begin] + text[begin + int(size * len(text)) :]
    for parish in read_directory(page(damaged, TYPES[name])).parishes:
        assert invented(parish, damaged) == []


@fuzzing
@given(name=st.sampled_from(sorted(TEXTS)), seed=st.randoms(use_true_random=False))
def test_a_page_in_another_order_is_read_without_invention(name: str, seed: object) -> None:
    """Its lines shuffled, a page still gives only values that it shows."""
    lines = TEXTS[name].split("\n")
    seed.shuffle(lines)  # type: ignore[attr-defined]  # a Random
    damaged = "\n".join(lines)
    for parish in read_directory(page(damaged, TYPES[name])).parishes:
        assert invented(parish, damaged) == []


@fuzzing
@given(text=st.text(alphabet=st.sampled_from("<>/=\"'{}[],:;()St.Marybdivpul 123OH\n&#-|"), max_size=400), kind=st.sampled_from(["text/html", "application/json", "text/javascript", "application/pdf", "application/vnd.google-earth.kml+xml"]))  # fmt: skip
def test_noise_is_read_without_an_exception(text: str, kind: str) -> None:
    """Whatever stands there, reading it does not raise."""
    read_directory(page(text, kind))
    merge_detail(Parish(name="St. Mary"), page(text, kind))


@pytest.mark.parametrize("body", [b"%PDF-1.4\n%broken", b"%PDF-1.7\n" + bytes(range(256)) * 4])
def test_a_damaged_pdf_has_no_parishes(body: bytes) -> None:
    """A PDF that the library cannot read is no directory."""
    broken = Page(url="http://www.marlow.example/list.pdf", text="", body=body, content_hash=ContentHash("sha256:0"), content_type="application/pdf")  # fmt: skip
    assert read_directory(broken).parishes == ()


def test_deep_nesting_is_no_trouble() -> None:
    """Thousands of nested elements, brackets and braces end in an empty reading."""
    for text in ("<div>" * 5000 + "St. Mary", "[" * 5000, "<script>var a = " + "[{" * 3000 + "</script>"):
        assert read_directory(page(text, "text/html")).parishes == ()
