"""A signed link opens what it was made for, until it expires; one that somebody changed opens nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest

from bot.signed_links import LinkPurpose, Links, Stale

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
LINKS = Links("https://huifang.example/", b"the installation's secret")


@pytest.mark.parametrize("subject", ["int_abc", "客户-1001", "a/b c", "", "x" * 200])
@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_opens_what_it_was_made_for(purpose: LinkPurpose, subject: str) -> None:
    assert LINKS.read(LINKS.token(purpose, subject, LATER), NOW) == (purpose, subject)


@pytest.mark.parametrize(
    ("purpose", "door"),
    [
        (LinkPurpose.SURVEY, "s"),
        (LinkPurpose.BINDING, "s"),
        (LinkPurpose.WEB, "s"),
        (LinkPurpose.TEAM, "t"),
        (LinkPurpose.DATA, "d"),
    ],
)
def test_each_purpose_has_its_page(purpose: LinkPurpose, door: str) -> None:
    token = LINKS.token(purpose, "x", LATER)
    assert LINKS.url(purpose, "x", LATER) == f"https://huifang.example/{door}/{token}"


@pytest.mark.parametrize("after", [timedelta(0), timedelta(days=3, seconds=-1)])
def test_a_link_opens_until_it_expires(after: timedelta) -> None:
    assert LINKS.read(LINKS.token(LinkPurpose.SURVEY, "int_1", LATER), NOW + after) == (LinkPurpose.SURVEY, "int_1")


@pytest.mark.parametrize("after", [timedelta(days=3), timedelta(days=300)])
def test_a_link_that_has_expired_is_told_from_one_that_is_none(after: timedelta) -> None:
    with pytest.raises(Stale):
        LINKS.read(LINKS.token(LinkPurpose.SURVEY, "int_1", LATER), NOW + after)


def test_a_link_in_which_any_one_bit_was_changed_opens_nothing() -> None:
    token = LINKS.token(LinkPurpose.TEAM, "iss_1", LATER)
    raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for place in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(LookupError):
            LINKS.read(urlsafe_b64encode(changed).decode().rstrip("="), NOW)


@pytest.mark.parametrize("token", ["", "a", "!!!!", "链接", "AAAA", "A" * 22, "A" * 5000, "\0"])
def test_what_is_no_link_at_all_opens_nothing(token: str) -> None:
    with pytest.raises(LookupError):
        LINKS.read(token, NOW)


def test_a_link_of_another_installation_opens_nothing() -> None:
    other = Links(LINKS.base, b"another secret")
    with pytest.raises(LookupError):
        LINKS.read(other.token(LinkPurpose.SURVEY, "int_1", LATER), NOW)


def test_a_link_that_was_cut_off_by_a_chat_opens_nothing() -> None:
    token = LINKS.token(LinkPurpose.SURVEY, "int_abcdefgh", LATER)
    for end in range(len(token)):
        with pytest.raises(LookupError):
            LINKS.read(token[:end], NOW)
