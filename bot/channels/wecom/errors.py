"""What each answer of the robot means for the message (developer.work.weixin.qq.com, global error codes)."""

from bot.channels.wecom.wire import Answered, InDoubt, NotSent
from bot.ports import Delivery, Refused, Retry, Sent, Unknown

__all__ = ["ALARM", "OF_THE_CONTENT", "delivery_of"]

ALARM = "wecom.robot_url"
"""The alarm for what only the operator can mend."""
_TOO_OFTEN = {45009: 60.0, 130101: 600.0}
"""Seconds to keep quiet: more than twenty a minute; told to slow down, which lasts about ten minutes."""
_BUSY = -1
OF_THE_CONTENT = frozenset({40008, 40058, 44004, 45002, 47001})
"""The message itself is refused, and always would be: kind, shape, empty, too long, no JSON."""
_LONGEST_PAUSE = 60.0


def delivery_of(answer: Answered | NotSent | InDoubt, receipt: str, attempts: int) -> Delivery:
    """Return what became of a message; `attempts` were made before. What nobody has explained yet is never given up."""
    if isinstance(answer, InDoubt):
        return Retry(_backoff(attempts), answer.why) if attempts else Unknown(answer.why)
    if isinstance(answer, NotSent):
        return Retry(_backoff(attempts), answer.why)
    why = f"{answer.code} {answer.text}"
    if answer.code == 0:
        return Sent(receipt)
    if answer.code in _TOO_OFTEN:
        return Retry(_TOO_OFTEN[answer.code], why, pauses_all=True)
    if answer.code == _BUSY:
        return Retry(_backoff(attempts), why)
    return Refused(why) if answer.code in OF_THE_CONTENT else Refused(why, ALARM)


def _backoff(attempts: int) -> float:
    """Return the seconds to wait after so many failures before: 1, 2, 4 … 60."""
    return min(2.0 ** min(attempts, 6), _LONGEST_PAUSE)
