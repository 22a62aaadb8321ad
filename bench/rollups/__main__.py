"""`python -m bench.rollups`: what the sums of ratings save a report; `--answers 1000000`, and a tenth beside it.

`--url URL URL` names two empty PostgreSQL databases instead of files. The sums have to be 50 times as fast.
"""

import argparse

import uvloop

from bench.rollups.measure import print_in_files, print_rollups

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--url", nargs=2, metavar="URL")
    given = parser.parse_args()
    uvloop.run(print_rollups(given.url, given.answers) if given.url else print_in_files(given.answers))
