"""Tells whether a page shows its content only after its scripts have run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from vitality.pages.dom import parse, squeeze
from vitality.records import Page

_MOUNTS = "#root, #app, #__next, #__nuxt, #___gatsby, #svelte, app-root, [ng-app], [ng-version], [data-reactroot], [v-cloak], [x-data]"
_ENABLE = re.compile(
    r"(?:enable|requires?|need|turn on|without|activ\w+|habilit\w+)\W+(?:\w+\W+){0,4}java ?script|java ?script (?:is |must be )?(?:required|disabled|enabled|to run)",
    re.IGNORECASE,
)
_LOADING = re.compile(r"^\W*(?:loading|please wait|cargando)\b.{0,40}$", re.IGNORECASE)
_CHALLENGE = re.compile(r"just a moment|checking your browser|verifying you are human", re.IGNORECASE)
_THIN = 250
"""Characters of running text outside links below which a page with scripts has not said anything yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptNeed:
    """Whether a browser is needed, and why."""

    needed: bool
    reason: str = ""


def script_need(page: Page) -> ScriptNeed:
    """Judges a page as it came over the wire; a page drawn by the browser never needs one.

    A robot check is no reason to draw a page: a site that says no is left alone.
    """
    tree = parse(page.text)
    if page.rendered or not tree.css("script") or _CHALLENGE.search(_title(tree)):
        return ScriptNeed(needed=False)
    text = running_text(tree)
    if len(text) >= _THIN:
        return ScriptNeed(needed=False)
    reason = _sign(page, text)
    return ScriptNeed(needed=reason is not None, reason=reason or "")


def running_text(tree: LexborHTMLParser) -> str:
    """The words outside links, scripts and styles; changes the tree."""
    tree.strip_tags(
        ["script", "style", "noscript", "template", "a", "svg", "head", "select", "button"], recursive=False
    )
    return squeeze(tree.body.text(separator=" ")) if tree.body is not None else ""


def _sign(page: Page, text: str) -> str | None:
    """What shows that scripts will fill the page, besides its emptiness."""
    whole = parse(page.text)
    if any(_ENABLE.search(node.text()) for node in whole.css("noscript")):
        return "its noscript text asks for JavaScript"
    mount = whole.css_first(_MOUNTS)
    if mount is not None and len(squeeze(mount.text())) < _THIN:
        return f"an empty application element <{mount.tag} id={mount.attributes.get('id') or ''}>"
    if any(_LOADING.match(squeeze(node.text())) for node in whole.css("p, div, span, li, td") if len(node.text()) < 80):
        return "a loading notice"
    if not text and any(s.attributes.get("src") for s in whole.css("body script")):
        return "an empty body with scripts"
    return None


def _title(tree: LexborHTMLParser) -> str:
    title = tree.css_first("title")
    return title.text() if title is not None else ""
