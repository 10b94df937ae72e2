"""No-op pieces claimed and settled in batches, by one process and by several."""

from __future__ import annotations

import argparse
import statistics

from queues.children import CONTENDERS, Drained, contender, fill_and_drain
from queues.verdict import Sheet

Rounds = dict[str, list[Drained]]


def run(dsn: str, options: argparse.Namespace, sheet: Sheet) -> None:
    """The whole comparison."""
    seen = {processes: _rounds(dsn, options, processes) for processes in options.processes}
    for processes, rounds in seen.items():
        _judge(processes, rounds, sheet)
    first, *others = options.processes
    for name in ("free", "hosted"):
        for processes in others:
            ratio = _rate(seen[processes][name]) / _rate(seen[first][name])
            sheet.at_least(f"{contender(name).name}: {processes} processes to {first}", ratio, 1.0)


def _rounds(dsn: str, options: argparse.Namespace, processes: int) -> Rounds:
    rounds: Rounds = {name: [] for name in CONTENDERS}
    for _ in range(options.rounds):
        for name in CONTENDERS:
            rounds[name].append(fill_and_drain(name, dsn, options.pieces, options.batch, processes))
    print(
        f"{'contender':28}{'processes':>10}{'pieces/s':>10}{'of bare':>9}{'commits':>9}{'WAL B':>8}{'CPU µs':>8}{'of bare':>9}"
    )
    for name, results in rounds.items():
        commits, wal, cpu = (_median(results, what) for what in ("commits", "wal", "cpu_us"))
        ratio, by_cpu = _ratio(rounds, name, "bare"), _median(rounds["bare"], "cpu_us") / cpu
        print(
            f"{contender(name).name:28}{processes:>10}{_rate(results):>10.0f}{ratio:>9.2f}{commits:>9.3f}{wal:>8.0f}"
            f"{cpu:>8.0f}{by_cpu:>9.2f}",
            flush=True,
        )
    return rounds


def _judge(processes: int, rounds: Rounds, sheet: Sheet) -> None:
    by = f"by {processes}"
    sheet.at_least(f"no host limit, {by}: of bare", _ratio(rounds, "free", "bare"), 0.6)
    sheet.at_least(f"no host limit, {by}: of pgqueuer", _ratio(rounds, "free", "pgqueuer"), 2.0)
    sheet.at_least(f"no host limit, {by}: of procrastinate", _ratio(rounds, "free", "procrastinate"), 15.0)
    sheet.at_least(f"host limits, {by}: of bare", _ratio(rounds, "hosted", "bare"), 0.3)
    sheet.at_least(f"host limits, {by}: of pgqueuer without", _ratio(rounds, "hosted", "pgqueuer"), 1.0)
    for name in ("free", "hosted"):
        sheet.at_most(f"{contender(name).name}, {by}: commits a piece", _median(rounds[name], "commits"), 0.25)
        sheet.at_most(f"{contender(name).name}, {by}: bytes of WAL a piece", _median(rounds[name], "wal"), 1650)


def _ratio(rounds: Rounds, name: str, other: str) -> float:
    """Of the medians, as the issue's targets are."""
    return _rate(rounds[name]) / _rate(rounds[other])


def _rate(results: list[Drained]) -> float:
    return _median(results, "rate")


def _median(results: list[Drained], what: str) -> float:
    return statistics.median(getattr(one, what) for one in results)
