"""Whatever customers and we do in whatever order: WeChat never has to say that a window is shut or used up.

The platform here is the fake's own, with its bookkeeping, and reads the requests that we would send.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from bot.channels.wechat.api.requests import RequestWriter
from bot.channels.wechat.api.server import WechatRequest
from bot.channels.wechat.outbound.allowed_methods import Abilities, allowed_methods
from bot.channels.wechat.outbound.message_quota import DOUBTED, OK, WechatQuota
from bot.channels.wechat.outbound.present import MenuMessage, TextMessage, WechatMessage, messages_by
from bot.channels.wechat.outbound.send_methods import CUSTOM, SendMethod
from bot.ports import Attempt, Delivery, DeliveryContext, Held, Sent, Unknown
from dialogs.messages import Address, Inbound, Joined, Left, Person, Prompt, Said, Tap, Text, Verb
from storage.model.records import OutboxMessage, Purpose
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.snapshot import Snapshot
from tests.channels.wechat.messages import COMMENT, RATING, closure, message
from tests.support.examples import tries
from tests.support.wechat import APP_ID, Account
from tests.support.wechat.customers import Customer
from tests.support.wechat.errors import ApiError
from tests.support.wechat.methods.custom import send
from tests.support.wechat.reading import Asked
from tests.support.wechat.rules.allowances import Spending

OPENID = "oMei"
PLACE = Address("wechat", OPENID)
BUILDER = RequestWriter(APP_ID)
LONG = "换了压缩机，清洗了滤网。" * 100
KINDS = {
    "question": (RATING, Purpose.REPLY),
    "thanks": (COMMENT, Purpose.REPLY),
    "long": (closure(LONG), Purpose.CLOSURE),
}
DONE, NOT_DONE = "lost on its way back", "lost on its way there"


@dataclass(slots=True)
class Life:
    """A customer at the platform, and our books about them."""

    now: float = 1_800_000_000.0
    account: Account = field(init=False)
    mei: Customer = field(init=False)
    snapshot: Snapshot = field(default_factory=Snapshot)
    books: WechatQuota = field(default_factory=WechatQuota)
    pushes: int = 0

    def __post_init__(self) -> None:
        self.account = Account(lambda: self.now)
        self.mei = self.account.customers[OPENID] = Customer(OPENID, "王女士", "")

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)

    def does(self, act: str, delay: float) -> None:
        """Let the customer do something that we hear of so many seconds later."""
        if (act == "follows") == self.mei.follows:
            return
        match act:
            case "follows":
                self.mei.follows = True
                self.mei.allowances.click.opens(self.now)
                self._hear(Joined(), delay)
            case "leaves":
                self.mei.follows, self.mei.was_follower = False, True
                self.mei.allowances.shut()
                self._hear(Left(), delay)
            case "types":
                self.mei.allowances.text.opens(self.now)
                self._hear(Text("好"), delay)
            case _:
                self.mei.allowances.click.opens(self.now)
                self._hear(Tap(Verb.SKIP, "int_1"), delay)

    def send(self, kind: str, fault: str, takes: float) -> str:
        """Send one message as the plan has it; gives the codes of what was tried."""
        sent = message(*KINDS[kind], chat=OPENID)
        planned = allowed_methods(sent, DeliveryContext(self.snapshot.window(PLACE)), Abilities(), self.at)
        step = next((step for step in planned if step in CUSTOM), None)
        if step is None:
            return "held"
        tried = self._tries(step, messages_by(sent, step, None, {}), fault, takes)
        self._keep(self.books.settled(self.snapshot, sent, _outcome(tried), self.at))
        return " ".join(one.code for one in tried)

    def _tries(
        self, step: SendMethod, said: tuple[WechatMessage, ...], fault: str, takes: float
    ) -> tuple[Attempt, ...]:
        tried: list[Attempt] = []
        for body in said:
            self.now += takes / len(said)
            if fault not in {"", DONE, NOT_DONE}:
                return (*tried, Attempt(step, fault))
            if fault != NOT_DONE:
                self.carry_out(body)
            tried.append(Attempt(step, DOUBTED if fault else OK))
            if fault:
                break
        return tuple(tried)

    def carry_out(self, body: WechatMessage) -> None:
        """Have the platform do it; its refusal is the failure of a test."""
        try:
            send(self.account, Asked("POST", "", {}, _built(body).body))
        except ApiError as error:
            raise AssertionError(f"{error.code} {error.text}: {self.snapshot.window(PLACE)} at {self.at}") from None

    def _hear(self, said: Said, delay: float) -> None:
        self.now += delay
        self.pushes += 1
        number = str(self.pushes) if isinstance(said, Text) else ""
        inbound = Inbound(f"wechat:{self.pushes}", PLACE, Person(OPENID), self.at, said, message=number)
        self._keep(self.books.received(self.snapshot, inbound, Changes(), self.at))

    def _keep(self, changes: Changes) -> None:
        self.snapshot.absorb(changes)


def _built(body: WechatMessage) -> WechatRequest:
    match body:
        case TextMessage(content):
            return BUILDER.send_text(OPENID, content)
        case MenuMessage(head, items, tail):
            return BUILDER.send_msg_menu(OPENID, head, [(item.id, item.content) for item in items], tail)
        case other:
            raise AssertionError(other)


def _outcome(tried: tuple[Attempt, ...]) -> Delivery:
    if tried[-1].code == OK:
        return Sent("out_1", tried)
    return Unknown("lost", tried) if tried[-1].code == DOUBTED else Held(None, "window_closed", tried)


Event = tuple[str, str, str, float]

ACTS = st.tuples(
    st.just("does"), st.sampled_from(["types", "clicks", "follows", "leaves"]), st.just(""), st.floats(0, 5)
)
FAULTS = st.sampled_from([""] * 6 + [DONE, NOT_DONE, "45015", "45047", "-1"])
SENDS = st.tuples(st.just("send"), st.sampled_from(sorted(KINDS)), FAULTS, st.floats(0, 5))
PAUSES = st.sampled_from([1.0, 44.0, 49.0, 51.0, 61.0, 3_600.0, 170_000.0, 172_199.0, 172_801.0]) | st.floats(
    0, 200_000
)
WAITS = st.tuples(st.just("waits"), st.just(""), st.just(""), PAUSES)


@given(st.lists(ACTS | SENDS | SENDS | WAITS, max_size=40), st.sampled_from(["text first", "click first", "both"]))
@example([("does", "types", "", 0.0), ("does", "clicks", "", 0.0)] + [("send", "question", "", 0.0)] * 9, "both")
@example([("does", "clicks", "", 5.0), ("waits", "", "", 52.0), ("send", "thanks", "", 4.0)], "both")
@example([("does", "types", "", 5.0), ("waits", "", "", 172_792.0), ("send", "thanks", "", 4.0)], "both")
@tries(300)
def test_no_history_meets_a_shut_or_used_up_window(history: list[Event], spending: Spending) -> None:
    life = Life()
    life.account.spending = spending
    for what, which, fault, seconds in history:
        match what:
            case "does":
                life.does(which, seconds)
            case "send":
                life.send(which, fault, seconds)
            case _:
                life.now += seconds


def test_nothing_is_held_that_the_windows_allow() -> None:
    life = Life()
    assert life.send("thanks", "", 0) == "held"
    life.does("types", 1)
    assert [life.send("question", "", 1) for _ in range(6)] == [OK] * 5 + ["held"]
    life.does("clicks", 1)
    assert [life.send("question", "", 1) for _ in range(4)] == [OK] * 3 + ["held"]
    life.does("types", 1)
    assert [life.send("long", "", 1), life.send("long", "", 1)] == [f"{OK} {OK}"] * 2
    life.now += timedelta(hours=47, minutes=49).total_seconds()
    assert [life.send("thanks", "", 1), life.send("thanks", "", 1)] == [OK, "held"]


def test_what_was_refused_closes_and_what_was_lost_counts() -> None:
    life = Life()
    life.does("types", 1)
    assert [life.send("thanks", fault, 1) for fault in (DONE, NOT_DONE)] == [DOUBTED] * 2
    assert [life.send("thanks", "", 1) for _ in range(4)] == [OK] * 3 + ["held"]
    for code in ("45015", "45047"):
        life.does("types", 1)
        assert [life.send("thanks", code, 1), life.send("thanks", "", 1)] == [code, "held"]
    life.does("types", 1)
    assert [life.send("thanks", "-1", 1), life.send("thanks", "", 1)] == ["-1", OK]


def test_who_leaves_shuts_everything_and_who_comes_back_opens_a_minute() -> None:
    life = Life()
    life.does("types", 1)
    life.does("leaves", 1)
    assert life.send("thanks", "", 1) == "held"
    life.does("follows", 1)
    assert [life.send("thanks", "", 1) for _ in range(4)] == [OK] * 3 + ["held"]


def test_a_prompt_of_any_length_is_a_message_that_is_taken() -> None:
    life = Life()
    for text in ("好", "好 " * 4000, "x" * 2048, "👨‍👩‍👧" * 999, "<a href='x'>" * 300, "a\x00\x1b\ud83db"):
        for prompt in (Prompt(text), Prompt(text, RATING.rows, typed="回复 1 到 5")):
            life.does("types", 1)
            for step in CUSTOM if prompt.rows else (SendMethod.TEXT,):
                for body in messages_by(_sent(prompt), step, None, {}):
                    life.carry_out(body)


def _sent(prompt: Prompt) -> OutboxMessage:
    return message(prompt, chat=OPENID)
