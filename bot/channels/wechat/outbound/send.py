"""Sends one message: by one method after the other, each refusal looked up in the table of error codes."""

import zlib
from datetime import timedelta
from typing import assert_never

from bot.channels.descriptor import ReadFile
from bot.channels.http_client.errors import ApiError, CallError
from bot.channels.http_client.remedies import (
    AlreadySent,
    InDoubt,
    PauseAll,
    Refuse,
    ShutOut,
    StopForOperator,
    TryAgain,
    backoff,
    remedy_without_answer,
)
from bot.channels.wechat.api.account import WechatAccount
from bot.channels.wechat.api.server import WechatRequest
from bot.channels.wechat.outbound.allowed_methods import Abilities, allowed_methods
from bot.channels.wechat.outbound.errors import (
    OF_A_PICTURE,
    NextMethod,
    QuotaUsedUp,
    SendReduced,
    WithoutMenus,
    remedy_for,
)
from bot.channels.wechat.outbound.fields import UnfitField
from bot.channels.wechat.outbound.health import AccountHealth
from bot.channels.wechat.outbound.message_quota import DOUBTED, OK
from bot.channels.wechat.outbound.present import (
    MenuMessage,
    NoticeMessage,
    PictureMessage,
    TextMessage,
    WechatMessage,
    for_followers,
    messages_by,
    reduced,
)
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import Attempt, Blocked, Clock, DeliveryContext, Held, Refused, Retry, Sent, Unknown
from scoring.values import Value, replace
from storage.model.records import OutboxMessage

__all__ = ["MessageSender", "SendOutcome"]

SendOutcome = Sent | Retry | Held | Blocked | Refused | Unknown
_REMEMBERED = 10_000  # unfinished messages; some expire without being sent again
_NOT_THERE = 40007
"""The code by which WeChat, too, says that a picture is not there."""
_JITTER = 15  # seconds over which messages spread that wait for the same minute to end

_Ending = TryAgain | PauseAll | QuotaUsedUp | StopForOperator | ShutOut | AlreadySent


class _Progress(Value):
    """How far an unfinished message has come: parts that arrived, failures of it so far."""

    parts: int = 0
    failures: int = 0


class _Sending:
    """One sending: its attempts, which methods are closed, and why nobody is there (`out`), if that was answered."""

    def __init__(self, message: OutboxMessage, context: DeliveryContext, account: Abilities) -> None:
        self.message = message
        self.context = context
        self.account = account
        self.attempts: list[Attempt] = []
        self.closed: set[SendMethod] = set()
        self.out = ""

    def add_attempt(self, method: SendMethod, code: str, why: str = "") -> None:
        self.attempts.append(Attempt(method.value, code, why))

    def leave_out_picture(self) -> None:
        """Send a link in the place of the picture."""
        self.message = replace(self.message, prompt=self.message.prompt.without_file)

    def messages_by(self, method: SendMethod) -> tuple[WechatMessage, ...]:
        """Return what is sent by this method; raises UnfitField."""
        template = self.account.subscription if method is SendMethod.GRANT else self.account.template
        return messages_by(self.message, method, template, self.context.facts)

    def end(self, outcome: SendOutcome | None) -> SendOutcome:
        """Return what became of it; without any method left it waits, unless nobody is there."""
        outcome = outcome or (Blocked("blocked", self.out) if self.out else Held(None, "window_closed"))
        return replace(outcome, attempts=tuple(self.attempts))


class MessageSender:
    """Sends for one account, and tells `health` how each call went.

    Parts of a message that arrived are remembered while the process lives, and not sent again.
    """

    def __init__(self, account: WechatAccount, health: AccountHealth, clock: Clock, read_file: ReadFile) -> None:
        self._read_file = read_file
        self._calls = account.calls
        self._requests = account.requests
        self._health = health
        self._clock = clock
        self._progress: dict[str, _Progress] = {}

    async def send(self, message: OutboxMessage, context: DeliveryContext) -> SendOutcome:
        """Send a message by the first method that is allowed and not refused; return what became of it."""
        now = self._clock.now()
        sending = _Sending(for_followers(message), context, self._health.abilities(now))
        if not self._progress_of(sending).parts and self._wants_link(sending):
            sending.leave_out_picture()
        outcome: SendOutcome | None = None
        for method in allowed_methods(sending.message, context, sending.account, now):
            if outcome is None and method not in sending.closed:
                outcome = await self._send_by(sending, method)
        ended = sending.end(outcome)
        if not isinstance(ended, Retry | Held) and not (isinstance(ended, Refused) and ended.alarm):
            self._progress.pop(message.id, None)
        return ended

    def _wants_link(self, sending: _Sending) -> bool:
        """Return whether the chat takes the text and not the picture with it, since too few messages are left."""
        ways = (sending.message, replace(sending.message, prompt=sending.message.prompt.without_file))
        with_picture, without = (
            {*allowed_methods(way, sending.context, sending.account, self._clock.now())} & {*CUSTOM} for way in ways
        )
        return bool(without and not with_picture)

    async def _send_by(self, sending: _Sending, method: SendMethod) -> SendOutcome | None:
        """Send by one method; return what became of the message, None where the next method follows."""
        try:
            messages = sending.messages_by(method)
        except UnfitField as error:
            sending.add_attempt(method, "unfit", str(error))
            self._health.warn(method, "template_fields", str(error))
            return None
        receipt = ""
        for number in range(self._progress_of(sending).parts if method in CUSTOM else 0, len(messages)):
            part = messages[number]
            answer = await self._send_part(sending, method, part)
            if isinstance(answer, ApiError) and answer.code in OF_A_PICTURE and isinstance(part, PictureMessage):
                sending.leave_out_picture()
                return await self._send_by(sending, method)
            if isinstance(answer, ApiError):
                return await self._remedied(sending, method, answer)
            if not isinstance(answer, str):
                return answer
            receipt = answer
            self._remember(sending, replace(self._progress_of(sending), parts=number + 1))
        return Sent(receipt or sending.message.id)

    async def _send_part(
        self, sending: _Sending, method: SendMethod, message: WechatMessage
    ) -> str | ApiError | SendOutcome:
        """Send one part; where a part of it is refused, once more without that part. Return as `_call` does."""
        answer = await self._call(sending, method, message)
        if isinstance(answer, ApiError) and isinstance(remedy_for(answer.code), SendReduced):
            again = reduced(sending.message, message, answer.text)
            return answer if again is None else await self._call(sending, method, again)
        return answer

    async def _call(
        self, sending: _Sending, method: SendMethod, message: WechatMessage
    ) -> str | ApiError | SendOutcome:
        """Make one call; return the platform's id of the message, empty for none, or what went wrong."""
        begun = self._clock.monotonic()
        media = await self._uploaded(sending, method) if isinstance(message, PictureMessage) else ""
        if not isinstance(media, str):
            return media
        try:
            answer = await self._calls.call(self._request(sending.message, message, media))
        except ApiError as error:
            self._answered(begun)
            sending.add_attempt(method, str(error.code), error.text)
            return error
        except CallError as error:
            return self._unanswered(sending, method, error)
        self._answered(begun)
        sending.add_attempt(method, OK)
        return str(answer.get("msgid", ""))

    async def _uploaded(self, sending: _Sending, method: SendMethod) -> str | ApiError | SendOutcome:
        """Return the id of the picture of a message, uploaded now and shown nowhere yet, or what went wrong."""
        try:
            made = await self._read_file(sending.message.prompt)
            request = self._requests.upload_picture(made.name, made.media_type, made.content)
            answer = await self._calls.call(request, idempotent=True)
        except LookupError as error:
            return ApiError(_NOT_THERE, str(error))
        except ApiError as error:
            sending.add_attempt(method, str(error.code), error.text)
            return error
        except CallError as error:
            self._health.failed(self._clock.now())
            sending.add_attempt(method, "unreachable", str(error))
            return self._again(sending, str(error))
        return str(answer.get("media_id", ""))

    def _unanswered(self, sending: _Sending, method: SendMethod, error: CallError) -> SendOutcome:
        self._health.failed(self._clock.now())
        match remedy_without_answer(error):
            case TryAgain():
                sending.add_attempt(method, "unreachable", str(error))
                return self._again(sending, str(error))
            case InDoubt():
                sending.add_attempt(method, DOUBTED, str(error))
                return Unknown(str(error))

    def _answered(self, begun: float) -> None:
        self._health.answered(timedelta(seconds=self._clock.monotonic() - begun), self._clock.now())

    def _request(self, to: OutboxMessage, message: WechatMessage, media: str) -> WechatRequest:
        match message:
            case PictureMessage():
                return self._requests.send_picture(to.chat, media)
            case TextMessage(content):
                return self._requests.send_text(to.chat, content)
            case MenuMessage(head, items, tail):
                return self._requests.send_msg_menu(to.chat, head, [(i.id, i.content) for i in items], tail)
            case NoticeMessage(SendMethod.GRANT, template, values, page):
                return self._requests.bizsend(to.chat, template, values, page)
            case NoticeMessage(_, template, values, page):
                return self._requests.send_template(to.chat, template, values, page, to.id)

    async def _remedied(self, sending: _Sending, method: SendMethod, error: ApiError) -> SendOutcome | None:
        """Apply the remedy for an error code; return what became of the message, None for the next method."""
        why = str(error)
        match remedy_for(error.code):
            case TryAgain(int()) if method is SendMethod.MENU:
                # A code of no known meaning may be about the menu alone, so its text goes without it.
                return self._give_up(sending, method, why)
            case TryAgain() | PauseAll() | QuotaUsedUp() | StopForOperator() | ShutOut() | AlreadySent() as remedy:
                return self._ended(sending, remedy, why)
            case WithoutMenus():
                await self._health.has_no_menus()
                sending.closed.add(method)
                return None
            case NextMethod() as remedy:
                self._close(sending, method, remedy, why)
                return None
            case Refuse() | SendReduced():
                return self._give_up(sending, method, why)
            case never:
                assert_never(never)

    def _ended(self, sending: _Sending, remedy: _Ending, why: str) -> SendOutcome:
        now = self._clock.now()
        match remedy:
            case TryAgain(times):
                self._health.failed(now)
                return self._again(sending, why, times)
            case PauseAll(seconds):
                spread = zlib.crc32(sending.message.id.encode()) % _JITTER
                return self._health.pause(seconds + spread, why, "", now)
            case QuotaUsedUp(alarm):
                return self._health.pause(None, why, alarm, now)
            case StopForOperator(alarm, fix):
                return self._health.stop(f"{why}; {fix}", alarm, now)
            case ShutOut(reason):
                return Blocked(reason, why)
            case AlreadySent():
                return Sent(sending.message.id)

    def _close(self, sending: _Sending, method: SendMethod, remedy: NextMethod, why: str) -> None:
        """Close the method's interface, for this message or, where the account cannot use it at all, for an hour."""
        sending.closed.update(CUSTOM if method in CUSTOM else (method,))
        sending.out = why if remedy.is_out else sending.out
        if remedy.disables:
            self._health.disable(method, self._clock.now())
        if remedy.alarm:
            self._health.warn(method, remedy.alarm, f"{why}; {remedy.fix}")

    def _give_up(self, sending: _Sending, method: SendMethod, why: str) -> Refused | None:
        """Close the method; return the refusal of a text. A menu then goes as text, a notice is the owner's to mend."""
        sending.closed.add(method)
        if method is SendMethod.TEXT:
            return Refused(why)
        if method is not SendMethod.MENU:
            self._health.warn(method, "template_fields", why)
        return None

    def _again(self, sending: _Sending, why: str, times: int | None = None) -> Retry | Refused:
        progress = self._progress_of(sending)
        if times is not None and progress.failures >= times:
            return Refused(why)
        self._remember(sending, replace(progress, failures=progress.failures + 1))
        return Retry(backoff(progress.failures), why)

    def _remember(self, sending: _Sending, progress: _Progress) -> None:
        self._progress[sending.message.id] = progress
        if len(self._progress) > _REMEMBERED:
            del self._progress[next(iter(self._progress))]

    def _progress_of(self, sending: _Sending) -> _Progress:
        return self._progress.get(sending.message.id, _Progress())
