"""The product's Chinese, so that a journey stands when a sentence is put better."""

from config.locale.phrases import load_phrases
from config.surveys.load import read_surveys
from dialogs.survey import in_locale

__all__ = ["asked", "said", "step"]

_LOCALE = "zh-Hans"
_PHRASES = load_phrases()
_QUESTIONS = read_surveys()["after_service"].questions


def said(key: str, **values: object) -> str:
    """Return a sentence of the product by its key in phrases/zh-Hans.toml."""
    return _PHRASES.say(_LOCALE, key, **values)


def step(place: int) -> str:
    """Return the line that asks question number `place` of `after_service`."""
    return said("ask.question", number=place, count=len(_QUESTIONS), question=_name(place))


def asked(key: str, place: int, value: int) -> str:
    """Return the sentence that asks for a remark (`ask.why` …) to a rating."""
    return said(key, question=_name(place), value=value)


def _name(place: int) -> str:
    return in_locale(_QUESTIONS[place - 1].name, _LOCALE)
