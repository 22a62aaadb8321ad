"""What `/help` says depends on the place: the team's group, a lead, a colleague, a customer, somebody unknown."""

import pytest

from dialogs.messages import Address, Person, Text
from scoring.values import replace
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company

GROUP = Address("telegram", "-100")
ROSTER = (
    Member("李工", "agent", telegram="11"),
    Member("陈组长", "lead", telegram="13"),
    Member("看客", "viewer", "14"),
)


@pytest.mark.parametrize(
    ("place", "user", "words", "begins", "holds"),
    [
        (GROUP, "99", "/help", "客户不满意的事，会在这里出一张卡片。", "/issues 没处理完的问题"),
        (GROUP, "99", "/start", "客户不满意的事，会在这里出一张卡片。", "/issues 没处理完的问题"),
        (Address("telegram", "13"), "13", "帮助", "您是组长。", "/report 回访简报"),
        (Address("telegram", "11"), "11", "/help", "转给您的事会发到这里", "认领"),
        (Address("telegram", "14"), "14", "/help", "我是服务回访助手。", "/mydata"),
        (Address("telegram", "77"), "77", "help", "我是服务回访助手。", "/mydata"),
    ],
)
def test_help_fits_the_place(place: Address, user: str, words: str, begins: str, holds: str) -> None:
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,))
    company.stage.rows.write(Changes(ROSTER))
    company.stage.hear(place, Person(user, user), Text(words))
    (answer,) = (m.prompt.text for m in company.stage.rows.listed(OutboxMessage) if m.address == place)
    assert answer.startswith(begins)
    assert holds in answer
    assert "/campaign" not in answer or place == GROUP


@pytest.mark.parametrize("words", ["帮助", "resume", "继续评价"])
def test_a_word_among_colleagues_asks_for_no_help(words: str) -> None:
    company = Company()
    company.stage.policy = replace(company.stage.policy, team=(GROUP,))
    company.stage.hear(GROUP, Person("99", "99"), Text(words))
    assert company.stage.rows.listed(OutboxMessage) == []
