"""What peers and subordinates gave, told together: from three on, in steps of three, by ids that tell nobody."""

from typing import Any

import httpx
import pytest

from config.forms.load import read_forms
from dialogs.ids import derive
from dialogs.names import name_key
from tests.support.web.survey_pages import LINKS, open_house_with_pages

URL = "/api/v1/assessments"
ITEMS = [item.id for item in read_forms()["appraisal_360"].items]
GUESSED = ("小张", "小李", "小赵", "小孙")


def sheet(role: str, rater: str, rating: int, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    """Return a sheet of the 360° form that comes to twenty times the rating."""
    who = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q3", "role": role, "rater": rater, "by": rater}
    return who | {"values": dict.fromkeys(ITEMS, rating)} | changed


async def rates(api: httpx.AsyncClient, role: str, rater: str, rating: int, **changed: Any) -> None:  # noqa: ANN401 (any JSON)
    """Let somebody rate, or correct what they gave."""
    answer = await api.post(URL, json=sheet(role, rater, rating, **changed))
    assert answer.is_success, answer.text


async def peers(api: httpx.AsyncClient) -> tuple[float | None, int, int]:
    """Return the mean of the peers, how many it holds, and how many wait."""
    wanted = {"form": "appraisal_360", "subject": "a17", "period": "2026-Q3"}
    told = (await api.get(f"{URL}/results", params=wanted)).json()
    mean = next(((round(one["mean"], 2), one["raters"]) for one in told["roles"] if one["role"] == "peer"), (None, 0))
    return *mean, told["waiting"]


async def test_the_mean_that_is_shown_changes_with_three_new_sheets_and_never_by_one(api: httpx.AsyncClient) -> None:
    seen = []
    for rater, rating in (("a", 3), ("b", 4), ("c", 5), ("d", 1), ("e", 1), ("f", 1), ("g", 5)):
        await rates(api, "peer", rater, rating)
        seen.append(await peers(api))
    assert seen == [(None, 0, 0), (None, 0, 0), (80, 3, 0), (80, 3, 1), (80, 3, 2), (50, 6, 0), (50, 6, 1)]


async def test_a_correction_of_one_sheet_waits_as_well(api: httpx.AsyncClient) -> None:
    for rater in "abc":
        await rates(api, "peer", rater, 4)
    await rates(api, "peer", "a", 1, reason="看错了")
    assert (await peers(api))[:2] == (80, 3)
    await rates(api, "peer", "d", 1)
    assert (await peers(api))[:2] == (80, 3)
    await rates(api, "peer", "e", 1)
    assert (await peers(api))[:2] == (44, 5)


async def test_whoever_turns_out_to_be_no_peer_takes_the_mean_with_them(api: httpx.AsyncClient) -> None:
    for rater in "abcd":
        await rates(api, "peer", rater, 4)
    await rates(api, "peer", "e", 5)
    await rates(api, "peer", "f", 5)
    assert (await peers(api))[:2] == (86.67, 6)
    await rates(api, "superior", "f", 5, reason="是上级")
    assert (await peers(api))[:2] == (None, 0), "the mean of five beside that of six would tell what the sixth gave"
    await rates(api, "peer", "g", 1)
    assert (await peers(api))[:2] == (73.33, 6)


async def test_no_name_leads_to_a_sheet(api: httpx.AsyncClient) -> None:
    """Ids were hashes of the parts: whoever reads them could try the names."""
    for rater in GUESSED:
        await rates(api, "peer", rater, 4)
    listed = {one["id"] for one in (await api.get(URL)).json()["items"]}
    parts = ("appraisal_360", "agent", "a17", "2026-Q3", "rater")
    assert listed.isdisjoint(derive("asm", *parts, name_key(rater)) for rater in GUESSED)
    assert len(listed) == len(GUESSED)


async def test_another_house_gives_the_same_sheet_another_id(
    api: httpx.AsyncClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await rates(api, "peer", "小张", 4)
    async with open_house_with_pages(tmp_path_factory.mktemp("other")) as other, other.client() as theirs:
        assert other.web.receiver.policy.links.key == LINKS.key
        await rates(theirs, "peer", "小张", 4)
        ids = [(await one.get(URL)).json()["items"][0]["id"] for one in (api, theirs)]
    assert ids[0] != ids[1]
