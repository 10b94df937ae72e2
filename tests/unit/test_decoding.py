"""The charset rules of WHATWG, and what to do when a page lies about its own."""

from __future__ import annotations

import pytest

from vitality.fetch.decoding import codec_of, decode


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        ("\ufeffJosé".encode(), "text/html; charset=iso-8859-1", "José"),
        ("\ufeffé".encode("utf-16-be"), None, "é"),
        (b"\x93Mass\x94 at 9", "text/html; charset=ISO-8859-1", "“Mass” at 9"),
        (b"caf\xc3\xa9", 'text/html; charset="UTF-8"', "café"),
        (b"<meta charset=windows-1252>\x96", "text/html", "<meta charset=windows-1252>–"),
        (b'<?xml version="1.0" encoding="windows-1251"?>\xd5', None, '<?xml version="1.0" encoding="windows-1251"?>Х'),
        (b"<meta http-equiv=Content-Type content='text/html; charset=utf-16'>\xc3\xa9", None, None),
        (b"", None, ""),
    ],
)
def test_declared_charset_is_used_in_the_order_of_the_standard(
    body: bytes, header: str | None, text: str | None
) -> None:
    """A byte order mark beats the header, the header beats the page's own declaration."""
    assert decode(body, header) == (text if text is not None else body.decode())


def test_contradicted_header_is_passed_over() -> None:
    """Bytes that are not UTF-8 are read by the page's declaration, whatever the header says."""
    body = b"<meta charset=windows-1252><p>Misa en espa\xf1ol, se\xf1ora Mu\xf1oz</p>"
    assert "español, señora Muñoz" in decode(body, "text/html; charset=utf-8")


def test_one_broken_byte_does_not_cost_a_utf8_page_its_accents() -> None:
    """A UTF-8 page with a truncated character stays UTF-8, with a replacement character there."""
    body = "Reconciliación: sábado, después de la Misa".encode() + b"\xc3"
    assert decode(body, "text/html; charset=utf-8") == "Reconciliación: sábado, después de la Misa\ufffd"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        ("Misa en español los domingos a las 10. Año litúrgico", "cp1252"),
        ("Parish – “Mass” Tony’s", "cp1252"),
        ("Święta Msza w niedzielę o godzinie dziesiątej, spowiedź w sobotę", "cp1250"),
        ("日本語のミサは日曜日の午前十時です", "cp932"),
    ],
)
def test_undeclared_charset_is_detected(text: str, codec: str) -> None:
    """Without any declaration the bytes decide, windows-1252 where several would do."""
    assert decode(text.encode(codec)) == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("latin1", "cp1252"),
        ("US-ASCII", "cp1252"),
        ("Shift_JIS", "cp932"),
        ("gb2312", "gb18030"),
        ("rot13", None),
        ("klingon", None),
    ],
)
def test_labels_mean_what_the_web_means_by_them(label: str, codec: str | None) -> None:
    """Encoding labels follow the WHATWG table, not the codec of that name; what is no encoding is unknown."""
    assert codec_of(label) == codec
