"""One of everything that is kept, related as in life: Mei's closed ticket, her interview, the issue it became."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from dialogs.campaign.model import (
    Audience,
    Campaign,
    CampaignKind,
    CampaignState,
    Run,
    RunState,
    Schedule,
    Target,
    TargetState,
)
from dialogs.ids import ref_of
from dialogs.interview.model import Answer, Clarification, Interview, InterviewState, KeptWords, SurveyMessage, Undo
from dialogs.invitation.model import Invitation, InvitationReason, InvitationState
from dialogs.issue.model import Draft, Issue, IssueKind, IssueState, Quote
from dialogs.issue.reasons import Undelivered
from dialogs.messages import Choice, FileRef, Link, Person, Prompt, Tap, Verb
from dialogs.outbox.machine import (
    MessageDelivered,
    MessageDoubted,
    MessageDropped,
    MessageFailed,
    MessageHeldBack,
    MessagePostponed,
    SendingEvent,
)
from dialogs.outbox.model import SendingState
from dialogs.time.contact_hours import DailyHours
from scoring.complaints import ComplaintCategory, ComplaintRemedy, ComplaintVerdict, Judgement
from scoring.rules import AlertKind, AlertSubject, AlertWord, LowMean, LowRating, Severity
from scoring.validity import ExclusionReason, RaisedFlag, ResponseFlag
from scoring.values import replace
from storage.model.known_deliveries import KnownEvent
from storage.model.records import (
    AnswerLog,
    AttemptRow,
    Contact,
    ContactState,
    Customer,
    Grant,
    InboxOutcome,
    InboxRow,
    IssueEvent,
    Member,
    Note,
    OutboxMessage,
    Purpose,
    StoredSurvey,
    Ticket,
    TicketStatus,
    Token,
    Window,
)
from storage.model.registers import AnonymousAnswers, AuditEntry, Request, RequestKind, Tombstone
from storage.unit_of_work.changes import Cancel, Changes, Record, Settle
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.snapshot import Snapshot
from storage.unit_of_work.writer import Decision, Job, Writer
from tests.storage.sample_archive import what_people_made
from tests.storage.sample_facts import full_closing, full_details, full_exclusion, full_file, full_rating
from tests.storage.sample_sheets import file_of_sheet, full_assessment, full_entered_figure

__all__ = [
    "NOW",
    "asked",
    "everything",
    "inbox_row",
    "issue",
    "look",
    "message",
    "person",
    "save",
    "saving",
    "settle",
    "soon",
]

NOW = datetime(2026, 11, 22, 2, 30, 0, 123456, tzinfo=UTC)


def soon(**delta: float) -> datetime:
    """Return a moment from NOW on: `soon(hours=1)`."""
    return NOW + timedelta(**delta)


# -- records --------------------------------------------------------------------------------------------------


def person(name: str = "mei", ticket: str = "42") -> tuple[Customer, Contact, Ticket]:
    """Return a customer with a chat and a closed ticket."""
    customer = Customer(f"c-{name}", name, "zh-Hans", "Asia/Shanghai", phone=f"+86 138-0013-{name}")
    customer = replace(customer, email=f"{name}@example.com", postal_address=f"street of {name}", invited_at=NOW)
    contact = Contact(customer.id, "telegram", f"chat-{name}", bound_at=NOW)
    url = f"https://desk.example.com/{name}"
    return customer, contact, Ticket("desk", ticket, customer.id, TicketStatus.CLOSED, 1, closed_at=NOW, url=url)


def asked(
    name: str = "mei", ticket: str = "42", state: InterviewState = InterviewState.RATING
) -> tuple[Invitation, Interview]:
    """Return that ticket's invitation and its interview."""
    invitation = Invitation(
        f"inv_{ticket}",
        "desk",
        ticket,
        1,
        f"c-{name}",
        "after_service",
        NOW,
        soon(hours=24),
        NOW,
        InvitationState.ASKED,
        channel="telegram",
        asked_at=NOW,
    )
    interview = Interview(
        f"int_{ticket}",
        invitation.id,
        f"c-{name}",
        "telegram",
        f"chat-{name}",
        ("after_service", 2),
        "zh-Hans",
        NOW,
        soon(hours=72),
        state,
    )
    return invitation, interview


def issue(id_: str = "iss_1", name: str = "mei", ticket: str = "42", kind: IssueKind = IssueKind.LOW_SCORE) -> Issue:
    """Return an open issue about that ticket."""
    return Issue(
        id_,
        kind,
        Severity.HIGH,
        NOW,
        soon(hours=4),
        tickets=(("desk", ticket),),
        responses=(f"int_{ticket}",),
        customers=(f"c-{name}",),
        wake_at=soon(hours=4),
    )


def message(id_: str = "out_1", name: str | None = "mei", *, edits: str | None = None) -> OutboxMessage:
    """Return a survey message to that customer, or an alert to the team, due now."""
    mine = OutboxMessage(id_, "telegram", f"chat-{name}", Purpose.SURVEY, Prompt("你好"), NOW, NOW, edits=edits)
    if name is None:
        return replace(mine, purpose=Purpose.ALERT, chat="team", obeys_opt_out=False)
    return replace(mine, customer=f"c-{name}", about=ref_of("int_42"))


def inbox_row(key: str = "telegram:1", outcome: InboxOutcome = InboxOutcome.DONE) -> InboxRow:
    """Return something heard."""
    return InboxRow(key, "telegram", b'{"update_id": 1}', NOW, outcome)


PROMPT = Prompt(
    "快不快？",
    rows=((Choice("1", Tap(Verb.RATE, "int_42", "speed", 1)), Choice("2", Tap(Verb.RATE, "int_42", "speed", 2))),),
    link=Link("看看", "https://example.com/"),
    asks="写给顾客的一句话",
    replies_to="77",
    mentions=Person("5", "李工", "zh"),
    file=FileRef(full_file(NOW).hash, "周报.png", "image/png", 10, Link("打开", "https://example.com/a")),
)


def everything() -> list[Record]:
    """Return one record of every kind, every field filled, in an order in which they can be saved one by one."""
    customer, contact, _ = person()
    return [
        replace(customer, tier="gold", opted_out_at=NOW),
        _full_ticket(),
        replace(contact, state=ContactState.BLOCKED, last_received_at=NOW),
        Token("hash", customer.id, "telegram", NOW, soon(days=1), "desk", "42", NOW, "chat-mei"),
        Member("li", "lead", "5", "hash", NOW, agent="a1", team="north"),
        Note("poll", "77", NOW),
        StoredSurvey("after_service", 1, "{}", NOW),
        full_closing(NOW),
        _full_invitation(),
        _full_interview(),
        AnswerLog("int_42", 1, "speed", 5, "快", NOW, "telegram:1"),
        full_rating(NOW),
        full_exclusion(NOW),
        _full_issue(),
        IssueEvent("iss_1", 1, NOW, "claimed", "李工", "我来"),
        full_file(NOW),
        _full_message(),
        InboxRow("telegram:1", "telegram", b"\x00\xff", NOW, InboxOutcome.FAILED, "{}", "KeyError"),
        AttemptRow("out_1", NOW, 1, "custom", "45015", "the window is shut"),
        Window("wechat", "oMei", NOW, 2, soon(minutes=1), 1),
        Grant("wechat", "oMei", "template-1", 3),
        _full_campaign(),
        Run("cam_1", NOW, RunState.DONE, 3, NOW, soon(hours=1), "late"),
        Target("cam_1", NOW, customer.id, TargetState.HANDED, "quiet", "desk", "42", "int_42", "out_1", NOW),
        Request("req_1", RequestKind.ERASURE, customer.id, NOW, soon(days=1), "chat", "telegram", "chat-mei", NOW, NOW),
        Tombstone("hash", "gone_1", NOW),
        KnownEvent("evt_1"),
        AuditEntry("aud_1", NOW, "li", "campaign.start", "cam_1", '{"to": "running"}'),
        AnonymousAnswers("drawn", "pulse", 1, "2026-11-22", '{"speed": 5}', "不错"),
        full_assessment(NOW),
        file_of_sheet(NOW, (kept := full_file(NOW)).hash, len(kept.content)),
        full_entered_figure(NOW),
        *what_people_made(NOW, full_file(NOW).content),
    ]


def _full_campaign() -> Campaign:
    return Campaign(
        "cam_1",
        "十一月回访",
        CampaignKind.SURVEY,
        NOW,
        created_by="li",
        state=CampaignState.RUNNING,
        survey="callback",
        text="您好",
        audience=Audience(tags=("vip",), closed_from=NOW, closed_within=timedelta(days=8), score_at_or_below=3.5),
        schedule=Schedule(NOW, "daily 09:00", "Asia/Shanghai"),
        window=DailyHours(time(9), time(18)),
        occurrence=NOW,
        next_at=soon(days=1),
        wake_at=soon(minutes=1),
        why="refused",
        origin="rules",
    )


def _full_ticket() -> Ticket:
    return replace(
        replace(person()[2], imported="imp_1"),
        opened_at=NOW,
        first_replied_at=soon(minutes=1),
        updated_at=soon(minutes=2),
        open_since=NOW,
        appointment_at=NOW,
        subject="空调不制冷",
        category="repair",
        product="AC-300",
        team="north",
        agent_id="a17",
        agent_name="李工",
        tags=("vip", "第二次"),
        details=full_details(NOW),
    )


def _full_invitation() -> Invitation:
    return replace(
        asked()[0],
        reason=InvitationReason.NO_CONTACT,
        agent_id="a17",
        agent_name="李工",
        team="north",
        by_hand=True,
        occasion="cam_1",
        rule="vip",
        entered_by="王芳",
        sent_at=NOW,
        wake_at=soon(hours=1),
    )


WHOLE = Answer("speed", 5, NOW, importance=4, declines=True, clarification=Clarification(1, 5, NOW, confirmed=5))


def _full_interview() -> Interview:
    return replace(
        asked()[1],
        at="speed",
        answers=(Answer("care", 2, NOW, "很慢", "78"), WHOLE),
        skipped=("after_care",),
        remarks_asked=("care",),
        comment="谢谢 🙂",
        comment_source="79",
        comment_begins=5,
        misses=1,
        message="out_1",
        remind_at=soon(hours=12),
        settle_at=soon(minutes=1),
        completed_at=soon(hours=2),
        assessed=(AlertSubject(AlertKind.RATING, "care"), AlertSubject(AlertKind.MEAN)),
        logged=2,
        shown="remark:care",
        notice="1",
        reminded_at=NOW,
        said=(KeptWords("几点来的", NOW, "80"), KeptWords("再说", soon(minutes=1))),
        undo=(Undo("speed", (Answer("care", 2, NOW, "很慢", "78"),), ("after_care",)),),
        above=SurveyMessage("out_0", "77", SurveyMessage("out_z")),
        doubted="out_2",
        exclusion=ExclusionReason.MALICIOUS,
        flags=(RaisedFlag(ResponseFlag.INCOMPLETE, "1 of 3 items are missing"),),
    )


def _full_issue() -> Issue:
    return replace(
        issue(),
        state=IssueState.CLAIMED,
        title="慢",
        text="很慢",
        quotes=(Quote(NOW, "很慢"), Quote(soon(minutes=1), "太慢")),
        reasons=(LowRating("speed", 2, 2), LowMean(2.5, 3), AlertWord("退款"), Undelivered("closure", "blocked")),
        claimed_by="李工",
        claimant="telegram:5",
        claimed_at=NOW,
        draft="修好了",
        drafts=1,
        note="好了",
        root_cause="parts",
        judgement=Judgement(
            ComplaintVerdict.INVALID,
            "不在家",
            ComplaintCategory.LATE,
            ComplaintRemedy.EXPLANATION,
            "李工",
            NOW,
            soon(days=3),
        ),
        resolution=2,
        told=("c-mei",),
        confirmed=("c-mei",),
        resolved_at=NOW,
        closed_at=NOW,
        escalated=True,
        merged_into="iss_0",
        events=3,
        draft_for=Draft.QUESTION,
        progress="在路上",
        question="等了多久？",
        asked_at=NOW,
    )


def _full_message() -> OutboxMessage:
    return replace(
        message(edits="out_0"),
        prompt=PROMPT,
        round=2,
        expires_at=soon(hours=1),
        status=SendingState.LEASED,
        attempts=3,
        leased_until=soon(minutes=1),
        receipt="80",
        why="429",
        sent_at=NOW,
        campaign="cam_1",
        per_minute=60,
    )


# -- decisions ------------------------------------------------------------------------------------------------


def saving(
    *records: Record, settles: tuple[Settle, ...] = (), cancels: tuple[Cancel, ...] = (), needs: Needs | None = None
) -> Job[None]:
    """Return a decision that saves these."""
    changes = Changes(records, settles, cancels)
    return Job(needs or Needs(), lambda _rows, _now: Decision(changes, None))


async def save(writer: Writer, *records: Record, **more: Any) -> None:  # noqa: ANN401 - as `saving`
    """Save these in one decision."""
    await writer.decide(saving(*records, **more))


async def look(writer: Writer, needs: Needs) -> Snapshot:
    """Return what a decision with these needs sees."""

    def see(rows: Snapshot, _now: datetime) -> Decision[Snapshot]:
        return Decision(Changes(), rows)

    return await writer.decide(Job(needs, see))


def settle(message_id: str, status: SendingState, **fields: Any) -> Settle:  # noqa: ANN401 - as Settle
    """Return what became of a message."""
    at = soon(seconds=5)
    return Settle(message_id, _EVENTS[status](fields), at, **{k: v for k, v in fields.items() if k in _SETTLE})


_SETTLE = ("chat", "send_anew", "replaces")
_EVENTS: dict[SendingState, Callable[[dict[str, Any]], SendingEvent]] = {
    SendingState.SENT: lambda given: MessageDelivered(given.get("receipt", "")),
    SendingState.PENDING: lambda given: MessagePostponed(given.get("not_before", NOW), given.get("why", "")),
    SendingState.HELD: lambda given: MessageHeldBack(given.get("not_before"), given.get("why", "")),
    SendingState.UNKNOWN: lambda given: MessageDoubted(given.get("why", "")),
    SendingState.CANCELLED: lambda given: MessageDropped(given.get("why", "")),
    SendingState.DEAD: lambda given: MessageFailed(given.get("why", "")),
}
