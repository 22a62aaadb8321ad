"""`huifang exclusion …` and `huifang response …` where no service runs."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

from dialogs.interview.model import Interview
from storage.connection.store import Store
from storage.unit_of_work.selects import all_of
from tests.cli.conftest import Type
from tests.support.database.answered import closed_visit, store_records

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def fill(desk: Path) -> str:
    """Store a response and return its id."""

    async def filled() -> str:
        async with Store.open(f"sqlite:///{desk / 'var' / 'huifang.db'}") as store:
            await store_records(store, NOON, *closed_visit("1", NOON, {"attitude": 1}))
            async with store.reading() as session:
                (interview,) = await session.records(Interview, all_of(Interview))
        return interview.id

    return asyncio.run(filled())


def test_a_response_is_excluded_by_two_people_and_nobody_decides_alone(types: Type, desk: Path) -> None:
    response = fill(desk)
    li, wang = ("--by", "李工", "--note", "骂人"), ("--by", "王工", "--note", "是的")
    assert types("exclusion", "propose", response, "--reason", "malicious", *li).out == (
        f"{response}  proposed  malicious  proposed by 李工\n"
    )
    alone = types("exclusion", "approve", response, *li)
    assert (alone.code, alone.err) == (1, "huifang: 李工 has proposed it, and a second person has to approve\n")
    approved = types("exclusion", "approve", response, *wang).out
    assert approved.startswith(f"{response}  excluded  malicious  proposed by 李工  decided by 王工  appeal until 20")
    (listed,) = map(json.loads, types("exclusion", "list", "--format", "json").out.splitlines())
    assert (listed["state"], listed["note"], listed["decision"]) == ("excluded", "骂人", "是的")
    assert types("exclusion", "list", "--state", "appealed").out == ""


def test_what_cannot_be_excluded_is_one_line(types: Type, desk: Path) -> None:
    response, li = fill(desk), ("--by", "李工", "--note", "骂人")
    wrong = types("exclusion", "propose", response, "--reason", "ugly", *li)
    assert (wrong.code, wrong.out) == (1, "")
    assert wrong.err.startswith("huifang: reason: there is no 'ugly', only test, duplicate,")
    assert types("exclusion", "propose", "int_none", "--reason", "test", *li).err == (
        "huifang: there is no response int_none\n"
    )
    unseen = types("exclusion", "propose", response, "--reason", "test", "--by", "\u200b\u3164", "--note", "骂人")
    assert (unseen.code, unseen.err) == (1, "huifang: by: is empty\n")
    assert types("exclusion", "list", "--state", "odd").err.startswith("huifang: there is no state odd, only proposed,")


def test_answers_from_the_telephone_are_entered_and_a_wrong_one_is_told(types: Type, desk: Path) -> None:
    fill(desk)
    call = ("response", "enter", "--ticket", "desk/1", "--source", "phone", "--by", "王芳", "--comment", "谢谢")
    told = types(*call, "--answer", "attitude=2:说话难听", "--answer", "convenience=4").out
    assert told.endswith("  desk/1  phone, entered by 王芳  partial  attitude=2 convenience=4\n")
    again = json.loads(
        types(*call, "--answer", "attitude=2:说话难听", "--answer", "convenience=4", "--format", "json").out
    )
    assert (again["comment"], again["answers"][0]["text"], again["entered"]["by"]) == ("谢谢", "说话难听", "王芳")
    for wrong, problem in (
        ("attitude", "--answer 'attitude': write QUESTION=NUMBER, such as attitude=2, attitude=2:late, or"),
        ("attitude=9", "answers.attitude: must be a whole number from 1 to 5"),
        ("weather=3", "answers.weather: is no question of after_service; there are after_care, attitude,"),
    ):
        refused = types(*call, "--answer", wrong)
        assert refused.code == 1
        assert refused.err.startswith(f"huifang: {problem}")
