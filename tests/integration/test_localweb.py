"""The local web as a client sees it, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from vitality.localweb.faults import Fault, FaultKind
from vitality.localweb.server import LocalWeb

pytestmark = pytest.mark.integration


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[LocalWeb]:
    (tmp_path / "a.org").mkdir()
    (tmp_path / "a.org" / "index.html").write_text("<p>home</p>")
    async with LocalWeb(tmp_path) as served:
        yield served


@pytest.fixture
async def client(web: LocalWeb) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(proxy=web.proxy_url, trust_env=False, timeout=5) as made:
        yield made


async def test_it_is_a_forward_proxy(web: LocalWeb, client: httpx.AsyncClient) -> None:
    """A host of the folder answers, another does not exist, and each request is remembered."""
    assert (await client.get("http://a.org/?q=1", headers={"User-Agent": "T/1"})).text == "<p>home</p>"
    assert (await client.get("http://b.org/")).status_code == 502
    first = web.asked("a.org")[0]
    assert (first.path, first.status, first.user_agent, first.by_browser) == ("/?q=1", 200, "T/1", False)
    assert first.finished >= first.started


async def test_it_refuses_tunnels(client: httpx.AsyncClient) -> None:
    """CONNECT answers 502, so that https fails as an unreachable host does."""
    with pytest.raises(httpx.ProxyError, match="502"):
        await client.get("https://a.org/")


async def test_origin_form_goes_by_the_host_header(web: LocalWeb) -> None:
    """A client without a proxy reaches a host by its Host header."""
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(web.proxy_url + "/", headers={"Host": "a.org"})
    assert answer.text == "<p>home</p>"


async def test_it_answers_conditional_requests(client: httpx.AsyncClient) -> None:
    """Both validators of an answer lead to 304."""
    first = await client.get("http://a.org/")
    tag = await client.get("http://a.org/", headers={"If-None-Match": first.headers["ETag"]})
    date = await client.get("http://a.org/", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    other = await client.get("http://a.org/", headers={"If-None-Match": '"other"'})
    assert [tag.status_code, date.status_code, other.status_code] == [304, 304, 200]


async def test_faults_are_met_once_each(web: LocalWeb, client: httpx.AsyncClient) -> None:
    """503, a dropped connection, a cut body and garbage come in the order given, then the page is well again."""
    web.faults.add(
        "a.org",
        "/",
        Fault(kind=FaultKind.STATUS, status=503, headers={"Retry-After": "1"}),
        Fault(kind=FaultKind.DROP),
        Fault(kind=FaultKind.CUT),
        Fault(kind=FaultKind.GARBAGE),
        Fault(kind=FaultKind.SLOW, pause=0),
    )
    assert (await client.get("http://a.org/")).headers["Retry-After"] == "1"
    for _ in range(3):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("http://a.org/")
    assert (await client.get("http://a.org/")).text == "<p>home</p>"
    assert (await client.get("http://a.org/")).text == "<p>home</p>"


async def test_an_endless_body_can_be_left(web: LocalWeb, client: httpx.AsyncClient) -> None:
    """A client may leave an endless body, and the server goes on."""
    web.faults.add("a.org", "/", Fault(kind=FaultKind.ENDLESS))
    async with client.stream("GET", "http://a.org/") as answer:
        async for _ in answer.aiter_raw():
            if answer.num_bytes_downloaded > 1_000_000:
                break
    assert (await client.get("http://a.org/")).status_code == 200
    await asyncio.sleep(0)
