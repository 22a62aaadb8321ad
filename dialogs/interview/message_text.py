"""The words of an interview's message: greeting, ratings so far, the question, thanks."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import assert_never

from dialogs.interview.buttons import in_doubt
from dialogs.interview.contradiction import is_raised, open_doubts
from dialogs.interview.events import Hint
from dialogs.interview.model import Answer, Interview, InterviewState, asks_importance
from dialogs.messages import Link
from dialogs.phrases import Phrases
from dialogs.sanitize import columns, one_line
from dialogs.survey import Question, Survey, in_locale
from scoring.scale import Scale
from scoring.values import Value

__all__ = ["Greeting", "View"]

_STARRED = 5  # scales from 1 up to here are drawn as stars
_LINE = 42  # columns of one line on a phone, where a Chinese character is two; a longer scale shows only its ends
_ENDS = 2
_WITHIN_A_MINUTE = 7  # taps that a person makes in about a minute, with what is to be read
_LISTED = 12  # ratings shown in a message; of a longer survey the latest
_MIDDLE = Fraction(1, 2)  # of the way up a scale; below it something went wrong
_LEFT = (Hint.ENDED, Hint.ENDED_WITH_TEAM)
_WITH_OPENING = (Hint.NONE, Hint.REMINDER)
_EXPLAINING: Mapping[Hint, str] = {
    Hint.EXAMPLE: "hint.example_rating",
    Hint.OFF_SCALE: "hint.off_scale",
    Hint.CONTRARY: "hint.contrary",
    Hint.WORDLESS: "hint.wordless_rating",
    Hint.SMALL_TALK: "hint.small_talk",
    Hint.STORY: "hint.story",
    Hint.SAD_STORY: "hint.sad_story",
}
_EXAMPLES: Mapping[InterviewState, str] = {
    InterviewState.REMARKING: "example_text",
    InterviewState.COMMENTING: "example_text",
    InterviewState.WEIGHING: "{said}_importance",
    InterviewState.CLARIFYING: "{said}_clarify",
}
"""What explains a step at which nothing is rated."""
_LONGEST_NAME = 40
_LONGEST_SUBJECT = 60


class Greeting(Value):
    """Whom and what the first message is about; empty where the help desk did not say.

    `company` asks, and `policy` is the address at which it says what becomes of the answers. `is_feedback`: nobody
    asked, the customer wished to say something.
    """

    name: str = ""
    subject: str = ""
    agent: str = ""
    company: str = ""
    policy: str = ""
    is_feedback: bool = False


class View(Value):
    """The paragraphs of an interview's message."""

    interview: Interview
    survey: Survey
    phrases: Phrases
    locale: str
    greeting: Greeting
    hint: Hint

    def paragraphs(self) -> tuple[str, ...]:
        """Return the paragraphs; some may be empty."""
        match self.interview.state:
            case InterviewState.INVITED:
                return self._first()
            case InterviewState.RATING:
                return self._hint(), self._ratings(), self._question()
            case InterviewState.REMARKING | InterviewState.WEIGHING as state:
                asked = self._why() if state is InterviewState.REMARKING else self._importance()
                return self._hint(), self._ratings(), asked
            case InterviewState.COMMENTING | InterviewState.CLARIFYING as state:
                asked_last = self._last() if state is InterviewState.COMMENTING else (self._which(),)
                return self._hint(), self._ratings(), *asked_last
            case InterviewState.COMPLETED:
                ratings = "" if self.survey.anonymous else self._ratings()
                return self._to_whom("done.thanks"), ratings, self._promise(), self._say("done.contact")
            case InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN as over:
                return (self._closing(over),)
            case never:
                assert_never(never)

    def summary(self) -> str:
        """Return the ratings so far; before the first, who asks and what about.

        Those that one text gave at once stand in the message below, where they can be taken back.
        """
        shown = self.interview.undo[0].answers if self.interview.undo else self.interview.answers
        return self._ratings(shown) or self._occasion()

    def _say(self, key: str, **values: object) -> str:
        return self.phrases.say(self.locale, key, **values)

    def _first(self) -> tuple[str, ...]:
        """Return the first message, or, below it, an answer to what was typed and its question once more."""
        if self._has_opening():
            return self._hint(), self._opening(), self._anonymous(), self._question(), self._foot()
        return self._hint(), self._question()

    def _has_opening(self) -> bool:
        """Return whether the opening is shown: an answer to words stands below it, but for the anonymous surveys'."""
        is_first = self.hint in _WITH_OPENING or self.survey.anonymous
        return is_first and self.interview.state is InterviewState.INVITED

    def _opening(self) -> str:
        return f"{self._occasion()}\n{self._length()}"

    def _occasion(self) -> str:
        hello, about = self.opening()
        company = one_line(self.greeting.company, _LONGEST_NAME)
        named = self._say("invite.opening_company", hello=hello, company=company, about=about) if company else ""
        return named or self._say("invite.opening", hello=hello, about=about)

    def opening(self) -> tuple[str, str]:
        """Return the greeting, and what the survey is about."""
        manner = "remind" if self.hint is Hint.REMINDER else "invite"
        return self._to_whom(f"{manner}.hello"), self._about(manner)

    def _length(self) -> str:
        """Return how much is asked; a survey that takes longer than a minute does not promise one."""
        if self.greeting.is_feedback:
            return self._say("feedback.length")
        count = len(self.survey.questions)
        if self.hint is Hint.REMINDER:
            return self._say("remind.length", count=count)
        taps = 2 * count if asks_importance(self.interview, self.survey) else count
        return self._say("invite.length" if taps <= _WITHIN_A_MINUTE else "invite.length_long", count=count)

    def why(self) -> tuple[str, ...]:
        """Return who asks and what for, and, where it is so, that nobody will know who answered."""
        company = one_line(self.greeting.company, _LONGEST_NAME)
        key = "privacy.anonymous_why" if self.survey.anonymous else "privacy.why"
        why = self._say(f"{key}_company", company=company) if company else self._say(key)
        return (why, self._say("privacy.anonymous")) if self.survey.anonymous else (why,)

    def notice(self) -> Link | None:
        """Return the link to the privacy notice, which the first message has and later ones have not."""
        shown = self._has_opening() and self.hint is not Hint.REMINDER
        if not shown or not self.greeting.policy:
            return None
        return Link(self._say("privacy.link"), self.greeting.policy)

    def _anonymous(self) -> str:
        return self._say("privacy.anonymous") if self.survey.anonymous and self.notice() else ""

    def _foot(self) -> str:
        """Return the line under the question: the privacy notice, and how to stop asks, of which feedback is none."""
        notice = self.notice()
        stop = "" if self.greeting.is_feedback else self._say("invite.stop")
        return " · ".join(part for part in (notice.label if notice else "", stop) if part)

    def _to_whom(self, key: str) -> str:
        name = one_line(self.greeting.name, _LONGEST_NAME)
        return self._say(f"{key}_name", name=name) if name else self._say(key)

    def _about(self, manner: str) -> str:
        if self.greeting.is_feedback:
            return self._say("feedback.about")
        subject = one_line(self.greeting.subject, _LONGEST_SUBJECT)
        agent = one_line(self.greeting.agent, _LONGEST_NAME)
        if subject and agent:
            return self._say(f"{manner}.about_both", subject=subject, agent=agent)
        if subject:
            return self._say(f"{manner}.about_subject", subject=subject)
        return self._say(f"{manner}.about_agent", agent=agent) if agent else self._say(f"{manner}.about")

    def _question(self) -> str:
        question = self.survey.question(self.interview.at)
        number, count = self.survey.place(question.id) + 1, len(self.survey.questions)
        name = self._name(question)
        asked = self._say("ask.question", number=number, count=count, question=name) if count > 1 else name
        definition = in_locale(question.definition, self.locale)
        first = self._say("ask.defined", question=asked, definition=definition) if definition else asked
        return f"{first}\n{self._legend()}"

    def _legend(self) -> str:
        scale = self.survey.scale_of(self.interview.at)
        words = scale.labels.get(self.locale, {})
        shown = [value for value in scale.values if value in words]
        if not shown:
            return self._say("ask.ends", lowest=scale.lowest, highest=scale.highest)
        points = [f"{value} {words[value]}" for value in shown]
        legend = " · ".join(points)
        is_ends_only = len(points) == _ENDS < len(scale.values)
        return f"{points[0]} … {points[-1]}" if is_ends_only or columns(legend) > _LINE else legend

    def _hint(self) -> str:
        """Return what is said above the question: an answer to words that are none to it."""
        if self.hint in (Hint.NONE, Hint.REMINDER, *_LEFT):
            return ""
        if self.hint is Hint.WHO:
            return self.who()
        if self.hint not in _EXPLAINING:
            return self._say(f"hint.{self.hint.value}")
        if self.interview.state in _EXAMPLES:
            said = "wordless" if self.hint is Hint.WORDLESS else "example"
            key = _EXAMPLES[self.interview.state].format(said=said)
            return self._say(f"hint.{key}", **in_doubt(self.interview))
        scale = self.survey.scale
        middle = (scale.lowest + scale.highest) // 2
        return self._say(_EXPLAINING[self.hint], lowest=scale.lowest, highest=scale.highest, example=middle)

    def who(self) -> str:
        """Return one sentence of who asks and why."""
        company, about = one_line(self.greeting.company, _LONGEST_NAME), self._about("invite")
        return (
            self._say("hint.who_company", company=company, about=about)
            if company
            else self._say("hint.who", about=about)
        )

    def _last(self) -> tuple[str, ...]:
        """Return the open question, which depends on what one text has said about all questions."""
        if not self.interview.undo:
            return (self._say("ask.comment"),)
        lowest = max(self.interview.ratings.values())
        is_low = self.survey.scale.position(lowest) < _MIDDLE and not self.survey.anonymous
        key = "ask.more" if self.interview.comment else "ask.why_all" if is_low else "ask.comment"
        text = one_line(self.interview.comment or "", _LONGEST_SUBJECT)
        asked = self._say(key, text=text) if self.interview.comment else self._say(key)
        return self._say("ask.all_rated"), asked

    def _why(self) -> str:
        question = self.survey.question(self.interview.at)
        value = self.interview.ratings[question.id]
        key = "ask.why" if self.survey.scale.position(value) < _MIDDLE else "ask.better"
        key = key if value <= self.survey.remark.at_or_below else "ask.remark"
        return self._say(key, question=self._name(question), value=value)

    def _importance(self) -> str:
        return self._say("ask.importance", question=self._name(self.survey.question(self.interview.at)))

    def _which(self) -> str:
        """Return the question which rating is meant; it names what was rated where only one of several is in doubt."""
        doubted, said = [answer for answer, _ in open_doubts(self.interview)], in_doubt(self.interview)
        if len(doubted) == 1 < len(self.interview.answers):
            name = self._name(self.survey.question(doubted[0].question))
            return self._say("ask.which_of", question=name, **said)
        return self._say("ask.which", **said)

    def _promise(self) -> str:
        """Return the thanks; after a low rating also what happens next, or that nothing can, where it is anonymous."""
        if self.survey.anonymous:
            return self._say("privacy.anonymous_done")
        if self.hint is Hint.NONE and is_raised(self.interview):
            return self._say("done.corrected")
        if self.hint is Hint.SORRY:
            return self._say("hint.sorry")
        if self.hint is Hint.WITH_TEAM:
            return self._say("done.with_team")
        return self._say("done.sorry" if self.interview.assessed else "done.read")

    def _ratings(self, answers: Sequence[Answer] | None = None) -> str:
        scale, shown = self.survey.scale, self.interview.answers if answers is None else answers
        lines = [
            f"{self._name(self.survey.question(answer.question))} {_drawn(answer.value, scale)}" for answer in shown
        ]
        return "\n".join(lines[-_LISTED:])

    def _closing(self, over: InterviewState) -> str:
        if self.hint in _LEFT:
            return self._say(f"done.{self.hint.value}")
        partial = over is InterviewState.EXPIRED and bool(self.interview.answers) and not self.survey.anonymous
        return self._say("done.partial" if partial else f"done.{over.value}")

    def _name(self, question: Question) -> str:
        return in_locale(question.name, self.locale)


def _drawn(value: int, scale: Scale) -> str:
    if scale.lowest == 1 and scale.highest <= _STARRED:
        return "★" * value + "☆" * (scale.highest - value)
    return f"{value}/{scale.highest}"
