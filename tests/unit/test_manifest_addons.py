"""Resources of the cluster's add-ons have only fields that their kinds have, of the right types."""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from manifests.addons import FIELDS, faults, rule_faults

COMPONENTS = Path(__file__).parents[2] / "manifests" / "components"
Document = dict[str, Any]


def _documents() -> list[Document]:
    files = [f for f in sorted(COMPONENTS.glob("*/*.yaml")) if f.name != "kustomization.yaml"]
    return [document for f in files for document in yaml.safe_load_all(f.read_text("utf-8"))]


ADDONS = [d for d in _documents() if f"{d['apiVersion']}/{d['kind']}" in FIELDS]


def _of(kind: str) -> Document:
    return copy.deepcopy(next(d for d in ADDONS if d["kind"] == kind))


@pytest.mark.parametrize("document", _documents(), ids=lambda d: f"{d['kind']}-{d['metadata']['name']}")
def test_every_resource_of_the_components_fits(document: Document) -> None:
    """Nothing in our components is unknown to its kind, missing or of another type."""
    assert faults(document) == []


def test_every_kind_of_the_table_is_used() -> None:
    """The table of fields holds no kind that no component has."""
    assert {f"{d['apiVersion']}/{d['kind']}" for d in ADDONS} == set(FIELDS)


def test_what_does_not_fit_is_named() -> None:
    """An unknown field, a missing one, a wrong type and a wrong word are each told with their path."""
    scaled = _of("ScaledObject")
    scaled["spec"]["minReplicas"] = 2
    scaled["spec"]["maxReplicaCount"] = "5"
    del scaled["spec"]["scaleTargetRef"]["name"]
    scaled["spec"]["triggers"][0]["metadata"]["targetQueryValue"] = 25
    scaled["spec"]["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleUp"]["policies"][0]["type"] = "Pod"
    assert sorted(faults(scaled)) == [
        "spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp.policies[0].type is 'Pod', not Pods|Percent",
        "spec.maxReplicaCount is '5', not integer",
        "spec.minReplicas is no field",
        "spec.scaleTargetRef.name is missing",
        "spec.triggers[0].metadata.targetQueryValue is 25, not string",
    ]


def test_quantities_and_durations_are_read() -> None:
    """`20GB` is no quantity, and `30 s` no duration."""
    cluster, monitor = _of("Cluster"), _of("PodMonitor")
    cluster["spec"]["storage"]["size"] = "20GB"
    monitor["spec"]["podMetricsEndpoints"][0]["interval"] = "30 s"
    assert faults(cluster) == ["spec.storage.size is '20GB', not quantity"]
    assert faults(monitor) == ["spec.podMetricsEndpoints[0].interval is '30 s', not duration"]


def test_a_kind_that_nobody_knows_is_a_fault() -> None:
    """A misspelled kind or version of an add-on does not pass for want of a schema; Kubernetes' own kinds are left to others."""
    assert faults({**_of("Pooler"), "apiVersion": "postgresql.cnpg.io/v2"}) == [
        "postgresql.cnpg.io/v2/Pooler is not in addon_fields.yaml"
    ]
    assert (
        faults({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {}, "spec": {"x": 1}}) == []
    )


def test_promtool_reads_the_rules() -> None:
    """The alert rules are valid, and an expression that is none is found."""
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed: the rules were not checked by it")
    rules = _of("PrometheusRule")
    assert rule_faults([rules]) == []
    rules["spec"]["groups"][0]["rules"][0]["expr"] = "sum(("
    assert rule_faults([rules]) != []
