"""One message on its way: tried by one way after the other, and every refusal looked up in the table of errors."""

import zlib
from datetime import timedelta
from typing import assert_never

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
from bot.channels.wechat.outbound.errors import (
    NextMethod,
    QuotaUsedUp,
    SendReduced,
    WithoutMenus,
    remedy_for,
)
from bot.channels.wechat.outbound.fields import Unfit
from bot.channels.wechat.outbound.health import Health
from bot.channels.wechat.outbound.message_quota import DOUBTED, OK
from bot.channels.wechat.outbound.present import Body, Filled, Menu, Words, bodies, mended
from bot.channels.wechat.outbound.reply_window import Abilities, plan
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import Attempt, Blocked, Clock, DeliveryContext, Held, Refused, Retry, Sent, Unknown
from scoring.values import Value, replace
from storage.model.records import OutboxMessage

__all__ = ["Ladder", "Outcome"]

Outcome = Sent | Retry | Held | Blocked | Refused | Unknown
_REMEMBERED = 10_000  # unfinished messages; some expire without coming here again
_JITTER = 15  # seconds over which those spread who wait for the same minute to end


class _Begun(Value):
    """How far an unfinished message has come: parts that arrived, failures of it so far."""

    parts: int = 0
    failures: int = 0


class _Walk:
    """One sending: what it has tried, which ways are shut, and why nobody is there (`out`), if that was said."""

    def __init__(self, message: OutboxMessage, standing: DeliveryContext, account: Abilities) -> None:
        self.message = message
        self.standing = standing
        self.account = account
        self.tried: list[Attempt] = []
        self.shut: set[SendMethod] = set()
        self.out = ""

    def note(self, step: SendMethod, code: str, why: str = "") -> None:
        self.tried.append(Attempt(step.value, code, why))

    def bodies(self, step: SendMethod) -> tuple[Body, ...]:
        """Write what goes this way; raises Unfit."""
        template = self.account.subscription if step is SendMethod.GRANT else self.account.template
        return bodies(self.message, step, template, self.standing.facts)

    def end(self, outcome: Outcome | None) -> Outcome:
        """Return what became of it; without any way left it waits, unless nobody is there."""
        outcome = outcome or (Blocked("blocked", self.out) if self.out else Held(None, "window_closed"))
        return replace(outcome, attempts=tuple(self.tried))


class Ladder:
    """Sends. Parts of a message that arrived are remembered while the process lives, and not sent again."""

    def __init__(self, account: WechatAccount, health: Health, clock: Clock) -> None:
        """Send for this account, and tell `health` how each call went."""
        self._calls = account.calls
        self._builder = account.builder
        self._health = health
        self._clock = clock
        self._begun: dict[str, _Begun] = {}

    async def send(self, message: OutboxMessage, standing: DeliveryContext) -> Outcome:
        """Take the first way that is open."""
        now = self._clock.now()
        walk = _Walk(message, standing, self._health.abilities(now))
        outcome: Outcome | None = None
        for step in plan(message, standing, walk.account, now).steps:
            if outcome is None and step not in walk.shut:
                outcome = await self._by(walk, step)
        ended = walk.end(outcome)
        if not isinstance(ended, Retry | Held) and not (isinstance(ended, Refused) and ended.alarm):
            self._begun.pop(message.id, None)
        return ended

    async def _by(self, walk: _Walk, step: SendMethod) -> Outcome | None:
        """Go one way; None where it is shut."""
        try:
            parts = walk.bodies(step)
        except Unfit as error:
            walk.note(step, "unfit", str(error))
            self._health.warn(step, "template_fields", str(error))
            return None
        receipt = ""
        for number in range(self._of(walk).parts if step in CUSTOM else 0, len(parts)):
            answer = await self._said(walk, step, parts[number])
            if isinstance(answer, ApiError):
                return await self._remedied(walk, step, answer)
            if not isinstance(answer, str):
                return answer
            receipt = answer
            self._remember(walk, replace(self._of(walk), parts=number + 1))
        return Sent(receipt or walk.message.id)

    async def _said(self, walk: _Walk, step: SendMethod, body: Body) -> str | ApiError | Outcome:
        """Say one part; what can be mended is mended once."""
        answer = await self._called(walk, step, body)
        if isinstance(answer, ApiError) and isinstance(remedy_for(answer.code), SendReduced):
            again = mended(walk.message, body, answer.text)
            return answer if again is None else await self._called(walk, step, again)
        return answer

    async def _called(self, walk: _Walk, step: SendMethod, body: Body) -> str | ApiError | Outcome:
        """Make one call; return the platform's id of the message where it has one, or what went wrong."""
        begun = self._clock.monotonic()
        try:
            answer = await self._calls.call(self._built(walk.message, body))
        except ApiError as error:
            self._answered(begun)
            walk.note(step, str(error.code), error.text)
            return error
        except CallError as error:
            return self._unanswered(walk, step, error)
        self._answered(begun)
        walk.note(step, OK)
        return str(answer.get("msgid", ""))

    def _unanswered(self, walk: _Walk, step: SendMethod, error: CallError) -> Outcome:
        self._health.failed(self._clock.now())
        match remedy_without_answer(error):
            case TryAgain():
                walk.note(step, "unreachable", str(error))
                return self._again(walk, str(error))
            case InDoubt():
                walk.note(step, DOUBTED, str(error))
                return Unknown(str(error))

    def _answered(self, begun: float) -> None:
        self._health.answered(timedelta(seconds=self._clock.monotonic() - begun), self._clock.now())

    def _built(self, message: OutboxMessage, body: Body) -> WechatRequest:
        match body:
            case Words(content):
                return self._builder.send_text(message.chat, content)
            case Menu(head, items, tail):
                return self._builder.send_msg_menu(message.chat, head, [(i.id, i.content) for i in items], tail)
            case Filled(SendMethod.GRANT, template, values, page):
                return self._builder.bizsend(message.chat, template, values, page)
            case Filled(_, template, values, page):
                return self._builder.send_template(message.chat, template, values, page, message.id)

    async def _remedied(self, walk: _Walk, step: SendMethod, error: ApiError) -> Outcome | None:
        """Do what the table says; None: the next way."""
        why = str(error)
        match remedy_for(error.code):
            case TryAgain(int()) if step is SendMethod.MENU:
                # A code of no known meaning may be about the menu alone, so its words go as text.
                return self._given_up(walk, step, why)
            case TryAgain() | PauseAll() | QuotaUsedUp() | StopForOperator() | ShutOut() | AlreadySent() as remedy:
                return self._ended(walk, remedy, why)
            case WithoutMenus():
                await self._health.has_no_menus()
                walk.shut.add(step)
                return None
            case NextMethod() as down:
                self._down(walk, step, down, why)
                return None
            case Refuse() | SendReduced():
                return self._given_up(walk, step, why)
            case never:
                assert_never(never)

    def _ended(
        self, walk: _Walk, remedy: TryAgain | PauseAll | QuotaUsedUp | StopForOperator | ShutOut | AlreadySent, why: str
    ) -> Outcome:
        now = self._clock.now()
        match remedy:
            case TryAgain(times):
                self._health.failed(now)
                return self._again(walk, why, times)
            case PauseAll(seconds):
                spread = zlib.crc32(walk.message.id.encode()) % _JITTER
                return self._health.pause(seconds + spread, why, "", now)
            case QuotaUsedUp(alarm):
                return self._health.pause(None, why, alarm, now)
            case StopForOperator(alarm, fix):
                return self._health.stop(f"{why}; {fix}", alarm, now)
            case ShutOut(reason):
                return Blocked(reason, why)
            case AlreadySent():
                return Sent(walk.message.id)

    def _down(self, walk: _Walk, step: SendMethod, down: NextMethod, why: str) -> None:
        walk.shut.update(CUSTOM if step in CUSTOM else (step,))
        walk.out = why if down.is_out else walk.out
        if down.disables:
            self._health.disable(step, self._clock.now())
        if down.alarm:
            self._health.warn(step, down.alarm, f"{why}; {down.fix}")

    def _given_up(self, walk: _Walk, step: SendMethod, why: str) -> Refused | None:
        """A menu that is not taken is said as text, a notice that is not taken is the owner's to mend."""
        walk.shut.add(step)
        if step is SendMethod.TEXT:
            return Refused(why)
        if step is not SendMethod.MENU:
            self._health.warn(step, "template_fields", why)
        return None

    def _again(self, walk: _Walk, why: str, times: int | None = None) -> Retry | Refused:
        begun = self._of(walk)
        if times is not None and begun.failures >= times:
            return Refused(why)
        self._remember(walk, replace(begun, failures=begun.failures + 1))
        return Retry(backoff(begun.failures), why)

    def _remember(self, walk: _Walk, begun: _Begun) -> None:
        self._begun[walk.message.id] = begun
        if len(self._begun) > _REMEMBERED:
            del self._begun[next(iter(self._begun))]

    def _of(self, walk: _Walk) -> _Begun:
        return self._begun.get(walk.message.id, _Begun())
