"""`/report month` and the buttons below the figures: a report with its picture, of what the role lets somebody read."""

import pytest

from dialogs.messages import Address, Person, Tap, Text, Verb
from scoring.values import replace
from storage.model.records import Member, OutboxMessage
from storage.unit_of_work.changes import Changes
from tests.support.stage.company import Company

GROUP = Address("telegram", "-100")
ROSTER = (
    Member("王经理", "admin", telegram="11"),
    Member("钱组长", "lead", telegram="12", team="north"),
    Member("李工", "agent", telegram="13", agent="a17"),
    Member("看客", "viewer", telegram="14"),
)


class Office:
    """A company with a roster, in which somebody asks."""

    def __init__(self) -> None:
        self.stage = Company().stage
        self.stage.policy = replace(self.stage.policy, team=(GROUP,))
        self.stage.rows.write(Changes(ROSTER))

    def asks(self, words: str, person: str = "11", place: Address | None = None) -> OutboxMessage | None:
        """Let somebody type in their own chat, or in another one; give the answer."""
        return self._answered(person, place, Text(words))

    def presses(self, step: str, person: str = "11", place: Address | None = None) -> OutboxMessage | None:
        """Let somebody press such a button; give the answer."""
        return self._answered(person, place, Tap(Verb.REPORT, "", step))

    def _answered(self, person: str, place: Address | None, said: Text | Tap) -> OutboxMessage | None:
        before = len(self.stage.rows.listed(OutboxMessage))
        self.stage.hear(place or Address("telegram", person), Person(person, person), said)
        return next(iter(self.stage.rows.listed(OutboxMessage)[before:]), None)


def read(message: OutboxMessage | None) -> str:
    assert message is not None
    return message.prompt.text


def test_the_figures_have_buttons_and_the_digest_has_none() -> None:
    message = Office().asks("/report")
    assert message is not None
    assert [choice.label for choice in message.prompt.rows[0]] == ["上周", "上月", "上季度"]


@pytest.mark.parametrize("ask", ["/report month", "/report 2026-10", "/report quarter"])
def test_a_period_is_answered_with_its_lines_and_a_picture(ask: str) -> None:
    message = Office().asks(ask)
    assert read(message).startswith("售后服务情况表")
    assert message is not None
    assert message.prompt.file is not None
    assert message.prompt.file.name.endswith((".png", ".html"))


def test_a_button_is_answered_as_the_words_are() -> None:
    office = Office()
    assert read(office.presses("month")) == read(office.asks("/report month"))
    assert read(office.presses("month", place=GROUP)).startswith("售后服务情况表")


@pytest.mark.parametrize(
    ("person", "words", "answer"),
    [
        ("12", "/report team south", "您可以看关于您本人或您的组的报告。"),
        ("12", "/report agent a17", "您可以看关于您本人或您的组的报告。"),
        ("13", "/report team north", "您可以看关于您本人或您的组的报告。"),
        ("13", "/report agent a18", "您可以看关于您本人或您的组的报告。"),
        ("11", "/report fortnight", "没有这样的报告。"),
        ("11", "/report team", "没有这样的报告。"),
        ("11", "/report team nobody", "没有这样的报告。"),
        ("11", "/report 2026-13", "没有这样的报告。"),
    ],
)
def test_what_somebody_may_not_read_or_nobody_understands_is_told(person: str, words: str, answer: str) -> None:
    assert read(Office().asks(words, person)).startswith(answer)


@pytest.mark.parametrize("person", ["14", "99"])
def test_whoever_reads_no_figures_gets_no_report(person: str) -> None:
    office = Office()
    for message in (office.asks("/report month", person), office.presses("month", person)):
        assert message is None or "售后服务情况表" not in message.prompt.text
