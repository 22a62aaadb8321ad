"""`huifang survey try`: answer a survey in the terminal, by the same state machine and parser as in a chat."""

from collections.abc import Callable, Generator
from functools import partial

from bot.process.system import SystemClock
from dialogs.interview.events import Shown
from dialogs.interview.machine import INTERVIEW
from dialogs.interview.message_text import Greeting
from dialogs.interview.messages import show
from dialogs.interview.model import OPEN, Interview, InterviewTerms
from dialogs.interview.understand import understand
from dialogs.messages import Prompt
from dialogs.phrases import Phrases
from dialogs.survey import Survey, in_locale
from dialogs.understanding.lexicon import Lexicon
from dialogs.understanding.read import strong_side
from scoring.forms.sheet import rounded, told_score
from scoring.rules import AlertRule, assess

__all__ = ["try_survey"]


def try_survey(
    survey: Survey, phrases: Phrases, lexicon: Lexicon, rule: AlertRule, say: Callable[[str], object]
) -> Generator[None, str, None]:
    """Yield while the survey waits for a typed line, which comes by `.send(text)`.

    Prints the questions, then the answers and what would have opened an issue.
    """
    clock = SystemClock()
    interview = _begun(survey, phrases, clock)
    talk = InterviewTerms(survey, clock.now(), partial(strong_side, lexicon=lexicon))
    greeting = Greeting(name="", subject="", agent="")
    say(_on_paper(show(interview, survey, phrases, greeting)))
    while interview.state in OPEN:
        typed = yield
        step = INTERVIEW.step(interview, understand(typed, interview, survey, lexicon), talk)
        interview = step.thing if step else interview
        hints = [effect.hint for effect in step.effects if isinstance(effect, Shown)] if step else []
        for hint in hints:
            say(_on_paper(show(interview, survey, phrases, greeting, hint)))
    say(_result(interview, survey, rule))


def _begun(survey: Survey, phrases: Phrases, clock: SystemClock) -> Interview:
    now = clock.now()
    first = survey.questions[0].id
    return Interview(
        id="int_try",
        invitation="",
        customer="",
        channel="terminal",
        chat="",
        survey=survey.key,
        locale=phrases.default,
        asked_at=now,
        expires_at=now,
        at=first,
    )


def _on_paper(prompt: Prompt) -> str:
    rows = ("   ".join(f"[{choice.label}]" for choice in row) for row in prompt.rows)
    return "\n".join((prompt.written_out, *rows)) + "\n"


def _result(interview: Interview, survey: Survey, rule: AlertRule) -> str:
    answers = [f"  {a.question} = {a.value}" + (f"  ({a.text})" if a.text else "") for a in interview.answers]
    comment = [f"  comment: {interview.comment}"] if interview.comment else []
    found = assess(survey.scale, interview.ratings, interview.texts, rule)
    issue = [f"  an issue ({found.severity.value}): {'; '.join(map(str, found.reasons))}"] if found else []
    total = _total(interview, survey) if survey.has_total else []
    return "\n".join((f"= {interview.state.value}", *answers, *comment, *total, *issue))


def _total(interview: Interview, survey: Survey) -> list[str]:
    """Return a line for each section, and one for the total with its grade."""
    score, locale = survey.total(interview.ratings), interview.locale
    parts = zip(survey.sections, score.sections, strict=False)  # a survey without sections has one without a name
    lines = [f"  {in_locale(part.name, locale)}: {told_score(one)}" for part, one in parts]
    if score.total is None:
        return [*lines, f"  no total: {score.answered} of {score.asked} answered"]
    grade = f": {in_locale(score.grade.name, locale)}" if score.grade else ""
    return [*lines, f"  total {rounded(score.total)} of 100{grade}"]
