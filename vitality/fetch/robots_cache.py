"""The robots.txt of each host: asked for as any page is, kept for a day, shared by all workers.

2xx                               its rules, kept
4xx, or more than five redirects  everything is allowed, kept
429, 5xx, unreadable, no answer   nothing is allowed until the host's circuit lets it be asked again
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import timedelta
from http import HTTPStatus

from vitality.errors import BadContent, HostWait, ServerFailed, Unreachable
from vitality.fetch.addresses import AddressGuard, Target, host_of, parse
from vitality.fetch.http import Answer, Ask, HttpExchange
from vitality.fetch.identity import PRODUCT
from vitality.fetch.ledger import Clock, Ledger
from vitality.fetch.pacing import retry_after
from vitality.fetch.port import HostState
from vitality.fetch.robots import MOST_BYTES, RobotsRules, decode_robots
from vitality.fetch.turns import Turns
from vitality.fetch.verdict import error_for, redirect_target
from vitality.records import Host, Outcome, StoredRobots

_LONGEST_KEPT = timedelta(hours=24)  # RFC 9309 section 2.4
_MOST_REDIRECTS = 5  # RFC 9309 section 2.3.1.2
_MOST_HOSTS_PARSED = 1_000
_SUCCESS = range(200, 300)


class RobotsCache:
    """Gives the rules of a host; callers see to it that one host is asked by one of them at a time."""

    def __init__(
        self,
        *,
        state: HostState,
        turns: Turns,
        guard: AddressGuard,
        exchange: HttpExchange,
        ledger: Ledger,
        clock: Clock,
        proxied: bool,
    ) -> None:
        self._state = state
        self._turns = turns
        self._guard = guard
        self._exchange = exchange
        self._ledger = ledger
        self._clock = clock
        self._proxied = proxied
        self._parsed: OrderedDict[Host, tuple[StoredRobots, RobotsRules]] = OrderedDict()

    async def rules(self, target: Target) -> RobotsRules:
        """The host's rules for us; raises `HostWait` or `Unreachable` while they cannot be known."""
        known = self._parsed.get(target.host)
        if known is not None and self._is_fresh(known[0]):
            return known[1]
        stored = await self._state.robots(target.host)
        if stored is None or not self._is_fresh(stored):
            stored = await self._ask(target)
            await self._state.keep_robots(target.host, stored)
        return self._parse(target.host, stored)

    def _is_fresh(self, stored: StoredRobots) -> bool:
        known = stored.status is not None and stored.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return known and self._clock() - stored.fetched_at < _LONGEST_KEPT

    def _parse(self, host: Host, stored: StoredRobots) -> RobotsRules:
        rules = RobotsRules(stored.text, PRODUCT)
        self._parsed[host] = (stored, rules)
        self._parsed.move_to_end(host)
        if len(self._parsed) > _MOST_HOSTS_PARSED:
            self._parsed.popitem(last=False)
        return rules

    async def _ask(self, target: Target) -> StoredRobots:
        page_url = str(target.url)
        try:
            answer = await self._follow(str(target.url.join("/robots.txt")))
        except HostWait as error:
            raise HostWait(page_url, error.reason, until=error.until, status=error.status) from error
        except (Unreachable, ServerFailed, BadContent) as error:
            await self._keep_failure(target, status=error.status)
            reason = f"robots.txt: {error.reason}"
            until = await self._turns.gave_trouble(target.host, reason)
            if isinstance(error, Unreachable):
                raise Unreachable(page_url, reason, status=error.status) from error
            raise HostWait(page_url, reason, until=until, status=error.status) from error
        await self._turns.answered(target.host, answer.began_at)
        text = decode_robots(answer.body) if answer.status in _SUCCESS else ""
        stored = StoredRobots(status=answer.status, text=text, fetched_at=self._clock())
        await self._share(target, answer, stored)
        return stored

    async def _share(self, target: Target, answer: Answer, stored: StoredRobots) -> None:
        """Keeps what a redirect found for the host that it led to, too: `example.org` mostly leads to `www.`."""
        final = parse(answer.url)
        if host_of(final) != target.host and final.raw_path == b"/robots.txt":
            await self._state.keep_robots(host_of(final), stored)

    async def _keep_failure(self, target: Target, *, status: int | None) -> None:
        failed = status if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR else None
        await self._state.keep_robots(target.host, StoredRobots(status=failed, text="", fetched_at=self._clock()))

    async def _follow(self, url: str) -> Answer:
        answer, following = await self._hop(url)
        for _ in range(_MOST_REDIRECTS):
            if following is None:
                break
            answer, following = await self._hop(following)
        return answer

    async def _hop(self, url: str) -> tuple[Answer, str | None]:
        async with self._ledger.entry(url) as entry:
            target = await self._guard.check(url)
            await self._turns.wait(url, target.host)
            entry.sent = True
            answer = await self._exchange.send(
                Ask(target=target, headers={"Accept": "text/plain,*/*;q=0.5"}, truncate=MOST_BYTES)
            )
            entry.note(answer)
            await self._raise_for_trouble(target, answer)
            following = redirect_target(answer.url, answer.status, answer.headers)
            if following is not None:
                entry.outcome = Outcome.REDIRECTED
            elif answer.status not in _SUCCESS:
                entry.outcome = Outcome.NOT_FOUND
            return answer, following

    async def _raise_for_trouble(self, target: Target, answer: Answer) -> None:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS or answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            asked = retry_after(answer.headers.get("retry-after"), self._clock())
            await self._keep_failure(target, status=answer.status)
            until = await self._turns.gave_trouble(target.host, f"robots.txt: {answer.status}", retry_after=asked)
            raise HostWait(answer.url, f"robots.txt: {answer.status}", until=until, status=answer.status)
        if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise error_for(answer.url, answer.status, proxied=self._proxied) or ServerFailed(answer.url, "5xx")
