"""What a robots.txt allows us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from vitality.fetch.identity import PRODUCT
from vitality.fetch.robots import MOST_BYTES, RobotsRules, decode_robots

GOLD = Path(__file__).parents[3] / "shared" / "gold" / "robots_cases.json"

# case, robots.txt, path, allowed for VitalityBot
CASES = [
    ("empty file", "", "/a", True),
    ("no group names us and there is no star", "User-agent: Other\nDisallow: /\n", "/a", True),
    ("star", "User-agent: *\nDisallow: /private\n", "/private/a", False),
    ("our group hides the star", "User-agent: *\nDisallow: /\nUser-agent: vitalitybot\nDisallow: /b\n", "/a", True),
    ("our empty group hides the star", "User-agent: *\nDisallow: /\n\nUser-agent: VitalityBot\n", "/a", True),
    ("a shorter token is another robot", "User-agent: Vitality\nDisallow: /\n", "/a", True),
    ("a longer token is another robot", "User-agent: VitalityBot-News\nDisallow: /\n", "/a", True),
    ("a version after the token", "User-agent: VitalityBot/9.1\nDisallow: /\n", "/a", False),
    ("our group twice", "User-agent: VitalityBot\nDisallow: /a\nUser-agent: VitalityBot\nDisallow: /b\n", "/a", False),
    ("we in the second line", "User-agent: X\nUser-agent: VitalityBot\nDisallow: /\n", "/a", False),
    ("a blank line ends no group", "User-agent: VitalityBot\n\n\nDisallow: /a\n", "/a", False),
    ("a delay ends no group", "User-agent: VitalityBot\nCrawl-delay: 3\nUser-agent: X\nDisallow: /a\n", "/a", False),
    ("an unknown line ends no group", "User-agent: VitalityBot\nNoindex: /\nUser-agent: X\nDisallow: /\n", "/a", False),
    ("a rule ends a group", "User-agent: VitalityBot\nAllow: /\nUser-agent: X\nDisallow: /\n", "/a", True),
    ("the longest rule wins", "User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True),
    ("allow wins a tie", "User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
    ("wildcard inside", "User-agent: *\nDisallow: /*/print\n", "/a/b/print", False),
    ("end anchor", "User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x", True),
    ("query", "User-agent: *\nDisallow: /*?replytocom\n", "/p?replytocom=2", False),
    ("case of the path", "User-agent: *\nDisallow: /A\n", "/a", True),
    ("encoded rule", "User-agent: *\nDisallow: /%7Ejoe\n", "/~joe/x", False),
    ("encoded slash is no slash", "User-agent: *\nDisallow: /a/b\n", "/a%2fb", True),
    ("byte order mark", "\ufeffUser-agent: *\nDisallow: /\n", "/a", False),
    ("carriage returns", "User-agent: *\rDisallow: /\r", "/a", False),
    ("comments", "User-agent: * # all\nDisallow: /a # x\n", "/a", False),
    ("misspelt", "Useragent: *\nDissallow: /a\n", "/a", False),
    ("no colon", "user agent VitalityBot\ndisallow /a\n", "/a", False),
    ("star with words behind it", "User-agent: * everyone\nDisallow: /\n", "/a", False),
    ("robots.txt itself", "User-agent: *\nDisallow: /\n", "/robots.txt", True),
    ("a page of HTML", "<!doctype html>\n<title>User</title>\n", "/a", True),
    ("no carry-over of a word", "User-agentx: *\nDisallow: /\n", "/a", True),
]


@pytest.mark.parametrize(("text", "path", "allowed"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_rules(text: str, path: str, allowed: bool) -> None:
    """A URL is allowed or not as RFC 9309 has it."""
    assert RobotsRules(text, PRODUCT).allows(f"http://a.org{path}") is allowed


def test_every_shared_case_holds() -> None:
    """The cases that come with the material hold, all of them."""
    if not GOLD.exists():
        pytest.skip("../shared/gold is not here")
    cases = json.loads(GOLD.read_text(encoding="utf-8"))
    wrong = [
        case["case"]
        for case in cases
        if RobotsRules(case["robots_txt"], case["user_agent"]).allows(case["url"]) is not case["allowed"]
    ]
    assert cases
    assert wrong == []


def test_crawl_delay_and_sitemaps() -> None:
    """The delay is our group's, in seconds; sitemaps belong to no group and are given once each."""
    text = (
        "Sitemap: /s.xml\nUser-agent: *\nCrawl-delay: 9\n\nUser-agent: VitalityBot\ncrawl-delay: 2.5\nSitemap: /s.xml\n"
    )
    rules = RobotsRules(text, PRODUCT)
    assert rules.crawl_delay == 2.5
    assert rules.sitemaps == ("/s.xml",)
    assert RobotsRules("User-agent: *\nCrawl-delay: soon\n", PRODUCT).crawl_delay is None


def test_bytes_are_utf8_and_cut_at_500_kib() -> None:
    """What lies beyond 500 KiB is not read; a byte order mark is dropped, UTF-16 understood, NUL removed."""
    padding = b"#" * (MOST_BYTES - 1) + b"\n"
    assert RobotsRules(decode_robots(padding + b"User-agent: *\nDisallow: /\n"), PRODUCT).allows("http://a.org/a")
    assert decode_robots(b"\xef\xbb\xbfAllow: /\x00") == "Allow: /"
    assert decode_robots("User-agent: *".encode("utf-16")) == "User-agent: *"
