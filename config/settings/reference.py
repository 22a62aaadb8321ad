"""Prints the settings from their models: the reference page and the example file.

`python -m config.settings.reference` writes both into the folder where it is started, the project's own.
"""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from config.settings.catalog import KEYS, SettingKey
from config.settings.settings import Settings

__all__ = ["EXAMPLE", "PAGE", "example_file", "reference_page", "write"]

PAGE = Path("docs/reference/settings.md")
EXAMPLE = Path("huifang.example.toml")

_PAGE_HEAD = """\
# Settings

Printed by `python -m config.settings.reference` from `config/settings/settings.py`; change it there.

A setting is written in the environment, or in `huifang.toml` (named by `--config` or `HUIFANG_CONFIG`; without
them the one in the working directory). The environment wins over the file, the file over the default. An unknown or
wrong setting stops the start and says where it stands, what is wrong, and the fix; all mistakes are told at once.

- **Environment**: `HUIFANG_` and the key in upper case, each `.` as `__`: `survey.delay` is `HUIFANG_SURVEY__DELAY`.
  What Kubernetes and Docker set for a service called `huifang` is passed over.
- **File**: `huifang.example.toml` shows every key; `delay` below `[survey]` is `survey.delay`.
- **Secrets** (marked 🔑) are also read from a file: `HUIFANG_TELEGRAM__TOKEN_FILE=/run/secrets/telegram`.
- **Durations**: `2s`, `30m`, `24h`, `14d`, or ISO 8601 such as `PT30M`.
- **Lists**: a TOML or JSON list, or texts parted by commas; `[]` for none.
- An empty text, in the environment or the file, counts as not set; in the file it is refused where `off` may be meant.
- Relative paths start at the working directory.

"""

_EXAMPLE_HEAD = """\
# Settings of huifang. Copy this file to huifang.toml and take the `#` from what you want to change.
# What stands behind each `=` is the default; an empty text counts as not set. The environment wins over this file:
# telegram.token is also HUIFANG_TELEGRAM__TOKEN, or HUIFANG_TELEGRAM__TOKEN_FILE for a file that holds it.
# Keep secrets out of version control.
"""


def reference_page() -> str:
    """Return the reference page as Markdown."""
    return _PAGE_HEAD + "\n".join(_sections()) + "\n"


def example_file() -> str:
    """Return the example file as TOML in which everything is a comment."""
    return _EXAMPLE_HEAD + "".join(f"{line}\n" for line in _example_lines())


def write(directory: Path) -> None:
    """Write both files into a project's folder."""
    (directory / PAGE).write_text(reference_page(), "utf-8")
    (directory / EXAMPLE).write_text(example_file(), "utf-8")


def _groups() -> Iterator[tuple[str, list[SettingKey]]]:
    for group, keys in groupby(KEYS.values(), lambda key: key.name.rpartition(".")[0].partition(".")[0]):
        yield group, list(keys)


def _purpose(group: str) -> str:
    """Return a group's docstring."""
    kind = Settings.model_fields[group].annotation if group else None
    return (kind.__doc__ or "").strip() if kind else "Customers who have no language or time zone of their own."


def _sections() -> Iterator[str]:
    for group, keys in _groups():
        yield f"## {group or 'Customers'}\n\n{_purpose(group)}\n\n| key | default | meaning |\n|---|---|---|"
        yield "\n".join(_row(key) for key in keys) + "\n"


def _row(key: SettingKey) -> str:
    default = f"`{key.default}`" if key.default not in (None, "", {}) else "–"
    return f"| `{key.name}` | {default} | {key.meaning}{' 🔑' if key.secret else ''} |"


def _example_lines() -> Iterator[str]:
    for group, keys in _groups():
        yield ""
        yield f"# {_purpose(group)}"
        if group:
            yield f"[{group}]"
        for key in keys:
            yield f"# {key.name.removeprefix(f'{group}.')} = {_toml(key.default)}  # {key.meaning}"


def _toml(default: object) -> str:
    if default == {}:
        return "{}"
    return f'"{default or ""}"' if default is None or isinstance(default, str) else str(default)


if __name__ == "__main__":
    write(Path())
