"""Prints the measure of the lists that are named, or of our own."""

import sys
from pathlib import Path

from bench.understanding.measure import PHRASES, print_measured

if __name__ == "__main__":
    print_measured([Path(name) for name in sys.argv[1:]] or PHRASES)
