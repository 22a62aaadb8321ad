"""The command line: `huifang …`. Exit codes: 0 done, 1 a problem told in one line each, 2 usage.

Importing the service takes a second, so only the commands that need it do: the others answer at once.
"""

from bot.cli.entry import main, parser

__all__ = ["main", "parser"]
