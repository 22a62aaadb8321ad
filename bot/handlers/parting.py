"""What an anonymous survey leaves behind: answers without a name, and a person without answers."""

from bot.handlers.replies import customers_at
from bot.handlers.scene import Scene
from dialogs.anonymity import emptied, month_of, spoken
from dialogs.interviews import FINAL, Interview
from dialogs.messages import Inbound, Tap, Text
from storage.changes import Changes, Parting
from storage.records import OutboxMessage
from storage.registers import NamelessAnswers

__all__ = ["is_nameless", "leaves_no_words", "part"]


def is_nameless(scene: Scene, interview: Interview) -> bool:
    """Say whether nobody may know who answered this."""
    return scene.policy.surveys[interview.survey].anonymous


def part(scene: Scene, interview: Interview, changes: Changes) -> tuple[Interview, Changes]:
    """Part an interview that has ended from what was said in it; of its messages the last one is kept."""
    if interview.state not in FINAL:
        return interview, Changes()
    survey, said = scene.policy.surveys[interview.survey], spoken(interview)
    month = month_of(scene.now, scene.policy.timezone)
    answers = None if said is None else NamelessAnswers("", *survey.key, month, said, interview.comment)
    last = tuple(record.id for record in changes.records if isinstance(record, OutboxMessage))
    return emptied(interview, survey), Changes(partings=(Parting(interview.id, last, answers),))


def leaves_no_words(scene: Scene, inbound: Inbound, changes: Changes) -> bool:
    """Say whether what came in belongs to an anonymous survey: then not even the delivery itself is kept."""
    touched = [record for record in changes.records if isinstance(record, Interview)]
    match inbound.said:
        case Tap(subject=subject):
            touched += [found for found in (scene.snapshot.interview(subject),) if found is not None]
        case Text(edited=True):
            people = customers_at(scene, inbound)
            touched += [talk for person in people for talk in scene.snapshot.interviews(person.id)]
        case _:
            pass
    return any(is_nameless(scene, interview) for interview in touched)
