"""Writes the pages of docs/ that are made from the code: settings.md and commands.md.

Run by `just docs`; tests/unit/test_docs.py holds that the files are as this would write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from vitality.settings import table

DOCS = Path(__file__).parent


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
    for name, command in _commands(main, "vitality"):
        help_text = command.get_help(click.Context(command, info_name=name, terminal_width=100, max_content_width=100))
        parts += [f"## `{name}`", "", "```", help_text, "```", ""]
    return "\n".join(parts)


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for each in sorted(command.commands):
            yield from _commands(command.commands[each], f"{name} {each}")


if __name__ == "__main__":
    DOCS.joinpath("settings.md").write_text(settings_page(), encoding="utf-8")
    DOCS.joinpath("commands.md").write_text(commands_page(), encoding="utf-8")
