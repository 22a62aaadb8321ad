"""The command line: `huifang …`. Exit codes: 0 done, 1 a problem in one line each, 2 wrong usage.

Importing the service takes a second, so only the commands that need it import it.
"""

from bot.cli.entry import main, parser

__all__ = ["main", "parser"]
