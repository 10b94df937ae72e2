"""Holds resources of the cluster's add-ons against `addon_fields.yaml`, and alert rules against promtool."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

FIELDS: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("addon_fields.yaml").read_text("utf-8"))
PATTERNS = {
    "quantity": re.compile(r"\d+(\.\d+)?(m|[KMGTPE]i?)?"),
    "duration": re.compile(r"(\d+(ms|[smhdwy]))+"),
}
TYPES: Mapping[str, type] = {"string": str, "integer": int, "boolean": bool}
BUILT_IN = re.compile(r"v1|(apps|batch|autoscaling|policy)/v\d+|[a-z.]+\.k8s\.io/v\d+\w*")
"""API versions that Kubernetes itself brings: their schemas are known."""


def faults(document: Mapping[str, Any]) -> list[str]:
    """What is wrong with one resource, a sentence each; nothing for kinds that Kubernetes knows itself."""
    kind = f"{document['apiVersion']}/{document['kind']}"
    if BUILT_IN.fullmatch(document["apiVersion"]):
        return []
    if kind not in FIELDS:
        return [f"{kind} is not in addon_fields.yaml"]
    extra = document.keys() - {"apiVersion", "kind", "metadata", "spec"}
    return [f"{kind} has no {name}" for name in sorted(extra)] + list(_object(FIELDS[kind], document["spec"], "spec"))


def _object(fields: Mapping[str, Any], value: object, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path} is no object"
        return
    known = {name.rstrip("!"): name for name in fields}
    for name in known:
        if known[name].endswith("!") and name not in value:
            yield f"{path}.{name} is missing"
    for name, each in value.items():
        if name not in known and "*" not in known:
            yield f"{path}.{name} is no field"
        else:
            yield from _value(fields[known.get(name, "*")], each, f"{path}.{name}")


def _value(field: object, value: object, path: str) -> Iterator[str]:
    if isinstance(field, Mapping):
        yield from _object(field, value, path)
    elif isinstance(field, list):
        if not isinstance(value, list):
            yield f"{path} is no list"
            return
        for position, each in enumerate(value):
            yield from _value(field[0], each, f"{path}[{position}]")
    elif not _is(str(field), value):
        yield f"{path} is {value!r}, not {field}"


def _is(word: str, value: object) -> bool:
    if word in PATTERNS:
        return not isinstance(value, bool) and PATTERNS[word].fullmatch(str(value)) is not None
    if word in TYPES:
        return type(value) is TYPES[word]
    return value in word.split("|")


def rule_faults(documents: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """What `promtool check rules` says against the alert rules; one line where promtool is not installed."""
    groups = [group for each in documents if each["kind"] == "PrometheusRule" for group in each["spec"]["groups"]]
    promtool = shutil.which("promtool")
    if not groups:
        return []
    if promtool is None:
        return ["promtool is not on PATH: the alert rules cannot be checked"]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        yaml.safe_dump({"groups": groups}, file)
        file.flush()
        done = subprocess.run([promtool, "check", "rules", file.name], capture_output=True, text=True, check=False)  # noqa: S603
    return [] if done.returncode == 0 else [done.stdout + done.stderr]
