"""Names of parishes are told from names of persons, houses and pages by their words alone."""

from __future__ import annotations

import pytest

from vitality.pages.parish_names import kind_of, name_evidence
from vitality.records import ParishKind

PARISHES = (
    "St. Mary of the Lake", "Ss. Cyril & Methodius", "Blessed Trinity", "Epiphany of Our Lord", "Assumption B.V.M.", "Maternity B.V.M.",
    "Corpus Christi", "Pax Christi", "Five Wounds", "Seven Dolors", "Risen Savior", "Shepherd of the Valley", "Holy Ghost", "Stella Maris",
    "San Juan Diego", "Nuestra Señora de Guadalupe", "Korean Catholic Community", "St. Maron Maronite Church", "Gesu", "Paulist Center",
    "Father Damien Mission", "Old Mission Santa Barbara", "Church of the Magdalene", "Holy Innocents", "St. Thomas More University Parish",
)  # fmt: skip
OTHERS = (
    "St. Mary School", "Holy Cross Cemetery", "Catholic Charities", "Office of Worship", "Mass Schedule", "Confession Times", "Find a Parish",
    "Vocations", "Seminarians", "Marriage Preparation", "Lenten Regulations", "Read More", "Deacon John Smith", "Rev. Thomas Brown",
    "Fr. Mark Jones, Pastor", "Sister Mary Ann", "Most Rev. Joseph Maria Kelly", "Msgr. Peter Marian", "Diocese of Toledo", "St. Joseph Hospital",
    "Sacred Heart Academy", "Cathedral Gift Shop", "Sisters of St. Joseph", "Knights of Columbus", "Closed Parishes", "Sunday 9:00 AM",
)  # fmt: skip


@pytest.mark.parametrize("name", PARISHES)
def test_a_parish_is_known_by_its_name(name: str) -> None:
    """Dedications old and rare, in three languages, and communities without one."""
    assert name_evidence(name) >= 0.7


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_parish_has_no_parish_s_name(name: str) -> None:
    """Schools, houses, persons with saints' names, and entries of menus."""
    assert name_evidence(name) < 0.3


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("St. Anthony of Padua Mission", ParishKind.MISSION),
        ("Old Mission Santa Barbara", ParishKind.MISSION),
        ("Mission San Juan Capistrano", ParishKind.MISSION),
        ("Cathedral Basilica of St. Louis", ParishKind.CATHEDRAL),
        ("Basilica of St. Josaphat", ParishKind.BASILICA),
        ("St. John XXIII Newman Center", ParishKind.CAMPUS),
        ("Loretto Chapel", ParishKind.CHAPEL),
        ("Santuario de Chimayo", ParishKind.SHRINE),
        ("Holy Cross Polish Heritage Center", ParishKind.ETHNIC_CENTER),
        ("Parroquia Santa Rosa", ParishKind.PARISH),
        ("Korean Catholic Community", None),
    ],
)
def test_a_name_may_say_the_kind(name: str, kind: ParishKind | None) -> None:
    """The strongest word decides; many names say nothing."""
    assert kind_of(name) is kind
