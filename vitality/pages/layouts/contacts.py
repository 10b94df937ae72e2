"""Telephone numbers, e-mail addresses, web sites and priests in the text and links of a directory's rows."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

_PHONE = re.compile(
    r"(?<![\d/-])(?<!\+\d\d )(?<!\+\d\d)(?:\+?1[\s.-]*)?\(?\d{3}\)?\s?[\s./–-]{0,3}\d{3}\s?[\s.–-]{0,2}\d{4}(?![\d-])"
)
_FOREIGN_PHONE = re.compile(r"^\+?\(?\d[\d\s().-]{7,17}$")
_NO_PHONE = re.compile(r"\d{5}-\d{4}|\d{1,3}\.\d+")
"""ZIP codes and degrees."""
_FAX_BEFORE = re.compile(r"\b(?:fax|facsimile|f)\b\s*(?:no|number|#)?[\s.:)]*(?:\(?\s*)$", re.IGNORECASE)
_FAX_AFTER = re.compile(r"^\s*[-–(\[]?\s*(?:fax|facsimile|f\))", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+'-])[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_URL = re.compile(
    r"(?:https?://[^\s<>\"'|,;]+|(?<![@\w.-])(?:www\.)?[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\."
    r"(?:org|com|net|church|us|info|edu|faith|online|website|site|catholic|community|cc|co|life|today|parish)(?:/[^\s<>\"'|,;]*)?)(?![\w@])",
    re.IGNORECASE,
)
_PRIEST = re.compile(
    r"^(?:(?:Most|Very|Right|Rt\.?|The)\s+)*(?:Rev(?:erend|d)?|Fr|Father|Msgr|Monsignor|Mons|Padre|P|Rvdo|V\. ?Rev)\b\.?\s+\S",
    re.IGNORECASE,
)
_DEACON = re.compile(r"\b(?:deacon|dcn|sister|sr|brother|bro)\b\.?", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:\s*[,(–-]\s*|\s+)(?:Pastor|Administrator|Rector|Parochial Administrator|Parish Administrator|Co-Pastor|Priest-in-Charge|Moderator)(?:\s+(?:and|&)\s+\w+)?\)?\.?$",
    re.IGNORECASE,
)
_NOT_SITES = (
    "facebook.com", "fb.com", "fb.me", "instagram.com", "twitter.com", "x.com", "youtube.com", "youtu.be", "flickr.com", "linkedin.com",
    "vimeo.com", "tiktok.com", "pinterest.com", "threads.net", "maps.google.com", "goo.gl", "maps.apple.com", "mapquest.com", "bing.com",
    "openstreetmap.org", "masstimes.org", "discovermass.com", "parishesonline.com", "thecatholicdirectory.com", "gcatholic.org",
    "wa.me", "whatsapp.com", "t.me", "addtoany.com", "sharethis.com", "eventbrite.com", "paypal.com", "givecentral.org",
    "osvhub.com", "flocknote.com", "gmail.com", "yahoo.com", "hotmail.com", "aol.com", "outlook.com", "usccb.org", "vatican.va",
    "w3.org", "schema.org", "gstatic.com", "googleapis.com", "gravatar.com", "wordpress.org", "ecatholic.com", "leafletjs.com",
    "mapbox.com", "arcgis.com", "doubleclick.net", "googletagmanager.com", "cdn-cgi", "wp.org", "waze.com", "signupgenius.com",
)  # fmt: skip
_GOOGLE = re.compile(r"(?:^|\.)google\.[a-z.]+$")
_GOOGLE_SITES = ("sites.google.com",)


def host_of(url: str) -> str:
    """The host of an address in lower case without `www.`; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@lru_cache(maxsize=8192)
def phone_of(text: str) -> str | None:
    """The first telephone number of a text as printed, fax numbers passed over; None without one."""
    for found in _PHONE.finditer(text):
        if not _FAX_BEFORE.search(text[: found.start()]) and not _FAX_AFTER.match(text[found.end() :]):
            return found[0].strip()
    bare = text.strip()
    digits = sum(map(str.isdigit, bare))
    return bare if _FOREIGN_PHONE.match(bare) and 9 <= digits <= 13 and not _NO_PHONE.fullmatch(bare) else None


def without_phones(text: str) -> str:
    """The text with its telephone and fax numbers, and the words that belong to them, taken out."""
    if phone_of(text) == text.strip():
        return ""
    bare = _PHONE.sub("\n", text)
    return re.sub(
        r"(?i)\b(?:phone|telephone|tel|ph|fax|office|rectory|cell|call)\b[\s.:#()]*(?=\n|$)|\bext?\.?\s*\d+|[(\s]*(?:fax|office)\)",
        "",
        bare,
    )


def email_of(text: str) -> str | None:
    """The first e-mail address of a text or `mailto:` link."""
    found = _EMAIL.search(text.removeprefix("mailto:"))
    return found[0] if found else None


def decoded_email(protected: str) -> str | None:
    """The address behind a `data-cfemail` attribute (first byte is the key, the rest is XORed with it)."""
    try:
        data = bytes.fromhex(protected)
        return email_of(bytes(byte ^ data[0] for byte in data[1:]).decode()) if data else None
    except ValueError:
        return None


def without_emails(text: str) -> str:
    """The text with its e-mail addresses taken out."""
    return _EMAIL.sub("\n", text) if "@" in text else text


def printed_url(text: str) -> str | None:
    """The first web address that a text prints, made absolute with `http://` where the scheme is left out."""
    if "." not in text:
        return None
    found = _URL.search(without_emails(text))
    if found is None:
        return None
    url = found[0].rstrip(".,;)")
    return url if url.lower().startswith("http") else f"http://{url}"


def without_urls(text: str) -> str:
    """The text with its printed web addresses taken out."""
    return _URL.sub("\n", text) if "." in text else text


@lru_cache(maxsize=8192)
def mended_href(href: str, base: str) -> str | None:
    """A link's address made absolute; one that forgot its scheme (`www.stmary.org`) is taken as a site's name."""
    href = href.strip().replace("\\/", "/")
    if re.match(r"(?i)^(?:https?:?/{0,2})?(?:https?://)", href):
        href = (
            re.sub(r"(?i)^.*?(https?://(?!.*https?://))", r"\1", href)
            if href.lower().count("http") > 1 and "?" not in href
            else href
        )
    elif re.match(r"(?i)^(?:www\.[\w-]+\.\w|[\w-]+\.(?:org|com|net|church)(?:/|$))", href):
        href = f"http://{href}"
    elif re.match(
        r"(?i)^(?:mailto|tel|javascript|data|sms|fax|geo|callto|whatsapp|skype)\s*:", href
    ) or href.startswith("#"):
        return None
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def may_be_site(url: str, own_host: str) -> bool:
    """Whether an address can be a parish's web site: not the diocese's own, no social network, map or service."""
    host = host_of(url)
    if not host or "." not in host or host == own_host or (host.endswith(f".{own_host}") and host.startswith("www")):
        return False
    if _GOOGLE.search(host) and host not in _GOOGLE_SITES:
        return False
    return not any(host == other or host.endswith(f".{other}") for other in _NOT_SITES) and not re.search(
        r"\.(?:jpe?g|png|gif|svg|css|js|pdf)$", urlsplit(url).path, re.IGNORECASE
    )


def is_profile(url: str) -> bool:
    """Whether an address is a parish's page in a social network: its web site only where the directory says so."""
    return host_of(url) in ("facebook.com", "m.facebook.com") and len(urlsplit(url).path) > 3


def priest_of(text: str) -> str | None:
    """The priest that a line names by title ("Rev. John Roe, Pastor"); None for other lines and for deacons."""
    if not _PRIEST.match(text) or len(text) > 90 or re.search(r"\d", text):
        return None
    return clean_priest(text)


def clean_priest(text: str) -> str | None:
    """A priest's name without the office that may stand behind it; None for text that is no name."""
    name = _ROLE.sub("", text.strip(" ,;:-–")).strip(" ,;:-–")
    if not name or len(name) > 100 or not re.search(r"[A-Z]", name) or re.search(r"\d|@", name):
        return None
    return None if _DEACON.match(name) else name
