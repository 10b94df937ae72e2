"""Names of states and cities: what a printed name stands for, checked against the bundled ZIP table."""

from __future__ import annotations

import re
from functools import lru_cache

from vitality.zip_codes import city_key, states_of, zip_code

__all__ = [
    "AUSTRALIAN",
    "CODES",
    "STATE_PATTERN",
    "US_CODES",
    "city_key",
    "is_city",
    "is_country",
    "is_town_of",
    "state_code",
    "zip_lies_in",
]

_STATES = """
AL Alabama|AK Alaska|AZ Arizona|AR Arkansas|CA California|CO Colorado|CT Connecticut|DE Delaware|DC District of Columbia
FL Florida|GA Georgia|HI Hawaii|ID Idaho|IL Illinois|IN Indiana|IA Iowa|KS Kansas|KY Kentucky|LA Louisiana|ME Maine
MD Maryland|MA Massachusetts|MI Michigan|MN Minnesota|MS Mississippi|MO Missouri|MT Montana|NE Nebraska|NV Nevada
NH New Hampshire|NJ New Jersey|NM New Mexico|NY New York|NC North Carolina|ND North Dakota|OH Ohio|OK Oklahoma|OR Oregon
PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VT Vermont|VA Virginia
WA Washington|WV West Virginia|WI Wisconsin|WY Wyoming|PR Puerto Rico|VI Virgin Islands|VI U.S. Virgin Islands|GU Guam
AS American Samoa|MP Northern Mariana Islands|AP Armed Forces Pacific|AE Armed Forces Europe
"""
_PROVINCES = """
AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia|ON Ontario
PE Prince Edward Island|QC Quebec|SK Saskatchewan|NT Northwest Territories|NU Nunavut|YT Yukon
"""
_ABBREVIATIONS = """
AL Ala|AZ Ariz|AR Ark|CA Calif|CA Cal|CO Colo|CT Conn|DE Del|FL Fla|IL Ill|IN Ind|KS Kan|KS Kans|KY Ky|LA La|MD Md
MA Mass|MI Mich|MN Minn|MS Miss|MO Mo|MT Mont|NE Neb|NE Nebr|NV Nev|NM N Mex|ND N Dak|OK Okla|OR Ore|PA Penn|PA Penna
SD S Dak|TN Tenn|TX Tex|VA Va|VT Vt|WA Wash|WV W Va|WI Wis|WI Wisc|WY Wyo|NJ N J|NY N Y|NC N C|SC S C|NH N H|RI R I|DC D C|SD S D|ND N D|NM N M|PR P R|BC B C|PA Pa|GA Ga|ME Me|IA Ia
"""
AUSTRALIAN = ("NSW", "QLD", "VIC", "TAS", "ACT")


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = (row for line in table.strip().splitlines() for row in line.split("|"))
    return [(code, name) for code, _, name in (row.strip().partition(" ") for row in rows)]


def _key(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", text.lower()).strip()


_CODES = {_key(name): code for code, name in (*_pairs(_PROVINCES), *_pairs(_ABBREVIATIONS), *_pairs(_STATES))}
US_CODES = frozenset(code for code, _ in _pairs(_STATES))
CODES = US_CODES | {code for code, _ in _pairs(_PROVINCES)}
COUNTRIES = frozenset({"united states", "united states of america", "usa", "us", "u s a", "u s", "estados unidos"})

_NAMES = sorted({name for _, name in (*_pairs(_STATES), *_pairs(_PROVINCES))}, key=len, reverse=True)
_SHORT = sorted({name for _, name in _pairs(_ABBREVIATIONS)}, key=len, reverse=True)
STATE_PATTERN = (
    r"(?:"
    + "|".join(rf"(?:{re.escape(name)})".replace(r"\ ", r"\s+") for name in _NAMES)
    + r"|(?:(?:"
    + "|".join(re.escape(name).replace(r"\ ", r"\.?\s*") for name in _SHORT)
    + r")\.(?!\w))|(?:"
    + "|".join(sorted(CODES | set(AUSTRALIAN)))
    + r")(?![\w'’]))"
)
"""A state or province: postal code in capitals, full name, or a traditional abbreviation with its full stop."""


def state_code(text: str | None) -> str | None:
    """The postal code of a state or province from its name, code or traditional abbreviation; None for other words."""
    words = (text or "").strip().rstrip(".,")
    if words.upper() in CODES and len(words) == 2:
        return words.upper()
    return _CODES.get(_key(words))


def is_country(text: str) -> bool:
    """Whether the words only say that this is the United States."""
    return _key(text) in COUNTRIES


@lru_cache(maxsize=8192)
def is_city(name: str, state: str | None = None) -> bool:
    """Whether the post office delivers to a city of this name (in that state, when one is given)."""
    states = states_of(name)
    return bool(states) if state is None else state in states


def is_town_of(name: str, code: str) -> bool:
    """Whether mail for a ZIP code is addressed to a town of this name."""
    found = zip_code(code)
    return found is not None and city_key(name) in found.towns


def zip_lies_in(code: str, state: str) -> bool:
    """Whether a ZIP code is one of the state."""
    found = zip_code(code)
    return found is not None and found.state == state
