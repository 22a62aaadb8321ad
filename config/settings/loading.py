"""Loads the settings: environment over `huifang.toml` over defaults; all mistakes are reported at once."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from config.errors import ConfigError, ConfigErrors
from config.pydantic_errors import explain_errors
from config.settings.consistency import conflicts
from config.settings.settings import Settings
from config.settings.sources import CONFIG, Found, from_environment, from_file
from config.values.key_scopes import bare_key

__all__ = ["load_settings", "secrets_of"]

_NAME = "huifang.toml"
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (what is listened on, told as an address to call)


def load_settings(environ: Mapping[str, str], config: Path | None = None, cwd: Path = Path()) -> Settings:
    """Read all settings; `config` is what `--config` named, relative paths start at `cwd`.

    Raises ConfigErrors with every unknown or wrong setting. No secret is in their texts.
    """
    written = [*_file(environ, config, cwd), *from_environment(environ, cwd)]
    found = {item.key: item for item in written if isinstance(item, Found)}  # later ones win: the environment
    mistakes = [item for item in written if isinstance(item, ConfigError)]
    try:
        settings = Settings.model_validate(_nested(found), context={key: item.where for key, item in found.items()})
    except ValidationError as error:
        raise ConfigErrors([*mistakes, *_wrong(error, found)]) from None
    settings = _completed(settings, cwd)
    if mistakes := [*mistakes, *conflicts(settings)]:
        raise ConfigErrors(mistakes)
    return settings


def secrets_of(settings: Settings) -> Iterator[str]:
    """Yield the plain text of every secret but the database's password, which is read with its address."""
    for name in type(settings).model_fields:
        if name != "database":
            yield from _secrets(getattr(settings, name))


def _file(environ: Mapping[str, str], config: Path | None, cwd: Path) -> Iterable[Found | ConfigError]:
    named = str(config or environ.get(CONFIG, ""))
    if named:
        return from_file(cwd / named, named)
    return from_file(cwd / _NAME, _NAME) if (cwd / _NAME).exists() else ()


def _nested(found: Mapping[str, Found]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, item in found.items():
        *groups, last = key.split(".")
        branch = tree
        for group in groups:
            branch = branch.setdefault(group, {})
        branch[last] = item.value
    return tree


def _wrong(error: ValidationError, found: Mapping[str, Found]) -> Iterable[ConfigError]:
    for place, problem, fix in explain_errors(error, Settings):
        key = ".".join(map(str, place))
        yield ConfigError(found[key].where, key, problem, fix)


def _completed(settings: Settings, cwd: Path) -> Settings:
    """Fill in what follows from other settings: the address from host and port, the folder from `cwd`."""
    http = settings.http
    if settings.where("http.public_url") == "default":
        host = _EVERYWHERE.get(http.host, f"[{http.host}]" if ":" in http.host else http.host)
        http = http.model_copy(update={"public_url": f"http://{host}:{http.port}"})
    files = settings.files.model_copy(update={"directory": cwd / settings.files.directory})
    return settings.model_copy(update={"http": http, "files": files})


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
        yield bare_key(value.get_secret_value())
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _secrets(item)
