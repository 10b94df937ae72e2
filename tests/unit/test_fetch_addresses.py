"""Which URLs may be asked."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from vitality.errors import AddressForbidden, Unreachable
from vitality.fetch.addresses import AddressGuard, host_of, is_public, parse


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    """Only addresses that are reachable for everybody are public, whatever they are wrapped in."""
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.org/",
        "file:///etc/passwd",
        "/relative",
        "",
        "http://",
        "http://u:p@a.org/",
        "javascript:1",
        "http://[::1",
        "http://a.org:99999/",
        "http://a.org/" + "x" * 9_000,
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    """Other schemes, broken URLs and passwords are refused."""
    with pytest.raises(AddressForbidden):
        parse(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://A.org/x", "a.org"),
        ("https://a.org:443/", "a.org"),
        ("http://a.org:8080/", "a.org:8080"),
        ("http://a.org./", "a.org"),
        ("http://münchen.de/", "xn--mnchen-3ya.de"),
    ],
)
def test_the_key_of_a_host(url: str, host: str) -> None:
    """One host has one key, however it is written."""
    assert host_of(parse(url)) == host


def _guard(*addresses: str, allow_loopback: bool = False, proxied: bool = False) -> AddressGuard:
    async def resolve(_name: str, _port: int) -> Sequence[str]:
        if not addresses:
            raise OSError("no such name")
        return addresses

    return AddressGuard(allow_loopback=allow_loopback, proxied=proxied, resolve=resolve)


async def test_a_name_gives_checked_addresses() -> None:
    """The target carries the addresses that were checked, each once."""
    target = await _guard("93.184.216.34", "93.184.216.34").check("http://a.org/#part")
    assert target.addresses == ("93.184.216.34",)
    assert str(target.url) == "http://a.org/"


async def test_one_private_address_forbids_the_name() -> None:
    """A name that leads to a private address too is refused as a whole."""
    with pytest.raises(AddressForbidden, match=r"10\.0\.0\.1"):
        await _guard("93.184.216.34", "10.0.0.1").check("http://a.org/")


async def test_a_name_that_does_not_resolve_is_unreachable() -> None:
    """DNS failure says nothing of permission."""
    with pytest.raises(Unreachable):
        await _guard().check("http://a.org/")


async def test_loopback_only_when_allowed() -> None:
    """Loopback is open to tests, other private addresses stay closed."""
    assert (await _guard("127.0.0.1", allow_loopback=True).check("http://a.org:99/")).addresses == ("127.0.0.1",)
    with pytest.raises(AddressForbidden):
        await _guard("127.0.0.1").check("http://a.org/")
    with pytest.raises(AddressForbidden):
        await _guard("10.0.0.1", allow_loopback=True).check("http://a.org/")


async def test_ports_that_serve_no_web_are_refused() -> None:
    """A page cannot lead us to a mail server."""
    with pytest.raises(AddressForbidden, match="port 25"):
        await _guard("93.184.216.34").check("http://a.org:25/")


async def test_through_a_proxy_no_name_is_looked_up() -> None:
    """The proxy chooses the address; a private literal is refused all the same."""
    guard = _guard(proxied=True)
    assert (await guard.check("http://a.org/")).addresses == ()
    with pytest.raises(AddressForbidden):
        await guard.check("http://169.254.169.254/latest")
    with pytest.raises(AddressForbidden):
        await guard.check("http://[::1]/")
