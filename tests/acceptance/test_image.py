"""The image, built from the last commit and run as Kubernetes would run it, where this machine can do that."""

from __future__ import annotations

import pytest

from manifests.image import build
from manifests.image.check import missing, table
from manifests.image.container import limits_hold
from manifests.image.pod import pod
from manifests.image.trial import check

pytestmark = pytest.mark.acceptance


@pytest.mark.timeout(600)
async def test_each_role_works_within_its_limits(capsys: pytest.CaptureFixture[str]) -> None:
    """With its memory limit, a read-only root and no rights, each role works, answers its probes and drains."""
    if reason := missing():
        pytest.skip(f"the image is not built here: {reason}")
    build.build(build.TAG, build.LOCAL_BASE)
    assert limits_hold(build.TAG) is None
    seen = await check(build.TAG)
    with capsys.disabled():
        print("\n" + table(seen))
    assert not [fault for each in seen.values() for fault in each.faults], table(seen)
    assert all(0 < each.peak < pod(role).memory for role, each in seen.items())
    assert all(each.code == 0 and each.rows for each in seen.values())
