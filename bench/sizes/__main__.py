"""`python -m bench.sizes`: what a year of tickets takes of disk, memory and CPU, and how long its backup takes.

A database is filled as `python -m bench.scale` does, with 400 days at so many tickets a month of which each is asked
and answered whole: the most that they can be. Then the service is started on it and put under a load of whole surveys.
Measured are the bytes, the memory, the CPU of one survey, of a quiet moment and of a backup.
Extrapolated is only the CPU of a day: that of the surveys of a day, of 86,400 quiet seconds and of one backup.
"""

import argparse
import tempfile
from pathlib import Path

import uvloop

from bench.sizes.year_size import measure_year

__all__: list[str] = []

_HEAD = "| tickets a month | surveys | disk | backup: file, time, CPU | memory | CPU of a survey | CPU a day |"
_LINE = "|---|---|---|---|---|---|---|"


async def _print_sizes(tickets: int, url: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = await measure_year(url or f"sqlite:///{folder}/huifang.db", folder, tickets)
    print(f"{_HEAD}\n{_LINE}\n{found.line()}", flush=True)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1000, help="tickets a month")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of a file")
    given = parser.parse_args()
    uvloop.run(_print_sizes(given.tickets, given.url))


if __name__ == "__main__":
    _main()
