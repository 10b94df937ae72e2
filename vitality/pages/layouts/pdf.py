"""The layout `pdf`: the text of a PDF directory, by lines and blank lines, or by the columns of its lines."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from vitality.pages.layouts.divisions import MAX_READ, hypotheses
from vitality.pages.layouts.document import Candidate, Document
from vitality.pages.layouts.entry import Piece
from vitality.pages.layouts.flow import Box, Flow
from vitality.pages.layouts.records import entries_of
from vitality.pages.layouts.signals import signals_of

logging.getLogger("pypdf").setLevel(logging.ERROR)
_MAX_PAGES = 400


def read(document: Document) -> Iterator[Candidate]:
    """The rows of a PDF, read once in the order of its content and once by position on the page."""
    body = document.page.body
    if not body.startswith(b"%PDF"):
        return
    for mode in ("plain", "layout"):
        flow = flow_of_text(_text(body, mode))
        signals = signals_of(flow)
        for hypothesis in hypotheses(flow, signals)[:MAX_READ]:
            yield Candidate(layout="pdf", entries=tuple(entries_of(flow, signals, hypothesis)))


def _text(body: bytes, mode: str) -> str:
    try:
        reader = PdfReader(io.BytesIO(body))
        pages = reader.pages[:_MAX_PAGES]
        return "\n\n".join(page.extract_text(extraction_mode=mode) for page in pages)  # type: ignore[arg-type]  # a Literal there
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OverflowError):
        # pypdf raises whatever a damaged object leads it into; a PDF it cannot read has no text
        return ""


def flow_of_text(text: str) -> Flow:
    """Plain text as a flow: one line a line, each line a box of its own, empty lines kept as blanks."""
    flow = Flow(boxes=[Box("text", 0, 0, 0, -1)])
    blank = False
    for raw in text.split("\n"):
        words = re.sub(r"\s{3,}|\t", "   ", raw).strip()
        if not words:
            blank = True
            continue
        flow.boxes.append(Box("line", 1, 1, len(flow.lines), 0, len(flow.lines) + 1))
        flow.lines.append((Piece(words.replace("   ", " | ")),))
        flow.texts.append(re.sub(r"\s+", " ", words.replace("   ", " | ")))
        flow.box.append(0)
        flow.rank.append(0)
        flow.blank_before.append(blank)
        blank = False
    flow.boxes[0].end = len(flow.lines)
    return flow
