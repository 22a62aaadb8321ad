"""The sources of settings: the environment and `huifang.toml`. Reports unknown names; does not interpret values."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.errors import ConfigError
from config.settings.catalog import GROUPS, KEYS, PREFIX, SettingKey
from config.tomlfile import read_toml
from config.values.strings import did_you_mean

__all__ = ["CONFIG", "Found", "from_environment", "from_file"]

CONFIG = f"{PREFIX}CONFIG"
"""The variable that names the settings file."""

_BY_VARIABLE = {key.variable: key for key in KEYS.values()}
_SHORTLY = sorted(variable.removeprefix(PREFIX) for variable in _BY_VARIABLE)
_FROM_FILE = "_FILE"
_ALL_KEYS = "All keys are in docs/reference/settings.md."

# Kubernetes tells each pod of the services beside it, also of one that is called huifang
# (kubernetes.io/docs/concepts/services-networking/service, "Environment variables").
_KUBERNETES = re.compile(rf"{PREFIX}([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?)")
_DOCKER_LINK = re.compile(rf"{PREFIX}([A-Z0-9_]+_)?PORT(_[0-9]+_(TCP|UDP|SCTP)(_PROTO|_PORT|_ADDR)?)?")


@dataclass(frozen=True, slots=True)
class Found:
    """One value as written, the key it is for, and where it stands."""

    key: str
    value: object
    where: str


def from_environment(environ: Mapping[str, str], cwd: Path) -> Iterator[Found | ConfigError]:
    """Yield each setting of the environment, or what is wrong with it. An empty variable counts as not set."""
    for variable in sorted(environ):
        if variable.startswith(PREFIX) and variable != CONFIG and not _of_the_platform(variable, environ[variable]):
            yield from _from_variable(variable, environ, cwd)


def from_file(path: Path, name: str) -> Iterator[Found | ConfigError]:
    """Yield each setting of a TOML file that the owner calls `name`, or what is wrong with it."""
    try:
        table = read_toml(path, name)
    except ConfigError as error:
        yield error
    else:
        yield from _from_table(table, name, "")


def _from_line(key: SettingKey, value: object, where: str) -> Iterator[Found | ConfigError]:
    """Yield a line of the file; as in the environment an empty text is not set, unless it may be meant as `off`."""
    if value != "":
        yield Found(key.name, value, where)
    elif key.may_be_off:
        problem = f"It is empty, which would leave the default, {key.default}."
        yield ConfigError(where, key.name, problem, "Write off, or remove the line.")


def _of_the_platform(variable: str, value: str) -> bool:
    if variable in _BY_VARIABLE:
        return False
    linked = _DOCKER_LINK.fullmatch(variable)
    return bool(_KUBERNETES.fullmatch(variable) or (linked and (linked[2] or "://" in value)))


def _from_variable(variable: str, environ: Mapping[str, str], cwd: Path) -> Iterator[Found | ConfigError]:
    key = _BY_VARIABLE.get(variable)
    pointing = _BY_VARIABLE.get(variable.removesuffix(_FROM_FILE)) if variable.endswith(_FROM_FILE) else None
    if key is None and (pointing is None or not pointing.secret):
        yield _unknown_variable(variable)
    elif environ[variable] and key is not None:
        yield Found(key.name, environ[variable], variable)
    elif environ[variable] and pointing is not None:
        yield _from_secret_file(variable, pointing, environ, cwd)


def _from_secret_file(variable: str, key: SettingKey, environ: Mapping[str, str], cwd: Path) -> Found | ConfigError:
    if environ.get(key.variable):
        return ConfigError(variable, key.name, f"{key.variable} is set as well.", "Remove one of the two.")
    path = environ[variable]
    try:
        text = (cwd / path).read_text("utf-8-sig").strip()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        return ConfigError(variable, key.name, f"The file {path} cannot be read: {why}.", "Check path and permissions.")
    if not text:
        return ConfigError(variable, key.name, f"The file {path} is empty.", "Write the secret into it.")
    return Found(key.name, text, variable)


def _unknown_variable(variable: str) -> ConfigError:
    name = variable.removeprefix(PREFIX).lower().replace("__", ".")
    if name in GROUPS:
        return ConfigError(variable, name, "This is a group of settings.", f"Set one of {variable}__….")
    meant = _meant(variable.removeprefix(PREFIX), "__", _SHORTLY)
    return ConfigError(variable, name, "There is no such setting.", meant.replace("mean ", f"mean {PREFIX}"))


def _from_table(table: Mapping[str, Any], where: str, above: str) -> Iterator[Found | ConfigError]:
    for part, value in table.items():
        name = above + part
        if name in KEYS:
            yield from _from_line(KEYS[name], value, where)
        elif name in GROUPS and not isinstance(value, Mapping):
            yield ConfigError(where, name, "This is a group of settings.", f"Write its keys below [{name}].")
        elif isinstance(value, Mapping) and (value or name in GROUPS):
            yield from _from_table(value, where, f"{name}.")
        else:
            yield ConfigError(where, name, "There is no such setting.", _meant(name, ".", sorted(KEYS)))


def _meant(name: str, joint: str, known: Sequence[str]) -> str:
    """Return which setting may be meant: one of the same group where there is such a group, else any."""
    group, _, key = name.rpartition(joint)
    keys = [one.rpartition(joint)[2] for one in known if one.rpartition(joint)[0] == group]
    if not group or not keys:
        return did_you_mean(name, known, _ALL_KEYS)
    meant = did_you_mean(key, keys, "")
    return meant.replace("mean ", f"mean {group}{joint}") or f"Of {group} there are: {', '.join(keys)}."
