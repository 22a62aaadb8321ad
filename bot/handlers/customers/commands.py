"""Commands of customers: stop, resume, help, language, feedback, status, my data, forget me."""

from collections.abc import Callable, Mapping

from bot.handlers.common.turn import TurnContext
from bot.handlers.customers.consent import opt_in, opt_out
from bot.handlers.customers.data_requests import ask_to_forget, forget_me, keep_my_data, my_data
from bot.handlers.issues.verdicts import tell_status
from bot.handlers.surveys.feedback import give_feedback
from bot.handlers.surveys.interview import Showing, advance
from dialogs.fixed_replies import FixedReply
from dialogs.interview.events import Resumed
from dialogs.interview.messages import language_menu
from dialogs.messages import Prompt
from dialogs.understanding.commands import Command
from scoring.values import replace
from storage.unit_of_work.changes import Changes

__all__ = ["choose_language", "handle_command"]


def handle_command(turn: TurnContext, command: Command) -> Changes:
    """Handle a command; only help and language are for chats of no known customer."""
    if not turn.people and command not in _FOR_ANYBODY:
        return turn.reply_with(FixedReply.UNKNOWN_CHAT)
    return _COMMANDS[command](turn)


def choose_language(turn: TurnContext, locale: str) -> Changes:
    """Set the customers' language, and show the open question in it."""
    changes = Changes()
    for customer in turn.people:
        changes += Changes((replace(customer, locale=locale),))
        for interview in turn.snapshot.open_interviews(customer.id)[:1]:
            spoken = replace(interview, locale=locale)
            changes += advance(turn.context.after(changes), spoken, Resumed(), turn.key, Showing.BELOW) or Changes()
    return turn.reply(Prompt(turn.phrases.say(locale, FixedReply.LANGUAGE_CHOSEN))) + changes


def _offer_languages(turn: TurnContext) -> Changes:
    return turn.reply(language_menu(turn.phrases, turn.locale))


def _help(turn: TurnContext) -> Changes:
    return turn.reply_with(FixedReply.HELP)


_COMMANDS: Mapping[Command, Callable[[TurnContext], Changes]] = {
    Command.STOP: opt_out,
    Command.RESUME: opt_in,
    Command.HELP: _help,
    Command.LANGUAGE: _offer_languages,
    Command.FEEDBACK: give_feedback,
    Command.STATUS: tell_status,
    Command.MY_DATA: my_data,
    Command.FORGET_ME: ask_to_forget,
    Command.DO_FORGET: forget_me,
    Command.DO_KEEP: keep_my_data,
}
_FOR_ANYBODY = (Command.HELP, Command.LANGUAGE)
