"""What a comment says as a whole, in the list of responses and in an export: where it was read, and of nobody else."""

from typing import Any

import pytest

from scoring.values import replace
from storage.privacy.erasure import ErasureTask, erase
from storage.unit_of_work.writer import Writer
from tests.support.database.worded import comment_reader, worded_visit, wrote
from tests.support.web.service import Service

LOW, HIGH = {"response_speed": 1, "attitude": 2}, {"response_speed": 5, "attitude": 5}
SAID = {"negative": "师傅态度恶劣", "neutral": "师傅周二来的", "positive": "师傅很耐心，非常满意"}


async def listed(service: Service, **wanted: str) -> dict[str, dict[str, Any]]:
    answer = await service.api.get("/api/v1/responses", params=wanted)
    assert answer.status_code == 200, answer.text
    return {one["id"]: one for one in answer.json()["items"]}


async def written(service: Service) -> None:
    """Let a customer write each of these, and one nothing."""
    await wrote(
        service,
        *(worded_visit(name, service.now, LOW, text) for name, text in SAID.items()),
        worded_visit("silent", service.now, HIGH, None),
    )


async def test_what_a_comment_says_is_shown_once_it_was_read(service: Service) -> None:
    await written(service)
    assert {one["comment_polarity"] for one in (await listed(service)).values()} == {None}
    await comment_reader(service).look()
    shown = await listed(service)
    assert {id_: one["comment_polarity"] for id_, one in shown.items()} == {
        "int_silent": None,
        **{f"int_{name}": name for name in SAID},
    }
    assert "attitude" in shown["int_negative"]["comment_dimensions"]
    assert shown["int_silent"]["comment_dimensions"] == []


@pytest.mark.parametrize("name", SAID)
async def test_responses_are_filtered_by_it(service: Service, name: str) -> None:
    await written(service)
    assert await listed(service, comment=name) == {}, "nothing was read yet"
    await comment_reader(service).look()
    assert list(await listed(service, comment=name)) == [f"int_{name}"]
    assert await listed(service, comment=name, customer="c-silent") == {}


async def test_another_word_is_told_with_its_field(service: Service) -> None:
    answer = await service.api.get("/api/v1/responses", params={"comment": "bad"})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["errors"]] == ["comment"]


async def test_praise_in_the_remarks_alone_is_found_too(service: Service) -> None:
    await wrote(service, worded_visit("1", service.now, HIGH, None, {"attitude": SAID["positive"]}))
    await comment_reader(service).look()
    assert list(await listed(service, comment="positive")) == ["int_1"]


async def test_whoever_is_erased_says_nothing_any_more(service: Service) -> None:
    await written(service)
    await comment_reader(service).look()
    writer = Writer(service.house.store, service.house.clock.now)
    assert await erase(service.house.store, writer, ErasureTask("c-negative", "anonymous-1", b"key"))
    assert await listed(service, comment="negative") == {}
    assert {one["comment_polarity"] for one in (await listed(service)).values()} == {None, "neutral", "positive"}


async def test_of_a_survey_that_is_anonymous_now_nothing_is_told(service: Service) -> None:
    await written(service)
    await comment_reader(service).look()
    receiver = service.house.web.receiver
    surveys = {key: replace(one, anonymous=True) for key, one in receiver.policy.surveys.items()}
    receiver.adopt(replace(receiver.policy, surveys=surveys))
    assert {one["comment_polarity"] for one in (await listed(service)).values()} == {None}
    assert await listed(service, comment="negative") == {}, "being listed would tell it"


async def test_a_finding_quotes_no_comment_that_praises(service: Service) -> None:
    await written(service)
    await comment_reader(service).look()
    raised = {"kind": "phrase", "text": "上门太慢", "department": "北区", "by": "王芳"}
    found = await service.api.post(
        "/api/v1/findings",
        json=raised | {"responses": [f"int_{name}" for name in SAID]},
        headers={"Idempotency-Key": "k"},
    )
    assert found.status_code == 201, found.text
    quoted = {one["customer"]: one["said"] for one in found.json()["voices"]}
    assert quoted == {"c-negative": SAID["negative"], "c-neutral": SAID["neutral"], "c-positive": ""}
