"""`python -m bench.imports`: how many rows a second `huifang import` stores, and the most memory that it takes.

A table is written first: tickets of people who have three each, or an answer to each of these tickets. What is measured
is the whole command in a process of its own, from its start to its end, on an SQLite database whose tables are there.
"""

import argparse
import asyncio

from bench.imports.import_speed import KINDS, print_import_speed

__all__: list[str] = []


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=list(KINDS), help="tickets, or tickets responses")
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    asyncio.run(print_import_speed(given.rows, given.kinds))


if __name__ == "__main__":
    _main()
