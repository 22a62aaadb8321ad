"""The list of settings, taken from their models: names, environment variables, defaults, meanings."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from config.settings.settings import Settings

__all__ = ["GROUPS", "KEYS", "PREFIX", "SettingKey"]

PREFIX = "HUIFANG_"


@dataclass(frozen=True, slots=True)
class SettingKey:
    """One setting: `survey.delay`, its default as an owner would write it, its meaning, whether it is secret."""

    name: str
    default: object
    meaning: str
    secret: bool
    kind: Any

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return PREFIX + self.name.upper().replace(".", "__")

    @property
    def may_be_off(self) -> bool:
        """Whether `off` is a value of it: then an empty text may be meant so, and is not taken for the default."""
        try:
            return TypeAdapter(self.kind).validate_python("off") is None
        except ValidationError:
            return False


def _walk(model: type[BaseModel], above: str = "") -> Iterator[SettingKey | str]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield above + name
            yield from _walk(kind, f"{above}{name}.")
        else:
            yield _key(above + name, field)


def _key(name: str, field: FieldInfo) -> SettingKey:
    return SettingKey(name, field.default, field.description or "", _is_secret(field.annotation), _kind(field))


def _kind(field: FieldInfo) -> Any:  # noqa: ANN401 (a type)
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _is_secret(kind: object) -> bool:
    return kind is SecretStr or any(map(_is_secret, get_args(kind)))


_ALL = tuple(_walk(Settings))

KEYS = {key.name: key for key in _ALL if isinstance(key, SettingKey)}
"""Every setting by its name, in the order of the documents."""

GROUPS = tuple(name for name in _ALL if isinstance(name, str))
"""The names that only hold settings: `survey`, `hooks.zendesk`."""
