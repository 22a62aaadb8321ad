"""The words that a survey itself gives to ratings: the labels of its scale, its own words, and those of a question."""

from collections.abc import Mapping

from dialogs.survey import Question
from dialogs.understanding.lexicon import Kinds, Lexicon
from dialogs.understanding.model import AskedQuestion
from scoring.values import Value, field

__all__ = ["SurveyWords", "words_at_question"]

_TOPIC, _ADJECTIVE, _ABOUT = "topic.", "adjective.", "about."
_EVERYTHING = "overall"


class SurveyWords(Value):
    """What counts at one question: folded words with the ratings that they are `stated` to mean, and its topics."""

    stated: Mapping[str, int] = field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def kinds(self, kinds: Kinds) -> Kinds:
        """Return the lists of a word as they count here: what its topic says goes before what it says elsewhere.

        A word of other topics only is `other`: it goes along with one that counts here.
        """
        found = kinds | self._about(kinds)
        topics = [name.split(".") for name in kinds if name.startswith(_TOPIC)]
        own = [level for _, topic, level in topics if topic in self.topics]
        if own:
            return frozenset({f"{_ADJECTIVE}{own[0]}", *(name for name in found if not name.startswith(_ADJECTIVE))})
        if any(name.startswith(_ADJECTIVE) for name in kinds):
            return found
        return found | {f"other.{level}" for _, _, level in topics}

    def _about(self, kinds: Kinds) -> Kinds:
        """Return whether a word names the side of the service that is asked about, or another one."""
        sides = {name.removeprefix(_ABOUT) for name in kinds if name.startswith(_ABOUT)}
        if not sides or not self.topics or _EVERYTHING in self.topics:
            return frozenset()
        return frozenset({"about.own" if sides.intersection(self.topics) else "about.other"})


def words_at_question(asked: AskedQuestion, lexicon: Lexicon) -> SurveyWords:
    """Return the words of a question.

    Its own count before the labels in the customer's language, these before the survey's words, these before the labels
    of other languages; a label that means several ratings in these means none.
    """
    survey = asked.survey
    question = next((one for one in survey.questions if one.id == asked.question), Question("", {}, {}))
    meanings: dict[str, set[int]] = {}
    labels = question.labels or survey.scale.labels
    for every in labels.values():
        for value, label in every.items():
            meanings.setdefault(lexicon.folded_word(label), set()).add(value)
    agreed = {word: values.copy().pop() for word, values in meanings.items() if len(values) == 1}
    own = {lexicon.folded_word(label): value for value, label in labels.get(asked.locale, {}).items()}
    stated = {**agreed, **_folded(survey.words, lexicon), **own, **_folded(question.words, lexicon)}
    stated.pop("", None)
    return SurveyWords(stated, question.topics)


def _folded(words: Mapping[str, int], lexicon: Lexicon) -> dict[str, int]:
    return {lexicon.folded_word(word): value for word, value in words.items()}
