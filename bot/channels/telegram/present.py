"""From an outbox message to a Bot API call; pure. Telegram's sizes and shapes are here and in `callback_data`."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from telegram import ForceReply
from telegram.constants import KeyboardButtonStyle, MessageLimit

from bot.channels.telegram.callback_data import CALLBACK_DATA
from dialogs.messages import Choice, FileRef, Link, Person, Prompt, Verb
from scoring.values import Value
from storage.model.records import OutboxMessage

__all__ = [
    "DOCUMENT",
    "EDIT",
    "EDIT_CAPTION",
    "SEND",
    "TOPIC",
    "ApiCall",
    "FileMethod",
    "caption",
    "captioned",
    "cut_utf16",
    "file_alone",
    "file_methods",
    "fits_caption",
    "request_for",
    "shortened_caption",
]

EDIT = "editMessageText"
EDIT_CAPTION = "editMessageCaption"
SEND = "sendMessage"
DOCUMENT = "sendDocument"
TOPIC = "message_thread_id"
_LONGEST_TEXT = int(MessageLimit.MAX_TEXT_LENGTH)
_LONGEST_CAPTION = int(MessageLimit.CAPTION_LENGTH)
_LONGEST_HINT = 64  # ForceReply.input_field_placeholder, UTF-16 units
_NO_PREVIEW = {"is_disabled": True}
# Only for what the team and the end of an issue decide: a coloured rating would push the customer's hand.
_STYLES = {
    Verb.CLAIM: KeyboardButtonStyle.PRIMARY.value,
    Verb.RESOLVE: KeyboardButtonStyle.SUCCESS.value,
    Verb.SEND: KeyboardButtonStyle.SUCCESS.value,
    Verb.SOLVED: KeyboardButtonStyle.SUCCESS.value,
    Verb.NOT_SOLVED: KeyboardButtonStyle.DANGER.value,
}

Json = dict[str, Any]


class ApiCall(Value):
    """A method of the Bot API and its parameters, nested ones as plain JSON structures."""

    method: str
    params: Mapping[str, Any]


class FileMethod(Value):
    """A method that takes a file in the field `field`, of at most so many bytes (Bot API, sending files)."""

    method: str
    field: str
    most: int


_PHOTO = FileMethod("sendPhoto", "photo", 10_000_000)
_FILE = FileMethod(DOCUMENT, "document", 50_000_000)


def file_methods(file: FileRef) -> list[FileMethod]:
    """Return how a file can be sent, the best first."""
    methods = (_PHOTO, _FILE) if file.is_picture else (_FILE,)
    return [one for one in methods if file.size <= one.most]


def fits_caption(call: ApiCall) -> bool:
    """Return whether the text of a call has room below a file."""
    return _units(call.params["text"]) <= _LONGEST_CAPTION


def captioned(call: ApiCall, method: str) -> ApiCall:
    """Return a call with its text, marks and buttons below a file, for which `method` is."""
    names = {"text": "caption", "entities": "caption_entities"}
    return ApiCall(method, {names.get(n, n): one for n, one in call.params.items() if n != "link_preview_options"})


def shortened_caption(call: ApiCall) -> ApiCall:
    """Return an edit of a text as that of the words below a file, cut and without marks where those must be shorter."""
    text = caption(call.params["text"])
    is_whole = text == call.params["text"]
    kept = {name: one for name, one in call.params.items() if is_whole or name != "entities"}
    return captioned(ApiCall(EDIT, {**kept, "text": text}), EDIT_CAPTION)


def file_alone(call: ApiCall, method: str) -> ApiCall:
    """Return a call for a file without words, to the same place."""
    return ApiCall(method, {name: one for name, one in call.params.items() if name in {"chat_id", TOPIC}})


def caption(text: str) -> str:
    """Return the words that go with a file, cut where Telegram takes no more of them."""
    return cut_utf16(text, _LONGEST_CAPTION)


def request_for(message: OutboxMessage, edits: str) -> ApiCall:
    """Return how a message is sent, or how the message with the receipt `edits` becomes it.

    Buttons win over a forced reply, since a message holds one of them; a forced reply is always a new message, since
    an edit cannot carry it (Bot API, editMessageText). Raises ValueError for what Telegram cannot take.
    """
    prompt = message.prompt
    if prompt.attachment:
        form = {"chat_id": message.chat, "caption": caption(prompt.text)}
        return ApiCall(DOCUMENT, form | ({TOPIC: prompt.topic} if prompt.topic else {}))
    text, rows = _text(prompt), _rows(prompt)
    mention = _mention(text, prompt.mentions)
    entities = [*mention, *_notified(text, prompt.notifies), *_linked_words(text, prompt)]
    params: Json = {"chat_id": message.chat, "text": text, "link_preview_options": _NO_PREVIEW}
    params |= {"entities": entities} if entities else {}
    params |= {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    asks = prompt.asks if not rows else ""
    if edits and not asks:
        return ApiCall(EDIT, params | {"message_id": int(edits)})
    topic = {TOPIC: int(prompt.topic)} if prompt.topic else {}
    params |= {"reply_markup": _forced_reply(asks, is_for_one=bool(mention))} if asks else {}
    return ApiCall(SEND, params | _reply_to(prompt.replies_to) | topic)


def cut_utf16(text: str, longest: int) -> str:
    """Shorten a text to so many UTF-16 units (Telegram's measure), at a whole character, with an ellipsis."""
    if _units(text) <= longest:
        return text
    kept = text.encode("utf-16-le")[: 2 * (longest - 1)]
    return kept.decode("utf-16-le", errors="ignore").rstrip("\u200d") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _text(prompt: Prompt) -> str:
    written_out = f"\n{prompt.link.url}" if prompt.link and not _is_button(prompt.link) else ""
    text = prompt.text if prompt.text_link is None or _is_button(prompt.text_link) else prompt.written_out
    return cut_utf16(text, _LONGEST_TEXT - _units(written_out)) + written_out


def _is_button(link: Link) -> bool:
    """Return whether Telegram takes the link as a button: it wants a host with a dot, so not `localhost`."""
    parts = urlsplit(link.url)
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and ("." in host or ":" in host)


def _rows(prompt: Prompt) -> list[list[Json]]:
    rows = [[_button(choice) for choice in row] for row in prompt.rows if row]
    if prompt.link and _is_button(prompt.link):
        rows.append([{"text": prompt.link.label, "url": prompt.link.url}])
    return rows


def _button(choice: Choice) -> Json:
    button = {"text": choice.label, "callback_data": CALLBACK_DATA.encode(choice.means)}
    style = _STYLES.get(choice.means.verb)
    return button | {"style": style} if style else button


def _mention(text: str, person: Person | None) -> list[Json]:
    """Return an entity that marks the person's name, so that they are notified and a forced reply is theirs."""
    return _notified(text, (person,) if person is not None else ())


def _notified(text: str, people: Sequence[Person]) -> list[Json]:
    """Return an entity for each person with a user id whom the text names, in the order of their names."""
    found, begins = [], 0
    for person in people:
        at = text.find(person.name, begins) if person.name else -1
        if at < 0:
            continue
        begins = at + len(person.name)
        if person.id.isdecimal():
            user = {"id": int(person.id), "is_bot": False, "first_name": person.name}
            offset, length = _units(text[:at]), _units(person.name)
            found.append({"type": "text_mention", "offset": offset, "length": length, "user": user})
    return found


def _linked_words(text: str, prompt: Prompt) -> list[Json]:
    """Return an entity that makes the linked words a link, unless the address is one that Telegram would not open."""
    link, begin = prompt.text_link, prompt.linked_from
    if link is None or not _is_button(link) or text[begin : begin + len(link.label)] != link.label:
        return []
    return [{"type": "text_link", "offset": _units(text[:begin]), "length": _units(link.label), "url": link.url}]


def _forced_reply(asks: str, *, is_for_one: bool) -> Json:
    return ForceReply(selective=is_for_one or None, input_field_placeholder=cut_utf16(asks, _LONGEST_HINT)).to_dict()


def _reply_to(message: str) -> Json:
    if not message:
        return {}
    return {"reply_parameters": {"message_id": int(message), "allow_sending_without_reply": True}}
