"""The components fit the code: they aim at what exists, and name only metrics and tables that the program has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from vitality.records import ROLE_OF, Outcome, Role, WorkKind
from vitality.settings import table
from vitality.storage.database import SESSION
from vitality.telemetry import instruments

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "manifests"
COMPONENTS = MANIFESTS / "components"
NAMES = sorted(p.name for p in COMPONENTS.iterdir() if p.is_dir())
NEEDS = {"pooler": ["postgres"]}
Document = dict[str, Any]


def _load(path: Path) -> list[Document]:
    return [d for d in yaml.safe_load_all(path.read_text("utf-8")) if d]


def _documents(kind: str) -> list[Document]:
    files = [f for f in sorted(COMPONENTS.glob("*/*.yaml")) if f.name != "kustomization.yaml"]
    return [d for f in files for d in _load(f) if d["kind"] == kind]


def _name(document: Document) -> str:
    return str(document["metadata"]["name"])


WORKERS = [d for f in MANIFESTS.glob("*/*-deployment.yaml") for d in _load(f)]
SCALED, BUDGETS = _documents("ScaledObject"), _documents("PodDisruptionBudget")
RULES = [rule for d in _documents("PrometheusRule") for group in d["spec"]["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((COMPONENTS / "monitoring" / "dashboard.json").read_text("utf-8"))
PANELS: list[Document] = DASHBOARD["panels"]
EXPRESSIONS = [r["expr"] for r in RULES] + [t["expr"] for panel in PANELS for t in panel["targets"]]


def _pod_labels(document: Document) -> dict[str, str]:
    labels: dict[str, str] = document["spec"]["template"]["metadata"]["labels"]
    return labels


def _series() -> dict[str, instruments.Instrument]:
    """Every name under which Prometheus shows something of ours."""
    names: dict[str, instruments.Instrument] = {}
    for row in instruments.ALL:
        ends = ("_bucket", "_sum", "_count") if row.kind is instruments.Kind.HISTOGRAM else ("",)
        names |= {row.prometheus_name + end: row for end in ends}
    return names


def _used(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:vitality|http_client)_\w+", expression))


@cache
def _rendered(*components: str) -> tuple[Document, ...]:
    """The production overlay with components, as kustomize renders it."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    with tempfile.TemporaryDirectory() as folder:
        above = Path(*[".."] * (len(Path(folder).resolve().parts) - 1)) / MANIFESTS.resolve().relative_to("/")
        lines = ["resources:", f"  - {above}/overlays/production", "components:"]
        lines += [f"  - {above}/components/{name}" for name in components]
        (Path(folder) / "kustomization.yaml").write_text("\n".join(lines), "utf-8")
        done = subprocess.run(["kubectl", "kustomize", folder], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def _extra(name: str) -> list[str]:
    return [] if name in {"disruption", "spread"} else [*NEEDS.get(name, []), name]


@pytest.mark.parametrize("name", NAMES)
def test_components_render(name: str) -> None:
    """Each component renders on the production overlay, and brings what its files hold."""
    names = {(d["kind"], _name(d)) for d in _rendered(*_extra(name))}
    files = [f for f in (COMPONENTS / name).glob("*.yaml") if f.name != "kustomization.yaml"]
    assert {(d["kind"], _name(d)) for f in files for d in _load(f)} <= names


@pytest.mark.parametrize("name", NAMES)
def test_every_variable_is_a_setting(name: str) -> None:
    """With any component, each name in a pod's environment is a setting of the program."""
    known = {row.name for row in table()}
    for document in _rendered(*_extra(name)):
        if document["kind"] in {"Deployment", "Job"}:
            (container,) = document["spec"]["template"]["spec"]["containers"]
            assert {e["name"] for e in container["env"]} <= known
        if _name(document) == "vitality-config":
            assert document["data"].keys() <= known


def test_scaling_by_backlog_takes_the_autoscalers_place() -> None:
    """With KEDA there is no autoscaler that pulls the same deployment another way."""
    rendered = _rendered("keda")
    assert not [d for d in rendered if d["kind"] == "HorizontalPodAutoscaler"]
    deployments = {_name(d) for d in rendered if d["kind"] == "Deployment"}
    assert {d["spec"]["scaleTargetRef"]["name"] for d in SCALED} <= deployments


@pytest.mark.parametrize("scaled", SCALED, ids=_name)
def test_scaling_by_backlog_has_the_bounds_and_the_pace_of_the_autoscaler(scaled: Document) -> None:
    """Least, most and pace are those of the deployment's autoscaler."""
    role = scaled["metadata"]["labels"]["app.kubernetes.io/component"]
    (hpa,) = _load(MANIFESTS / role / f"{role}-hpa.yaml")
    spec = scaled["spec"]
    assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (
        hpa["spec"]["minReplicas"],
        hpa["spec"]["maxReplicas"],
    )
    assert spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"] == hpa["spec"]["behavior"]
    assert spec["scaleTargetRef"] == hpa["spec"]["scaleTargetRef"]


@pytest.mark.parametrize("scaled", SCALED, ids=_name)
def test_scaling_counts_the_roles_own_work(scaled: Document) -> None:
    """The query asks for a kind of work that this role does."""
    (trigger,) = scaled["spec"]["triggers"]
    (kind,) = re.findall(r"kind = '(\w+)'", trigger["metadata"]["query"])
    assert ROLE_OF[WorkKind(kind)] == scaled["metadata"]["labels"]["app.kubernetes.io/component"]
    (authentication,) = _documents("TriggerAuthentication")
    assert trigger["authenticationRef"]["name"] == _name(authentication)


def test_every_role_has_a_disruption_budget() -> None:
    """Each role's pods, and no others, are under one budget."""
    for role in Role:
        (budget,) = [d for d in BUDGETS if _name(d) == f"{role}-budget"]
        wanted = budget["spec"]["selector"]["matchLabels"].items()
        assert [_name(d) for d in WORKERS if wanted <= _pod_labels(d).items()] == [f"{role}-deployment"]


def test_pods_are_spread_with_their_own_kind() -> None:
    """A spread constraint selects the pod it stands in."""
    for document in _rendered():
        if document["kind"] == "Deployment":
            constraints = document["spec"]["template"]["spec"]["topologySpreadConstraints"]
            for each in constraints:
                assert each["labelSelector"]["matchLabels"].items() <= _pod_labels(document).items()
                assert "worker-type" in each["matchLabelKeys"]


def test_metrics_are_scraped_where_they_are_served() -> None:
    """The monitor selects every worker, by the name of the port that the worker has."""
    (monitor,) = _documents("PodMonitor")
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    for worker in WORKERS:
        assert monitor["spec"]["selector"]["matchLabels"].items() <= _pod_labels(worker).items()
        (container,) = worker["spec"]["template"]["spec"]["containers"]
        assert endpoint["port"] in {port["name"] for port in container["ports"]}
    assert endpoint["path"] == "/metrics"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_only_metrics_that_exist_are_asked_for(expression: str) -> None:
    """Alerts and panels ask for metrics of the program, grouped by attributes that these have."""
    used, series = _used(expression), _series()
    assert used
    assert used <= series.keys()
    attributes = {"le"} | {a for name in used for a in series[name].attributes}
    grouped = {label.strip() for group in re.findall(r"by \(([^)]*)\)", expression) for label in group.split(",")}
    assert grouped <= attributes
    assert set(re.findall(r'outcome="(\w+)"', expression)) <= set(Outcome)


def test_every_metric_has_a_panel_or_an_alert() -> None:
    """Nothing is counted that nobody looks at, but the two that need a longer memory than a process has."""
    shown = {_series()[name].name for expression in EXPRESSIONS for name in _used(expression)}
    unseen = {row.name for row in instruments.ALL} - shown
    assert unseen == {"vitality.work.claimed", "vitality.work.last_success.timestamp"}


def test_every_alert_has_its_page_in_the_runbook() -> None:
    """Each alert points to a heading of the runbook, and the runbook has no other alerts."""
    headings = re.findall(r"^## (Vitality\w+)$", (ROOT / "docs/operating/runbook.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(rule["alert"] for rule in RULES)
    for rule in RULES:
        assert rule["annotations"]["runbook"] == f"docs/operating/runbook.md#{rule['alert'].lower()}"


def test_database_policies_select_pods_of_the_cluster_and_its_pooler() -> None:
    """The labels that the operator gives its pods are those of our cluster and our pooler."""
    (cluster,), (pooler,) = _documents("Cluster"), _documents("Pooler")
    made = {"cnpg.io/cluster": _name(cluster), "cnpg.io/poolerName": _name(pooler)}
    for policy in _documents("NetworkPolicy"):
        assert policy["spec"]["podSelector"]["matchLabels"].items() <= made.items()
    assert pooler["spec"]["cluster"]["name"] == _name(cluster)


def test_the_pooler_lets_our_session_settings_pass() -> None:
    """PgBouncer knows two of the settings with which we connect; the others it must ignore, not refuse."""
    (pooler,) = _documents("Pooler")
    parameters = pooler["spec"]["pgbouncer"]["parameters"]
    assert SESSION.keys() - {"application_name", "timezone"} <= set(parameters["ignore_startup_parameters"].split(","))
    assert int(parameters["max_prepared_statements"]) >= 100


def test_workers_use_the_database_that_the_component_makes() -> None:
    """With the cluster every pod takes its address from there; with the pooler only LISTEN and the migration do."""
    assert set(_addresses(_rendered("postgres"), "DATABASE_URL").values()) == {"vitality-db-app"}
    pooled = _rendered("postgres", "pooler")
    by_pod = _addresses(pooled, "DATABASE_URL")
    assert {pod for pod, secret in by_pod.items() if secret == "vitality-db-app"} == {"vitality-migrate"}
    assert set(_addresses(pooled, "LISTEN_DATABASE_URL")) == by_pod.keys() - {"vitality-migrate"}
    (config,) = [d for d in pooled if _name(d) == "vitality-config"]
    assert config["data"]["DATABASE_STATEMENT_CACHE"] == "0"


def _addresses(rendered: tuple[Document, ...], variable: str) -> dict[str, str]:
    return {
        _name(d): e["valueFrom"]["secretKeyRef"]["name"]
        for d in rendered
        if d["kind"] in {"Deployment", "Job"}
        for e in d["spec"]["template"]["spec"]["containers"][0]["env"]
        if e["name"] == variable
    }
