"""The command line: wrong usage and wrong settings are one clear line each, with the exit code that tells them apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vitality import __version__, cli, reading
from vitality.app.worker import check_contact
from vitality.errors import SettingsError
from vitality.reports.exports import ExportKind
from vitality.settings import load

UNREACHABLE = "postgresql://nobody:nothing@127.0.0.1:9/none"
ROLES = "allowed: discovery, extraction, schedule, reporting, all"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("WORKER_TYPE", "DATABASE_URL", "CONTACT_URL", "HTTP_PROXY", "ALLOW_LOOPBACK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "state"))


def called(*arguments: str) -> Result:
    """The command's result; a traceback is an error of the test."""
    result = CliRunner().invoke(cli.main, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_the_version_is_the_package_s() -> None:
    """`--version` names it."""
    assert called("--version").output == f"vitality, version {__version__}\n"


@pytest.mark.parametrize(("role", "named"), [("nope", "'nope'"), ("", "not set")])
def test_a_wrong_or_missing_role_is_one_line_that_names_the_allowed_ones(role: str, named: str) -> None:
    """Exit code 2, from the option as from the environment."""
    for result in (called("run", "--role", role), CliRunner().invoke(cli.main, ["run"], env={"WORKER_TYPE": role})):
        assert result.exit_code == 2
        assert named in result.stderr
        assert ROLES in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("run", "--bogus"),
        ("read", "poems", "x.html"),
        ("read", "schedule"),
        ("work", "show", "seven"),
        ("work", "retry"),
        ("work", "override", "1"),
        ("work", "override", "1", "http://example.org/", "--remove"),
        ("work", "list", "--state", "lost"),
        ("export", "xlsx", "--to", "x"),
        ("demo", "/no/such/folder"),
        ("archive",),
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    """The error says what is wrong, on stderr, before anything is started."""
    result = called(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("migrate",),
        ("status",),
        ("work", "list"),
        ("work", "bury", "1", "--why", "x"),
        ("export", "--to", "x"),
        ("report", "--to", "x"),
        ("archive", "--to", "x.warc.gz"),
        ("run", "--role", "reporting"),
    ],
)
def test_an_unreachable_database_is_one_line_and_exit_code_1(
    arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the command (a worker waits a while before); the password is not shown."""
    monkeypatch.setenv("DATABASE_URL", UNREACHABLE)
    monkeypatch.setattr("vitality.app.worker.DATABASE_WAIT_S", 0.0)
    result = called(*arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith("vitality: Postgres is not reachable")
    assert result.stderr.count("\n") == 1
    assert "nothing" not in result.stderr


@pytest.mark.parametrize("url", ["mysql://x", "postgresql://[bad", "postgresql://host:port/name"])
def test_a_database_url_that_is_none_is_a_wrong_setting(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, exit code 2, and the value is not shown."""
    monkeypatch.setenv("DATABASE_URL", url)
    result = called("status")
    assert result.exit_code == 2
    assert result.stderr.startswith("vitality: DATABASE_URL")
    assert url not in result.stderr


def test_public_sites_are_not_asked_without_a_contact() -> None:
    """Every role that fetches needs CONTACT_URL, unless a proxy or loopback stands between."""
    for role in ("discovery", "extraction", "schedule", "all"):
        with pytest.raises(SettingsError, match="CONTACT_URL"):
            check_contact(load(worker_type=role))
        check_contact(load(worker_type=role, contact_url="mailto:owner@example.org"))
        check_contact(load(worker_type=role, http_proxy="http://127.0.0.1:1"))
        check_contact(load(worker_type=role, allow_loopback=True))
    check_contact(load(worker_type="reporting"))


def test_run_without_a_contact_starts_nothing(tmp_path: Path) -> None:
    """Exit code 2, and no database was made."""
    result = called("run", "--role", "all")
    assert result.exit_code == 2
    assert "CONTACT_URL" in result.stderr
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("url", ["parishes", "ftp://example.org/x", "http://localhost"])
def test_an_override_must_be_a_web_address(url: str) -> None:
    """It is refused before the database is asked."""
    result = called("work", "override", "1", url)
    assert result.exit_code == 2
    assert "no web address" in result.stderr


def test_unreadable_input_is_one_line_each_and_the_rest_is_read(tmp_path: Path) -> None:
    """Exit code 1; the good input's records are printed."""
    good, binary, empty = tmp_path / "good.html", tmp_path / "binary.html", tmp_path / "empty.html"
    good.write_text("<title>Mass Times</title><h1>Mass Times</h1><p>Sunday Mass: 9:00 AM</p>")
    binary.write_bytes(bytes(range(256)) * 8)
    empty.write_bytes(b"")
    result = called("read", "schedule", str(binary), str(tmp_path / "none"), str(empty), str(good))
    assert result.exit_code == 1
    assert [line.startswith("vitality read: ") for line in result.stderr.splitlines()] == [True] * 3
    assert '"09:00"' in result.stdout


def test_a_stored_web_whose_hosts_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    """`demo` on a folder with a broken hosts.json says so."""
    (tmp_path / "hosts.json").write_text("{")
    result = called("demo", str(tmp_path), "--state", str(tmp_path / "demo"))
    assert result.exit_code == 2
    assert "not JSON" in result.stderr


def test_the_choices_are_those_of_the_code() -> None:
    """They stand in `cli` as well, so that help is quick."""
    assert cli.READ_KINDS == reading.KINDS
    assert tuple(kind.value for kind in ExportKind) == cli.FORMATS


def test_help_loads_nothing_heavy() -> None:
    """Usage and `--version` need no database driver, no browser and no Arrow."""
    heavy = {"pyarrow", "playwright", "usaddress", "asyncpg", "aiohttp", "httpx", "opentelemetry", "selectolax"}
    code = f"import sys, vitality.cli; print(sorted({heavy!r} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert shown.stdout.strip() == "[]"
