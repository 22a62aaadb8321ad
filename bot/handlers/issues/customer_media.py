"""Pictures, voices and the like, which people of the team cannot look at here: they are told what came, and where."""

from bot.handlers.common.turn import TurnContext
from dialogs.messages import Media, Prompt, Text
from storage.unit_of_work.changes import Changes

__all__ = ["media_in_words", "reply_to_media"]


def media_in_words(turn: TurnContext, text: Text) -> str:
    """Return what the team reads of something without words; empty for a sticker, which tells nothing."""
    if text.media is None or text.media is Media.STICKER:
        return ""
    where = "media.in_their_chat_staffed" if turn.policy.can(turn.place.channel).staffed else "media.in_their_chat"
    return _in_team_language(turn, where, what=_in_team_language(turn, f"media.{text.media.value}"))


def reply_to_media(turn: TurnContext, text: Text) -> Changes:
    """Answer that the team knows of it, and may need words."""
    return turn.reply(Prompt(turn.say("media.told", what=turn.say(f"media.{(text.media or Media.OTHER).value}"))))


def _in_team_language(turn: TurnContext, key: str, **values: object) -> str:
    return turn.phrases.say(turn.policy.locale, key, **values)
