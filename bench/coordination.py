"""Coordination beside a bare asyncpg loop and two other queues: throughput, pick-up, idleness, old snapshots, skew.

    python bench/coordination.py [throughput] [pickup] [idle] [snapshot] [skew] [--quick]

Without words all five. Everything runs on one embedded server with the launcher's settings; contenders take turns
within a round, so that a busy machine hits all alike. Each table ends with the target and whether it was met; the
exit code says whether all were. docs/benchmarks.md tells what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

from queues import idle, pickup, skew, snapshot, throughput
from queues.ending import end_on_sigterm
from queues.verdict import Sheet

from vitality.storage.embedded import ensure
from vitality.storage.schema import migrate

PARTS = {
    "throughput": throughput.run,
    "pickup": pickup.run,
    "idle": idle.run,
    "snapshot": snapshot.run,
    "skew": skew.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--pieces", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 4])
    parser.add_argument("--quick", action="store_true", help="a tenth of the pieces and one round: shows that it runs")
    options = parser.parse_args()
    end_on_sigterm()
    if options.quick:
        options.pieces, options.rounds = options.pieces // 10, 1
    with tempfile.TemporaryDirectory(prefix="vitality-bench-") as folder:
        Path(folder).chmod(0o755)
        server = asyncio.run(ensure(Path(folder)))
        sheet = Sheet()
        try:
            asyncio.run(migrate(server.dsn))
            print(f"Postgres {server.major}, {options.pieces} pieces, batch {options.batch}")
            for name in options.parts or PARTS:
                print(f"\n== {name}", flush=True)
                PARTS[name](server.dsn, options, sheet)
        finally:
            asyncio.run(server.stop())
    raise SystemExit(sheet.close())


if __name__ == "__main__":
    main()
