"""The one place in the program that catches every error: a life is tried, and its error is looked at by the caller."""

from __future__ import annotations

from collections.abc import Awaitable


async def attempt(life: Awaitable[object]) -> Exception | None:
    """Awaits it; the error that it ended with, or None. Cancellation and exits of the interpreter pass through."""
    try:
        await life
    except Exception as error:  # noqa: BLE001 - supervisors outlive whatever their children die of
        return error
    return None


def leaves(error: Exception) -> tuple[Exception, ...]:
    """The errors in it that are no groups; a task group wraps even a single error in one."""
    if isinstance(error, ExceptionGroup):
        return tuple(leaf for inner in error.exceptions for leaf in leaves(inner))
    return (error,)


def consists_of(error: Exception, kinds: type[Exception] | tuple[type[Exception], ...]) -> bool:
    """Whether it is of these kinds, through and through."""
    return all(isinstance(leaf, kinds) for leaf in leaves(error))
