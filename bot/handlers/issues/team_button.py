"""A press of a button in the team's group: who presses, what about, and what floats over the chat afterwards."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.transitions import move
from dialogs.issue.model import WITH_THE_TEAM, Issue
from dialogs.messages import Inbound, Person, Tap
from scoring.values import Value
from storage.unit_of_work.changes import Acknowledgement, Changes

__all__ = ["Press", "Worker", "is_current", "taken", "toast"]


class Worker(Value):
    """Somebody who may work on issues: `who` identifies, `by` is shown, `person` is spoken to."""

    who: str
    by: str
    person: Person


class Press(Value):
    """One press of a team button, with everything that deciding about it takes."""

    context: DecisionContext
    inbound: Inbound
    tap: Tap
    issue: Issue
    worker: Worker

    def toast(self, key: str, name: str = "") -> Changes:
        """Answer the press with a phrase."""
        return toast(self.context, self.inbound, key, name)

    def move(self, event: object) -> Changes | None:
        """Move the issue."""
        return move(self.context, self.issue, event)


def is_current(press: Press) -> bool:
    """Return whether the preview pressed shows the latest sentence."""
    return press.issue.draft is not None and press.tap.step == str(press.issue.drafts)


def taken(press: Press) -> Changes:
    """Return who has the issue, or that it is settled."""
    holder = press.issue.claimed_by
    if press.issue.state in WITH_THE_TEAM and holder:
        return press.toast("team_held_by", holder)
    return press.toast("team_already_resolved")


def toast(context: DecisionContext, inbound: Inbound, key: str, name: str = "") -> Changes:
    """Answer a press in the team's group with a phrase over the chat."""
    text = context.policy.phrases.say(context.policy.locale, key, name=name)
    said = Acknowledgement(inbound.place.channel, inbound.callback, text, alert=key == "team_held_by")
    return Changes(acknowledgements=(said,))
