"""Messages in the team's chat while a text to a customer is written: the forced reply, the preview, the outcome."""

from bot.handlers.common.context import DecisionContext
from bot.handlers.common.turn import TurnContext
from bot.handlers.issues.commands import Actor
from bot.handlers.issues.customer_messages import customers_of, preview_message, subject_of
from bot.handlers.issues.page_links import page_link
from bot.handlers.issues.team_messages import team_message
from dialogs.admin.commands import admin_command
from dialogs.ids import RefKind, derive, is_about
from dialogs.issue import cards, talk_cards
from dialogs.issue.customer_prompts import ready_question
from dialogs.issue.model import Draft, Issue
from dialogs.messages import Prompt
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["answer_unusable", "ask_to_write", "held_by_another", "preview_done", "preview_draft", "ready_for"]


def ask_to_write(turn: TurnContext, issue: Issue, kind: Draft | None, *, is_drafted: bool = False) -> Changes:
    """Ask whoever pressed, by a forced reply, for a text to the customer; None is the closure."""
    person, policy = turn.inbound.sender, turn.policy
    if kind is None:
        prompt = cards.ask_sentence(person, issue, policy.phrases, policy.team_speaks)
    else:
        prompt = talk_cards.ask_for_words(
            person, issue, kind, policy.phrases, policy.team_speaks, is_drafted=is_drafted
        )
    return _shown(turn, issue, f"ask:{turn.key}", prompt)


def preview_draft(turn: TurnContext, issue: Issue, *, is_ready: bool = False) -> Changes:
    """Show the draft as the issue's first customer will read it, with the buttons that send it.

    Of one that is ready, which nobody has written, others are asked for above.
    """
    policy, context = turn.policy, turn.context
    if issue.draft_for is None:
        customer = next(iter(customers_of(context, issue)), None)
        subject = subject_of(context, issue, customer.id) if customer is not None else ""
        prompt = cards.preview_closure(issue, policy.phrases, policy.team_speaks, subject, policy.locale_of(customer))
    else:
        told = preview_message(context, issue, issue.draft or "", issue.draft_for)
        prompt = talk_cards.preview_words(issue, told.text, policy.phrases, policy.team_speaks)
    asked = ask_to_write(turn, issue, issue.draft_for, is_drafted=True) if is_ready else Changes()
    return asked + _shown(turn, issue, f"preview:{issue.drafts}", prompt)


def preview_done(turn: TurnContext, issue: Issue, *, is_sent: bool = True) -> Changes:
    """Replace the preview's buttons by what became of it; `issue` is as it was when pressed."""
    policy = turn.policy
    if issue.draft_for is None:
        prompt = cards.closure_preview_done(issue, policy.phrases, policy.team_speaks, sent=is_sent)
    else:
        prompt = talk_cards.done(issue, issue.draft_for, policy.phrases, policy.team_speaks)
    shown = team_message(turn.context, issue, turn.place, f"preview:{issue.drafts}", prompt)
    return Changes((replace(shown, id=derive("out", shown.id, "done"), edits=shown.id),))


def held_by_another(turn: TurnContext, issue: Issue) -> Changes:
    """Answer a text for an issue that somebody else holds; the text itself stays in the chat."""
    prompt = cards.held(issue, turn.inbound.message, turn.phrases, turn.policy.team_speaks)
    return _shown(turn, issue, f"held:{turn.key}", prompt)


def answer_unusable(turn: TurnContext, actor: Actor | None, issue: Issue | None) -> Changes | None:
    """Answer words that cannot be taken for those asked for; None for words that can, empty for mere talk.

    `issue` is what the question replied to is about. Who writes in the name of the group or of a channel (Bot API,
    Message.sender_chat) is nobody in particular: they learn how to go on.
    """
    asked, key, link = turn.replied_to, "", None
    is_answer, is_anonymous = asked is not None and bool(asked.prompt.asks), not turn.inbound.sender.id
    if not is_answer and not (is_anonymous and admin_command(turn.words)):
        return Changes()
    if is_anonymous:
        key, link = ("team.anonymous_page", page_link(turn.context, issue)) if issue else ("team.anonymous", None)
    elif asked is None or not is_about(asked.about, RefKind.ISSUE):
        return Changes()
    elif actor is None:
        key = "team_not_allowed"
    elif issue is None or not turn.words.strip():
        key = "team.words_only" if issue else "team.gone"
    return turn.reply(Prompt(turn.say(key), link=link, replies_to=turn.inbound.message)) if key else None


def ready_for(context: DecisionContext, issue: Issue) -> str:
    """Return a question about low ratings without an explanation, in the customer's language; empty where none fits."""
    talks = (interview for response in issue.responses if (interview := context.snapshot.interview(response)))
    said = {answer.question: answer.text or "" for interview in talks for answer in interview.answers}
    first = next(iter(customers_of(context, issue)), None)
    return ready_question(issue, said, context.policy.phrases, context.policy.locale_of(first))


def _shown(turn: TurnContext, issue: Issue, what: str, prompt: Prompt) -> Changes:
    return Changes((team_message(turn.context, issue, turn.place, what, prompt),))
