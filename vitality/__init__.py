"""Vitality: the public record of U.S. Catholic dioceses and parishes, with the evidence for each fact."""

from importlib.metadata import version

__version__ = version("vitality")
