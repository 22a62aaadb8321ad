"""The reader of comments with the shipped lexicons, made once in a process."""

from functools import cache

from config.text.load import load_weighed
from scoring.text.text_reader import TextReader

__all__ = ["shipped_reader"]


@cache
def shipped_reader() -> TextReader:
    return TextReader(load_weighed())
