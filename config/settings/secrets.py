"""Every secret in the settings, for whoever must keep them out of sight."""

from collections.abc import Iterator

from pydantic import BaseModel, SecretStr

from config.settings.settings import Settings

__all__ = ["secrets_of"]


def secrets_of(settings: Settings) -> Iterator[str]:
    """Return the plain text of every secret; of the database only its password is one, and its shape tells it."""
    for name in type(settings).model_fields:
        if name != "database":
            yield from _secrets(getattr(settings, name))


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _secrets(item)
