"""What an anonymous survey leaves behind: answers without a name, and a person without answers."""

from bot.handlers.common.context import DecisionContext
from dialogs.interview.anonymity import emptied, month_of, spoken
from dialogs.interview.model import FINAL, Interview
from storage.model.records import OutboxMessage
from storage.model.registers import AnonymousAnswers
from storage.unit_of_work.changes import Anonymization, Changes

__all__ = ["anonymize_interview"]


def anonymize_interview(context: DecisionContext, interview: Interview, changes: Changes) -> tuple[Interview, Changes]:
    """Part an interview that has ended from what was said in it; of its messages the last one is kept."""
    if interview.state not in FINAL:
        return interview, Changes()
    survey, said = context.policy.surveys[interview.survey], spoken(interview)
    month = month_of(context.now, context.policy.timezone)
    answers = None if said is None else AnonymousAnswers("", *survey.key, month, said, interview.comment)
    last = tuple(record.id for record in changes.records if isinstance(record, OutboxMessage))
    return emptied(interview, survey), Changes(partings=(Anonymization(interview.id, last, answers),))
