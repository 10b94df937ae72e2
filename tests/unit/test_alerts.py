"""Each alert fires where it should, and none does on a healthy day; promtool plays the series."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ALERTS = ROOT / "manifests" / "components" / "monitoring" / "alerts.yaml"
SPEC: dict[str, Any] = yaml.safe_load(ALERTS.read_text("utf-8"))["spec"]
RULES = {rule["alert"]: rule for group in SPEC["groups"] for rule in group["rules"]}
ROLES = ("discovery", "extraction", "schedule", "reporting")
POOLS = {f'vitality_pool_slots{{pool="{role}"}}': "4x600" for role in ROLES}
HEALTHY = POOLS | {
    'vitality_backlog{role="schedule",pod="a"}': "100x600",
    'vitality_backlog_oldest_age_seconds{role="schedule"}': "600x600",
    'vitality_work_settled_total{kind="read_schedule"}': "0+5x600",
    'vitality_work_failed_total{kind="read_schedule",error="Unreachable"}': "0+1x600",
    'vitality_work_buried_total{kind="read_schedule"}': "0x600",
    "vitality_lease_lost_total": "0x600",
    'vitality_supervisor_restarts_total{child="pool",cause="failed"}': "0x600",
    'vitality_memory_used_bytes{pod="a"}': "500x600",
    'vitality_memory_budget_bytes{pod="a"}': "1000x600",
    "vitality_database_oldest_snapshot_seconds": "60x600",
    'vitality_database_dead_rows{table="work"}': "5000x600",
    'vitality_claim_duration_seconds_bucket{le="0.25"}': "0+100x600",
    'vitality_claim_duration_seconds_bucket{le="1.0"}': "0+100x600",
    'vitality_claim_duration_seconds_bucket{le="+Inf"}': "0+100x600",
    'vitality_requests_total{outcome="ok"}': "0+90x600",
    'vitality_requests_total{outcome="access_denied"}': "0+2x600",
    'vitality_requests_total{outcome="unreachable"}': "0+10x600",
}
"""A cluster that works: series a minute apart, ten hours long."""


@dataclass(frozen=True)
class Case:
    """A day on which an alert fires: what differs from a healthy one, and the labels of what is told."""

    alert: str
    differs: dict[str, str]
    labels: list[dict[str, str]] = field(default_factory=lambda: [{}])
    after: str = "6h"


CASES = [
    Case("VitalityNoWorkers", dict.fromkeys(POOLS, "")),
    Case("VitalityRoleMissing", {'vitality_pool_slots{pool="extraction"}': ""}, [{"pool": "extraction"}]),
    Case("VitalityRoleMissing", dict.fromkeys(POOLS, ""), [{"pool": role} for role in ROLES]),
    Case("VitalityStandstill", {'vitality_work_settled_total{kind="read_schedule"}': "7x600"}),
    Case("VitalityStandstill", {'vitality_work_settled_total{kind="read_schedule"}': ""}),
    Case(
        "VitalityBacklogOld",
        {'vitality_backlog_oldest_age_seconds{role="schedule"}': "172000+60x600"},
        [{"role": "schedule"}],
    ),
    Case(
        "VitalityFailing",
        {'vitality_work_failed_total{kind="read_schedule",error="Unreachable"}': "0+6x600"},
        [{"kind": "read_schedule"}],
    ),
    Case(
        "VitalityFailing",
        {'vitality_work_failed_total{kind="list_dioceses",error="Unreadable"}': "0+1x600"},
        [{"kind": "list_dioceses"}],
    ),
    Case(
        "VitalityBuried", {'vitality_work_buried_total{kind="read_schedule"}': "0+1x600"}, [{"kind": "read_schedule"}]
    ),
    Case("VitalityLeasesLost", {"vitality_lease_lost_total": "0+1x600"}),
    Case(
        "VitalityRestarts",
        {'vitality_supervisor_restarts_total{child="pool",cause="failed"}': "0+1x600"},
        [{"child": "pool", "cause": "failed"}],
    ),
    Case("VitalityOldSnapshot", {"vitality_database_oldest_snapshot_seconds": "0+60x600"}),
    Case("VitalityDeadRows", {'vitality_database_dead_rows{table="work"}': "300000x600"}, [{"table": "work"}]),
    Case("VitalityClaimsSlow", {'vitality_claim_duration_seconds_bucket{le="0.25"}': "0+90x600"}),
    Case("VitalityMemoryTight", {'vitality_memory_used_bytes{pod="a"}': "950x600"}, [{"pod": "a"}]),
    Case("VitalityRefused", {'vitality_requests_total{outcome="access_denied"}': "0+40x600"}),
    Case("VitalityUnreachable", {'vitality_requests_total{outcome="unreachable"}': "0+200x600"}),
]


def test_every_alert_has_a_case() -> None:
    """No alert is without a day on which it fires."""
    assert {case.alert for case in CASES} == set(RULES)


def test_no_alert_fires_on_a_healthy_day(tmp_path: Path) -> None:
    """Failures, refusals and waiting work within bounds wake nobody."""
    _play(tmp_path, HEALTHY, "8h", {name: [] for name in RULES})


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.alert}-{CASES.index(case)}")
def test_an_alert_fires(case: Case, tmp_path: Path) -> None:
    """On such a day the alert fires, with the labels that say what it is about."""
    series = {name: values for name, values in (HEALTHY | case.differs).items() if values}
    _play(tmp_path, series, case.after, {case.alert: [_told(RULES[case.alert], labels) for labels in case.labels]})


def _told(rule: dict[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    def filled(text: str) -> str:
        return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels[found[1]], text)

    annotations = {name: filled(text) for name, text in rule["annotations"].items()}
    return {"exp_labels": labels | rule["labels"], "exp_annotations": annotations}


def _play(folder: Path, series: dict[str, str], after: str, expected: dict[str, list[dict[str, Any]]]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed: the alerts were not played")
    (folder / "rules.yaml").write_text(yaml.safe_dump({"groups": SPEC["groups"]}), "utf-8")
    trial = {
        "interval": "1m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [
            {"eval_time": after, "alertname": name, "exp_alerts": alerts} for name, alerts in expected.items()
        ],
    }
    test = folder / "test.yaml"
    test.write_text(
        yaml.safe_dump({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": [trial]}), "utf-8"
    )
    done = subprocess.run(
        [promtool, "test", "rules", test.name], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
