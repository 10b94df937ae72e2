"""Writes the pages of docs/ that are made from the code: settings.md and commands.md.

Run by `just docs`; tests/unit/test_docs.py holds that the files are as this would write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from vitality.settings import table

DOCS = Path(__file__).parent
WIDTH = 100


def settings_page() -> str:
    """docs/settings.md: one row per setting, in the order of the class."""
    rows = [f"| `{r.name}` | `{r.default}` | {r.unit} | {r.text.replace('|', '/')} |" for r in table()]
    return "\n".join(
        [
            "# Settings",
            "",
            "All come from the environment, read once at the start; a blank value counts as unset. A wrong value ends the start with exit code 2.",
            "Made from `vitality/settings.py` by `just docs`.",
            "",
            "| name | default | unit | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def commands_page() -> str:
    """docs/commands.md: what each command says of itself."""
    from vitality.cli import main

    parts = [
        "# Commands",
        "",
        "What `vitality COMMAND --help` says. Made from `vitality/cli.py` by `just docs`. `just` runs the same commands with everything set up first.",
        "",
    ]
    for context in _contexts(main, "vitality", None):
        parts += [f"## `{context.command_path}`", "", "```", context.get_help(), "```", ""]
    return "\n".join(parts)


def _contexts(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    """A command and all below it, each with the width that the page has room for."""
    settings = {"terminal_width": WIDTH, "max_content_width": WIDTH} | command.context_settings
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context
    if isinstance(command, click.Group):
        for each in sorted(command.commands):
            yield from _contexts(command.commands[each], each, context)


if __name__ == "__main__":
    DOCS.joinpath("settings.md").write_text(settings_page(), encoding="utf-8")
    DOCS.joinpath("commands.md").write_text(commands_page(), encoding="utf-8")
