"""Checks across a survey: complete languages, a usable scale, and what a chat can show."""

import unicodedata
from collections.abc import Iterator, Mapping

from config.locale.words import topic_names
from config.surveys.schema import MOST_QUESTIONS, SurveyFile
from config.surveys.shared_checks import (
    SurveyMistake,
    label_mistakes,
    locale_mistakes,
    repeated_ids,
    scale_mistake,
    section_mistakes,
    span,
)
from config.values.strings import did_you_mean
from dialogs.interview.model import COMMENT
from dialogs.sanitize import columns
from dialogs.survey import Survey, in_locale

__all__ = ["lint", "survey_mistakes"]

_MANY_QUESTIONS = 7  # with more, fewer people finish
_MOST_REASONS = 6
_LONG_SECONDS = 120
_READ = {"zh-Hans": 10, "zh-Hant": 10, "en": 20}  # columns: 300 characters of two, 200 words a minute
_SECONDS_A_TAP = 4
_SECONDS_TO_COMMENT = 20
_REMARK = "remark"


def survey_mistakes(file: SurveyFile) -> Iterator[SurveyMistake]:
    """Yield what does not fit together in a survey's file."""
    yield from _questions(file)
    yield from locale_mistakes(file.texts())
    yield from section_mistakes(file)
    yield from _reasons(file)
    if (wrong := scale_mistake(file.scale)) is not None:
        yield wrong
        return
    own = {f"questions[{part.id}].scale": part.scale for part in file.questions}
    yield from label_mistakes(file.scale, {"scale.labels": file.scale.labels, **own})
    yield from _words(file)
    yield from _limits(file)
    if file.anonymous and file.alerts is not None:
        fix = "Take [alerts] out, or `anonymous = true`."
        yield "alerts", "Nobody is alerted to an anonymous answer, for nobody could come back to it.", fix


def lint(survey: Survey) -> list[str]:
    """Return one sentence for each thing that works but makes a survey worse."""
    return [f"{survey.id} {told}" for told in (_asks_much(survey), _takes_long(survey)) if told]


def _asks_much(survey: Survey) -> str:
    count = len(survey.questions)
    if count <= _MANY_QUESTIONS:
        return ""
    return f"asks for {count} ratings; above {_MANY_QUESTIONS} many people stop half-way. Ask fewer."


def _takes_long(survey: Survey) -> str:
    """Return what to say of a survey that takes long in the language that takes longest, tapped and with a comment."""
    texts = [text for question in survey.questions for text in (question.name, question.definition)]
    read = {locale: sum(columns(in_locale(text, locale)) for text in texts) / each for locale, each in _READ.items()}
    taps = len(survey.questions) * (2 if survey.asks_importance else 1)
    seconds = round(max(read.values()) + _SECONDS_A_TAP * taps + _SECONDS_TO_COMMENT)
    if seconds <= _LONG_SECONDS:
        return ""
    long = f"{seconds // 60} minutes and {seconds % 60} seconds"
    return f"is expected to take {long}; above 2 minutes many people stop half-way. Ask less."


def _questions(file: SurveyFile) -> Iterator[SurveyMistake]:
    if len(file.questions) > MOST_QUESTIONS:
        yield "questions", f"There are {len(file.questions)} questions.", f"Ask at most {MOST_QUESTIONS}."
    yield from repeated_ids("questions", "question", (part.id for part in file.questions))
    for name in dict.fromkeys(part.id for part in file.questions):
        if name == COMMENT or name.startswith(_REMARK):
            key = f"questions[{name}].id"
            yield key, f"{name!r} is a step of every conversation.", f"Take an id other than {COMMENT} and {_REMARK}…."


def _reasons(file: SurveyFile) -> Iterator[SurveyMistake]:
    asked = file.remark is None or file.remark.at_most
    for part in file.questions:
        key, counts = f"questions[{part.id}].reasons", {len(reasons) for reasons in part.reasons.values()}
        if counts and not asked:
            yield key, "Nobody is asked for a reason: `remark.at_most` is 0.", "Raise it, or take the reasons out."
        if len(counts) > 1:
            yield key, "There are more in one language than in another.", "Write the same reasons in each language."
        if any(count > _MOST_REASONS for count in counts):
            yield key, f"There are {max(counts)} of them.", f"Write at most {_MOST_REASONS}; the others are typed."


def _words(file: SurveyFile) -> Iterator[SurveyMistake]:
    meant = _meant(file.scale.labels)
    yield from _wrong_words(file, "words", file.words, meant)
    for part in file.questions:
        key = f"questions[{part.id}]"
        known = _meant(part.scale) if part.scale else {word: set(points) for word, points in meant.items()}
        yield from _wrong_words(file, f"{key}.words", part.words, known)
        for topic in part.topics:
            if topic not in topic_names():
                there_are = f"There are {', '.join(sorted(topic_names()))}."
                yield f"{key}.topics", f"There is no topic {topic}.", did_you_mean(topic, topic_names(), there_are)


def _meant(labels: Mapping[str, Mapping[int, str]]) -> dict[str, set[int]]:
    """Return what the words of a scale mean, in all languages together."""
    meant: dict[str, set[int]] = {}
    for words in labels.values():
        for point, label in words.items():
            meant.setdefault(_folded(label), set()).add(point)
    return meant


def _wrong_words(
    file: SurveyFile, key: str, points: Mapping[int, list[str]], meant: dict[str, set[int]]
) -> Iterator[SurveyMistake]:
    """Yield what is wrong with words of a survey or a question; `meant` are those before them, and gets these."""
    for point, words in points.items():
        if point not in file.scale.scale():
            fix = "Move its words to a point of the scale."
            yield f"{key}.{point}", f"{point} is not on the scale {span(file.scale)}.", fix
        for word in words:
            before = meant.setdefault(_folded(word), {point})
            if point not in before:
                yield f"{key}.{point}", f"{word!r} means {min(before)} already.", "Let each word mean one rating."
            if _folded(word).isdecimal():
                yield f"{key}.{point}", f"{word!r} is a number, and numbers mean themselves.", "Remove it."


def _limits(file: SurveyFile) -> Iterator[SurveyMistake]:
    if file.remark and file.remark.at_or_below not in file.scale.scale():
        yield (
            "remark.at_or_below",
            f"{file.remark.at_or_below} is not on the scale {span(file.scale)}.",
            _on_scale(file),
        )
    if file.alerts:
        for name, limit in file.alerts:
            if not file.scale.lowest <= limit <= file.scale.highest:
                yield f"alerts.{name}", f"{float(limit):g} is not on the scale {span(file.scale)}.", _on_scale(file)


def _on_scale(file: SurveyFile) -> str:
    return f"Write a number from {file.scale.lowest} to {file.scale.highest}."


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
