"""What an anonymous survey leaves behind: answers without a name, and a person without answers."""

from bot.handlers.common.context import Scene
from dialogs.interview.anonymity import emptied, month_of, spoken
from dialogs.interview.model import FINAL, Interview
from storage.model.records import OutboxMessage
from storage.model.registers import NamelessAnswers
from storage.unit_of_work.changes import Changes, Parting

__all__ = ["part"]


def part(scene: Scene, interview: Interview, changes: Changes) -> tuple[Interview, Changes]:
    """Part an interview that has ended from what was said in it; of its messages the last one is kept."""
    if interview.state not in FINAL:
        return interview, Changes()
    survey, said = scene.policy.surveys[interview.survey], spoken(interview)
    month = month_of(scene.now, scene.policy.timezone)
    answers = None if said is None else NamelessAnswers("", *survey.key, month, said, interview.comment)
    last = tuple(record.id for record in changes.records if isinstance(record, OutboxMessage))
    return emptied(interview, survey), Changes(partings=(Parting(interview.id, last, answers),))
