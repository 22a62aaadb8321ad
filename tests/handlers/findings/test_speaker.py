"""Who sees findings in which chat, and who decides about them."""

import pytest

from bot.handlers.team_findings.speaker import Speaker, speaker_among
from dialogs.messages import Address, Person
from scoring.values import replace
from storage.model.records import Member
from tests.support.stage.scene import POLICY

GROUP, STAGE_TEAM = Address("telegram", "-100"), Address("sandbox", "team")
POLICED = replace(POLICY, team=(GROUP, STAGE_TEAM), admins=frozenset({"900"}))
ROSTER = (
    Member("李工", "agent", "901"),
    Member("小张", "lead", "902"),
    Member("老板", "owner", "900"),
    Member("小周", "admin", "905"),
    Member("看客", "viewer", "906"),
)


def own(person: str, channel: str = "telegram") -> Address:
    """Return somebody's own chat."""
    return Address(channel, person)


@pytest.mark.parametrize(
    ("place", "person", "speaker"),
    [
        (GROUP, "900", Speaker("老板", decides=True)),
        (GROUP, "905", Speaker("小周", decides=True)),
        (GROUP, "902", Speaker("小张", decides=True)),
        (own("902"), "902", Speaker("小张", decides=True)),
        (GROUP, "901", Speaker("李工", decides=False, agent="")),
        (own("901"), "901", Speaker("李工", decides=False, agent="")),
        (own("902"), "901", None),
        (GROUP, "906", None),
        (GROUP, "77", None),
        (GROUP, "", None),
        (own("77"), "77", None),
        (Address("telegram", "-555"), "900", None),
        (own("900", "wechat"), "900", None),
        (STAGE_TEAM, "u1", Speaker("某人", decides=True)),
        (Address("sandbox", "phone"), "u1", None),
    ],
)
def test_with_a_roster_its_roles_decide(place: Address, person: str, speaker: Speaker | None) -> None:
    assert speaker_among(ROSTER, POLICED, place, Person(person, "某人")) == speaker


@pytest.mark.parametrize(
    ("place", "person", "speaker"),
    [
        (GROUP, "77", Speaker("某人", decides=True)),
        (GROUP, "900", Speaker("某人", decides=True)),
        (own("900"), "900", Speaker("某人", decides=True)),
        (own("77"), "77", None),
        (GROUP, "", None),
    ],
)
def test_without_one_the_group_decides_and_administrators_everywhere(
    place: Address, person: str, speaker: Speaker | None
) -> None:
    assert speaker_among((), POLICED, place, Person(person, "某人")) == speaker


def test_an_administrator_of_the_settings_decides_beside_a_roster_of_others() -> None:
    others = (Member("李工", "agent", "901"),)
    assert speaker_among(others, POLICED, GROUP, Person("900", "陈总")) == Speaker("陈总", decides=True)
    demoted = (Member("陈总", "viewer", "900"),)
    assert speaker_among(demoted, POLICED, GROUP, Person("900")) == Speaker("陈总", decides=True)


@pytest.mark.parametrize(
    ("member", "speaker"),
    [
        (Member("小张", "lead", "902", team="north"), Speaker("小张", decides=True, team="north")),
        (Member("李工", "agent", "902", team="north", agent="a17"), Speaker("李工", decides=False, team="north")),
        (Member("李工", "agent", "902", agent="a17"), Speaker("李工", decides=False, agent="a17")),
    ],
)
def test_whoever_has_a_team_reads_of_that_and_an_agent_without_one_of_their_own(
    member: Member, speaker: Speaker
) -> None:
    assert speaker_among([member], POLICED, GROUP, Person("902")) == speaker
    assert not speaker.reads_all
    boss = replace(member, telegram="900")
    assert speaker_among([boss], POLICED, GROUP, Person("900")) == Speaker(member.name, decides=True)
