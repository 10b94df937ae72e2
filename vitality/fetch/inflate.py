"""Decompression that never makes more bytes than allowed, so that a small answer cannot fill the memory.

Only gzip and deflate are asked for. A hostile brotli stream grows a million-fold within one chunk.
"""

from __future__ import annotations

import zlib
from typing import Protocol

ACCEPT_ENCODING = "gzip, deflate"
GZIP_MAGIC = b"\x1f\x8b"


class TooMuch(ValueError):
    """The content is larger than allowed; the message says by which count."""


class BrokenEncoding(ValueError):
    """The content encoding is unknown, or its bytes are not what it says."""


class Inflater(Protocol):
    """Takes the bytes of a body as they come and gives the decoded ones."""

    def feed(self, data: bytes) -> bytes:
        """Decoded bytes so far not given; raises `TooMuch` or `BrokenEncoding`."""
        ...

    def finish(self) -> None:
        """Raises `BrokenEncoding` where the body ended early."""
        ...


def inflater(content_encoding: str | None, most_bytes: int) -> Inflater:
    """The inflater for a Content-Encoding header (RFC 9110 section 8.4); raises `BrokenEncoding` for an unknown one."""
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    named = [coding for coding in codings if coding not in ("", "identity", "none", "utf-8")]
    if not named:
        return _Plain(most_bytes)
    if named in (["gzip"], ["x-gzip"], ["deflate"]):
        return _Zlib(most_bytes)
    raise BrokenEncoding(f"content encoding {', '.join(named)} was not asked for")


def inflate(data: bytes, most_bytes: int) -> bytes:
    """What a gzip file holds; raises `TooMuch` or `BrokenEncoding`."""
    stream = _Zlib(most_bytes)
    out = stream.feed(data)
    stream.finish()
    return out


class _Plain:
    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def feed(self, data: bytes) -> bytes:
        self._left -= len(data)
        if self._left < 0:
            raise TooMuch("larger than allowed after decompression")
        return data

    def finish(self) -> None:
        return


class _Zlib:
    """gzip of several members, zlib, and the raw deflate that some servers send as `deflate`."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
        self._begun = False

    def feed(self, data: bytes) -> bytes:
        out = bytearray()
        while data:
            if self._stream.eof:  # another member, or padding after the last one
                if not data.startswith(GZIP_MAGIC):
                    break
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 32)
            out += self._inflate(data)
            self._begun = True
            data = self._stream.unused_data
        self._left -= len(out)
        return bytes(out)

    def _inflate(self, data: bytes) -> bytes:
        try:
            out = self._stream.decompress(data, self._left + 1)
        except zlib.error as error:
            if self._begun:
                raise BrokenEncoding(f"the compressed body is broken ({error})") from error
            out = self._inflate_raw(data)
        if len(out) > self._left or self._stream.unconsumed_tail:
            raise TooMuch("larger than allowed after decompression")
        return out

    def _inflate_raw(self, data: bytes) -> bytes:
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            return self._stream.decompress(data, self._left + 1)
        except zlib.error as error:
            raise BrokenEncoding(f"the compressed body is broken ({error})") from error

    def finish(self) -> None:
        if self._begun and not self._stream.eof:
            raise BrokenEncoding("the compressed body ends early")
