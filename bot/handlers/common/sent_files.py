"""Files that go with messages: stored once by their content, and fetched by a link where a chat cannot show them."""

from datetime import timedelta

from bot.handlers.common.context import DecisionContext
from bot.signed_links import LinkPurpose
from dialogs.messages import FileRef, Link
from scoring.values import Value, replace
from storage.model.records import OutboxMessage, StoredFile

__all__ = ["FILE_LINK_LASTS", "NewFile", "message_with_file", "message_with_stored"]

FILE_LINK_LASTS = timedelta(days=30)


class NewFile(Value):
    """A file that was just made: what it is called, what it is, what it holds."""

    name: str
    media_type: str
    content: bytes


def message_with_file(
    context: DecisionContext, message: OutboxMessage, file: NewFile
) -> tuple[StoredFile, OutboxMessage]:
    """Return a message that carries a file, and the file, which is to be stored with it."""
    stored = StoredFile.of(file.content, context.now)
    carried = FileRef(stored.hash, file.name, file.media_type, len(file.content))
    return stored, message_with_stored(context, message, carried)


def message_with_stored(context: DecisionContext, message: OutboxMessage, file: FileRef) -> OutboxMessage:
    """Return a message that carries a file which is stored already, with the link at which it is fetched."""
    policy = context.policy
    url = policy.links.url(LinkPurpose.FILE, message.id, context.now + FILE_LINK_LASTS)
    page = Link(policy.phrases.say(policy.team_speaks, "sent_file.open", name=file.name), url)
    return replace(message, prompt=replace(message.prompt, file=replace(file, page=page)))
