"""What a role's deployment gives its container, read from the manifests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

MANIFESTS = Path(__file__).resolve().parents[1]
LEGACY = "legacy/pipeline-deployment.yaml"
UNITS = {"Mi": 2**20, "Gi": 2**30}


@dataclass(frozen=True, slots=True)
class Pod:
    """What a deployment gives its container; memory in bytes, grace in seconds."""

    role: str
    memory: int
    cpus: float
    grace: int
    user: str
    environment: Mapping[str, str]
    folders: Sequence[str]
    """Where it has a folder on the node's disk (emptyDir)."""
    memory_folders: Mapping[str, int]
    """Where it has a folder in memory, with its size in bytes."""
    arguments: Sequence[str]


def quantity(text: str) -> int:
    """Kubernetes' `1.5Gi` in bytes."""
    number, unit = text[:-2], text[-2:]
    return int(float(number) * UNITS[unit])


def pod(role: str) -> Pod:
    """The pod of a role, as its deployment has it; `all` is the one deployment of before."""
    return _pod(role, MANIFESTS / (f"{role}/{role}-deployment.yaml" if role != "all" else LEGACY))


def migration() -> Pod:
    """The pod that brings the schema up to date, as its job has it."""
    return _pod("migrate", MANIFESTS / "migrate" / "migrate-job.yaml")


def _pod(role: str, file: Path) -> Pod:
    shared = yaml.safe_load((MANIFESTS / "base" / "configmap.yaml").read_text("utf-8"))["data"]
    spec = yaml.safe_load(file.read_text("utf-8"))["spec"]["template"]["spec"]
    worker = spec["containers"][0]
    volumes = {each["name"]: each["emptyDir"] for each in spec["volumes"]}
    mounts = {each["mountPath"]: volumes[each["name"]] for each in worker["volumeMounts"]}
    own = {each["name"]: each["value"] for each in worker["env"] if "value" in each}
    memory = quantity(worker["resources"]["limits"]["memory"])
    return Pod(
        role=role,
        memory=memory,
        cpus=int(worker["resources"]["limits"]["cpu"].removesuffix("m")) / 1000,
        grace=spec.get("terminationGracePeriodSeconds", 30),
        user=f"{spec['securityContext']['runAsUser']}:{spec['securityContext']['runAsGroup']}",
        environment={**shared, **own, "WORKER_ID": role, "MEMORY_BUDGET": str(memory)},
        folders=[path for path, volume in mounts.items() if "medium" not in volume],
        memory_folders={path: quantity(volume["sizeLimit"]) for path, volume in mounts.items() if "medium" in volume},
        arguments=worker["args"],
    )
