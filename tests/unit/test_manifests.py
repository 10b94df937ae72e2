"""The manifests fit the code: every role has its deployment, every variable is a setting, selectors match pods."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from vitality.records import Role
from vitality.settings import Settings, parse_bytes, table

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "manifests"
CONTAINERFILE = (ROOT / "Containerfile").read_text("utf-8")
OVERLAYS = sorted(p.name for p in (MANIFESTS / "overlays").iterdir())
Document = dict[str, Any]

# The table that operators rely on: replicas, requests and limits of memory and cpu.
DEPLOYMENTS = {
    "discovery": (1, ("512Mi", "200m"), ("1Gi", "500m")),
    "extraction": (2, ("2.2Gi", "800m"), ("4Gi", "1500m")),
    "schedule": (1, ("1.5Gi", "600m"), ("3Gi", "1000m")),
    "reporting": (1, ("512Mi", "200m"), ("1Gi", "500m")),
}
# Least and most replicas, CPU and memory in per cent, (pods, period, stabilization) up and down in seconds.
AUTOSCALERS = {
    "extraction": (2, 5, 70, 80, (1, 60, 300), (1, 180, 600)),
    "schedule": (1, 3, 75, 80, (1, 120, 300), (1, 300, 900)),
}


def _documents(*patterns: str) -> list[Document]:
    files = [f for pattern in patterns for f in sorted(MANIFESTS.glob(pattern))]
    return [d for f in files if f.name != "kustomization.yaml" for d in yaml.safe_load_all(f.read_text("utf-8")) if d]


EVERYTHING = _documents("*/*.yaml")
PODS = [d for d in EVERYTHING if d["kind"] in {"Deployment", "Job"}]
WORKERS = [d for d in EVERYTHING if d["kind"] == "Deployment"]
CONFIG: dict[str, str] = next(d for d in EVERYTHING if d["kind"] == "ConfigMap")["data"]


def _name(document: Document) -> str:
    return str(document["metadata"]["name"])


def _spec(document: Document) -> Document:
    spec: Document = document["spec"]["template"]["spec"]
    return spec


def _container(document: Document) -> Document:
    (container,) = _spec(document)["containers"]
    assert isinstance(container, dict)
    return container


def _labels(document: Document) -> dict[str, str]:
    labels: dict[str, str] = document["spec"]["template"]["metadata"]["labels"]
    return labels


def _env(document: Document) -> dict[str, Document]:
    return {e["name"]: e for e in _container(document)["env"]}


def _selects(selector: Document, labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    return wanted and all(
        e["operator"] == "In" and labels.get(e["key"]) in e["values"] for e in selector.get("matchExpressions", [])
    )


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_its_deployment(role: Role) -> None:
    """A role's deployment has the replicas, requests and limits of the operators' table, and plays that role."""
    (deployment,) = _documents(f"{role}/{role}-deployment.yaml")
    replicas, requests, limits = DEPLOYMENTS[role]
    resources = _container(deployment)["resources"]
    assert deployment["spec"]["replicas"] == replicas
    assert (resources["requests"]["memory"], resources["requests"]["cpu"]) == requests
    assert (resources["limits"]["memory"], resources["limits"]["cpu"]) == limits
    assert _env(deployment)["WORKER_TYPE"]["value"] == role
    assert _labels(deployment)["worker-type"] == role


def test_the_legacy_deployment_plays_all_roles() -> None:
    """The deployment with the old name is one process with all roles."""
    (deployment,) = _documents("legacy/pipeline-deployment.yaml")
    assert _env(deployment)["WORKER_TYPE"]["value"] == "all"


@pytest.mark.parametrize("role", AUTOSCALERS)
def test_autoscalers_are_as_agreed(role: str) -> None:
    """An autoscaler has the bounds, targets and pace of the operators' table."""
    (hpa,) = _documents(f"{role}/{role}-hpa.yaml")
    least, most, cpu, memory, up, down = AUTOSCALERS[role]
    spec = hpa["spec"]
    targets = {m["resource"]["name"]: m["resource"]["target"]["averageUtilization"] for m in spec["metrics"]}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (least, most)
    assert targets == {"cpu": cpu, "memory": memory}
    for direction, pace in (("scaleUp", up), ("scaleDown", down)):
        rule = spec["behavior"][direction]
        (policy,) = rule["policies"]
        assert (policy["value"], policy["periodSeconds"], rule["stabilizationWindowSeconds"]) == pace


@pytest.mark.parametrize("hpa", [d for d in EVERYTHING if d["kind"] == "HorizontalPodAutoscaler"], ids=_name)
def test_autoscalers_aim_at_a_deployment_that_exists(hpa: Document) -> None:
    """An autoscaler names a deployment of ours, and its least replicas are not more than that one starts with."""
    target = hpa["spec"]["scaleTargetRef"]
    deployment = next(d for d in WORKERS if _name(d) == target["name"])
    assert (target["kind"], target["apiVersion"]) == (deployment["kind"], deployment["apiVersion"])
    assert hpa["spec"]["minReplicas"] <= deployment["spec"]["replicas"] <= hpa["spec"]["maxReplicas"]


@pytest.mark.parametrize("document", PODS, ids=_name)
def test_every_variable_is_a_setting(document: Document) -> None:
    """Each name in a pod's environment is a setting of the program."""
    assert (set(_env(document)) | set(CONFIG)) - {row.name for row in table()} == set()


def test_the_shared_settings_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values of the config map are valid settings."""
    for name, value in CONFIG.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.health_port == int(CONFIG["HEALTH_PORT"])


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_selectors_match_their_own_pods_only(deployment: Document) -> None:
    """A deployment selects its own pods and no other deployment's."""
    matched = [_name(d) for d in WORKERS if _selects(deployment["spec"]["selector"], _labels(d))]
    assert matched == [_name(deployment)]


@pytest.mark.parametrize("policy", [d for d in EVERYTHING if d["kind"] == "NetworkPolicy"], ids=_name)
def test_network_policies_select_pods_that_exist(policy: Document) -> None:
    """Each policy holds for some pod."""
    assert any(_selects(policy["spec"]["podSelector"], _labels(d)) for d in PODS)


def test_only_roles_that_read_the_web_may_reach_it() -> None:
    """Reporting and the migration need no web and get none."""
    web = next(d for d in EVERYTHING if _name(d) == "allow-web")
    reached = {_name(d) for d in PODS if _selects(web["spec"]["podSelector"], _labels(d))}
    assert reached == {"discovery-deployment", "extraction-deployment", "schedule-deployment", "pipeline-deployment"}


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_probes_ask_the_health_server(deployment: Document) -> None:
    """Probes go to the paths and the port on which the worker answers."""
    container = _container(deployment)
    (port,) = container["ports"]
    assert str(port["containerPort"]) == CONFIG["HEALTH_PORT"]
    for probe, path in (("startupProbe", "/healthz"), ("livenessProbe", "/healthz"), ("readinessProbe", "/readyz")):
        assert container[probe]["httpGet"] == {"path": path, "port": port["name"]}


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_a_worker_can_drain_before_it_is_killed(deployment: Document) -> None:
    """The pod's grace period is longer than the drain, with room to settle."""
    assert _spec(deployment)["terminationGracePeriodSeconds"] >= float(CONFIG["SHUTDOWN_GRACE"]) + 10


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_the_memory_budget_is_the_limit(deployment: Document) -> None:
    """MEMORY_BUDGET comes from the container's own limit, and the limit is a size that the program understands."""
    container = _container(deployment)
    reference = _env(deployment)["MEMORY_BUDGET"]["valueFrom"]["resourceFieldRef"]
    assert reference == {"containerName": container["name"], "resource": "limits.memory"}
    resources = container["resources"]
    assert parse_bytes(resources["limits"]["memory"]) > parse_bytes(resources["requests"]["memory"])


@pytest.mark.parametrize("document", PODS, ids=_name)
def test_pods_are_hardened(document: Document) -> None:
    """Not root, nothing to write but volumes, no capabilities, no token."""
    spec, container = _spec(document), _container(document)
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "ephemeral-storage" in container["resources"]["limits"]


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_the_browser_has_shared_memory(deployment: Document) -> None:
    """Where pages may be drawn, /dev/shm lies in memory and leaves most of the limit to the rest."""
    mounts = {m["mountPath"]: m["name"] for m in _container(deployment)["volumeMounts"]}
    if _env(deployment)["WORKER_TYPE"]["value"] == Role.REPORTING:
        assert "/dev/shm" not in mounts
        return
    volume = next(v for v in _spec(deployment)["volumes"] if v["name"] == mounts["/dev/shm"])
    assert volume["emptyDir"]["medium"] == "Memory"
    limit = parse_bytes(_container(deployment)["resources"]["limits"]["memory"])
    assert parse_bytes(volume["emptyDir"]["sizeLimit"]) <= limit / 2


@pytest.mark.parametrize("deployment", WORKERS, ids=_name)
def test_workers_are_labelled_and_named_by_their_pod(deployment: Document) -> None:
    """Pods carry the recommended labels beside `worker-type`, and WORKER_ID is the pod's name."""
    recommended = {"app.kubernetes.io/name", "app.kubernetes.io/component", "app.kubernetes.io/part-of"}
    assert _labels(deployment).keys() >= recommended | {"worker-type"}
    assert _labels(deployment)["worker-type"] == _env(deployment)["WORKER_TYPE"]["value"]
    assert _env(deployment)["WORKER_ID"]["valueFrom"] == {"fieldRef": {"fieldPath": "metadata.name"}}
    assert _env(deployment)["CONTACT_URL"]["valueFrom"]["secretKeyRef"]["name"] == "vitality-operator"


def test_the_namespace_admits_restricted_pods_only() -> None:
    """Pod Security admission enforces what the pods promise."""
    namespace = next(d for d in EVERYTHING if d["kind"] == "Namespace")
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("document", PODS, ids=_name)
def test_all_pods_run_one_image(document: Document) -> None:
    """Every pod names the same image, with a tag `pipeline-*`."""
    image = _container(document)["image"]
    assert image == _container(PODS[0])["image"]
    assert re.fullmatch(r"vitality:pipeline-[\w.]+", image)


@pytest.mark.parametrize("document", EVERYTHING, ids=lambda d: f"{d['kind']}-{_name(d)}")
def test_each_file_can_be_applied_alone(document: Document) -> None:
    """Every object says its namespace itself (the namespace is its own)."""
    place = _name(document) if document["kind"] == "Namespace" else document["metadata"]["namespace"]
    assert place == "diocesan-vitality"


def test_the_image_fits_the_pods() -> None:
    """User, port, folders and command of the Containerfile are those that the manifests count on."""
    for document in PODS:
        user = _spec(document)["securityContext"]
        assert f"USER {user['runAsUser']}:{user['runAsGroup']}" in CONTAINERFILE
    assert f"EXPOSE {CONFIG['HEALTH_PORT']}" in CONTAINERFILE
    mounts = {m["mountPath"] for d in WORKERS for m in _container(d)["volumeMounts"]}
    assert re.findall(r"STATE_DIR=(\S+)", CONTAINERFILE)[0] in mounts
    assert 'ENTRYPOINT ["vitality"]' in CONTAINERFILE


def test_variables_of_the_image_are_settings() -> None:
    """What the image sets for the program is a setting of it."""
    block = re.findall(r"^ENV PATH=(?:.*\\\n)*.*", CONTAINERFILE, re.MULTILINE)[0]
    names = {n for n in re.findall(r"([A-Z_]+)=", block) if n != "PATH" and not n.startswith("PYTHON")}
    assert names
    assert names - {row.name for row in table()} == set()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_overlays_render(overlay: str) -> None:
    """kustomize renders the overlay, with the image of that overlay in every pod."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    done = subprocess.run(
        ["kubectl", "kustomize", str(MANIFESTS / "overlays" / overlay)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    rendered = [d for d in yaml.safe_load_all(done.stdout) if d["kind"] in {"Deployment", "Job"}]
    assert len({_container(d)["image"] for d in rendered}) == 1
