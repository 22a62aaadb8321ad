"""Where the team hears of things: each place that the settings name, the sandbox while no customer has a channel."""

from pathlib import Path

import pytest

from bot.handlers.issues.team_messages import call_card_id, call_day, card_messages
from bot.wiring.policy import make_policy
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.issue.model import Issue, IssueKind, IssueState
from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.channels.wecom.alerts import RATED, ROBOT, context
from tests.dialogs.samples import NOW, PHRASES

TELEGRAM = {"HUIFANG_TELEGRAM__TOKEN": "123456:secret", "HUIFANG_TELEGRAM__TEAM_CHAT": "-100"}
WECOM = {"HUIFANG_WECOM__ROBOT_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}
NOTIFY = {"HUIFANG_NOTIFY__URLS": "json://127.0.0.1/a,mailto://me:pw@example.com"}
GROUP, SANDBOX = Address("telegram", "-100"), Address("sandbox", "team")
OTHERS = (Address("notify", "1"), Address("notify", "2"))
CALL = replace(RATED, kind=IssueKind.CALL)


@pytest.mark.parametrize(
    ("environ", "team"),
    [
        ({}, (SANDBOX,)),
        (TELEGRAM, (GROUP,)),
        (TELEGRAM | WECOM | NOTIFY, (GROUP, ROBOT, *OTHERS)),
        (WECOM, (ROBOT, SANDBOX)),
        (NOTIFY, (*OTHERS, SANDBOX)),
        ({"HUIFANG_TELEGRAM__TOKEN": "123456:secret"}, ()),
    ],
    ids=["nothing", "telegram", "everything", "wecom", "notify", "no group"],
)
def test_the_team_is_told_wherever_the_settings_say(
    tmp_path: Path, environ: dict[str, str], team: tuple[Address, ...]
) -> None:
    assert make_policy(load_settings(environ, cwd=tmp_path), read_surveys(tmp_path), {}, PHRASES).team == team


def sent(changes: Changes) -> list[OutboxMessage]:
    return [record for record in changes.records if isinstance(record, OutboxMessage)]


def test_with_buttons_a_card_carries_no_link_and_without_it_does() -> None:
    both = context(RATED)
    both = replace(both, policy=replace(both.policy, team=(GROUP, ROBOT)))
    group, robot = (message.prompt for message in sent(card_messages(both, RATED, fresh=True)))
    assert (group.link, group.card_summary) == (None, None)
    assert robot.link is not None
    assert robot.card_summary is not None
    assert (robot.text, robot.rows) == (group.text, group.rows)


@pytest.mark.parametrize("issue", [RATED, CALL], ids=["card", "call"])
def test_what_happens_to_an_issue_is_shown_only_where_a_card_can_be_edited(issue: Issue) -> None:
    claimed = replace(issue, state=IssueState.CLAIMED, claimed_by="李工", events=2)
    both = context(claimed)
    both = replace(both, policy=replace(both.policy, team=(GROUP, ROBOT)))
    assert [message.address for message in sent(card_messages(both, claimed))] == [GROUP]


def test_where_no_card_can_be_edited_the_days_calls_are_told_again_with_each_new_customer() -> None:
    first, second = CALL, replace(CALL, id="iss_abcdefghijk00002", opened_at=NOW)
    (root,) = sent(card_messages(context(first), first, fresh=True))
    assert root.id == call_card_id(call_day(context().policy, NOW), ROBOT)
    later = context(first, second)
    later = replace(later, snapshot=later.snapshot.after(Changes((root,))))
    (again,) = sent(card_messages(later, second, fresh=True))
    assert again.edits == root.id  # so that one which still waits is overtaken by the next
    assert again.prompt.card_summary is not None
    assert len(again.prompt.card_summary.details) == 2
