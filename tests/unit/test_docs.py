"""The docs say what is there: links resolve, named modules exist, generated pages are current."""

from __future__ import annotations

import re
import subprocess
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from vitality.reports.schema import PARISH_COLUMNS, TIME_COLUMNS

ROOT = Path(__file__).parents[2]
OWN = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/**/*.md",
    "manifests/**/*.md",
    "vitality/**/*.md",
    "bench/**/*.md",
)
MARKDOWN = sorted({path for pattern in OWN for path in ROOT.glob(pattern)})
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
# Written in pieces, so that this file itself does not hold what it looks for.
_MACHINE = re.compile(
    rf"(^|[^\w./-])(/({'wo' + 'rk'}|{'fa' + 'rm'})/|/{'ro' + 'ot'}/\.)\w"
    r"|files\.pythonhosted|pypi\.(?=org)|deb\.(?=debian)|registry\.(?=npmjs)"
)


def _generator() -> ModuleType:
    spec = spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def _tracked() -> list[Path]:
    """The files that git tracks, or all text files of the tree where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_resolve(page: Path) -> None:
    """A relative link leads to a file of the project and, with a fragment, to a heading in it."""
    for link in _LINK.findall(_CODE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not fragment or fragment in _anchors(target.read_text("utf-8")), link


def test_modules_named_in_the_architecture_exist() -> None:
    """Each `vitality.x` of ARCHITECTURE.md can be imported from where it says."""
    names = set(re.findall(r"`(vitality(?:\.\w+)+)`", (ROOT / "ARCHITECTURE.md").read_text("utf-8")))
    assert len(names) > 10
    assert [name for name in sorted(names) if find_spec(name) is None] == []


def test_the_architecture_names_every_module_of_the_top_level() -> None:
    """No package or module right below `vitality` goes unmentioned."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    modules = {p.stem for p in (ROOT / "vitality").iterdir() if (p.suffix == ".py" or (p / "__init__.py").is_file())}
    assert {m for m in modules if not m.startswith("__") and f"`vitality.{m}`" not in text} == set()


def test_the_table_of_settings_is_current() -> None:
    """docs/settings.md is what `just docs` would write."""
    assert (ROOT / "docs" / "settings.md").read_text("utf-8") == _generator().settings_page()


def test_the_page_of_commands_is_current() -> None:
    """docs/commands.md is what `just docs` would write."""
    assert (ROOT / "docs" / "commands.md").read_text("utf-8") == _generator().commands_page()


def test_settings_named_in_the_docs_exist() -> None:
    """What looks like a setting in the docs is one."""
    known = {row.name for row in _generator().table()}
    text = "\n".join(page.read_text("utf-8") for page in MARKDOWN if page.name != "settings.md")
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", text))
    assert named
    assert named - known == set()


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    """Paths of somebody's machine and hosts of package registries stand in no tracked file."""
    found = []
    for path in _tracked():
        if path.is_file() and path.stat().st_size < 2_000_000:
            text = path.read_text("utf-8", errors="ignore")
            found += [f"{path.relative_to(ROOT)}: {m[0].strip()}" for m in _MACHINE.finditer(text)]
    assert found == []


def test_lock_files_hold_hashes_and_no_addresses() -> None:
    """Each locked package has a hash; no lock names where it is fetched from."""
    locks = sorted(ROOT.glob("requirements*.lock"))
    assert len(locks) == 3
    for lock in locks:
        text = lock.read_text("utf-8")
        assert "://" not in text
        packages = re.split(r"^(?=\w)", text, flags=re.MULTILINE)[1:]
        assert packages
        assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize(("heading", "columns"), [("Parishes", PARISH_COLUMNS), ("Service times", TIME_COLUMNS)])
def test_every_column_of_the_exports_is_explained(heading: str, columns: tuple[str, ...]) -> None:
    """The page of the exports names each column once, and none that is not there."""
    page = (ROOT / "docs" / "exports.md").read_text("utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    named = [
        name for row in re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    assert sorted(named) == sorted(columns)
