"""The four ways in which a call to a platform fails, told apart by whether the request can have been carried out.

Delivery is at most once: a message to a customer is repeated only where the request surely did nothing
(docs/reference/delivery.md).
No error here carries the address of a call, and none is chained to the exception below it, whose text may hold the
address: the secret is part of it (Telegram: core.telegram.org/bots/api, making requests, `/bot<token>/`; WeChat:
`access_token` in the query; WeCom: the robot's `key` in the query).
"""

from http import HTTPStatus

__all__ = ["ApiError", "CallError", "GatewayError", "NeverLeftError", "NoAnswerError", "foreign_answer"]


class CallError(Exception):
    """A call failed; one of the four below. `label` is its kind in a word, or the platform's own code."""

    label = "failed"


class NeverLeftError(CallError):
    """The request did not leave this process: no connection, no free one in time, a closed client, or no token."""

    label = "never_left"


class GatewayError(CallError):
    """Something on the way refused the request in the platform's place, mostly with an HTML page: nothing was done."""

    label = "gateway"


class NoAnswerError(CallError):
    """The request left and no answer of the platform's came back: it may have been carried out."""

    label = "no_answer"


class ApiError(CallError):
    """The platform refused the call and did nothing: `code` and `text` are its own."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.label = str(code)

    def __str__(self) -> str:
        """Return code and text."""
        return f"{self.code} {self.text}"


def foreign_answer(status: int, platform: str) -> GatewayError | NoAnswerError:
    """Return the failure that an answer means which is not in the platform's own format.

    Telegram, WeChat and WeCom answer a request that reached them in JSON; a further platform that does not must read
    its own format first. Another body comes from a proxy on the way, and
    its status says how far the request got: 504 is a gateway that passed it on and waited in vain (RFC 9110,
    15.6.5), a success claims that it was passed on, and every other status refuses to pass it on.
    """
    if status < HTTPStatus.MULTIPLE_CHOICES or status == HTTPStatus.GATEWAY_TIMEOUT:
        return NoAnswerError(f"HTTP {status}, but not {platform}'s words")
    return GatewayError(f"HTTP {status} from something before {platform}")
