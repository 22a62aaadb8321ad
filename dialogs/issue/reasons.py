"""An issue's reasons, which are written for machines (`response_speed 2 ≤ 2`), in a reader's words."""

import re
from collections.abc import Mapping

from dialogs.phrases import Phrases
from dialogs.sanitize import defanged

__all__ = ["reason_in_words"]

_RATING = re.compile(r"(?P<question>\S+) (?P<value>-?\d+) ≤ (?P<limit>\S+)")
_MEAN = re.compile(r"mean (?P<value>\S+) < (?P<limit>\S+)")
_WORD = re.compile(r"word (?P<word>.+)", re.DOTALL)
_UNSENT = re.compile(r"(?P<what>closure|invitation) (?P<why>\S+)")
_WHY = ("window_closed", "blocked", "no_contact", "expired")
_LONGEST = 100


def reason_in_words(reason: str, names: Mapping[str, str], phrases: Phrases, locale: str) -> str:
    """Say a reason of `scoring.rules.assess` or of a handler; `names` are questions by id. Others stand as written."""
    if found := _RATING.fullmatch(reason):
        name = names.get(found["question"]) or defanged(found["question"], _LONGEST)
        return phrases.say(locale, "reason.rating", question=name, value=found["value"], limit=found["limit"])
    if found := _MEAN.fullmatch(reason):
        return phrases.say(locale, "reason.mean", value=found["value"], limit=found["limit"])
    if found := _WORD.fullmatch(reason):
        return phrases.say(locale, "reason.word", word=defanged(found["word"], _LONGEST))
    if found := _UNSENT.fullmatch(reason):
        return phrases.say(locale, f"reason.{found['what']}", why=_why(found["why"], phrases, locale))
    if reason == "not_understood":
        return phrases.say(locale, "reason.not_understood")
    return _why(reason, phrases, locale)


def _why(why: str, phrases: Phrases, locale: str) -> str:
    return phrases.say(locale, f"why.{why}") if why in _WHY else defanged(why, _LONGEST)
