"""Cookies of one redirect chain: some sites set one and redirect to themselves; nothing outlives the chain."""

from __future__ import annotations

import httpx

from vitality.fetch.http import Answer


class ChainCookies:
    """Cookies learned along one chain of redirects."""

    def __init__(self) -> None:
        self._cookies = httpx.Cookies()

    def learn(self, answer: Answer) -> None:
        """Takes the Set-Cookie headers of an answer."""
        request = httpx.Request("GET", answer.url)
        self._cookies.extract_cookies(httpx.Response(answer.status, headers=answer.headers, request=request))

    def headers_for(self, url: httpx.URL) -> dict[str, str]:
        """The Cookie header for a URL; empty where no cookie fits."""
        request = httpx.Request("GET", url)
        self._cookies.set_cookie_header(request)
        return {"Cookie": request.headers["Cookie"]} if "Cookie" in request.headers else {}
