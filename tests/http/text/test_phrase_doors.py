"""The doors on phrases: who may, what is refused by which field, and what a repetition does."""

from typing import Any

import httpx
import pytest

from bot.handlers.phrases import dimension_name, phrase_dimensions
from scoring.values import replace
from storage.model.records import Member
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision
from tests.support.web.service import Service

PHRASE = "蓝桥漫步"
MAPPED = {"phrase": PHRASE, "dimension": "fee", "polarity": "negative", "by": "王经理"}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no phrase": ({"phrase": ""}, "phrase"),
    "one character": ({"phrase": "慢"}, "phrase"),
    "spaces only": ({"phrase": "　 "}, "phrase"),
    "a whole sentence": ({"phrase": "蓝" * 41}, "phrase"),
    "a word of the lexicon with another meaning": ({"phrase": "太慢了"}, "phrase"),
    "the same in traditional characters": ({"phrase": "不專業"}, "phrase"),
    "no dimension": ({"dimension": ""}, "dimension"),
    "an unknown dimension": ({"dimension": "shoes"}, "dimension"),
    "a dimension of nothing": ({"dimension": "overall"}, "dimension"),
    "an unknown polarity": ({"polarity": "awful"}, "polarity"),
    "a number for a polarity": ({"polarity": -1}, "polarity"),
    "nobody": ({"by": ""}, "by"),
    "a field that there is not": ({"colour": "red"}, "colour"),
}
NAMES = {
    ("zh-Hans", "fee"): "收费",
    ("zh-Hans", "parts"): "配件",
    ("zh-Hans", "privacy"): "隐私",
    ("zh-Hans", "safety"): "安全",
    ("zh-Hant", "fee"): "收費",
    ("zh-Hant", "privacy"): "隱私",
    ("en", "fee"): "charges",
    ("en", "parts"): "spare parts",
    ("en", "unheard_of"): "unheard_of",
}


async def maps(service: Service, **said: Any) -> httpx.Response:  # noqa: ANN401 (whatever somebody sends)
    return await service.api.post("/api/v1/text/map", json=MAPPED | said)


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_wrong_is_refused_by_its_field_and_nothing_is_stored(service: Service, what: str) -> None:
    said, field = REFUSED[what]
    answer = await maps(service, **said)
    assert answer.status_code == 422, answer.text
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    assert await service.house.web.reader.texts.phrases() == []


@pytest.mark.parametrize("path", ["map", "ignore", "unmap"])
async def test_a_key_that_only_reads_decides_nothing(service: Service, path: str) -> None:
    async with service.house.client(key="a-key-that-nobody-has") as stranger:
        assert (await stranger.post(f"/api/v1/text/{path}", json=MAPPED)).status_code == 401


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("admin", 200), ("lead", 200), ("agent", 422)])
async def test_of_a_roster_only_those_who_lead_decide(service: Service, role: str, status: int) -> None:
    member = Member("王经理", role)
    await service.house.web.receiver.do(Needs(), lambda _context: Decision(Changes((member,)), None))
    answer = await maps(service)
    assert answer.status_code == status
    if status == 422:
        assert answer.json()["errors"] == [{"field": "by", "problem": "is no owner, admin, lead on the roster"}]


async def test_the_same_again_changes_nothing_and_each_decision_is_a_version(service: Service) -> None:
    versions = [(await maps(service)).json()["version"] for _ in range(3)]
    assert versions == [1, 1, 1]
    steps = ("unmap", "map", "unmap", "ignore")
    told = [(await service.api.post(f"/api/v1/text/{step}", json=_body(step))).json() for step in steps]
    assert [(one["state"], one["version"]) for one in told] == [
        ("proposed", 2),
        ("mapped", 3),
        ("proposed", 4),
        ("ignored", 5),
    ]
    audited = (await service.api.get("/api/v1/audit")).json()["items"]
    assert sorted(one["action"] for one in audited) == [
        "phrase.ignored",
        "phrase.mapped",
        "phrase.mapped",
        "phrase.taken_back",
        "phrase.taken_back",
    ]
    details = [one["detail"] for one in audited if one["action"] == "phrase.mapped"]
    assert details == [{"dimension": "fee", "polarity": "negative"}] * 2


def _body(step: str) -> dict[str, str]:
    return MAPPED if step == "map" else {"phrase": PHRASE, "by": "王经理"}


async def test_an_ignored_phrase_can_be_mapped_after_all(service: Service) -> None:
    await maps(service)
    await service.api.post("/api/v1/text/ignore", json=_body("ignore"))
    assert (await maps(service, dimension="parts")).json()["dimension"] == "parts"


@pytest.mark.parametrize("polarity", ["negative", "neutral", "positive"])
async def test_every_polarity_is_kept(service: Service, polarity: str) -> None:
    assert (await maps(service, polarity=polarity)).json()["polarity"] == polarity


@pytest.mark.parametrize("written", ["藍橋漫步", " 蓝桥漫步 ", "蓝桥漫步"])
async def test_a_phrase_is_one_however_it_is_written(service: Service, written: str) -> None:
    await maps(service)
    again = await maps(service, phrase=written, dimension="parts")
    assert again.status_code == 422
    assert "is mapped already to fee, negative, by 王经理" in again.json()["errors"][0]["problem"]


async def test_a_dimension_of_a_survey_can_be_mapped_to(service: Service) -> None:
    dimensions = phrase_dimensions(service.house.web.receiver.policy)
    assert {"fee", "parts", "privacy", "safety", "response_speed", "after_care"} <= set(dimensions)
    assert "overall" not in dimensions
    for dimension in dimensions[:3]:
        assert (await maps(service, phrase=f"蓝桥{dimension}", dimension=dimension)).status_code == 200


@pytest.mark.parametrize(("locale", "dimension"), NAMES)
async def test_a_dimension_is_named_in_the_teams_language(service: Service, locale: str, dimension: str) -> None:
    policy = replace(service.house.web.receiver.policy, team_locale=locale)
    assert dimension_name(policy, dimension) == NAMES[locale, dimension]


@pytest.mark.parametrize("state", ["proposed", "mapped", "ignored"])
async def test_each_list_has_its_own(service: Service, state: str) -> None:
    await maps(service)
    found = (await service.api.get("/api/v1/text/proposals", params={"state": state})).json()["items"]
    assert [one["phrase"] for one in found] == ([PHRASE] if state == "mapped" else [])


async def test_a_list_that_there_is_not_is_refused(service: Service) -> None:
    answer = await service.api.get("/api/v1/text/proposals", params={"state": "loved"})
    assert [one["field"] for one in answer.json()["errors"]] == ["state"]
