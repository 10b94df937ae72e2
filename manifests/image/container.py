"""A container of the image, run by podman and runc as a kubelet would run a pod of it."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from manifests.image.pod import Pod

ENGINE = ("podman", "--cgroup-manager", "cgroupfs", "--runtime", "runc")
ULIMITS = ("--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096")
"""Said, since podman's own defaults may be more than a sandboxed root may set."""


def engine(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One command of the engine; a failure is for the caller to judge."""
    elsewhere = tempfile.gettempdir()  # conmon leaves an empty file `oom` in its working folder when the kernel kills
    return subprocess.run([*ENGINE, *arguments], capture_output=True, text=True, check=False, cwd=elsewhere)  # noqa: S603


def limits_hold(image: str) -> str | None:
    """What is wrong when a container that asks for more than its limit is *not* killed."""
    words = ["--rm", "--network=host", "--memory=64m", "--memory-swap=64m", *ULIMITS, "--entrypoint=python", image]
    done = engine("run", *words, "-c", "print(len(bytearray(2**28)))")
    return None if done.returncode == 137 else f"the memory limit does not hold here: {done.stdout}{done.stderr}"


def options(each: Pod, disk: Path) -> list[str]:
    """The engine's options for a pod whose folders lie below `disk`."""
    owner, group = map(int, each.user.split(":"))
    mounts = [f"--tmpfs={path}:rw,nosuid,nodev,mode=1777,size={size}" for path, size in each.memory_folders.items()]
    for path in each.folders:
        folder = disk / each.role / path.strip("/").replace("/", "-")
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, owner, group)
        mounts.append(f"--volume={folder}:{path}:rw,nosuid,nodev")
    limits = [f"--memory={each.memory}", f"--memory-swap={each.memory}", f"--cpus={each.cpus}", *ULIMITS]
    hardening = ["--read-only", "--read-only-tmpfs=false", "--cap-drop=all", "--security-opt=no-new-privileges"]
    return ["--network=host", f"--user={each.user}", *limits, *hardening, *mounts]


class Container:
    """One running container of the image; it is gone when the check ends."""

    def __init__(self, name: str, image: str, each: Pod, disk: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        words = [f"--env={key}={value}" for key, value in {**each.environment, **environment}.items()]
        started = engine("run", "--detach", f"--name={name}", *options(each, disk), *words, image, *each.arguments)
        if started.returncode:
            raise RuntimeError(f"{name} does not start: {started.stderr.strip()}")
        self.pid = int(engine("inspect", "--format={{.State.Pid}}", name).stdout)
        self.cgroup = _memory_cgroup(self.pid)

    def status(self) -> dict[str, str]:
        """The first process as the kernel sees it (proc(5), `status`)."""
        lines = Path(f"/proc/{self.pid}/status").read_text("utf-8").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def peak(self) -> int:
        """The most memory that the container ever used, page cache and tmpfs included; bytes."""
        names = ("memory.max_usage_in_bytes", "memory.peak")
        return next((int(file.read_text()) for name in names if (file := self.cgroup / name).is_file()), 0)

    def killed(self) -> int:
        """How many of its processes the kernel killed for want of memory."""
        for name in ("memory.oom_control", "memory.events"):
            if (file := self.cgroup / name).is_file() and (found := re.search(r"oom_kill (\d+)", file.read_text())):
                return int(found[1])
        return 0

    def zombies(self) -> list[str]:
        """Names of ended children that its first process, which has no init above it, has not taken notice of."""
        stats = [_stat(each) for each in Path("/proc").glob("[0-9]*/stat")]
        return [name for name, state, parent in stats if (state, parent) == ("Z", self.pid)]

    def told(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A command inside it, as `kubectl exec` gives one."""
        return engine("exec", self.name, *command)

    def stop(self, grace: int) -> tuple[int, float]:
        """Sends SIGTERM, and SIGKILL after `grace` seconds; returns the exit code and the seconds it took."""
        begun = time.monotonic()
        engine("stop", f"--time={grace}", self.name)
        return int(engine("wait", self.name).stdout), time.monotonic() - begun

    def log(self) -> str:
        """What it wrote."""
        done = engine("logs", self.name)
        return done.stdout + done.stderr

    def remove(self) -> None:
        """Ends and forgets it."""
        engine("rm", "--force", "--time=0", self.name)


def _stat(file: Path) -> tuple[str, str, int]:
    """Name, state and parent of a process (proc(5), `stat`); of one that has just gone, no name."""
    try:
        name, _, rest = file.read_text("utf-8", errors="replace").partition("(")[2].rpartition(") ")
    except OSError:
        return "", "", 0
    state, parent = rest.split()[:2]
    return name, state, int(parent)


def _memory_cgroup(pid: int) -> Path:
    """Where the kernel counts the memory of a process: cgroup v1 and v2."""
    for line in Path(f"/proc/{pid}/cgroup").read_text("utf-8").splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return Path(f"/sys/fs/cgroup/memory{path}")
        if not controllers and Path("/sys/fs/cgroup/cgroup.controllers").is_file():
            return Path(f"/sys/fs/cgroup{path}")
    raise RuntimeError(f"process {pid} is in no memory cgroup")
