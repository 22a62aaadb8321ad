"""The words of an interview's message: greeting, ratings so far, the question, thanks."""

from fractions import Fraction
from typing import assert_never

from dialogs.interview.events import Hint
from dialogs.interview.model import Interview, InterviewState
from dialogs.phrases import Phrases
from dialogs.sanitize import one_line
from dialogs.survey import Question, Survey, in_locale
from scoring.scale import Scale
from scoring.values import Value

__all__ = ["Greeting", "View"]

_STARRED = 5  # scales from 1 up to here are drawn as stars
_WORDED = 5  # a scale with more words than this shows only its ends
_LISTED = 12  # ratings shown in a message; of a longer survey the latest
_MIDDLE = Fraction(1, 2)  # of the way up a scale; below it something went wrong
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
                return self._hint(), self._opening(), self._notice(), self._question(), self._way_out()
            case InterviewState.RATING:
                return self._hint(), self._ratings(), self._question()
            case InterviewState.REMARKING:
                return self._hint(), self._ratings(), self._why()
            case InterviewState.COMMENTING:
                return self._hint(), self._ratings(), self._say("ask.comment")
            case InterviewState.COMPLETED:
                ratings = "" if self.survey.anonymous else self._ratings()
                return self._to_whom("done.thanks"), ratings, self._promise(), self._say("done.contact")
            case InterviewState.DECLINED | InterviewState.EXPIRED | InterviewState.WITHDRAWN as over:
                return (self._closing(over),)
            case never:
                assert_never(never)

    def _say(self, key: str, **values: object) -> str:
        return self.phrases.say(self.locale, key, **values)

    def _opening(self) -> str:
        manner = "remind" if self.hint is Hint.REMINDER else "invite"
        length = self._say(f"{manner}.length", count=len(self.survey.questions))
        return f"{self._to_whom(f'{manner}.hello')}\n{self._about(manner)}\n{length}"

    def _way_out(self) -> str:
        """Return how to stop such asks, of which feedback is none."""
        return "" if self.greeting.is_feedback else self._say("invite.stop")

    def why(self) -> tuple[str, ...]:
        """Return who asks and what for, and, where it is so, that nobody will know who answered."""
        company = one_line(self.greeting.company, _LONGEST_NAME)
        key = "privacy.anonymous_why" if self.survey.anonymous else "privacy.why"
        why = self._say(f"{key}_company", company=company) if company else self._say(key)
        return (why, self._say("privacy.anonymous")) if self.survey.anonymous else (why,)

    def _notice(self) -> str:
        """Return the privacy notice for the first message, with the link to all of it; empty for later ones."""
        if self.hint is Hint.REMINDER or not self.greeting.policy:
            return ""
        why, *more = self.why()
        return "\n".join((self._say("privacy.line", why=why, url=self.greeting.policy), *more))

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
        first = self._say("ask.question", number=number, count=count, question=self._name(question))
        lines = (first, in_locale(question.definition, self.locale), self._legend())
        return "\n".join(line for line in lines if line)

    def _legend(self) -> str:
        scale, words = self.survey.scale, self.survey.scale.labels.get(self.locale, {})
        shown = [value for value in scale.values if value in words]
        if not shown:
            return self._say("ask.ends", lowest=scale.lowest, highest=scale.highest)
        ends = shown if len(shown) <= _WORDED else [shown[0], shown[-1]]
        return " · ".join(f"{value} {words[value]}" for value in ends)

    def _hint(self) -> str:
        if self.hint is Hint.PASSED_ON:
            return self._say("hint.passed_on")
        if self.hint is not Hint.EXAMPLE:
            return ""
        if self.interview.state in (InterviewState.REMARKING, InterviewState.COMMENTING):
            return self._say("hint.example_text")
        scale = self.survey.scale
        middle = (scale.lowest + scale.highest) // 2
        return self._say("hint.example_rating", lowest=scale.lowest, highest=scale.highest, example=middle)

    def _why(self) -> str:
        question = self.survey.question(self.interview.at)
        value = self.interview.ratings[question.id]
        key = "ask.why" if self.survey.scale.position(value) < _MIDDLE else "ask.better"
        key = key if value <= self.survey.remark.at_or_below else "ask.remark"
        return self._say(key, question=self._name(question), value=value)

    def _promise(self) -> str:
        """Return the thanks; after a low rating also what happens next, or that nothing can, where it is anonymous."""
        if self.survey.anonymous:
            return self._say("privacy.anonymous_done")
        return self._say("done.sorry" if self.interview.assessed else "done.read")

    def _ratings(self) -> str:
        scale = self.survey.scale
        lines = [
            f"{self._name(self.survey.question(answer.question))} {_drawn(answer.value, scale)}"
            for answer in self.interview.answers
        ]
        return "\n".join(lines[-_LISTED:])

    def _closing(self, over: InterviewState) -> str:
        partial = over is InterviewState.EXPIRED and bool(self.interview.answers) and not self.survey.anonymous
        return self._say("done.partial" if partial else f"done.{over.value}")

    def _name(self, question: Question) -> str:
        return in_locale(question.name, self.locale)


def _drawn(value: int, scale: Scale) -> str:
    if scale.lowest == 1 and scale.highest <= _STARRED:
        return "★" * value + "☆" * (scale.highest - value)
    return f"{value}/{scale.highest}"
