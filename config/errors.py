"""Errors for the owner's mistakes: where the value is written, which key, what is wrong, and the fix."""

from collections.abc import Iterable
from typing import Final

__all__ = ["ConfigError", "ConfigErrors", "InvalidValue", "shown"]

_SHOWN_WHOLE = 32  # a secret in the wrong place is longer than this, and must not be repeated


class ConfigError(Exception):
    """One mistake in one line. `problem` and `fix` are whole sentences; `key` is empty where there is none.

    `file` is where the owner wrote it: a file (`huifang.toml`, `x.toml:3`) or an environment variable.
    """

    def __init__(self, file: str, key: str, problem: str, fix: str) -> None:
        super().__init__(file, key, problem, fix)
        self.file: Final = file
        self.key: Final = key
        self.problem: Final = problem
        self.fix: Final = fix

    def __str__(self) -> str:
        """Return it as one line."""
        parts = [part for part in (self.file, self.key, f"{self.problem} {self.fix}".strip()) if part]
        return " ".join(": ".join(parts).split())

    def __eq__(self, other: object) -> bool:
        """Return whether both say the same."""
        return isinstance(other, ConfigError) and self.args == other.args

    def __hash__(self) -> int:
        return hash(self.args)


class ConfigErrors(Exception):  # noqa: N818 (it is several)
    """All mistakes found at once, one line each; never empty."""

    def __init__(self, errors: Iterable[ConfigError]) -> None:
        self.errors: Final = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        """Return one line for each error."""
        return "\n".join(map(str, self.errors))


class InvalidValue(ValueError):  # noqa: N818 (a value is wrong)
    """A value that cannot be read, raised by a parser that does not know its key: `problem` and `fix` are sentences."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem} {fix}")
        self.problem: Final = problem
        self.fix: Final = fix


def shown(value: object) -> str:
    """Return a value quoted for an error; a long one is cut, because it may be a secret in the wrong place."""
    text = repr(value)
    return text if len(text) <= _SHOWN_WHOLE else f"{text[:7]}… ({len(str(value))} characters)"
