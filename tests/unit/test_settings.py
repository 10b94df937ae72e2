"""Settings: what is accepted, what is refused and in which words, and what is never shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from vitality.errors import SettingsError
from vitality.settings import Settings, WorkerType, load, parse_bytes, parse_concurrency, parse_seconds, table


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)


def test_nothing_set_gives_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty environment is enough for every command but `run`."""
    monkeypatch.setenv("XDG_STATE_HOME", "/state")
    loaded = load()
    assert (loaded.database_url, loaded.memory_budget, loaded.state_dir) == (None, None, Path("/state/vitality"))
    with pytest.raises(
        SettingsError, match="WORKER_TYPE is not set; allowed: discovery, extraction, schedule, reporting, all"
    ):
        loaded.required_worker_type()


def test_a_wrong_worker_type_names_the_allowed_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is one line with the wrong value and all the right ones."""
    monkeypatch.setenv("WORKER_TYPE", "pipeline")
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value) == "WORKER_TYPE is 'pipeline': allowed: discovery, extraction, schedule, reporting, all"


def test_the_argument_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--role` is put over WORKER_TYPE; an argument that was not given changes nothing."""
    monkeypatch.setenv("WORKER_TYPE", " Reporting ")
    assert load(worker_type=None).worker_type is WorkerType.REPORTING
    assert load(worker_type="schedule").worker_type is WorkerType.SCHEDULE


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_blank_means_unset(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    """An optional key of a config map that is left empty counts as absent."""
    for name in ("WORKER_TYPE", "DATABASE_URL", "MEMORY_BUDGET", "HEALTH_PORT"):
        monkeypatch.setenv(name, blank)
    loaded = load()
    assert (loaded.worker_type, loaded.database_url, loaded.memory_budget, loaded.health_port) == (
        None,
        None,
        None,
        8080,
    )


def test_the_proxy_has_its_usual_small_name_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """`http_proxy` is what curl and most programs read."""
    monkeypatch.setenv("http_proxy", "http://proxy.example.org:3128")
    proxy = load().http_proxy
    assert proxy is not None
    assert proxy.get_secret_value() == "http://proxy.example.org:3128"


def test_passwords_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the object's repr nor the message about a wrong DSN holds the password."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@db/v")
    monkeypatch.setenv("HTTP_PROXY", "http://u:hunter2@proxy")
    assert "hunter2" not in repr(load())
    monkeypatch.setenv("DATABASE_URL", "mysql://u:hunter2@db/v")
    with pytest.raises(SettingsError, match="DATABASE_URL: must begin with postgresql://") as caught:
        load()
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One start shows every mistake, on one line."""
    monkeypatch.setenv("BROWSER", "firefox")
    monkeypatch.setenv("HEALTH_PORT", "99999")
    with pytest.raises(
        SettingsError, match=r"BROWSER is 'firefox': allowed: auto, off; HEALTH_PORT is '99999'"
    ) as caught:
        load()
    assert "\n" not in str(caught.value)


def test_a_heartbeat_must_fit_its_lease_three_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """One lost heartbeat must not cost the lease."""
    monkeypatch.setenv("HEARTBEAT_SECONDS", "21")
    with pytest.raises(SettingsError, match="HEARTBEAT_SECONDS must be at most a third of LEASE_SECONDS"):
        load()


def test_settings_do_not_change_after_start() -> None:
    """The object is frozen."""
    with pytest.raises(ValidationError, match="frozen"):
        load().log_level = "debug"  # type: ignore[misc]  # what must fail


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("536870912", 536870912),
        ("512Mi", 536870912),
        ("2Gi", 2**31),
        ("1.5G", 1_500_000_000),
        ("64k", 64_000),
        ("1 gi", 2**30),
    ],
)
def test_sizes(text: str, size: int) -> None:
    """Plain bytes and Kubernetes quantities."""
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "2Qi", "-1", "1e9", "Gi", "1,5G"])
def test_wrong_sizes(text: str) -> None:
    """What is no size is refused with an example."""
    with pytest.raises(ValueError, match="512Mi"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("0.5", 0.5), ("90s", 90), ("5m", 300), ("2h", 7200), ("7d", 604800)]
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    """Seconds, or a number with a unit."""
    assert parse_seconds(text) == seconds


def test_pool_sizes_by_role(monkeypatch: pytest.MonkeyPatch) -> None:
    """One number holds for every role, pairs for the roles they name."""
    monkeypatch.setenv("CONCURRENCY", "extraction=4, schedule=2")
    loaded = load()
    assert [loaded.concurrency_of(role) for role in ("extraction", "schedule", "reporting")] == [4, 2, None]
    assert set(parse_concurrency("3").values()) == {3}


@pytest.mark.parametrize("text", ["0", "all=3", "extraction", "extraction=0", "cooking=2", "extraction=x"])
def test_wrong_pool_sizes(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """An unknown role or no slot at all is refused."""
    monkeypatch.setenv("CONCURRENCY", text)
    with pytest.raises(SettingsError, match=r"CONCURRENCY is .* write it like 4 or extraction=4,schedule=2"):
        load()


def test_no_home_asks_for_a_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home directory is told which setting to set."""

    def nowhere() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    with pytest.raises(SettingsError, match="set STATE_DIR"):
        load()


def test_the_table_describes_every_setting() -> None:
    """Each row has a sentence; times and sizes have a unit; names are unique."""
    rows = table()
    names = [row.name for row in rows]
    assert len(set(names)) == len(names)
    assert {name.upper() for name in Settings.model_fields} <= set(names)
    assert all(row.text.endswith(".") and row.default for row in rows)
    by_name = {row.name: row for row in rows}
    assert (by_name["LEASE_SECONDS"].unit, by_name["LEASE_SECONDS"].default) == ("s", "60")
    assert by_name["ALLOW_LOOPBACK"].default == "false"
