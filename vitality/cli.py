"""The `vitality` command: the only reader of the command line.

Exit codes: 0 done or drained, 1 failed (the reason is on stderr), 2 wrong usage or settings, 3 a part of the
worker failed again and again. The last one asks the level above (Kubernetes) to start the process anew.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vitality import __version__
from vitality.records import WorkKind

if TYPE_CHECKING:
    from vitality.settings import Settings

READ_KINDS = ("dioceses", "directory", "parish", "schedule")
FORMATS = ("csv", "parquet", "geojson", "ical", "jsonld", "jsonl")
"""Both stand here too so that `--help` and wrong usage need not wait for what reads and writes."""

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
KIND = click.Choice([kind.value for kind in WorkKind])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="vitality")
def main() -> None:
    """The public record of U.S. Catholic parishes and of their Mass, confession and adoration times."""


def _run(module: str, action: str, *args: Any, **options: Any) -> None:
    """Runs a command, imported only now, and exits with its code; an error that was foreseen is one line on stderr."""
    import anyio

    from vitality.errors import VitalityError
    from vitality.runtime import garbage
    from vitality.runtime.attempt import leaves
    from vitality.runtime.exits import exit_code_of

    command: Callable[..., Awaitable[int | None]] = getattr(import_module(f"vitality.{module}"), action)
    garbage.settle()
    try:
        code = anyio.run(partial(command, *args, **options))
    except (VitalityError, OSError, ExceptionGroup) as error:
        foreseen = (VitalityError, OSError)  # the latter names a file that cannot be read or written
        if not all(isinstance(leaf, foreseen) for leaf in leaves(error)):
            raise
        for leaf in leaves(error):
            click.echo(f"vitality: {leaf}", err=True)
        sys.exit(exit_code_of(error))
    gc.freeze()  # else the interpreter's last collection walks through all that was imported: 0.3 s in which SIGTERM waits
    sys.exit(code or 0)


def _settings(**given: Any) -> Settings:
    from vitality.errors import SettingsError
    from vitality.settings import load

    try:
        return load(**given)
    except SettingsError as error:
        click.echo(f"vitality: {error}", err=True)
        sys.exit(2)


@main.command()
@click.option("--role", metavar="ROLE", help="discovery, extraction, schedule, reporting or all (else WORKER_TYPE)")
@click.option("--until-idle", is_flag=True, help="Stop, with exit code 0, when no work is due any more.")
def run(role: str | None, until_idle: bool) -> None:
    """Work: claim what is due, read it, write what was found; until SIGTERM."""
    _run("app.worker", "run", _settings(worker_type=role), until_idle=until_idle)


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--state", type=click.Path(path_type=Path), help="Where database, report and exports lie.")
@click.option("--conference", metavar="URL", help="The list of dioceses to start from.")
@click.option("--fresh", is_flag=True, help="Forget what an earlier demo of this folder found.")
def demo(folder: Path | None, state: Path | None, conference: str | None, fresh: bool) -> None:
    """Crawl a stored web on this machine (the project's own sample by default) and print what was found."""
    _run("app.demo", "demo", _settings(), folder, state=state, conference=conference, fresh=fresh)


@main.command()
@click.argument("kind", type=click.Choice(READ_KINDS))
@PATHS
@click.option("--every-page", is_flag=True, help="Of a folder, read all stored pages, linked or not.")
@click.option("--explain", is_flag=True, help="For a person: each line, what was read from it and why.")
def read(kind: str, paths: Sequence[Path], every_page: bool, explain: bool) -> None:
    """Read stored pages offline and print what the service would store, as JSON Lines."""
    _run("reading", "read", kind, paths, every_page=every_page, explain=explain, out=sys.stdout, err=sys.stderr)


@main.command()
def migrate() -> None:
    """Bring the database's schema up to this version."""
    _run("app.commands", "migrate", _settings())


@main.command("import-legacy")
@click.option("--from", "source", metavar="DSN", required=True, help="The earlier system's database (postgresql://…).")
def import_legacy(source: str) -> None:
    """Take over the earlier system's record; a second run changes nothing."""
    _run("app.legacy", "import_legacy", _settings(), source)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def status(as_json: bool) -> None:
    """Workers, leases, backlog, parked hosts and last failures."""
    _run("app.commands", "show_status", _settings(), as_json=as_json)


@main.group()
def work() -> None:
    """Look at the pieces of work, retry, bury, override."""


@work.command("list")
@click.option("--kind", type=KIND)
@click.option("--state", type=click.Choice(["waiting", "leased", "buried"]))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def work_list(kind: str | None, state: str | None, limit: int, as_json: bool) -> None:
    """List pieces of work, the next due first."""
    _run("app.commands", "work_list", _settings(), kind=kind, state=state, limit=limit, as_json=as_json)


@work.command("show")
@click.argument("work_id", type=int)
def work_show(work_id: int) -> None:
    """Show one piece of work with its last runs."""
    _run("app.commands", "work_show", _settings(), work_id)


@work.command("retry")
@click.argument("work_ids", type=int, nargs=-1)
@click.option("--kind", type=KIND, help="All buried work of this kind.")
def work_retry(work_ids: Sequence[int], kind: str | None) -> None:
    """Make work due now, its attempts forgotten; buried work comes back."""
    if not work_ids and kind is None:
        raise click.UsageError("name pieces of work or --kind")
    _run("app.commands", "work_retry", _settings(), work_ids, kind=kind)


@work.command("bury")
@click.argument("work_ids", type=int, nargs=-1, required=True)
@click.option("--why", required=True, help="Kept with the work.")
def work_bury(work_ids: Sequence[int], why: str) -> None:
    """Take work out of the rounds."""
    _run("app.commands", "work_bury", _settings(), work_ids, why=why)


@work.command("override")
@click.argument("diocese_id", type=int)
@click.argument("url", required=False)
@click.option("--why", default="", help="Kept with the override.")
@click.option("--remove", is_flag=True, help="Take the override back: the finder's directory counts again.")
def work_override(diocese_id: int, url: str | None, why: str, remove: bool) -> None:
    """Name a diocese's parish directory by hand; no finder changes it."""
    if (url is None) is not remove:
        raise click.UsageError("name a URL or --remove")
    _run("app.commands", "work_override", _settings(), diocese_id, url, why=why)


@main.command()
@click.argument("formats", nargs=-1, type=click.Choice(FORMATS))
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True)
def export(formats: Sequence[str], folder: Path) -> None:
    """Write the record as files (all formats unless some are named)."""
    _run("app.commands", "export", _settings(), formats or FORMATS, folder)


@main.command()
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True)
def report(folder: Path) -> None:
    """Render the report now."""
    _run("app.commands", "report", _settings(), folder)


@main.command()
@click.option("--to", "path", type=click.Path(path_type=Path), required=True, help="A .warc.gz file.")
def archive(path: Path) -> None:
    """Write all stored pages as a WARC file (ISO 28500)."""
    _run("app.commands", "archive", _settings(), path)
