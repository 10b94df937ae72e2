"""From the bytes of an answer to its characters, the same for live answers and for stored files.

The order is that of the WHATWG Encoding and HTML standards: byte order mark, charset of the Content-Type
header, declaration in the first 1024 bytes, detection. A declaration that the bytes contradict is passed over:
servers that put `charset=utf-8` on windows-1252 pages are common, and a browser's user sees what is wrong there.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED_WITHIN = 1024
_DETECTED_WITHIN = 65_536
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';,]+)", re.IGNORECASE)
_DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([^\"']{1,40})[\"']|<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([^\s\"'/>;]{1,40})",
    re.IGNORECASE,
)

_MULTIBYTE = ["cp932", "euc_jp", "cp949", "gb18030", "big5"]
_LEGACY = ["cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1257", "cp1258", "cp874", *_MULTIBYTE]

# Labels whose WHATWG encoding is wider than, or other than, the Python codec of that name.
_WHATWG = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
}
# Labels of the standard that Python does not know.
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso8859-8",
    "x-cp1252": "cp1252",
    "x-mac-roman": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode": "utf-16-le",
    "utf8mb4": "utf-8",
}


def decode(body: bytes, content_type_header: str | None = None) -> str:
    """The characters of an answer; never raises: bytes that fit no encoding become U+FFFD.

    `content_type_header` is the header as sent, None when there was none. A byte order mark is not part of
    the text.
    """
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, errors="replace")
    declared = [codec for codec in (_of_header(content_type_header), _of_declaration(body)) if codec]
    for codec in declared:
        text = _fitting(body, codec)
        if text is not None:
            return text
    return _undeclared(body, declared[0] if declared else "cp1252")


def codec_of(label: str) -> str | None:
    """The Python codec for an encoding label of the web (`iso-8859-1` is windows-1252); None for an unknown one."""
    label = label.strip().lower()
    if label in _LABELS:
        return _LABELS[label]
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return None
    # `codecs` also knows transforms such as zip or rot13, which are no encodings of text.
    return _WHATWG.get(info.name, info.name) if getattr(info, "_is_text_encoding", True) else None


def _of_header(header: str | None) -> str | None:
    found = _HEADER_CHARSET.search(header or "")
    return codec_of(found.group(1)) if found else None


def _of_declaration(body: bytes) -> str | None:
    found = _DECLARATION.search(body[:_DECLARED_WITHIN])
    if found is None:
        return None
    codec = codec_of((found.group(1) or found.group(2)).decode("ascii", errors="ignore"))
    # A declaration that can be read as ASCII is not in UTF-16 (WHATWG HTML, prescan).
    return "utf-8" if codec is not None and codec.startswith("utf-16") else codec


def _fitting(body: bytes, codec: str) -> str | None:
    """The text when the bytes are of the encoding, a few broken ones in a UTF-8 page allowed."""
    text = body.decode(codec, errors="replace")
    broken = text.count("\ufffd")
    if broken and codec == "utf-8" and broken > sum(1 for c in text if c > "\x7f" and c != "\ufffd"):
        return None
    return text


def _undeclared(body: bytes, fallback: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_detected(body[:_DETECTED_WITHIN]) or fallback, errors="replace")


def _detected(sample: bytes) -> str | None:
    """The most plausible of the web's legacy encodings; windows-1252, the commonest by far, wins what is undecided."""
    matches = list(from_bytes(sample, cp_isolation=_LEGACY))
    if not matches:
        return None
    best = matches[0]
    if best.coherence == 0 and best.encoding not in _MULTIBYTE:
        return "cp1252"
    latin = next((m for m in matches if m.encoding == "cp1252"), None)
    as_good = latin is not None and latin.chaos <= best.chaos and latin.coherence >= best.coherence
    return "cp1252" if as_good else best.encoding
