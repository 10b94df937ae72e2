"""The image, built from the last commit and run as Kubernetes would run it, where this machine can do that."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from manifests.image import build
from manifests.image.check import missing, table
from manifests.image.container import ULIMITS, engine, limits_hold
from manifests.image.pod import pod
from manifests.image.trial import check

pytestmark = [pytest.mark.acceptance, pytest.mark.timeout(600)]

LOOK = """
import hashlib, importlib.util, os, stat
left = [path for path in ('/etc/pip.conf', '/src', '/tools', '/wheel', '/program', os.path.expanduser('~root/.cache')) if os.path.exists(path)]
left += [name for name in ('pip', 'setuptools', 'hatchling') if importlib.util.find_spec(name)]
own = [f for top, _, names in os.walk('/opt/vitality') for f in (os.path.join(top, n) for n in names)]
left += [f for f in own if os.lstat(f).st_uid != 0 or (os.lstat(f).st_mode & stat.S_IWOTH and not os.path.islink(f))]
print(left, hashlib.sha256(open('/etc/ssl/certs/ca-certificates.crt', 'rb').read()).hexdigest())
"""
"""What must not be left of the build, and which certificates the image trusts."""


@pytest.fixture(scope="module")
def image() -> str:
    """The image of the last commit; skips with the reason where it cannot be built."""
    if reason := missing():
        pytest.skip(f"the image is not built here: {reason}")
    build.build(build.TAG, build.LOCAL_BASE)
    return build.TAG


def _said(image: str, entry: str, *words: str) -> str:
    done = engine("run", "--rm", "--network=none", *ULIMITS, f"--entrypoint={entry}", image, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_nothing_of_the_build_is_left(image: str) -> None:
    """No package index's settings, no build tools, nothing that its own user could change, only the base's certificates."""
    trusted = _said(build.LOCAL_BASE, "cat", "/etc/ssl/certs/ca-certificates.crt")
    left, _, digest = _said(image, "python", "-c", LOOK).rpartition(" ")
    assert left == "[]"
    assert digest in {hashlib.sha256(each.encode()).hexdigest() for each in (trusted, f"{trusted}\n")}


def test_the_image_says_what_it_is(image: str) -> None:
    """`vitality` is its entrypoint, and its labels name version, commit and base."""
    assert _said(image, "vitality", "--version").split()[-1] == build.version(Path(build.ROOT))
    labels = engine("inspect", "--format={{json .Labels}}", image).stdout
    assert build.revision() in labels
    assert build.LOCAL_BASE in labels


async def test_each_role_works_within_its_limits(image: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With its memory limit, a read-only root and no rights, each role works, answers its probes and drains in mid-work."""
    assert limits_hold(image) is None
    seen = await check(image)
    with capsys.disabled():
        print("\n" + table(seen))
    assert not [fault for each in seen.values() for fault in each.faults], table(seen)
    assert all(0 < each.peak < pod(role).memory for role, each in seen.items())
    assert all(each.code == 0 and each.rows for each in seen.values())
