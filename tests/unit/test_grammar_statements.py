"""What the reader makes of statements in running text, brackets and labels: one row for each kind of statement."""

from __future__ import annotations

import pytest

from vitality.pages.schedule import read_schedule
from vitality.records import ContentHash, Page, ServiceTime


def told(time: ServiceTime) -> str:
    """A time in short: "mass SA,SU 09:00-10:00 [es] @summer !1FR cancelled"."""
    when = ",".join((*time.days, *time.dates)) or "-"
    start = time.start or ""
    if time.start_rel is not None:
        offset = "" if time.start_rel.offset_min is None else f"{time.start_rel.offset_min:+d}"
        start = f"{time.start_rel.anchor}({time.start_rel.anchor_time or ''}){offset}"
    if time.by_appointment:
        start = "appointment"
    parts = [time.service.value, when, start + (f"-{time.end}" if time.end else "")]
    parts += [f"[{'+'.join(time.language)}]"] if time.language else []
    parts += [f"@{time.season}"] if time.season else []
    parts += ["!" + ",".join(time.except_)] if time.except_ else []
    parts += [time.status.value] if time.status.value != "active" else []
    return " ".join(parts)


def read(html: str) -> list[str]:
    page = Page(url="https://parish.example.org/page", text=html, content_hash=ContentHash("sha256:" + "0" * 64))
    times = read_schedule(page).times
    assert all(time.evidence.quote in html for time in times)
    return sorted(map(told, times))


STATEMENTS = {
    "a half hour may be written as a fraction": (
        "<p>Penance is offered 1/2 hour before Saturday Mass and ½ hr. before Sunday Mass.</p>",
        ["confession SA mass()-30", "confession SU mass()-30"],
    ),
    "whole hours before a service are counted": (
        "<p>Rosary 1 hour before Wednesday Mass</p>",
        ["rosary WE mass()-60"],
    ),
    "what a bracket adds to a Mass leaves the Mass": (
        "<p>Thursday Mass 6:15 PM (with adoration)</p><p>Saturday Mass 4 PM (confessions in the morning)</p>",
        ["mass SA 16:00", "mass TH 18:15"],
    ),
    "oils that are blessed are no Benediction": (
        "<p>Martes 22 de marzo de 2016</p><p>11:00 Misa Crismal, bendición santos óleos</p>",
        ["mass 2016-03-22 11:00"],
    ),
    "a set of days gives way to the days named beside it": (
        "<p>Weekend Masses are at 4:15 PM on Saturday and at 8:45 AM and 10:45 AM on Sundays.</p>",
        ["mass SA 16:15", "mass SU 08:45", "mass SU 10:45"],
    ),
    "a sentence ends behind p.m. where the next service has its verb": (
        "<p>First Friday Masses are at 6:20 a.m. and 5:40 p.m. Adoration follows right after the 6:20 a.m. Mass and ends with Benediction at 5:15 p.m.</p>",
        ["adoration 1FR mass(06:20)+0-17:15", "benediction 1FR 17:15", "mass 1FR 06:20", "mass 1FR 17:40"],
    ),
    "confessions right afterwards follow the Mass, not the next sentence": (
        "<p>Mass is at 8:05 AM, Monday to Wednesday, with confessions right afterwards. Rosary on Friday is at 7:00 PM.</p>",
        ["confession MO,TU,WE mass(08:05)+0", "mass MO,TU,WE 08:05", "rosary FR 19:00"],
    ),
    "an hour that falls away in a month is an exception of that hour alone": (
        "<h2>Mass</h2><p>First Friday: 6:50 a.m., 9:10 a.m. (no 9:10 in August) and 7:00 p.m.</p>",
        ["mass 1FR 06:50", "mass 1FR 09:10 !08-01..08-31", "mass 1FR 19:00"],
    ),
    "an exception in a bracket amid a list is of the hour before it": (
        "<h2>Mass</h2><p>First Fridays 6:20 a.m., 8:10 a.m. (except July), 5:40 p.m.</p>",
        ["mass 1FR 06:20", "mass 1FR 08:10 !07-01..07-31", "mass 1FR 17:40"],
    ),
    "what stands before excepted is the exception": (
        "<p>Adoration is on the first Tuesday of the month (holidays excepted) from 8 AM to 6 PM.</p>",
        ["adoration 1TU 08:00-18:00 !PH"],
    ),
    "another day in a bracket takes its day away from the set": (
        "<h2>Mass</h2><p>Weekdays 7:45 a.m. (Thursday 6:15 p.m.)</p>",
        ["mass MO,TU,WE,FR 07:45", "mass TH 18:15"],
    ),
    "other days for what was said before": (
        "<p>Adoration is held on the first Monday of the month from 9 AM to 8 PM. In Lent it is held every Monday.</p>",
        ["adoration 1MO 09:00-20:00", "adoration MO 09:00-20:00 @lent"],
    ),
    "a relative time until a later day ends there": (
        "<h2>Adoration</h2><p>First Friday after the 8:20 am Mass until Saturday 7 am</p>",
        ["adoration 1FR mass(08:20)+0-07:00"],
    ),
    "confessions during adoration are at its hours": (
        "<p>Confessions: Tuesdays during Adoration from 6:00 to 6:45 p.m.</p>",
        ["adoration TU 18:00-18:45", "confession TU 18:00-18:45"],
    ),
    "half an hour beforehand leans on the Masses said before": (
        "<p>Mass is offered on Sunday at 9:20 AM. Confessions are heard half an hour beforehand.</p>",
        ["confession SU mass()-30", "mass SU 09:20"],
    ),
    "the printed hours in a bracket win over the Mass they follow": (
        "<p>Each Thursday, following the 8:10 AM Mass, Adoration takes place (8:40 AM-9:50 AM).</p>",
        ["adoration TH 08:40-09:50"],
    ),
    "a relative time joined by and stands beside the printed one": (
        "<h2>Confession</h2><p>Saturday after the morning Mass, and 3:40 to 4:20 PM</p>",
        ["confession SA 15:40-16:20", "confession SA mass()+0"],
    ),
    "a bare hour behind its day among hours": (
        "<h1>Mass Times</h1><p>Sat Vigil 4; Sun 8:15, 10 AM</p>",
        ["mass SA 16:00", "mass SU 08:15", "mass SU 10:00"],
    ),
    "hours of an evening named before them": (
        "<h2>Confession</h2><p>Wednesday evenings from 6 to 7, and any time by calling the rectory</p>",
        ["confession - appointment", "confession WE 18:00-19:00"],
    ),
    "until midnight is the evening": (
        "<h3>Holy Thursday</h3><p>8:20-Midnight Adoration</p>",
        ["adoration holy_thursday 20:20-00:00"],
    ),
    "a bare hour behind one of the afternoon is the next that comes": (
        "<p>Wednesdays: 6:15 PM Confession; 6:50 Benediction; 7:00 Mass</p>",
        ["benediction WE 18:50", "confession WE 18:15", "mass WE 19:00"],
    ),
    "two hours side by side under confession are its stretch": (
        "<h2>Confession</h2><p>Saturdays, 11:00 AM 12:00 PM</p>",
        ["confession SA 11:00-12:00"],
    ),
    "another hour in a bracket that begins with or is none more": (
        "<p>Easter Vigil Mass 8.10pm (or 8.40pm if still light)</p>",
        ["mass holy_saturday 20:10"],
    ),
    "a name of a church with a devotion in it": (
        "<h2>Mass</h2><p>Thursday | 5:20 p.m. at Cathedral of Our Lady of the Rosary</p>",
        ["mass TH 17:20"],
    ),
    "churches in brackets that are called like feasts": (
        "<h2>Misas</h2><p>Domingo 9:10am Inglés (Corpus Christi) 11:10am Español (Santo Rosario)</p>",
        ["mass SU 09:10 [en]", "mass SU 11:10 [es]"],
    ),
    "a language behind two hours joined by y, where another hour has its own": (
        "<h2>Misas</h2><p>Domingo 8:10 a.m. (inglés), 10:10 a.m. y 12:10 p.m. (español)</p>",
        ["mass SU 08:10 [en]", "mass SU 10:10 [es]", "mass SU 12:10 [es]"],
    ),
    "Spanish hours with commas": (
        "<h3>Jueves Santo</h3><p>18,30 - Santo Rosario<br>19,00 - Misa de la Cena del Señor</p>",
        ["mass holy_thursday 19:00", "rosary holy_thursday 18:30"],
    ),
    "a choir takes no hour for itself": (
        "<p>Sunday Masses at 8:10am, 10:10am with Children's Choir, 12:10pm</p>",
        ["mass SU 08:10", "mass SU 10:10", "mass SU 12:10"],
    ),
    "dates of a list joined by comma and and": (
        "<p>Confessions are heard on Thursday, December 10, and Thursday, December 17, from 3:00 - 4:00 PM.</p>",
        ["confession 12-10,12-17 15:00-16:00"],
    ),
    "weekdays with their dates": (
        "<p><b>Monday-Wednesday 4/3-4/5</b><br>11:20am Mass</p>",
        ["mass 04-03,04-04,04-05 11:20"],
    ),
    "the day and the hour behind a month": (
        "<h2>Stations of the Cross</h2><p>March 30: 11 AM</p>",
        ["stations 03-30 11:00"],
    ),
    "a date on which an event begins": (
        "<p>Forty Hours: beginning May 12 at 6 p.m.</p>",
        ["adoration 05-12 18:00"],
    ),
    "a date from which a standing hour holds": (
        "<p>From June 7 the Sunday Mass is at 9:05 AM.</p><p>Beginning July 2, daily Mass will be at 8:05 AM Monday through Friday.</p>",
        ["mass MO,TU,WE,TH,FR 08:05", "mass SU 09:05"],
    ),
    "the first Saturday after the first Friday": (
        "<p>First Saturday after First Friday: Mass 8:20 AM</p>",
        ["mass 1FR+1 08:20"],
    ),
    "Spanish dates whose month stands behind the last": (
        "<p>El lunes 14 -Lunes Santo-, martes 15 y miércoles 16 de abril a las 18:20 Vía Crucis y a las 19 misa</p>",
        ["mass 04-14,04-15,04-16 19:00", "stations 04-14,04-15,04-16 18:20"],
    ),
    "a chain of dates over the end of a month": (
        "<p>Lunes 30, martes 31 de marzo y miércoles 1 de abril: Misa 7:10 p.m.</p>",
        ["mass 03-30,03-31,04-01 19:10"],
    ),
    "weekdays within a stretch of dates": (
        "<p>Confessions Wednesdays, Dec 3-17, 6:10 pm</p>",
        ["confession WE 18:10 @12-03..12-17"],
    ),
    "each day of a novena that is called after a feast": (
        "<p>Novena to the Immaculate Conception: Nov. 29 - Dec. 2 at 7:10 pm</p>",
        ["novena 11-29,11-30,12-01,12-02 19:10"],
    ),
    "the day and hour of the Mass it comes before": (
        "<p>Confessions half hour before Mass on Saturday at 5:10 PM</p>",
        ["confession SA mass(17:10)-30"],
    ),
    "a stretch behind its day is of the confessions themselves": (
        "<p>Confessions: half hour before Mass, Saturday 3:10-4:10 PM</p>",
        ["confession SA 15:10-16:10", "confession SA mass()-30"],
    ),
    "confessions following the last Mass of a list": (
        "<p>First Friday: Exposition at 8:10 am, Mass at 9:10 am, Confessions following.</p>",
        ["adoration 1FR 08:10", "confession 1FR mass(09:10)+0", "mass 1FR 09:10"],
    ),
    "the eve of a first Friday": (
        "<p>Adoration on the eve of First Fridays at 7:10 pm</p>",
        ["adoration 1FR-1 19:10"],
    ),
    "a vigil among Sunday's Masses is on Saturday, and no other of them": (
        "<p>Sunday Masses: Vigil 5:15pm, 8:20am, 6:00pm</p>",
        ["mass SA 17:15", "mass SU 08:20", "mass SU 18:00"],
    ),
    "days within the stretch that the line has told are its dates": (
        "<p>Forty Hours will begin on Monday, November 3rd and continue to November 5th. Mass is at 7:15 PM, Monday, Tuesday and Wednesday.</p>",
        ["mass 11-03,11-04,11-05 19:15"],
    ),
    "the hour that another takes the place of": (
        "<p>The Mass on Thanksgiving Day, Thursday, November 26, will be at 9:10 am instead of 7:10 am.</p>",
        ["mass 11-26 09:10"],
    ),
    "a list of dates before a stretch of hours": (
        "<p>Penance services Dec. 5, 12 and 19, 4:10-5:40 p.m.</p>",
        ["penance_service 12-05,12-12,12-19 16:10-17:40"],
    ),
    "Spanish dates from one to another": (
        "<p>Novena del 3 al 6 de diciembre: Rosario a las 7:10 p.m.</p>",
        ["rosary 12-03,12-04,12-05,12-06 19:10"],
    ),
    "first Saturdays behind first Fridays": (
        "<p>First Fridays &amp; Saturdays: Low Mass 7:05 am</p>",
        ["mass 1FR,1SA 07:05"],
    ),
    "an excepted day with an hour of its own": (
        "<h2>Mass</h2><p>Weekdays: 8:05 AM (except Wednesday: 5:35 PM)</p>",
        ["mass MO,TU,TH,FR 08:05", "mass WE 17:35"],
    ),
    "the Vigils of monks are no Mass": (
        "<h2>Prayer</h2><p><b>Weekdays</b><br>Vigils 5:15 a.m.<br>Mass 7:15 a.m.</p>",
        ["liturgy_of_hours MO,TU,WE,TH,FR 05:15", "mass MO,TU,WE,TH,FR 07:15"],
    ),
    "a usual vigil beside a feast is none of it": (
        "<p>Assumption: Saturday, August 15. Morning Mass at 8:10 am. Usual Vigil Mass at 5:10 pm.</p>",
        ["mass 08-15 08:10"],
    ),
    "a sentence that begins with we is no Wednesday": (
        "<p>The feast of All Saints falls on Tuesday. We will have three Masses that day: 7:10 a.m., 12:00 noon, and 6:40 p.m., all on Nov. 1st.</p>",
        ["mass 11-01 07:10", "mass 11-01 12:00", "mass 11-01 18:40"],
    ),
    "weekdays behind a date and a colon are those beside it": (
        "<h1>Mass 2026</h1><p>Sunday, November 1 (All Saints): Saturday 4:40 PM, Sunday 7:40 AM</p>",
        ["mass 2026-10-31 16:40", "mass 2026-11-01 07:40"],
    ),
    "weekdays behind a sentence on a holy day are those beside it": (
        "<h1>Mass 2026</h1><p>Ascension Thursday, May 14, is a holy day. Vigil Wednesday 6:10 pm; Thursday 7:10 am and 7:20 pm.</p>",
        ["mass 2026-05-13 18:10", "mass 2026-05-14 07:10", "mass 2026-05-14 19:20"],
    ),
    "weekdays beside a holy day whose year and weekday are not known are left out": (
        "<h1>Mass</h1><p>May 14 is a holy day. Vigil Wednesday 6:10 pm; Thursday 7:10 am.</p>",
        [],
    ),
    "the weekdays before Holy Thursday come once": (
        "<h1>Semana Santa 2021</h1><p>Martes Santo: 19:20 h: Confesiones</p><p>Holy Monday: Mass 7:10 pm</p>",
        ["confession 2021-03-30 19:20", "mass 2021-03-29 19:10"],
    ),
    "the minutes behind a comma before h": (
        "<p>El Sábado Santo, 15 de abril, se celebrará la Vigilia Pascual a las 22,20h.</p>",
        ["mass 04-15 22:20"],
    ),
    "a printed date of a feast stands below the day before": (
        "<p>Friday, October 6: Mass 6:10 pm. October 7, Feast of the Holy Rosary, Mass at 6:20 pm.</p>",
        ["mass 10-06 18:10", "mass 10-07 18:20"],
    ),
    "the adoration of the cross is none of the Sacrament": (
        "<p>Viernes Santo - 18 abril</p><p>15h00: Adoración a la Cruz</p>",
        ["devotion_other 04-18 15:00"],
    ),
    "Simbang Gabi are Masses": (
        "<p>Simbang Gabi: Monday, December 15 to Tuesday, December 16, 7:10 PM</p>",
        ["mass 12-15,12-16 19:10"],
    ),
    "the Masses of one weekend are dated": (
        "<h1>News 2026</h1><p>On the weekend of August 8-9, Masses will be at 5:10 pm Saturday and 9:10 am Sunday only.</p>",
        ["mass 2026-08-08 17:10", "mass 2026-08-09 09:10"],
    ),
    "a weekend with which a schedule begins dates nothing": (
        "<p>Effective the weekend of July 4-5, our Sunday Masses will be at 8:40 AM and 10:40 AM.</p>",
        ["mass SU 08:40", "mass SU 10:40"],
    ),
    "a vigil behind the date of its holy day is on the eve": (
        "<p>Assumption, August 15: Vigil Mass 5:40 p.m., Holy Day Masses 7:10 a.m. and 12:10 p.m.</p>",
        ["mass 08-14 17:40", "mass 08-15 07:10", "mass 08-15 12:10"],
    ),
    "a vigil on the Saturday of a holy day is Sunday's": (
        "<p>Saturday, November 1, All Saints: Mass 8:10 a.m., Vigil Mass 5:10 p.m.</p>",
        ["mass 11-01 08:10", "mass 11-01 17:10"],
    ),
    "an end on a printed date, and confessions on the weekday printed with its date": (
        "<p>Adoration begins Friday, March 13 at 9:10 AM and ends Saturday, March 14 at 9 AM. Confessions Friday 6:10-8 PM.</p>",
        ["adoration 03-13 09:10-09:00", "confession 03-13 18:10-20:00"],
    ),
    "the old hour of a change is none": (
        "<p>I have decided to change our Saturday evening Mass time from 5:40 p.m. to 4:10 p.m.</p>",
        ["mass SA 16:10"],
    ),
    "a word service with ashes is no Mass": (
        "<p>ASH WEDNESDAY is February 18. Masses: 6:40 am. Word Service with ashes at 3:10 pm.</p>",
        ["devotion_other 02-18 15:10", "mass 02-18 06:40"],
    ),
    "a language before the last hour is of that hour": (
        "<h1>Mass</h1><p>Sunday at 8:10 am, 10:40 am, and in Spanish at 2:10 pm</p>",
        ["mass SU 08:10", "mass SU 10:40", "mass SU 14:10 [es]"],
    ),
    "the days from a weekday's number to another's": (
        "<p>Del lunes 9 al jueves 12 de marzo: Misa a las 6:10 p.m. y plática a las 7:10 p.m.</p>",
        ["mass 03-09,03-10,03-11,03-12 18:10"],
    ),
    "a bracket tells which hour is replaced": (
        "<p>Mass for Veterans: Wednesday, Nov. 11, 9:10 a.m. (replaces the 8:10 a.m. Mass)</p>",
        ["mass 11-11 09:10"],
    ),
    "a liturgy on Good Friday is no Mass": (
        "<p>Good Friday, April 18: Stations noon; Liturgy 3:10 pm</p>",
        ["devotion_other 04-18 15:10", "stations 04-18 12:00"],
    ),
    "soup is no Mass": (
        "<p>Wednesdays: Mass 7:10 pm, Soup 7:45 pm</p>",
        ["mass WE 19:10"],
    ),
    "the Great Fast is Lent": (
        "<p>Presanctified Liturgy on Wednesdays of the Great Fast 7:10 pm</p>",
        ["divine_liturgy WE 19:10 @lent"],
    ),
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_gives_these_times(name: str) -> None:
    """Each kind of statement gives the times that a careful person would list."""
    html, expected = STATEMENTS[name]
    assert read(html) == sorted(expected)


LABELS = {
    "worship names Masses": (
        "<h1>Worship</h1><h3>Weekday</h3><p>Monday - Friday 8:25 AM</p>",
        ["mass MO,TU,WE,TH,FR 08:25"],
    ),
    "a weekend beside a weekday Mass is of Masses": (
        "<h1>Visit</h1><h2>When</h2><p>Saturday 5 PM<br>Sunday 10 AM</p><h2>Weekday Mass</h2><p>Tuesday 8 AM</p>",
        ["mass SA 17:00", "mass SU 10:00", "mass TU 08:00"],
    ),
    "a weekend without Masses anywhere is nothing": (
        "<h1>Visit</h1><h2>When</h2><p>Saturday 5 PM<br>Sunday 10 AM</p>",
        [],
    ),
    "another church below confessions": (
        "<h2>Confession</h2><p>Saturday 3 PM</p><p><b>Mission: St. Kevin</b><br>Sunday 8:10 AM</p>",
        ["confession SA 15:00"],
    ),
    "weekdays beside the summer are not in it": (
        "<h1>Mass Times</h1><p><b>Summer (June-Sept)</b><br>Sunday 8:10 AM</p><p><b>Weekdays</b><br>Monday-Friday 7:10 AM</p>",
        ["mass MO,TU,WE,TH,FR 07:10", "mass SU 08:10 @summer"],
    ),
    "weekdays within the summer are in it": (
        "<h1>Mass Times</h1><p><b>Summer</b></p><p><b>Weekdays</b><br>Monday-Friday 7:10 AM</p>",
        ["mass MO,TU,WE,TH,FR 07:10 @summer"],
    ),
    "a service beside a day is not of that day": (
        "<h1>Mass</h1><p><b>Sunday</b><br>9:10 AM</p><p><b>Confession</b><br>3:10 PM</p>",
        ["mass SU 09:10"],
    ),
    "a sentence that tells what the hours below are of": (
        "<h2>Mass</h2><ul><li>Sunday 9:15 AM</li></ul><p>Confessions are held at these hours.</p><ul><li>Saturday: 2:15 p.m.</li></ul>",
        ["confession SA 14:15", "mass SU 09:15"],
    ),
    "opening hours below Masses": (
        "<h2>Mass</h2><ul><li>Sunday 9:15 AM</li></ul><p>Our Parish Center is open during these hours.</p><p>Monday - Friday: 9:00 a.m. - 8:15 p.m.</p>",
        ["mass SU 09:15"],
    ),
    "a page's heading that is a date is when it was written": (
        "<h1>August 17, 2025</h1><p>Confessions are heard on Saturday from 3:25pm to 4:25pm.</p>",
        ["confession SA 15:25-16:25"],
    ),
    "a vigil below the weekend is on Saturday": (
        "<h1>Mass Times</h1><p><b>Weekend</b><br>Vigil 5:10 pm<br>Sunday 8:10 am</p>",
        ["mass SA 17:10", "mass SU 08:10"],
    ),
    "an hour of the morning below Saturday's vigil is Sunday's": (
        "<h2>Sunday Mass</h2><p>5:10 pm Saturday vigil<br>9:10 am</p>",
        ["mass SA 17:10", "mass SU 09:10"],
    ),
    "a bracket's activity ends with it": (
        "<h2>Christmas</h2><p>Christmas Eve Masses: 4:10 PM (carols at 3:40)<br>Christmas Day: 9:10 AM</p>",
        ["mass 12-24 16:10", "mass 12-25 09:10"],
    ),
    "a week's heading does not make each day of what stands below": (
        "<h3>Friday, May 15 - Friday, May 22</h3><p>Mass 7:30 am</p>",
        [],
    ),
}


@pytest.mark.parametrize("name", LABELS)
def test_labels_hold_for_what_belongs_to_them(name: str) -> None:
    """A label holds for the lines that belong to it, and for no others."""
    html, expected = LABELS[name]
    assert read(html) == sorted(expected)


PAGES = {
    "churches under services": (
        "<h2>Weekend Masses</h2><h3>St. Mary, Elm City</h3><p>Saturday 4:00 PM<br>Sunday 9:00 AM</p><h3>St. Joseph, Oak Grove</h3><p>Sunday 7:30 AM &amp; 10:45 AM</p><h2>Confession</h2><h3>St. Mary</h3><p>Saturday 3:15-3:45 PM</p><h3>St. Joseph</h3><p>Sunday 10:15-10:35 AM</p>",
        [
            "confession SA 15:15-15:45",
            "confession SU 10:15-10:35",
            "mass SA 16:00",
            "mass SU 07:30",
            "mass SU 09:00",
            "mass SU 10:45",
        ],
    ),
    "a Spanish feast day": (
        "<p>El viernes 12 de diciembre: Mañanitas 5:00 a.m., Misa 6:00 a.m. y 7:00 p.m.</p>",
        ["mass 12-12 06:00", "mass 12-12 19:00"],
    ),
    "a season's list": (
        "<h2>Lent 2026</h2><ul><li>Stations of the Cross: Fridays, Feb. 20 – Mar. 27, 7:00 PM</li><li>Additional confessions: Wednesdays 6:00–7:00 PM</li><li>Penance Service: Monday, March 23, 7:00 PM</li></ul>",
        ["confession WE 18:00-19:00 @lent", "penance_service 2026-03-23 19:00", "stations FR 19:00 @02-20..03-27"],
    ),
    "a vigil by its date": (
        "<h2>Assumption of Mary</h2><p>Friday, August 14 – 7:00 PM (Vigil)</p><p>Saturday, August 15 – 8:00 AM, 12:00 PM</p>",
        ["mass 08-14 19:00", "mass 08-15 08:00", "mass 08-15 12:00"],
    ),
    "an eve and its feast in one line": (
        "<h2>All Saints' Day</h2><p>Vigil: Oct. 31, 5:30 p.m.; Nov. 1: 7 a.m., 12:10 p.m., 6:30 p.m. (bilingual)</p>",
        ["mass 10-31 17:30", "mass 11-01 07:00", "mass 11-01 12:10", "mass 11-01 18:30 [en+es]"],
    ),
    "a holiday with a Mass that falls away": (
        "<p>Memorial Day, Monday, May 25: Mass at 9:00 a.m. in the cemetery; no 12:10 p.m. Mass.</p>",
        ["mass 05-25 09:00", "mass 05-25 12:10 cancelled"],
    ),
    "a week's list": (
        "<h3>This Week</h3><p>Tue 6/9 – 8:00 AM Mass<br>Wed 6/10 – 6:00 PM Mass, 6:30 PM Adoration<br>Sat 6/13 – 3:00 PM Confession, 4:00 PM Mass</p>",
        ["adoration 06-10 18:30", "confession 06-13 15:00", "mass 06-09 08:00", "mass 06-10 18:00", "mass 06-13 16:00"],
    ),
    "dates with their hours in brackets": (
        "<p>Christmas Confessions: Dec. 19 (3-4:30 PM), Dec. 21 (7-8 PM) and Dec. 22 (9-10 AM)</p>",
        ["confession 12-19 15:00-16:30", "confession 12-21 19:00-20:00", "confession 12-22 09:00-10:00"],
    ),
    "churches in rows with bars": (
        "<h2>Mass Times</h2><p>St. Jude (Main Campus) | Sat 5 PM | Sun 8, 10 AM, 12 PM</p><p>St. Clare Chapel | Sun 9 AM</p>",
        ["mass SA 17:00", "mass SU 08:00", "mass SU 09:00", "mass SU 10:00", "mass SU 12:00"],
    ),
    "a Spanish list of languages": (
        "<h2>Misas</h2><ul><li>Sábado (vigilia): 5:30 pm inglés, 7:00 pm español</li><li>Domingo: 8:00 am español; 10:00 am inglés; 12:00 pm español; 6:00 pm bilingüe</li></ul>",
        [
            "mass SA 17:30 [en]",
            "mass SA 19:00 [es]",
            "mass SU 08:00 [es]",
            "mass SU 10:00 [en]",
            "mass SU 12:00 [es]",
            "mass SU 18:00 [en+es]",
        ],
    ),
    "service times by day": (
        "<h1>Service Times</h1><h2>Saturday</h2><p>4:00 PM</p><h2>Sunday</h2><p>9:30 AM</p>",
        ["mass SA 16:00", "mass SU 09:30"],
    ),
    "days in prose": (
        "<p>Mass is celebrated Mondays and Tuesdays at 12:10, Wednesdays through Fridays at 8, and Saturdays at 8:30.</p>",
        ["mass MO,TU 12:10", "mass SA 08:30", "mass WE,TH,FR 08:00"],
    ),
    "an adoration overnight": (
        "<p>Adoration is every Tuesday, 9 a.m. to 9 p.m., and on first Fridays overnight from 7 p.m. to 7 a.m.</p>",
        ["adoration 1FR 19:00-07:00", "adoration TU 09:00-21:00"],
    ),
    "a confessional in prose": (
        "<p>Father is in the confessional a half hour before all weekday Masses and from 4 p.m. to 5 p.m. on Saturdays.</p>",
        ["confession MO,TU,WE,TH,FR mass()-30", "confession SA 16:00-17:00"],
    ),
    "an adoration to follow": (
        "<p>Wednesday evening: Rosary at 6:30, Mass at 7:00, Adoration to follow until 9:00.</p>",
        ["adoration WE mass(19:00)+0-21:00", "mass WE 19:00", "rosary WE 18:30"],
    ),
    "capitals without marks": (
        "<h1>Mass Times</h1><p>SUNDAY 8AM 10AM 12NOON SATURDAY 5PM MON-FRI 8AM</p>",
        ["mass MO,TU,WE,TH,FR 08:00", "mass SA 17:00", "mass SU 08:00", "mass SU 10:00", "mass SU 12:00"],
    ),
    "hours before their days in capitals": (
        "<h1>Mass Times</h1><p>8AM SUN, 5PM SAT, 12:10PM MON-FRI</p>",
        ["mass MO,TU,WE,TH,FR 12:10", "mass SA 17:00", "mass SU 08:00"],
    ),
    "two first Thursdays of one devotion": (
        "<p>Holy Hour for vocations: first Thursday, 7 pm; for priests: third Thursday, 7 pm.</p>",
        ["holy_hour 1TH 19:00", "holy_hour 3TH 19:00"],
    ),
    "a Mass that falls away in summer": (
        "<p>During June, July and August there will be no 5 p.m. Mass on Sundays.</p>",
        ["mass SU 17:00 @06-01..08-31 cancelled"],
    ),
    "weekdays told in a bracket": (
        "<p>Weekday Mass (Mon, Tues, Thurs, Fri): 8:30 AM; Wed: 7 PM</p>",
        ["mass MO,TU,TH,FR 08:30", "mass WE 19:00"],
    ),
    "Masses in other languages": (
        "<h3>Masses in other languages</h3><ul><li>Vietnamese – Sunday 1:00 PM</li><li>Tagalog – 1st Saturday 6:30 PM</li><li>Igbo – last Sunday 2:30 PM</li></ul>",
        ["mass -1SU 14:30 [ig]", "mass 1SA 18:30 [tl]", "mass SU 13:00 [vi]"],
    ),
    "devotions by their names": (
        "<p>St. Anthony devotions every Tuesday at 7 p.m.; Sorrowful Mother novena Fridays 7:30 p.m.</p>",
        ["devotion_other TU 19:00", "novena FR 19:30"],
    ),
    "weeks told behind a Sunday Mass": (
        "<h1>Mass Times</h1><p>Sunday Mass in Polish at 1 pm on the 2nd and 4th Sundays, September-May</p>",
        ["mass 2SU,4SU 13:00 [pl] @09-01..05-31"],
    ),
    "a rosary with two kinds of hours": (
        "<p>Rosary: Mon-Sat 7:35 am; Sun 20 minutes before each Mass</p>",
        ["rosary MO,TU,WE,TH,FR,SA 07:35", "rosary SU mass()-20"],
    ),
    "hours before their days between dots": (
        "<h1>Liturgies</h1><p>4:30 p.m. Saturday &bull; 8 and 10 a.m. Sunday &bull; 12:10 p.m. Monday through Friday</p>",
        ["mass MO,TU,WE,TH,FR 12:10", "mass SA 16:30", "mass SU 08:00", "mass SU 10:00"],
    ),
    "seasons in brackets of their own hours": (
        "<h1>Mass Schedule</h1><p>Sat: 4:00 (Sept-May), 5:00 (June-Aug)</p>",
        ["mass SA 16:00 @09-01..05-31", "mass SA 17:00 @06-01..08-31"],
    ),
    "holy days and their eves": (
        "<h1>Mass Times</h1><p>Vigil of Holy Days 5:30 PM; Holy Days 7:00 AM, 12:10 PM, 7:00 PM</p>",
        ["mass HD 07:00", "mass HD 12:10", "mass HD 19:00", "mass HDV 17:30"],
    ),
    "languages in Spanish brackets": (
        "<h1>Horario</h1><p>Misas: sábado 6 pm (bilingüe); domingo 8 am (inglés), 10 am y 1 pm (español)</p>",
        ["mass SA 18:00 [en+es]", "mass SU 08:00 [en]", "mass SU 10:00 [es]", "mass SU 13:00 [es]"],
    ),
    "media hora antes de las misas": (
        "<h2>Confesiones</h2><p>Jueves de 6:00 a 7:00 de la tarde y media hora antes de las misas del domingo</p>",
        ["confession SU mass()-30", "confession TH 18:00-19:00"],
    ),
    "a school's hour in a day's list": (
        "<h3>Sunday</h3><p>8:00 am - Mass<br>9:15 am - Sunday School<br>10:30 am - Mass (Spanish)</p>",
        ["mass SU 08:00", "mass SU 10:30 [es]"],
    ),
    "chains of days with dashes": (
        "<h1>Mass Times</h1><p>Sun. - 8am, 10am / Sat. - 5pm / Weekdays - Tu-Th-F 8am, W 6pm</p>",
        ["mass SA 17:00", "mass SU 08:00", "mass SU 10:00", "mass TU,TH,FR 08:00", "mass WE 18:00"],
    ),
    "Christmas in one line": (
        "<p>Christmas Eve: 4 PM, 6 PM, Midnight; Christmas Day: 9 AM &amp; 11 AM</p>",
        ["mass 12-24 16:00", "mass 12-24 18:00", "mass 12-25 00:00", "mass 12-25 09:00", "mass 12-25 11:00"],
    ),
    "a feast with its date in a bracket": (
        "<p>Ash Wednesday (March 5): Masses 8 am, 12:10 pm and 7 pm; Confessions 4-6 pm</p>",
        ["confession 03-05 16:00-18:00", "mass 03-05 08:00", "mass 03-05 12:10", "mass 03-05 19:00"],
    ),
    "two services in a season": (
        "<p>Join us for Vespers and Benediction every Sunday of Advent at 5 PM.</p>",
        ["benediction SU 17:00 @advent", "vespers SU 17:00 @advent"],
    ),
    "after each of two Masses": (
        "<p>Novena to Our Mother of Perpetual Help: Tuesdays following the 12:10 and 5:30 Masses</p>",
        ["novena TU mass(12:10)+0", "novena TU mass(17:30)+0"],
    ),
    "a follower with its end": (
        "<p>Wednesday: 5:30 PM Rosary, 6:00 PM Mass, followed by Adoration until 8:00 PM</p>",
        ["adoration WE mass(18:00)+0-20:00", "mass WE 18:00", "rosary WE 17:30"],
    ),
    "a table of churches by day": (
        "<h1>Mass Times</h1><table><tr><th></th><th>St. Anne</th><th>St. Paul</th></tr><tr><td>Saturday</td><td>4:00 PM</td><td>5:30 PM</td></tr><tr><td>Sunday</td><td>8:00 AM</td><td>9:30 AM<br>11:00 AM</td></tr></table>",
        ["mass SA 16:00", "mass SA 17:30", "mass SU 08:00", "mass SU 09:30", "mass SU 11:00"],
    ),
    "a list of terms": (
        "<h2>Mass</h2><dl><dt>Saturday Vigil</dt><dd>4:30 pm</dd><dt>Sunday</dt><dd>8 am, 10 am</dd><dt>Weekdays</dt><dd>M, T, Th, F 8 am; W 6 pm</dd></dl>",
        ["mass MO,TU,TH,FR 08:00", "mass SA 16:30", "mass SU 08:00", "mass SU 10:00", "mass WE 18:00"],
    ),
    "cards by day": (
        "<div><h4>SATURDAY</h4><p>Confession 3:00 – 4:00 pm</p><p>Vigil Mass 4:30 pm</p></div><div><h4>SUNDAY</h4><p>Mass 8:00 &amp; 10:30 am</p></div><div><h4>TUESDAY</h4><p>Mass 6:00 pm</p><p>Adoration 6:30 – 7:30 pm</p></div>",
        [
            "adoration TU 18:30-19:30",
            "confession SA 15:00-16:00",
            "mass SA 16:30",
            "mass SU 08:00",
            "mass SU 10:30",
            "mass TU 18:00",
        ],
    ),
    "office hours between services": (
        "<h3>Mass Schedule</h3><p>Saturday: 5:00 PM<br>Sunday: 8:30 AM &amp; 11:00 AM</p><h3>Office Hours</h3><p>Monday-Friday: 9:00 AM - 4:00 PM</p><h3>Reconciliation</h3><p>Saturday: 4:00 - 4:45 PM or by appointment</p>",
        ["confession - appointment", "confession SA 16:00-16:45", "mass SA 17:00", "mass SU 08:30", "mass SU 11:00"],
    ),
    "a footer": (
        "<footer><p><strong>Weekend Masses</strong></p><p>Sat 4 PM | Sun 8 AM, 10 AM, 12 PM</p><p><strong>Weekday Masses</strong></p><p>Mon–Fri 8 AM</p><p>123 Main St, 555-555-0100</p></footer>",
        ["mass MO,TU,WE,TH,FR 08:00", "mass SA 16:00", "mass SU 08:00", "mass SU 10:00", "mass SU 12:00"],
    ),
    "paragraphs of confession": (
        "<h2>Sacrament of Reconciliation</h2><p>Wednesdays: 6:15-7:00 p.m.</p><p>Saturdays: 9:00-10:00 a.m.; 3:30-4:30 p.m.</p><p>Priests are available at other times by appointment. Call 555-555-0110.</p>",
        [
            "confession - appointment",
            "confession SA 09:00-10:00",
            "confession SA 15:30-16:30",
            "confession WE 18:15-19:00",
        ],
    ),
    "weekday Masses say their days": (
        "<p><b>Sunday Masses:</b> Saturday evening 5:00; Sunday 7:30, 9:00, 10:30 and 12 noon.</p><p><b>Weekday Masses:</b> 7:00 and 9:00 a.m. (Saturday 9:00 a.m. only)</p>",
        [
            "mass MO,TU,WE,TH,FR 07:00",
            "mass MO,TU,WE,TH,FR 09:00",
            "mass SA 09:00",
            "mass SA 17:00",
            "mass SU 07:30",
            "mass SU 09:00",
            "mass SU 10:30",
            "mass SU 12:00",
        ],
    ),
    "an Eastern church": (
        "<h1>Divine Liturgy</h1><p>Saturday 5 PM (English); Sunday 9 AM (Slavonic), 11 AM (English). Weekdays as announced. Holy Days 9 AM and 7 PM.</p><p>Mystery of Confession: Saturday 4:15 PM</p>",
        [
            "confession SA 16:15",
            "divine_liturgy HD 09:00",
            "divine_liturgy HD 19:00",
            "divine_liturgy SA 17:00 [en]",
            "divine_liturgy SU 09:00 [cu]",
            "divine_liturgy SU 11:00 [en]",
        ],
    ),
    "a Spanish page": (
        "<h1>Horario de Misas</h1><p>Lunes a sábado: 7:30 a.m. y 7:00 p.m.<br>Domingo: 7:00, 9:00, 11:00 a.m., 1:00, 6:00 y 7:30 p.m.</p>",
        [
            "mass MO,TU,WE,TH,FR,SA 07:30",
            "mass MO,TU,WE,TH,FR,SA 19:00",
            "mass SU 07:00",
            "mass SU 09:00",
            "mass SU 11:00",
            "mass SU 13:00",
            "mass SU 18:00",
            "mass SU 19:30",
        ],
    ),
    "a list before Masses": (
        "<h2>Confession</h2><ul><li>Before the Saturday 5:00 PM Mass (4:00-4:45)</li><li>30 minutes before weekday Masses</li></ul>",
        ["confession MO,TU,WE,TH,FR mass()-30", "confession SA 16:00-16:45"],
    ),
    "a Holy Week with dated headings": (
        "<h2>Holy Week 2026</h2><h3>Holy Thursday, April 2</h3><ul><li>8:00 AM Morning Prayer</li><li>7:00 PM Mass of the Lord's Supper</li><li>Adoration until midnight</li></ul><h3>Good Friday, April 3</h3><ul><li>12:00 PM Stations of the Cross</li><li>3:00 PM Passion of the Lord</li></ul><h3>Holy Saturday, April 4</h3><ul><li>8:30 PM Easter Vigil</li></ul><h3>Easter Sunday, April 5</h3><ul><li>8 AM, 10 AM, 12 PM (Spanish)</li></ul>",
        [
            "devotion_other 2026-04-03 15:00",
            "liturgy_of_hours 2026-04-02 08:00",
            "mass 2026-04-02 19:00",
            "mass 2026-04-04 20:30",
            "mass 2026-04-05 08:00",
            "mass 2026-04-05 10:00",
            "mass 2026-04-05 12:00 [es]",
            "stations 2026-04-03 12:00",
        ],
    ),
    "midnight repeated in words": (
        "<h2>Christmas Masses</h2><p><b>Thursday, December 24</b><br>4:00 PM, 6:00 PM<br>12:00 AM (Midnight)</p><p><b>Friday, December 25</b><br>9:00 AM<br>11:00 AM</p>",
        ["mass 12-24 16:00", "mass 12-24 18:00", "mass 12-25 00:00", "mass 12-25 09:00", "mass 12-25 11:00"],
    ),
    "military hours": (
        "<h1>Mass times</h1><p>Sundays: 0800, 1000, 1730; Weekdays: 0645</p>",
        ["mass MO,TU,WE,TH,FR 06:45", "mass SU 08:00", "mass SU 10:00", "mass SU 17:30"],
    ),
    "months behind each hour": (
        "<p>Saturday Vigil Mass is celebrated at 4:00 p.m. from November through March and 5:00 p.m. from April through October.</p>",
        ["mass SA 16:00 @11-01..03-31", "mass SA 17:00 @04-01..10-31"],
    ),
    "a school Mass and the other": (
        "<p>School Mass is on Thursdays at 8:15 a.m. when school is in session. Otherwise Mass on Thursday is at 7:00 a.m.</p>",
        ["mass TH 07:00", "mass TH 08:15 @school_year"],
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_this_kind_gives_these_times(name: str) -> None:
    """Layouts and lines as parishes write them give what a careful person would list."""
    html, expected = PAGES[name]
    assert read(html) == sorted(expected)


MENTIONS = [
    "Students attend the 8:20 a.m. Mass each Thursday.",
    "I went to the 7:40 Mass on Sunday.",
    "In 1946 Father Kelly offered the first Mass in a barn at 8:00 on Sundays.",
    "1904: First Mass, December 25, 9 a.m.",
    "Would you come to a Mass at 6:10 pm on Sunday?",
    "There was a discussion on changing the Sunday 11:20 Mass to 11:00.",
    "Weddings with Mass are on Saturdays at 11:00 a.m.",
    "The orchestra brings Mozart's Requiem Mass on Saturday, March 14, at 7:30 p.m.",
    "Daily Mass from the cathedral on the radio Monday to Friday at 12:00 PM",
    "We need ushers for the Sunday 9 AM Mass.",
    "Requests received by Thursday noon are remembered at Mass.",
    "This will be the last week of the 8:15 Mass on Mondays, so the last week we will have it.",
    "Last Sunday we celebrated Mass at 10:10 am with the bishop.",
    "Last night, Friday, Our Lady of Sorrows Rosary began at 10:00 pm.",
    "Sunday Mass attendance: 5:00 - 240; 8:00 - 180",
    "First Reconciliation, Group A: Saturday, December 6, 10:00 am",
    "Mass: Saturday 0:00, Sunday 0:00",
]


@pytest.mark.parametrize("words", MENTIONS)
def test_a_mention_is_no_statement(words: str) -> None:
    """Sentences that mention a service in passing state no time of it."""
    assert read(f"<p>{words}</p>") == []
