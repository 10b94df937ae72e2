"""What a page in the browser gets from the network: each request passes our own checks and goes through our client."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus

import anyio

from vitality.errors import BadContent, FetchError, HostWait
from vitality.fetch.addresses import Target
from vitality.fetch.browser_traffic import is_data
from vitality.fetch.gate import Gate
from vitality.fetch.http import Answer, Ask, HttpExchange
from vitality.fetch.ledger import Clock, Ledger
from vitality.fetch.pacing import retry_after
from vitality.fetch.supply import Wanted
from vitality.fetch.turns import Turns
from vitality.fetch.verdict import WAIT, error_for, is_host_trouble, outcome_of, redirect_target
from vitality.records import Outcome, Page

_AT_ONCE = 2
_MOST_REDIRECTS = 5
_KEEPS_METHOD = frozenset({307, 308})


class Subrequests:
    """`Supply` of one page: documents come from `document`, the rest from the network, two requests at a time."""

    def __init__(
        self,
        *,
        gate: Gate,
        turns: Turns,
        exchange: HttpExchange,
        ledger: Ledger,
        clock: Clock,
        document: Callable[[str], Awaitable[Page]],
        proxied: bool,
    ) -> None:
        self._gate = gate
        self._turns = turns
        self._exchange = exchange
        self._ledger = ledger
        self._clock = clock
        self._document = document
        self._proxied = proxied
        self._places = anyio.CapacityLimiter(_AT_ONCE)

    async def document(self, url: str) -> Page:
        """A page that the first one leads to; it has its own turn."""
        return await self._document(url)

    async def resource(self, wanted: Wanted) -> Answer:
        """The answer to what a script asks for, an error page of the server's too."""
        async with self._places:
            url, method, content = wanted.url.partition("#")[0], wanted.method, wanted.content
            for _ in range(_MOST_REDIRECTS + 1):
                answer = await self._hop(url, method, content, wanted)
                following = redirect_target(answer.url, answer.status, answer.headers)
                if following is None:
                    return answer
                if answer.status not in _KEEPS_METHOD and method != "HEAD":
                    method, content = "GET", None
                url = following
        raise BadContent(wanted.url, f"more than {_MOST_REDIRECTS} redirects")

    async def _hop(self, url: str, method: str, content: bytes | None, wanted: Wanted) -> Answer:
        async with self._ledger.entry(url, by_browser=True) as entry:
            target = await self._gate.check(url, data=is_data(wanted.kind))
            entry.sent = True
            try:
                answer = await self._exchange.send(
                    Ask(target=target, headers=wanted.headers, method=method, content=content)
                )
            except FetchError as error:
                await self._count(target, error)
                raise
            entry.note(answer)
            entry.outcome = await self._outcome(target, answer)
            return answer

    async def _outcome(self, target: Target, answer: Answer) -> Outcome:
        """How the ledger names the answer; raises where the host asks for rest, for the rest of the page."""
        if answer.status in WAIT:
            asked = retry_after(answer.headers.get("retry-after"), self._clock())
            until = await self._turns.gave_trouble(target.host, str(answer.status), retry_after=asked)
            raise HostWait(answer.url, f"the host answered {answer.status}", until=until, status=answer.status)
        if redirect_target(answer.url, answer.status, answer.headers) is not None:
            return Outcome.REDIRECTED
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return Outcome.FETCHED
        error = error_for(answer.url, answer.status, proxied=self._proxied)
        if error is None:
            return Outcome.FETCHED
        await self._count(target, error)
        return outcome_of(error)

    async def _count(self, target: Target, error: FetchError) -> None:
        if is_host_trouble(error):
            await self._turns.gave_trouble(target.host, error.reason)
