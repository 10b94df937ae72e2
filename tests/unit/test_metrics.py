"""Metrics: what happens is counted under the names that the table promises."""

from __future__ import annotations

import pytest

from vitality.telemetry import instruments
from vitality.telemetry.instruments import Kind
from vitality.telemetry.metrics import Metrics, Occupancy, Request, Waiting


def busy_metrics() -> Metrics:
    """Metrics after everything that can happen has happened once."""
    metrics = Metrics(version="1.2.3", worker="w1", clock=lambda: 1_790_000_000.0)
    metrics.work_claimed("read_schedule", 3)
    metrics.work_settled("read_schedule", 1.2)
    metrics.work_failed("read_schedule", "Unreachable", 30)
    metrics.work_buried("read_schedule")
    metrics.work_returned("schedule", "drain")
    metrics.request_done(Request(outcome="fetched", seconds=0.2, received=2048, status=200))
    metrics.request_done(Request(outcome="unreachable", seconds=10, error="timeout"))
    metrics.browser_page("drawn")
    metrics.browser_recycled("memory")
    metrics.lease_renewed()
    metrics.lease_lost()
    metrics.child_restarted("pool", "hung")
    metrics.watch_memory(lambda: 100, 200)
    metrics.watch_pool("schedule", lambda: Occupancy(busy=2, slots=8))
    metrics.watch_backlog(lambda: {"schedule": Waiting(7, 60.0)})
    metrics.claim_took(0.004)
    metrics.watch_strain(lambda: (90.0, {"work": 12}))
    return metrics


def _values(metrics: Metrics) -> dict[str, float]:
    lines = metrics.exposition().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


@pytest.mark.parametrize(
    ("series", "value"),
    [
        ('vitality_work_claimed_total{kind="read_schedule"}', 3),
        ('vitality_work_failed_total{error="Unreachable",kind="read_schedule"}', 1),
        ('vitality_work_duration_seconds_sum{kind="read_schedule",outcome="settled"}', 1.2),
        ('vitality_work_duration_seconds_bucket{kind="read_schedule",le="30.0",outcome="failed"}', 1),
        ('vitality_work_last_success_timestamp_seconds{kind="read_schedule"}', 1_790_000_000),
        ("vitality_received_bytes_total", 2048),
        ('vitality_pool_busy{pool="schedule"}', 2),
        ('vitality_pool_slots{pool="schedule"}', 8),
        ('vitality_backlog{role="schedule"}', 7),
        ('vitality_backlog_oldest_age_seconds{role="schedule"}', 60),
        ('vitality_claim_duration_seconds_bucket{le="0.005"}', 1),
        ("vitality_database_oldest_snapshot_seconds", 90),
        ('vitality_database_dead_rows{table="work"}', 12),
        ("vitality_memory_used_bytes", 100),
        ("vitality_memory_budget_bytes", 200),
        ('vitality_supervisor_restarts_total{cause="hung",child="pool"}', 1),
    ],
)
def test_what_happened_is_shown(series: str, value: float) -> None:
    """Each series holds what was counted."""
    assert _values(busy_metrics())[series] == value


def test_http_durations_carry_the_semantic_conventions_and_no_host() -> None:
    """A request without an answer has an error type in the place of a status; no attribute grows with the web."""
    labels = [key for key in _values(busy_metrics()) if key.startswith("http_client_request_duration_seconds_count")]
    assert sorted(labels) == [
        'http_client_request_duration_seconds_count{error_type="",http_request_method="GET",http_response_status_code="200",url_scheme="https"}',
        'http_client_request_duration_seconds_count{error_type="timeout",http_request_method="GET",http_response_status_code="",url_scheme="https"}',
    ]


@pytest.mark.parametrize("row", instruments.ALL, ids=lambda row: row.name)
def test_the_table_tells_the_names_that_prometheus_sees(row: instruments.Instrument) -> None:
    """Name, kind and help text of each row of the table stand in the exposition."""
    text = busy_metrics().exposition().decode()
    assert f"# HELP {row.prometheus_name} {row.text}\n" in text
    assert f"# TYPE {row.prometheus_name} {row.kind}\n" in text


def test_two_programs_in_one_process_do_not_share_metrics() -> None:
    """Nothing is registered globally."""
    busy_metrics()
    other = _values(Metrics(version="1"))
    assert other["vitality_lease_renewals_total"] == 0
    assert not any(series.startswith("vitality_work_claimed") for series in other)


def test_the_target_names_service_version_and_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """`target_info` says who measures; OTEL_SERVICE_NAME, where set, names the service."""
    (info,) = (series for series in _values(busy_metrics()) if series.startswith("target_info"))
    assert 'service_name="vitality"' in info
    assert 'service_instance_id="w1",' in info
    monkeypatch.setenv("OTEL_SERVICE_NAME", "parishes")
    (info,) = (series for series in _values(busy_metrics()) if series.startswith("target_info"))
    assert 'service_name="parishes",service_version="1.2.3"' in info


def test_every_histogram_has_buckets_and_every_metric_a_sentence() -> None:
    """The table is complete."""
    for row in instruments.ALL:
        assert bool(row.buckets) == (row.kind is Kind.HISTOGRAM)
        assert row.text.endswith(".")
