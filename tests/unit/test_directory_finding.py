"""Ways to a list that is no page of plain rows: documents, forms, data behind a teaser, sections that are a list each."""

from __future__ import annotations

import io
import json
from pathlib import Path

import anyio
import pytest

from vitality.errors import BrowserUnavailable, DirectoryNotFound, NotFound
from vitality.fetch.port import Accept
from vitality.reading import read
from vitality.records import ContentHash, Page
from vitality.roles.directory_walk import extract_parishes, find_directory

HOME = "http://marlow.example/"
ROWS = [("St. Aldate", "Athens"), ("St. Joseph", "Marietta"), ("Holy Wisdom", "Pomeroy"), ("St. Thecla", "Troy"), ("St. Joseph", "Ironton"), ("St. Benno", "Amesville")]  # fmt: skip


class Web:
    """Pages by address, with their media types by how they begin; what is not there is a 404."""

    def __init__(self, pages: dict[str, str | bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.named_sitemaps: tuple[str, ...] = ()

    async def get(self, url: str, *, accept: Accept = Accept.PAGE) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise NotFound(url, "status 404", status=404)
        body = self.pages[url]
        if isinstance(body, bytes):
            return Page(url=url, text="", body=body, content_hash=ContentHash("sha256:0"), content_type="application/pdf")  # fmt: skip
        kind = "application/json" if body[:1] in "[{" else "text/xml" if body[:2] == "<?" else "text/html"
        return Page(url=url, text=body, content_hash=ContentHash("sha256:0"), content_type=kind)

    async def render(self, url: str) -> Page:
        raise BrowserUnavailable(url)

    async def sitemaps(self, host_url: str) -> tuple[str, ...]:
        return self.named_sitemaps


def html(body: str, heading: str = "Parishes") -> str:
    return f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1>{body}</body></html>"


def home(url: str, text: str) -> str:
    return html(f'<a href="{url}">{text}</a>', "Diocese of Marlow")


def listing(rows: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f"<li><b>{n}</b><br>1 Elm Street<br>{c}, OH</li>" for n, c in rows) + "</ul>"


def pdf(lines: list[str]) -> bytes:
    """A PDF of one page with these lines."""
    text = "BT /F1 10 Tf 14 TL 50 760 Td\n" + "\n".join(f"({line}) Tj T*" for line in lines) + "\nET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(f"{at:010d} 00000 n \n" for at in offsets)
    return out + table.encode() + f"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF".encode()


async def test_a_pdf_is_the_directory_where_no_page_is() -> None:
    """A document that a page names as the parish directory is read when the page itself lists nothing."""
    lines = [line for name, city in ROWS for line in (name, "12 Elm Street", f"{city}, OH 45701", "")]
    web = Web(
        {
            HOME: home("/parishes", "Parishes"),
            f"{HOME}parishes": html('<a href="/files/list.pdf">Parish Directory (PDF)</a>'),
            f"{HOME}files/list.pdf": pdf(lines),
        }
    )
    found = await find_directory(web, HOME)
    assert (found.directory.url, found.directory.layout) == (f"{HOME}files/list.pdf", "pdf")
    extracted = await extract_parishes(web, found.directory)
    assert sorted((p.name, p.city) for p in extracted.parishes) == sorted(ROWS)


async def test_a_list_of_pages_is_preferred_to_a_pdf() -> None:
    """A document is looked at after the pages that promise as much."""
    body = '<a href="/list.pdf">Parish Directory</a><a href="/parish-directory">Parish Directory</a>'
    web = Web({HOME: html(body), f"{HOME}parish-directory": html(listing(ROWS)), f"{HOME}list.pdf": pdf(["St. Aldate"])})  # fmt: skip
    assert (await find_directory(web, HOME)).directory.url == f"{HOME}parish-directory"


async def test_a_form_is_sent_once_for_each_county() -> None:
    """A form that answers nothing as it stands is sent with each of its counties, and all answers make the list."""
    form = '<form action="/search"><select name="county" title="County of the parish"><option value="">All parishes</option><option>Athens</option><option>Troy</option></select></form>'
    web = Web(
        {
            HOME: home("/parishes", "Find a Parish"),
            f"{HOME}parishes": html(f"Search parishes by county {form}"),
            f"{HOME}search?county=": html("Choose a county.", "Results"),
            f"{HOME}search?county=Athens": html(listing(ROWS[:3]), "Parishes found"),
            f"{HOME}search?county=Troy": html(listing(ROWS[3:]), "Parishes found"),
        }
    )
    found = await find_directory(web, HOME)
    assert found.directory.url == f"{HOME}parishes"
    extracted = await extract_parishes(web, found.directory)
    assert sorted((p.name, p.city) for p in extracted.parishes) == sorted(ROWS)
    assert extracted.complete


async def test_a_form_that_lists_everything_is_sent_as_it_stands() -> None:
    """One answer with all parishes is the list; the choices are left alone."""
    form = '<form action="/search"><select name="city" title="Town of the parish"><option value="">Any</option><option>Athens</option><option>Troy</option></select> Find parishes</form>'
    web = Web(
        {
            HOME: home("/parishes", "Find a Parish"),
            f"{HOME}parishes": html(form),
            f"{HOME}search?city=": html(listing(ROWS), "Parishes found"),
        }
    )
    found = await find_directory(web, HOME)
    assert found.directory.data_url == f"{HOME}search?city="
    extracted = await extract_parishes(web, found.directory)
    assert len(extracted.parishes) == len(ROWS)
    assert not any(url.endswith("=Athens") for url in web.asked)


async def test_a_teaser_gives_way_to_the_data_behind_it() -> None:
    """A page that shows two parishes and names a data file with all of them is read from the file."""
    rows = [{"name": n, "address": "1 Elm Street", "city": c, "state": "OH"} for n, c in ROWS]
    web = Web(
        {
            HOME: home("/parishes", "Parishes"),
            f"{HOME}parishes": html(listing(ROWS[:2]) + '<script>fetch("/api/parishes.json")</script>'),
            f"{HOME}api/parishes.json": json.dumps(rows),
        }
    )
    found = await find_directory(web, HOME)
    assert (found.directory.url, found.directory.data_url) == (f"{HOME}parishes", f"{HOME}api/parishes.json")
    assert len((await extract_parishes(web, found.directory)).parishes) == len(ROWS)


async def test_the_first_of_the_letters_may_be_the_directory() -> None:
    """Where every letter's page shows the others, the page found first counts as much as the ones it leads to."""
    bar = "".join(f'<a href="/parishes/{c}.html">{c.upper()}</a> ' for c in "aimpt")
    pages: dict[str, str | bytes] = {
        f"{HOME}parishes/{c}.html": html(bar + listing([row for row in ROWS if row[1][0].lower() == c]))
        for c in "aimpt"
    }
    web = Web({HOME: home("/parishes/a.html", "Parishes"), **pages})
    found = await find_directory(web, HOME)
    extracted = await extract_parishes(web, found.directory)
    assert sorted((p.name, p.city) for p in extracted.parishes) == sorted(ROWS)


async def test_the_page_after_the_last_is_not_asked_for() -> None:
    """Numbered answers are followed until as many rows were read as the answer says there are."""

    def answer(part: list[tuple[str, str]]) -> str:
        return json.dumps({"total": len(ROWS), "items": [{"name": n, "city": c, "state": "OH", "address": "1 Elm Street"} for n, c in part]})  # fmt: skip

    web = Web(
        {
            HOME: home("/parishes", "Parishes"),
            f"{HOME}parishes": html('<div id="app"></div><script>load("/api/parishes?page=1")</script>'),
            f"{HOME}api/parishes?page=1": answer(ROWS[:4]),
            f"{HOME}api/parishes?page=2": answer(ROWS[4:]),
        }
    )
    found = await find_directory(web, HOME)
    extracted = await extract_parishes(web, found.directory)
    assert (len(extracted.parishes), extracted.complete) == (len(ROWS), True)
    assert f"{HOME}api/parishes?page=3" not in web.asked


async def test_the_event_loop_turns_while_a_huge_page_is_read() -> None:
    """Others get their turns between the fetch of a page of 1,500 parishes and the end of its reading."""
    rows = [(f"St. Aldate {number} Parish", "Athens") for number in range(1500)]
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(listing(rows))})
    turns_at: dict[str, int] = {}
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns_at.setdefault(web.asked[-1] if web.asked else "", turns)
            turns += 1
            await anyio.sleep(0.001)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(others)
        found = await find_directory(web, HOME)
        tasks.cancel_scope.cancel()
    assert found.directory.parishes == len(rows)
    assert turns - turns_at[f"{HOME}parishes"] >= 5


async def test_a_pager_that_only_scripts_can_turn_is_told() -> None:
    """A list whose further pages are sent for by a form's script is read as far as it goes, and called incomplete."""
    pager = """<table><tr><td><span>1</span></td><td><a href="javascript:__doPostBack('ctl00$Grid','Page$2')">2</a></td></tr></table>"""
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(listing(ROWS) + pager)})
    extracted = await extract_parishes(web, (await find_directory(web, HOME)).directory)
    assert len(extracted.parishes) == len(ROWS)
    assert not extracted.complete
    assert extracted.reason == "the list is only a part, and names no further page"


async def test_ten_rows_of_a_content_type_are_not_all() -> None:
    """WordPress answers ten rows where no number is asked for: the next page is asked for as well."""

    def answer(numbers: range) -> str:
        return json.dumps([{"title": {"rendered": f"St. Aldate {n} Parish"}, "acf": {"city": "Athens", "street": f"{n} Elm Street"}} for n in numbers])  # fmt: skip

    web = Web(
        {
            HOME: home("/parishes", "Parishes"),
            f"{HOME}parishes": html('<div id="app"></div><script>load("/wp-json/wp/v2/parish")</script>'),
            f"{HOME}wp-json/wp/v2/parish": answer(range(1, 11)),
            f"{HOME}wp-json/wp/v2/parish?page=2": answer(range(11, 14)),
        }
    )
    extracted = await extract_parishes(web, (await find_directory(web, HOME)).directory)
    assert len(extracted.parishes) == 13


async def test_a_town_in_a_name_stays_there_when_the_page_of_the_parish_states_another() -> None:
    """ "St. Aldate (Oakwood)" in a bare list is the whole name where its page is so headed and stands in Dayton."""
    names = [f"St. {saint} ({town})" for saint, town in (("Aldate", "Oakwood"), ("Benno", "Troy"), ("Joseph", "Ironton"), ("Joseph", "Marietta"), ("Thecla", "Athens"))]  # fmt: skip
    links = "".join(f'<li><a href="/parishes/{i}">{name}</a></li>' for i, name in enumerate(names))
    pages: dict[str, str | bytes] = {
        f"{HOME}parishes/{i}": html(f"<p>{i + 1} Elm Street<br>Dayton, OH 45419</p>", name)
        for i, name in enumerate(names)
    }
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(f"<ul>{links}</ul>"), **pages})
    extracted = await extract_parishes(web, (await find_directory(web, HOME)).directory)
    assert sorted(p.name for p in extracted.parishes) == sorted(names)
    assert {p.city for p in extracted.parishes} == {"Dayton"}


async def test_what_every_page_of_the_site_states_is_no_parishs_own() -> None:
    """A parish whose own page has no number does not get the chancery's from below; its neighbours keep theirs."""
    below = "<div><p>Diocese of Marlow<br>1 Cathedral Square<br>Marlow, OH 45701</p><p>Phone: (800) 555-0123</p></div>"
    pages: dict[str, str | bytes] = {f"{HOME}parishes": html("<ul>" + "".join(f'<li><a href="/p/{i}">{n}</a><br>{c}, OH</li>' for i, (n, c) in enumerate(ROWS)) + "</ul>")}  # fmt: skip
    for i, (name, _) in enumerate(ROWS):
        number = f"<p>Phone: 740-555-010{i}</p>" if i != 2 else ""
        pages[f"{HOME}p/{i}"] = html(f"<p>{i + 1} Elm Street</p>{number}{below}", name)
    web = Web({HOME: home("/parishes", "Parishes"), **pages})
    extracted = await extract_parishes(web, (await find_directory(web, HOME)).directory)
    assert [p.phone for p in extracted.parishes] == [f"740-555-010{i}" if i != 2 else None for i in range(len(ROWS))]


async def test_pages_of_single_parishes_are_found_in_the_sitemap() -> None:
    """Where no page lists the parishes, a sitemap that names a page of each is the directory; other pages are none."""
    sitemap = "".join(f"<url><loc>{HOME}parish/{i}/</loc></url>" for i in range(len(ROWS) + 1))
    pages: dict[str, str | bytes] = {
        f"{HOME}parish/{i}/": html(f"<p>{i + 1} Elm Street<br>{city}, OH 45701</p><p>Phone: 740-555-010{i}</p>", name)
        for i, (name, city) in enumerate(ROWS)
    }
    pages[f"{HOME}parish/{len(ROWS)}/"] = html("<p>1 Oak Street<br>Troy, OH 45373</p>", "Catholic Schools Office")
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html("<div id=map></div>"), **pages})
    web.pages[f"{HOME}sitemap.xml"] = f'<?xml version="1.0"?><urlset>{sitemap}</urlset>'
    web.named_sitemaps = (f"{HOME}sitemap.xml",)
    found = await find_directory(web, HOME)
    assert (found.directory.url, found.directory.layout) == (f"{HOME}sitemap.xml", "single_pages")
    extracted = await extract_parishes(web, found.directory)
    assert [(p.name, p.city) for p in extracted.parishes] == ROWS
    assert extracted.parishes[0].phone == "740-555-0100"
    assert extracted.complete


async def test_a_home_page_that_only_refreshes_is_passed_through() -> None:
    """A page that sends its visitors on by a refresh counts as a redirect: the home page is where it leads."""
    web = Web({HOME: '<html><head><meta http-equiv="refresh" content="0; url=/start"></head></html>', f"{HOME}start": home("/parishes", "Parishes"), f"{HOME}parishes": html(listing(ROWS))})  # fmt: skip
    assert (await find_directory(web, HOME)).directory.url == f"{HOME}parishes"


async def test_the_usual_sitemap_is_asked_for_when_robots_txt_names_none() -> None:
    """A menu that only a script draws hides no list that /sitemap.xml names."""
    sitemap = f'<?xml version="1.0"?><urlset><url><loc>{HOME}parishes</loc></url></urlset>'
    web = Web({HOME: html("<div id=menu></div>", "Marlow"), f"{HOME}sitemap.xml": sitemap, f"{HOME}parishes": html(listing(ROWS))})  # fmt: skip
    assert (await find_directory(web, HOME)).directory.url == f"{HOME}parishes"


async def test_links_without_a_promise_are_the_last_resort() -> None:
    """A list behind a word that nobody foresaw is found when nothing else is; a link that speaks against it is not tried."""
    body = '<a href="/staff">Staff Directory</a><a href="/gather">Gather</a>'
    web = Web({HOME: html(body, "Marlow"), f"{HOME}gather": html(listing(ROWS), "Where parishes gather")})
    assert (await find_directory(web, HOME)).directory.url == f"{HOME}gather"
    assert f"{HOME}staff" not in web.asked


async def test_a_larger_list_that_promises_as_much_wins() -> None:
    """The first list found may be a part: pages that promise as much are looked at as well, within two more tries."""
    body = '<a href="/parishes/by-county">Parishes by County</a><a href="/parishes/alphabetical">Parishes, alphabetically</a>'
    web = Web({HOME: html(body, "Marlow"), f"{HOME}parishes/by-county": html(listing(ROWS[:5])), f"{HOME}parishes/alphabetical": html(listing(ROWS))})  # fmt: skip
    assert (await find_directory(web, HOME)).directory.url == f"{HOME}parishes/alphabetical"


async def test_a_stored_pdf_is_read_as_a_directory_and_as_nothing_else(tmp_path: Path) -> None:
    """`vitality read directory` takes a PDF; a schedule or a parish is not read from one."""
    file = tmp_path / "list.pdf"
    file.write_bytes(pdf([line for name, city in ROWS for line in (name, "12 Elm Street", f"{city}, OH 45701", "")]))
    out, err = io.StringIO(), io.StringIO()
    assert await read("directory", [file], out=out, err=err) == 0
    records = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [(each["name"], each["city"]) for each in records if each["record"] == "parish"] == ROWS
    assert await read("schedule", [file], out=out, err=err) == 1


async def test_towns_that_lead_to_pages_below_are_sections_of_the_list() -> None:
    """A page of nothing but towns, each with a page below it, is an index; a page of one town need not name the town."""
    towns = sorted({city for _, city in ROWS})
    pages: dict[str, str | bytes] = {
        f"{HOME}parishes/{town.lower()}": html(
            "".join(f"<h3>{n}</h3><p>1 Elm Street<br>{c}, OH</p>" for n, c in ROWS if c == town), f"Parishes in {town}"
        )
        for town in towns
    }
    index = "<ul>" + "".join(f'<li><a href="/parishes/{town.lower()}">{town}</a></li>' for town in towns) + "</ul>"
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(index), **pages})
    found = await find_directory(web, HOME)
    assert found.directory.url == f"{HOME}parishes"
    extracted = await extract_parishes(web, found.directory)
    assert sorted((p.name, p.city) for p in extracted.parishes) == sorted(ROWS)


async def test_a_pager_that_counts_from_nought_is_read_whole() -> None:
    """The page without a number is the first: the link "2" may lead to page=1, and is no other name of the page itself."""
    numbers = '<a href="/parishes?page=1">2</a> <a href="/parishes?page=2">3</a>'
    back = '<a href="/parishes?page=0">1</a> '
    web = Web(
        {
            HOME: home("/parishes", "Parishes"),
            f"{HOME}parishes": html(listing(ROWS[:2]) + numbers),
            f"{HOME}parishes?page=1": html(listing(ROWS[2:4]) + back + '<a href="/parishes?page=2">3</a>'),
            f"{HOME}parishes?page=2": html(listing(ROWS[4:]) + back + '<a href="/parishes?page=1">2</a>'),
        }
    )
    found = await find_directory(web, HOME)
    extracted = await extract_parishes(web, found.directory)
    assert sorted((p.name, p.city) for p in extracted.parishes) == sorted(ROWS)
    assert f"{HOME}parishes?page=0" not in web.asked


async def test_an_index_of_letters_is_proved_by_the_letter_of_the_saints() -> None:
    """The page with the letters is the directory, though the first letters of the alphabet have no parishes."""
    bar = "".join(f'<a href="/parishes/a-z/{c}">{c.upper()}</a> ' for c in "abcdefghijklmnopqrstuvwxyz")
    sample = "<p>Newest parish:</p><p><b>St. Benno Parish</b><br>1 Elm Street<br>Amesville, OH 45711</p>"
    pages: dict[str, str | bytes] = {f"{HOME}parishes/a-z/{c}": html(bar + "<p>None.</p>") for c in "abcdefghijklmnopqrtuvwxyz"}  # fmt: skip
    web = Web(
        {
            **pages,
            HOME: home("/parishes/a-z", "Parishes A to Z"),
            f"{HOME}parishes/a-z": html(bar + sample),
            f"{HOME}parishes/a-z/s": html(bar + listing(ROWS)),
        }
    )
    found = await find_directory(web, HOME)
    assert found.directory.url == f"{HOME}parishes/a-z"
    extracted = await extract_parishes(web, found.directory)
    assert {(p.name, p.city) for p in extracted.parishes} >= set(ROWS[:5])


@pytest.mark.parametrize(
    ("script", "asked"),
    [
        ("jQuery.post(ajaxurl, {action: 'get_parishes', nonce: key}, draw)", "action=get_parishes"),
        ("$.ajax({url: ajaxurl, data: {action: 'get_parishes', county: '', limit: -1}})", "action=get_parishes&county=&limit=-1"),
    ],
)  # fmt: skip
async def test_what_a_script_asks_of_wordpress_is_asked_by_a_get(script: str, asked: str) -> None:
    """WordPress takes the question that a script sends as a form from the address as well."""
    rows = [{"name": n, "address": "1 Elm Street", "city": c, "state": "OH"} for n, c in ROWS]
    data = f"{HOME}wp-admin/admin-ajax.php?{asked}"
    page = f'<div id="list"></div><script>var ajaxurl = "/wp-admin/admin-ajax.php"; {script}</script>'
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(page), data: json.dumps(rows)})
    found = await find_directory(web, HOME)
    assert (found.directory.data_url, found.directory.parishes) == (data, len(ROWS))


async def test_a_table_filled_by_its_server_is_asked_for_by_its_script_s_address() -> None:
    """The address in the settings of a table counts, whatever it is called."""
    rows = {"recordsTotal": len(ROWS), "data": [[n, "1 Elm Street", f"{c}, OH 45701"] for n, c in ROWS]}
    page = "<table id='t'></table><script>$('#t').DataTable({serverSide: true, ajax: {type: 'GET', url: '/list/feed'}});</script>"
    web = Web(
        {HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(page), f"{HOME}list/feed": json.dumps(rows)}
    )
    found = await find_directory(web, HOME)
    assert (found.directory.data_url, found.directory.parishes) == (f"{HOME}list/feed", len(ROWS))


async def test_a_search_that_is_sent_by_post_is_the_reason_given() -> None:
    """A list that only a sent form tells is not read, and the reason says so."""
    form = (
        '<form method="post" action="/find"><label>ZIP <input name="zip"></label><button>Find a parish</button></form>'
    )
    web = Web({HOME: home("/find-a-parish", "Find a Parish"), f"{HOME}find-a-parish": html(form)})
    with pytest.raises(DirectoryNotFound, match=r"/find-a-parish is sent by POST") as raised:
        await find_directory(web, HOME)
    assert raised.value.cause == "absent"


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        ("<script>const API_BASE = '/api/v1'; fetch(`${API_BASE}/list`).then(show)</script>", "api/v1/list"),
        ("<script>var root = '/api/v1'; load(root + '/list')</script>", "api/v1/list"),
        ("<div class='locator' data-source='/files/locator/feed'></div>", "files/locator/feed"),
        ("<script>jQuery.get('/views/parts?name=list', show)</script>", "views/parts?name=list"),
    ],
)
async def test_addresses_are_put_together_from_constants_and_attributes(page: str, asked: str) -> None:
    """What a script or an element names in parts is asked for as a whole."""
    rows = json.dumps([{"name": n, "address": "1 Elm Street", "city": c, "state": "OH"} for n, c in ROWS])
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": html(page), f"{HOME}{asked}": rows})
    found = await find_directory(web, HOME)
    assert (found.directory.data_url, found.directory.parishes) == (f"{HOME}{asked}", len(ROWS))


async def test_markup_among_the_commands_of_an_answer_is_read() -> None:
    """An answer that tells the page what to change holds the list as markup in one of its commands."""
    answer = json.dumps([{"command": "settings", "settings": {}}, {"command": "insert", "data": listing(ROWS)}])
    page = html("<script>fetch('/views/ajax?view_name=parishes')</script>")
    web = Web({HOME: home("/parishes", "Parishes"), f"{HOME}parishes": page, f"{HOME}views/ajax?view_name=parishes": answer})  # fmt: skip
    found = await find_directory(web, HOME)
    assert found.directory.parishes == len(ROWS)
