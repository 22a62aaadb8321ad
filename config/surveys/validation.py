"""Checks across a survey: complete languages, a usable scale, and what a chat can show."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

from config.locale.words import topic_names
from config.surveys.schema import MOST_QUESTIONS, SurveyFile
from config.values.strings import did_you_mean
from config.values.urls_and_zones import LOCALES
from dialogs.interview.model import COMMENT
from dialogs.survey import Survey

__all__ = ["SurveyMistake", "lint", "survey_mistakes"]

SurveyMistake = tuple[str, str, str]
"""The key, what is wrong, the fix."""

_FEWEST_POINTS = 3  # two points would tell only satisfied from not satisfied
_MOST_POINTS = 11  # 0-10
_MANY_QUESTIONS = 7  # with more, fewer people finish
_ONE_OF_THESE = ("zh-Hans", "en")
_REMARK = "remark"


def survey_mistakes(file: SurveyFile) -> Iterator[SurveyMistake]:
    """Yield what does not fit together in a survey's file."""
    yield from _questions(file)
    yield from _locales(file)
    if (wrong := _scale(file)) is not None:
        yield wrong
        return
    yield from _labels(file)
    yield from _words(file)
    yield from _limits(file)
    if file.anonymous and file.alerts is not None:
        fix = "Take [alerts] out, or `anonymous = true`."
        yield "alerts", "Nobody is alerted to an anonymous answer, for nobody could come back to it.", fix


def lint(survey: Survey) -> list[str]:
    """Yield one sentence for each thing that works but makes a survey worse."""
    count = len(survey.questions)
    if count <= _MANY_QUESTIONS:
        return []
    return [f"{survey.id} asks for {count} ratings; above {_MANY_QUESTIONS} many people stop half-way. Ask fewer."]


def _questions(file: SurveyFile) -> Iterator[SurveyMistake]:
    if len(file.questions) > MOST_QUESTIONS:
        yield "questions", f"There are {len(file.questions)} questions.", f"Ask at most {MOST_QUESTIONS}."
    for name, times in Counter(part.id for part in file.questions).items():
        if times > 1:
            yield "questions", f"The id {name!r} is used {times} times.", "Give each question its own id."
        if name == COMMENT or name.startswith(_REMARK):
            key = f"questions[{name}].id"
            yield key, f"{name!r} is a step of every conversation.", f"Take an id other than {COMMENT} and {_REMARK}…."


def _locales(file: SurveyFile) -> Iterator[SurveyMistake]:
    used = [locale for locale in LOCALES if any(locale in texts for texts in file.texts().values())]
    if not any(locale in used for locale in _ONE_OF_THESE):
        yield (
            "title",
            "It speaks neither Simplified Chinese nor English.",
            f"Write it in {' or '.join(_ONE_OF_THESE)}, too.",
        )
    for key, texts in file.texts().items():
        missing = [locale for locale in used if locale not in texts]
        if missing:
            yield key, f"It is not written in {', '.join(missing)}.", "Write every text in the same languages."


def _scale(file: SurveyFile) -> SurveyMistake | None:
    lowest, highest = file.scale.lowest, file.scale.highest
    if lowest >= highest:
        return "scale", f"It runs from {lowest} to {highest}.", "Make lowest smaller than highest, such as 1 and 5."
    points = highest - lowest + 1
    if points < _FEWEST_POINTS:
        return "scale", "Two points only say yes or no.", "Use at least three, such as 1 to 5."
    if points > _MOST_POINTS:
        return "scale", f"It has {points} points.", f"Use at most {_MOST_POINTS}, such as 0 to 10."
    return None


def _labels(file: SurveyFile) -> Iterator[SurveyMistake]:
    scale = file.scale.scale()
    every = sorted({point for labels in file.scale.labels.values() for point in labels})
    for locale, labels in file.scale.labels.items():
        key = f"scale.labels.{locale}"
        for point in labels:
            if point not in scale:
                yield f"{key}.{point}", f"{point} is not on the scale {_span(file)}.", "Remove it."
        missing = [str(point) for point in every if point not in labels]
        if missing:
            yield key, f"{', '.join(missing)} has no word here.", "Name the same points in each language."


def _words(file: SurveyFile) -> Iterator[SurveyMistake]:
    meant: dict[str, set[int]] = {}
    for labels in file.scale.labels.values():
        for point, label in labels.items():
            meant.setdefault(_folded(label), set()).add(point)
    yield from _wrong_words(file, "words", file.words, meant)
    for part in file.questions:
        key, known = f"questions[{part.id}]", {word: set(points) for word, points in meant.items()}
        yield from _wrong_words(file, f"{key}.words", part.words, known)
        for topic in part.topics:
            if topic not in topic_names():
                there_are = f"There are {', '.join(sorted(topic_names()))}."
                yield f"{key}.topics", f"There is no topic {topic}.", did_you_mean(topic, topic_names(), there_are)


def _wrong_words(
    file: SurveyFile, key: str, points: Mapping[int, list[str]], meant: dict[str, set[int]]
) -> Iterator[SurveyMistake]:
    """Yield what is wrong with words of a survey or a question; `meant` are those before them, and gets these."""
    for point, words in points.items():
        if point not in file.scale.scale():
            fix = "Move its words to a point of the scale."
            yield f"{key}.{point}", f"{point} is not on the scale {_span(file)}.", fix
        for word in words:
            before = meant.setdefault(_folded(word), {point})
            if point not in before:
                yield f"{key}.{point}", f"{word!r} means {min(before)} already.", "Let each word mean one rating."
            if _folded(word).isdecimal():
                yield f"{key}.{point}", f"{word!r} is a number, and numbers mean themselves.", "Remove it."


def _limits(file: SurveyFile) -> Iterator[SurveyMistake]:
    if file.remark and file.remark.at_or_below not in file.scale.scale():
        yield "remark.at_or_below", f"{file.remark.at_or_below} is not on the scale {_span(file)}.", _on_scale(file)
    if file.alerts:
        for name, limit in file.alerts:
            if not file.scale.lowest <= limit <= file.scale.highest:
                yield f"alerts.{name}", f"{float(limit):g} is not on the scale {_span(file)}.", _on_scale(file)


def _span(file: SurveyFile) -> str:
    return f"{file.scale.lowest}-{file.scale.highest}"


def _on_scale(file: SurveyFile) -> str:
    return f"Write a number from {file.scale.lowest} to {file.scale.highest}."


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
