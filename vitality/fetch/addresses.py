"""Which URLs may be asked at all: HTTP or HTTPS, to a public address, on a port that serves the web.

A name is looked up once, every address it leads to is checked, and the connection goes to one that was
checked: a name that changes between the check and the connection (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import anyio
import httpx

from vitality.errors import AddressForbidden, Unreachable
from vitality.records import Host

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Addresses of a host name and port, best first; raises OSError."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
_FIRST_FREE_PORT = 1024
_LAST_PORT = 65_535
_LONGEST_URL = 8_000  # RFC 9110 section 4.1: recipients ought to support 8000 octets


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be asked; `addresses` are checked ones to connect to, empty where a proxy chooses."""

    url: httpx.URL
    addresses: tuple[str, ...] = ()

    @property
    def host(self) -> Host:
        """The key under which all workers pace this host."""
        return host_of(self.url)


def host_of(url: httpx.URL) -> Host:
    """Host name in lower case, with the port where it is not the scheme's own."""
    name = _name(url).lower().rstrip(".")
    port = "" if url.port in (None, _DEFAULT_PORTS.get(url.scheme)) else f":{url.port}"
    return Host(name + port)


def _name(url: httpx.URL) -> str:
    """The host as it goes over the wire: ASCII, international names in their `xn--` form."""
    return url.raw_host.decode("ascii")


def parse(url: str) -> httpx.URL:
    """The URL without its fragment; raises `AddressForbidden` for what is no HTTP URL, or carries a password."""
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
        port = parsed.port or _DEFAULT_PORTS.get(parsed.scheme)
    except (httpx.InvalidURL, ValueError) as error:
        raise AddressForbidden(url, f"not a URL ({error})") from error
    if port is None:
        raise AddressForbidden(url, f"not HTTP ({parsed.scheme or 'no scheme'})")
    if not parsed.host or parsed.userinfo or len(url) > _LONGEST_URL or port > _LAST_PORT:
        raise AddressForbidden(url, "no host, a password in the URL, no such port, or longer than 8000 characters")
    return parsed


def is_public(address: str) -> bool:
    """Whether an IP address is globally reachable (IANA special-purpose registries), seen through embedding."""
    ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    return ip.is_global and not ip.is_multicast


def is_loopback(address: str) -> bool:
    """Whether an IP address is this machine's own."""
    return _unwrapped(ipaddress.ip_address(address.partition("%")[0])).is_loopback


def _unwrapped(ip: _Address) -> _Address:
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


async def resolve(name: str, port: int) -> Sequence[str]:
    """Asks the system's resolver."""
    found = await anyio.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


class AddressGuard:
    """Decides where requests may go; `proxied` means that a trusted proxy looks names up."""

    def __init__(self, *, allow_loopback: bool = False, proxied: bool = False, resolve: Resolve = resolve) -> None:
        self._allow_loopback = allow_loopback
        self._proxied = proxied
        self._resolve = resolve

    async def check(self, url: str) -> Target:
        """The target of a URL; raises `AddressForbidden`, or `Unreachable` where the name does not resolve."""
        parsed = parse(url)
        literal = _literal(_name(parsed))
        if literal is None and self._proxied:
            return Target(url=parsed)
        port = parsed.port or _DEFAULT_PORTS[parsed.scheme]
        addresses = [literal] if literal else await self._look_up(url, _name(parsed), port)
        self._check_all(url, addresses, port)
        return Target(url=parsed, addresses=() if self._proxied else tuple(addresses))

    async def _look_up(self, url: str, name: str, port: int) -> list[str]:
        try:
            addresses = list(dict.fromkeys(await self._resolve(name, port)))
        except (OSError, UnicodeError) as error:
            raise Unreachable(url, f"the name does not resolve ({error})") from error
        if not addresses:
            raise Unreachable(url, "the name has no address")
        return addresses

    def _check_all(self, url: str, addresses: Sequence[str], port: int) -> None:
        for address in addresses:
            local = self._allow_loopback and is_loopback(address)
            if not (local or is_public(address)):
                raise AddressForbidden(url, f"{address} is not a public address")
            if not local and port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
                raise AddressForbidden(url, f"port {port} does not serve the web")


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None
