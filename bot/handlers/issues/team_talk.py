"""The team's second row of buttons: tell the customer how it goes, ask them something; each is previewed first."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.issues.customer_messages import is_reachable, preview
from bot.handlers.issues.team_button import Press, is_current, taken
from bot.handlers.issues.team_messages import team_message
from bot.handlers.issues.transitions import latest_of
from dialogs.ids import derive
from dialogs.issue import talk_cards
from dialogs.issue.events import Claimed, Drafted, Questioned, Reported
from dialogs.issue.model import WITH_THE_TEAM, Draft, Issue, IssueKind
from dialogs.issue.suggested_question import ready_question
from dialogs.messages import Address
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["ask_for", "preview_of", "question", "ready_for", "report", "send"]


def report(press: Press) -> Changes:
    """Ask the holder for a sentence on how it goes; who presses first becomes the holder."""
    return _refused(press) or ask_for(press, Draft.PROGRESS)


def question(press: Press) -> Changes:
    """Offer a ready question where the complaint is vague, else ask the holder for one."""
    refused = _refused(press)
    if refused:
        return refused
    if press.issue.question is not None:
        return press.toast("team_question_open")
    ready = ready_for(press.context, press.issue)
    if not ready:
        return ask_for(press, Draft.QUESTION)
    drafted = press.move(Drafted(press.worker.who, press.worker.by, ready, Draft.QUESTION))
    if drafted is None:
        return taken(press)
    shown = preview_of(press.context.after(drafted), latest_of(drafted, press.issue), press.inbound.place)
    return drafted + shown + press.toast("team_question_ready")


def ask_for(press: Press, kind: Draft) -> Changes:
    """Ask by a forced reply for the words that the customer will read."""
    claimed = press.move(Claimed(press.worker.who, press.worker.by))
    if claimed is None:
        return taken(press)
    policy = press.context.policy
    prompt = talk_cards.ask_for(press.worker.person, press.issue, kind, policy.phrases, policy.locale)
    asked = team_message(press.issue, press.inbound.place, f"ask:{press.inbound.key}", prompt, press.context.now)
    return claimed + Changes((asked,)) + press.toast(f"team_write_{kind.value}")


def preview_of(context: DecisionContext, issue: Issue, place: Address) -> Changes:
    """Show the draft as the issue's first customer will read it."""
    policy, kind = context.policy, issue.draft_for or Draft.PROGRESS
    told = preview(context, issue, issue.draft or "", kind)
    prompt = talk_cards.preview(issue, told.text, policy.phrases, policy.locale)
    return Changes((team_message(issue, place, f"preview:{issue.drafts}", prompt, context.now),))


def send(press: Press, kind: Draft) -> Changes:
    """Send what the preview showed."""
    if not is_current(press):
        return press.toast("team_stale")
    if kind is Draft.QUESTION and press.issue.question is not None:
        return press.toast("team_question_open")
    if not is_reachable(press.context, press.issue):
        return press.toast("team_out_of_reach")
    worker, words = press.worker, press.issue.draft or ""
    if kind is Draft.PROGRESS:
        changes = press.move(Reported(worker.who, worker.by, words))
    else:
        changes = press.move(Questioned(worker.who, worker.by, words))
    if changes is None:
        return taken(press)
    toast = press.toast("team_told" if kind is Draft.PROGRESS else "team_asked")
    return changes + _preview_done(press, kind) + toast


def ready_for(context: DecisionContext, issue: Issue) -> str:
    """Return a question for what the customer rated low and said too little about, in their language; or nothing."""
    talks = (interview for response in issue.responses if (interview := context.snapshot.interview(response)))
    said = {answer.question: answer.text or "" for interview in talks for answer in interview.answers}
    first = next((c for key in issue.customers if (c := context.snapshot.customer(key)) is not None), None)
    return ready_question(issue, said, context.policy.phrases, context.policy.locale_of(first))


def _refused(press: Press) -> Changes:
    issue = press.issue
    if issue.state not in WITH_THE_TEAM or (issue.claimant and issue.claimant != press.worker.who):
        return taken(press)
    if issue.kind is IssueKind.CALL or not issue.customers:
        return press.toast("team_no_customer")
    return Changes() if is_reachable(press.context, issue) else press.toast("team_out_of_reach")


def _preview_done(press: Press, kind: Draft) -> Changes:
    """Leave the preview standing without its buttons, saying what became of it."""
    context, issue, place = press.context, press.issue, press.inbound.place
    prompt = talk_cards.done(issue, kind, context.policy.phrases, context.policy.locale)
    shown = team_message(issue, place, f"preview:{issue.drafts}", prompt, context.now)
    return Changes((replace(shown, id=derive("out", shown.id, "done"), edits=shown.id),))
