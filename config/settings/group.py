"""Settings that share the first part of their key, and what each such group can tell of its mistakes."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from config.errors import ConfigError

__all__ = ["AllSettings", "Group", "is_loopback", "loopback_links", "mistake", "setting"]


class AllSettings(Protocol):
    """What a group may ask about the settings outside of it."""

    @property
    def public_url(self) -> str:
        """Return the address by which others reach this service."""

    def where(self, *keys: str) -> str:
        """Return where the first of these keys that the owner wrote stands: a file, a variable, or "default"."""


def setting(default: object, meaning: str) -> Any:  # noqa: ANN401 (pydantic reads the default like any text)
    """Return the field of a setting: its default as an owner writes it, and its meaning."""
    return Field(default=default, description=meaning)


class Group(BaseModel):
    """Settings that share the first part of their key; each value alone is right when a method is called."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)

    def conflicts(self, settings: AllSettings) -> Iterator[ConfigError]:  # noqa: ARG002 (for groups that have some)
        """Yield what keeps these settings from working together."""
        yield from ()

    def advice(self, settings: AllSettings) -> Iterator[ConfigError]:  # noqa: ARG002 (as above)
        """Yield a warning for each setting that works but should be changed."""
        yield from ()


def mistake(settings: AllSettings, key: str, problem: str, fix: str, *others: str) -> ConfigError:
    """Return a mistake in `key`, found where that or the first of `others` is written."""
    return ConfigError(settings.where(key, *others), key, problem, fix)


def loopback_links(settings: AllSettings, reader: str, *keys: str) -> Iterator[ConfigError]:
    """Yield a warning where `http.public_url`, with which links in messages begin, leads to the reader's own machine.

    `keys` are the settings that have messages sent to this reader.
    """
    if is_loopback(urlsplit(settings.public_url).hostname or ""):
        problem = f"{reader} cannot reach {settings.public_url}."
        yield mistake(settings, "http.public_url", problem, "Write the https address of this machine.", *keys)


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this machine's own."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
