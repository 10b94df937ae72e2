"""Measured against targets: one line each, and an exit code."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Sheet:
    """What was asked, what was seen."""

    failed: list[str] = field(default_factory=list)
    count: int = 0

    def at_least(self, what: str, seen: float, target: float) -> None:
        self._line(what, seen, "≥", target, seen >= target)

    def at_most(self, what: str, seen: float, target: float) -> None:
        self._line(what, seen, "≤", target, seen <= target)

    def _line(self, what: str, seen: float, sign: str, target: float, held: bool) -> None:
        self.count += 1
        if not held:
            self.failed.append(what)
        print(f"  {what:60}{seen:>12.3f}  {sign} {target:<10g} {'pass' if held else 'FAIL'}", flush=True)

    def close(self) -> int:
        """The closing line; the exit code."""
        print(f"\n{self.count - len(self.failed)} of {self.count} targets met")
        for what in self.failed:
            print(f"  missed: {what}")
        return 1 if self.failed else 0
