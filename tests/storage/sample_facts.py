"""Facts with every field filled: a service visit, the closing of its ticket, a rating."""

from datetime import datetime, timedelta

from dialogs.exclusion.model import Exclusion, ExclusionState
from scoring.validity import ExclusionReason
from storage.model.fact_records import Closing, RatingFact, RatingStatus
from storage.model.records import StoredFile
from storage.model.service_details import Rework, ServiceDetails

__all__ = ["full_closing", "full_details", "full_exclusion", "full_file", "full_rating"]


def full_details(now: datetime) -> ServiceDetails:
    """Return a service visit of which everything is known."""
    return ServiceDetails(
        requested_at=now,
        assigned_at=now + timedelta(minutes=1),
        onsite_at=now + timedelta(minutes=2),
        solved_at=now + timedelta(minutes=3),
        area="静安",
        station="静安一站",
        contract="gold-4h",
        device="SN-7788",
        fault="漏水",
        service_type="repair",
        source_channel="hotline",
        order_no="JD-1122",
        repair_form_no="WX-33",
        customer_signed=True,
        warranty="保内",
        cause="密封圈老化",
        measure="换密封圈",
        resent=True,
        solved_first_time=False,
        rework=Rework.EXTERNAL,
        rework_of="desk/41",
        fields={"楼层": "十二楼", "floors": 12, "lift": True},
    )


def full_closing(now: datetime) -> Closing:
    """Return a closing of which everything is known."""
    return Closing(
        "desk",
        "42",
        1,
        "c-mei",
        now,
        requested_at=now,
        opened_at=now,
        first_replied_at=now + timedelta(minutes=1),
        assigned_at=now + timedelta(minutes=2),
        appointment_at=now + timedelta(minutes=3),
        onsite_at=now + timedelta(minutes=4),
        solved_at=now + timedelta(minutes=5),
        agent_id="a17",
        agent_name="李工",
        team="north",
        station="静安一站",
        area="静安",
        product="AC-300",
        category="repair",
        service_type="repair",
        source_channel="hotline",
        contract="gold-4h",
        tier="gold",
        tags=("vip",),
        contact_key="9f2c",
    )


def full_rating(now: datetime) -> RatingFact:
    """Return a rating that does not count."""
    return RatingFact(
        *("desk", "42", 1, "int_42", "care", "after_service", 1, "attitude", 2, 1, 5, now, "telegram"),
        RatingStatus.EXCLUDED,
        ExclusionReason.REOPENED,
        2,
        4,
    )


def full_exclusion(now: datetime) -> Exclusion:
    """Return an exclusion that was appealed and upheld."""
    return Exclusion(
        id="exc_1",
        response="int_42",
        number=1,
        reason=ExclusionReason.MALICIOUS,
        proposed_by="李工",
        proposed_at=now,
        note="骂人",
        state=ExclusionState.UPHELD,
        decided_by="王工",
        decided_at=now + timedelta(hours=1),
        decision="是骂人",
        appeal_until=now + timedelta(days=3),
        appealed_by="张工",
        appealed_at=now + timedelta(hours=2),
        appeal="只是着急",
        reviewed_by="赵工",
        reviewed_at=now + timedelta(hours=3),
        review="维持原判",
        evidence=("https://example.com/photo",),
    )


def full_file(now: datetime) -> StoredFile:
    """Return a stored file."""
    return StoredFile.of(b"\x89PNG\r\n\x1a\n\x00\xff", now)
