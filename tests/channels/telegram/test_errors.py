"""What every answer of Telegram means for the message that was being sent."""

import pytest

from bot.channels.http_client.errors import CallError, GatewayError, NeverLeftError, NoAnswerError
from bot.channels.telegram.api.errors import BotApiError, alarm_of, telegram_delivery
from bot.ports import Blocked, Delivery, Gone, Moved, Refused, Retry, Sent, Unknown

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)
QUERY_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
SECOND = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


def judged(code: int, description: str, edits: str = "77", **hints: int) -> Delivery:
    """Tell the delivery for an error answer to the third attempt."""
    return telegram_delivery(BotApiError(code, description, **hints), edits, attempts=2)


@pytest.mark.parametrize(
    ("code", "description", "kind", "detail"),
    [
        (400, "Bad Request: message to edit not found", Gone, ""),
        (400, "Bad Request: message can't be edited", Gone, ""),
        (400, "Bad Request: MESSAGE_ID_INVALID", Gone, ""),
        (400, "Bad Request: there is no text in the message to edit", Gone, ""),
        (400, "Bad Request: chat not found", Blocked, "no_contact"),
        (400, "Bad Request: PEER_ID_INVALID", Blocked, "no_contact"),
        (403, "Forbidden: bot can't initiate conversation with a user", Blocked, "no_contact"),
        (403, "Forbidden: bot was blocked by the user", Blocked, "blocked"),
        (403, "Forbidden: user is deactivated", Blocked, "blocked"),
        (403, "Forbidden: bot was kicked from the group chat", Blocked, "blocked"),
        (403, "Forbidden: bot was kicked from the supergroup chat", Blocked, "blocked"),
        (403, "Forbidden: bot is not a member of the supergroup chat", Blocked, "blocked"),
        (403, "Forbidden: something that nobody has met yet", Blocked, "blocked"),
        (400, "Bad Request: not enough rights to send text messages to the chat", Blocked, "blocked"),
        (400, "Bad Request: message to be replied not found", Refused, ""),
        (400, "Bad Request: message thread not found", Refused, ""),
        (400, "Bad Request: BUTTON_DATA_INVALID", Refused, ""),
        (400, "Bad Request: can't parse entities: unexpected end", Refused, ""),
        (400, QUERY_OLD, Refused, ""),
        (401, "Unauthorized", Refused, "telegram.token"),
        (401, "Unauthorized: invalid token specified", Refused, "telegram.token"),
        (404, "Not Found", Refused, "telegram.token"),
        (404, "Not Found: method not found", Refused, "telegram.token"),
        (409, SECOND, Refused, "telegram.conflict"),
        (413, "Request Entity Too Large", Refused, ""),
    ],
)
def test_a_lasting_refusal_is_understood(code: int, description: str, kind: type, detail: str) -> None:
    delivery = judged(code, description)
    assert type(delivery) is kind
    match delivery:
        case Blocked(reason, why):
            assert (reason, why) == (detail, f"{code} {description}")
        case Refused(why, alarm):
            assert (alarm, why) == (detail, f"{code} {description}")
        case other:
            assert other == Gone(f"{code} {description}")


@pytest.mark.parametrize("description", [NOT_MODIFIED, NOT_MODIFIED.upper(), "Bad Request: message is not modified"])
def test_an_edit_that_changes_nothing_has_arrived(description: str) -> None:
    assert judged(400, description) == Sent("77")


def test_a_moved_group_is_told_with_its_new_id() -> None:
    assert judged(400, UPGRADED, migrate_to=-1001234567890) == Moved("-1001234567890")


def test_a_flood_pauses_everything_for_as_long_as_telegram_asks() -> None:
    error = BotApiError(429, "Too Many Requests: retry after 7", retry_after=7)
    assert telegram_delivery(error, "", 0) == Retry(7.0, "429 Too Many Requests: retry after 7", pauses_all=True)


def test_a_flood_without_a_time_pauses_by_backoff() -> None:
    assert judged(429, "Too Many Requests") == Retry(4.0, "429 Too Many Requests", pauses_all=True)


@pytest.mark.parametrize(
    "error",
    [
        BotApiError(500, "Internal Server Error"),
        BotApiError(502, "Bad Gateway"),
        GatewayError("HTTP 502"),
        NeverLeftError("x"),
    ],
    ids=repr,
)
def test_what_surely_did_not_arrive_is_tried_again_later_each_time(error: CallError) -> None:
    assert telegram_delivery(error, "", attempts=0) == Retry(1.0, str(error))
    assert telegram_delivery(error, "", attempts=3) == Retry(8.0, str(error))


def test_a_request_without_an_answer_is_in_doubt() -> None:
    assert telegram_delivery(NoAnswerError("no answer: TimeoutError"), "77", 0) == Unknown("no answer: TimeoutError")


@pytest.mark.parametrize(
    ("code", "name"), [(401, "telegram.token"), (404, "telegram.token"), (409, "telegram.conflict")]
)
def test_what_only_the_operator_can_mend_is_an_alarm(code: int, name: str) -> None:
    assert alarm_of(BotApiError(code, "x")) == name
    assert alarm_of(BotApiError(400, "x")) == alarm_of(NoAnswerError("x")) == ""
