"""Bodies read into values; what is wrong with them is answered as a problem."""

from http import HTTPStatus
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.http.problems import Problem, Wrong
from bot.http.strict import BadJson, read_json
from bot.http.wording import field_of, in_words

__all__ = ["json_of", "model_of"]

M = TypeVar("M", bound=BaseModel)


def json_of(raw: bytes, status: int = HTTPStatus.UNPROCESSABLE_ENTITY) -> Any:  # noqa: ANN401 (JSON is anything)
    """Read JSON; raises Problem with `status` for what is none."""
    try:
        return read_json(raw)
    except BadJson as bad:
        raise Problem(status, "The body cannot be read.", [bad.wrong]) from None


def model_of(model: type[M], value: object) -> M:
    """Read a value into a model; raises Problem with every field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors = [Wrong(field_of(one["loc"]) or "body", in_words(one)) for one in error.errors()]
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The body holds wrong fields.", errors) from None
