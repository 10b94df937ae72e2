"""Which parishes the earlier system's rows of one diocese are; pure.

A parish has the identity that extraction gives it, so that the first reading of the directory finds it again. A row
that states no place belongs to the only parish of its name, or nobody knows to which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vitality.pages.identity import filled, parish_key, same_parish
from vitality.pages.places import state_code
from vitality.records import Diocese, Parish, ParishKind, ParishStatus
from vitality.roles.extraction import own_site_only
from vitality.storage.legacy import Cells
from vitality.storage.site_key import site_address

CELLS = {
    "name": "Name",
    "street": "Street Address",
    "city": "City",
    "state": "State",
    "zip": "Zip Code",
    "phone": "Phone Number",
    "website": "Web",
}
"""Our fields and the old columns that state them."""
AMBIGUOUS = "no place, and several parishes of this name"
CONTRADICTS = "contradicts the parish of the same name and town"


@dataclass(slots=True)
class Candidate:
    """A parish with the old rows that speak of it; a `stored` one is not changed by them."""

    parish: Parish
    stored: bool
    folded: str
    """The parish's name as names are compared."""
    rows: list[Cells] = field(default_factory=list)


def candidates(
    rows: Sequence[Cells], diocese: Diocese, stored: Mapping[str, Parish]
) -> tuple[dict[str, Candidate], list[tuple[Cells, str]]]:
    """The parishes of old rows by identity, and the refused rows, each with the reason."""
    known = {identity: Candidate(parish, True, parish_key(parish).name) for identity, parish in stored.items()}
    refused: list[tuple[Cells, str]] = []
    read = [(row, read_parish(row, diocese)) for row in rows]
    for row, parish in sorted(read, key=lambda pair: not parish_key(pair[1]).place):
        reason = _place(row, parish, known)
        if reason is not None:
            refused.append((row, reason))
    return {identity: each for identity, each in known.items() if each.rows}, refused


def _place(row: Cells, parish: Parish, known: dict[str, Candidate]) -> str | None:
    """Puts a row to its parish; or says why that cannot be done."""
    key = parish_key(parish)
    identity = f"{key.name}|{key.place}"
    named = [each for each, candidate in known.items() if candidate.folded == key.name]
    alike = [each for each in named if same_parish(known[each].parish, parish)]
    if len(alike) > 1 and identity not in alike:
        return AMBIGUOUS
    if alike:
        identity = identity if identity in alike else alike[0]
    elif identity in known:
        return CONTRADICTS
    each = known.setdefault(identity, Candidate(parish, False, key.name))
    if not each.stored:
        each.parish = filled(each.parish, parish)
    each.rows.append(row)
    return None


def read_parish(row: Cells, diocese: Diocese) -> Parish:
    """What an old row states; the diocese's own web site is no parish's."""
    facts: dict[str, object] = {ours: row[theirs] for ours, theirs in CELLS.items() if theirs in row}
    if (code := state_code(row.get("State"))) is not None:
        facts["state"] = code
    facts |= _position(row) | read_status(row.get("Status", ""))
    source = f"legacy:Parishes/{row['id']}"
    parish = Parish.model_validate({**facts, "diocese": diocese.name, "sources": dict.fromkeys(facts, source)})
    return own_site_only(parish, site_address(diocese.website))


def read_status(words: str) -> dict[str, object]:
    """`"Status"` as our status or kind; nothing where it is neither."""
    folded = words.lower().replace(" ", "_").replace("-", "_")
    if folded in set(ParishStatus):
        return {"status": folded}
    return {"kind": folded} if folded in set(ParishKind) else {}


def _position(row: Cells) -> dict[str, object]:
    """Latitude and longitude where both are degrees on the globe; (0, 0) is how programs write "unknown"."""
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except (KeyError, ValueError):
        return {}
    good = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return {"latitude": latitude, "longitude": longitude} if good else {}
