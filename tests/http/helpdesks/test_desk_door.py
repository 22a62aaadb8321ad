"""`POST /hooks/tickets/{connector}`: the same promises for every help desk that there is."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorOptions
from tests.support.helpdesks import SHEETS, Case, Sent, Sheet
from tests.support.helpdesks.sheets import GENERIC_PATHS
from tests.support.web.house import House, open_house

CHATS = (("telegram", "telegram_id"),)
SECOND = timedelta(seconds=1)
PARTS = 3
"""In so many parts the fields of a delivery are made nonsense."""
FEW = slice(0, None, 12)
"""What the quick suite tries of that."""


def paths_of(name: str) -> Mapping[str, str]:
    return GENERIC_PATHS if name == "generic" else {}


TELLING_TIMES = [name for name, sheet in SHEETS.items() if sheet.has_updated_at]
WITH_OWN_FIELDS = [name for name, sheet in SHEETS.items() if sheet.has_chat_fields]


def options(sheet: Sheet) -> ConnectorOptions:
    return ConnectorOptions((sheet.secret,), CHATS, paths=paths_of(sheet.name))


@pytest.fixture
async def desk_house(folder: Path) -> AsyncIterator[House]:
    connectors = {name: options(sheet) for name, sheet in SHEETS.items()}
    async with open_house(folder, connectors=connectors) as house:
        yield house


@pytest.fixture(params=list(SHEETS))
def sheet(request: pytest.FixtureRequest) -> Sheet:
    return SHEETS[request.param]


def case(house: House, state: str, number: int = 17, **changed: Any) -> Case:  # noqa: ANN401 (fields of Case)
    house.clock.passes(SECOND)
    made = Case(number, state, house.clock.now(), event=f"delivery-{house.clock.now().timestamp()}")
    return replace(made, **changed)


async def deliver(house: House, sheet: Sheet, sent: Sent) -> httpx.Response:
    async with house.client(key=None) as client:
        return await client.post(sheet.path, content=sent.body, headers=dict(sent.headers))


async def told(house: House, sheet: Sheet, number: int = 17) -> dict[str, Any]:
    async with house.client() as client:
        answer = await client.get(f"/api/v1/tickets/{sheet.name}/{sheet.ticket(number).replace('#', '%23')}")
        found: dict[str, Any] = answer.json()
        return found


async def deliveries(house: House, sheet: Sheet) -> list[dict[str, Any]]:
    async with house.client() as client:
        items: list[dict[str, Any]] = (await client.get(f"/api/v1/deliveries?connector={sheet.name}")).json()["items"]
        return items


def test_every_connector_has_a_sheet_and_so_every_test_of_this_file() -> None:
    assert list(SHEETS) == list(CONNECTORS)


async def test_a_closed_ticket_has_the_answer_of_a_put(desk_house: House, sheet: Sheet) -> None:
    await deliver(desk_house, sheet, sheet.send(case(desk_house, "open")))
    answer = await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved")))
    assert answer.status_code in {200, 201}, answer.text
    assert answer.json() == await told(desk_house, sheet)
    assert (answer.json()["ticket"]["status"], answer.json()["survey"]["status"]) == ("closed", "scheduled")


async def test_a_ticket_is_told_as_people_of_the_help_desk_see_it(desk_house: House, sheet: Sheet) -> None:
    ticket = (await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved")))).json()["ticket"]
    assert ticket["subject"] == "空调不制冷"
    assert ticket["customer"]["id"].startswith(f"{sheet.name}:")


@pytest.mark.some(4)
async def test_solved_reopened_and_solved_again_counts_two_closings(desk_house: House, sheet: Sheet) -> None:
    seen = []
    for state in ("open", "solved", "reopened", "solved"):
        answer = await deliver(desk_house, sheet, sheet.send(case(desk_house, state)))
        assert answer.status_code in {200, 201}, answer.text
        survey = answer.json()["survey"]
        seen.append((survey["status"], survey["reason"]) if survey else None)
    assert seen[0] is None
    assert seen[2] == ("cancelled", "reopened")
    assert seen[1] == seen[3] == ("scheduled", "no_contact")
    stands = await told(desk_house, sheet)
    assert (stands["ticket"]["status"], stands["survey"]["status"]) == ("closed", "scheduled")


@pytest.mark.parametrize("sheet", TELLING_TIMES, indirect=True)
async def test_what_is_older_than_what_is_stored_changes_nothing(desk_house: House, sheet: Sheet) -> None:
    solved = case(desk_house, "solved")
    late = case(desk_house, "reopened")
    await deliver(desk_house, sheet, sheet.send(late))
    desk_house.clock.passes(SECOND)
    answer = await deliver(desk_house, sheet, sheet.send(solved, now=desk_house.clock.now()))
    assert answer.status_code == 200, answer.text
    assert (await told(desk_house, sheet))["ticket"]["status"] != "closed"
    assert [one["outcome"] for one in await deliveries(desk_house, sheet)] == ["unchanged", "stored"]


@pytest.mark.some(4)
async def test_the_same_delivery_again_gets_the_same_answer(desk_house: House, sheet: Sheet) -> None:
    sent = sheet.send(case(desk_house, "solved"))
    first = await deliver(desk_house, sheet, sent)
    again = await deliver(desk_house, sheet, sent)
    assert (again.status_code, again.text) == (first.status_code, first.text)
    assert (await told(desk_house, sheet))["survey"]["status"] == "scheduled"


async def test_a_ticket_that_closed_by_itself_is_kept_and_nobody_is_asked(desk_house: House, sheet: Sheet) -> None:
    await deliver(desk_house, sheet, sheet.send(case(desk_house, "open")))
    survey = (await deliver(desk_house, sheet, sheet.send(case(desk_house, "auto_closed")))).json()["survey"]
    assert (survey["status"], survey["reason"]) == ("suppressed", "excluded")
    (latest, _) = await deliveries(desk_house, sheet)
    assert (latest["outcome"], latest["reason"].partition(";")[0]) == ("excluded", "auto-closed")


@pytest.mark.parametrize("sheet", WITH_OWN_FIELDS, indirect=True)
async def test_a_chat_in_an_own_field_is_where_the_customer_is_asked(desk_house: House, sheet: Sheet) -> None:
    answer = await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved", chat="10001")))
    contacts = answer.json()["ticket"]["customer"]["contacts"]
    assert contacts == [{"channel": "telegram", "address": "10001"}]


@pytest.mark.parametrize("sheet", WITH_OWN_FIELDS, indirect=True)
async def test_an_address_that_is_none_costs_no_ticket(desk_house: House, sheet: Sheet) -> None:
    answer = await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved", chat="-77")))
    assert answer.status_code == 201, answer.text
    assert answer.json()["ticket"]["customer"]["contacts"] == []
    assert [one["field"] for one in answer.json()["warnings"]] == ["customer.contacts.0.address"]


async def test_what_proves_nothing_changes_nothing(desk_house: House, sheet: Sheet) -> None:
    made = case(desk_house, "solved")
    wrong = sheet.send(made, secret="c2VjcmV0LW9mLXNvbWVib2R5LWVsc2U=")
    tampered = replace(sheet.send(made), body=sheet.send(made).body + b" ")
    for sent in (sheet.unsigned(made), wrong, *((tampered,) if sheet.signs else ())):
        answer = await deliver(desk_house, sheet, sent)
        assert answer.status_code == 401, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await told(desk_house, sheet))["status"] == 404
    assert await deliveries(desk_house, sheet) == []


@pytest.mark.some(3)
async def test_while_the_secret_is_changed_no_delivery_is_lost(folder: Path, sheet: Sheet) -> None:
    new = "bmV3LXNlY3JldC13aGlsZS1pdC1pcy1jaGFuZ2Vk"
    both = ConnectorOptions((new, sheet.secret), CHATS, paths=paths_of(sheet.name))
    async with open_house(folder, connectors={sheet.name: both}) as house:
        for number, secret in enumerate((new, sheet.secret)):
            answer = await deliver(house, sheet, sheet.send(case(house, "solved", number), secret=secret))
            assert answer.status_code == 201, answer.text


@pytest.mark.some(3)
async def test_without_a_secret_the_door_is_closed_and_says_what_to_do(house: House, sheet: Sheet) -> None:
    answer = await deliver(house, sheet, sheet.send(case(house, "solved")))
    assert answer.status_code == 401
    assert f"huifang connect {sheet.name}" in answer.json()["detail"]


@pytest.mark.some(18)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"ticket=1", 400),
        (b"[" * 100_000, 400),
        (b"[]", 202),
        (b"null", 202),
        (b"{}", 202),
        (b'"text"', 202),
        (b'{"ticket": 7, "issue": [], "event": {"a": 1}, "detail": null}', 202),
    ],
)
async def test_a_body_that_is_no_event_changes_nothing(
    desk_house: House, sheet: Sheet, body: bytes, status: int
) -> None:
    made = case(desk_house, "solved")
    headers = {**sheet.event(made), **sheet.sign(sheet.secret, body, made.at)}
    answer = await deliver(desk_house, sheet, Sent(headers, body))
    assert answer.status_code == status, answer.text
    if status == 202:
        assert answer.json()["ignored"]
        (kept,) = await deliveries(desk_house, sheet)
        assert (kept["outcome"], kept["ticket"]) == ("ignored", None)


@pytest.mark.some(2)
async def test_a_body_beyond_the_limit_is_refused(desk_house: House, sheet: Sheet) -> None:
    made = case(desk_house, "solved")
    body = {**sheet.make(made), "padding": "x" * 100_000}
    assert (await deliver(desk_house, sheet, sheet.send(made, body=body))).status_code == 201
    large = sheet.send(made, body={**body, "padding": "x" * 1_048_576})
    assert (await deliver(desk_house, sheet, large)).status_code == 413


@pytest.mark.parametrize(
    "part", [FEW, *(pytest.param(slice(part, None, PARTS), marks=pytest.mark.proof) for part in range(PARTS))]
)  # each of them with every field, and with every kind of nonsense in some
@pytest.mark.some(4)
async def test_every_optional_field_may_be_null_or_missing_or_nonsense(
    desk_house: House, sheet: Sheet, part: slice
) -> None:
    made = case(desk_house, "solved")
    for number, (body, what) in enumerate([*_maimed(sheet.make(made))][part]):
        sent = sheet.send(replace(made, event=f"maimed-{number}"), body=body, now=desk_house.clock.now())
        answer = await deliver(desk_house, sheet, sent)
        assert answer.status_code in {200, 201, 202}, (what, answer.text)
        assert "kept" not in answer.json(), what


def _maimed(body: Any, *, above: str = "") -> list[tuple[dict[str, Any], str]]:  # noqa: ANN401 (JSON is anything)
    """Return the body with each of its values gone, null, or of another kind, one at a time."""
    found: list[tuple[dict[str, Any], str]] = []
    for place in _places(body):
        for value in (None, [], {}, "", 0, True, -1, "\x00\ud800", [[1]], {"a": None}, 10**20, 1e300, ...):
            copied = json.loads(json.dumps(body))
            holder = copied
            for step in place[:-1]:
                holder = holder[step]
            if value is ...:
                del holder[place[-1]]
            else:
                holder[place[-1]] = value
            found.append((copied, f"{'.'.join(map(str, place))}{above} = {value!r}"))
    return found


def _places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # noqa: ANN401 (as above)
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [place for step, one in inner for place in ((*above, step), *_places(one, (*above, step)))]


async def test_an_unknown_connector_is_told_which_there_are(house: House) -> None:
    async with house.client(key=None) as client:
        answer = await client.post("/hooks/tickets/lotus", content=b"{}")
    assert answer.status_code == 404
    assert "zammad" in answer.json()["detail"]


@pytest.mark.some(2)
async def test_wrong_secrets_in_a_row_have_to_wait(desk_house: House, sheet: Sheet) -> None:
    sent = sheet.unsigned(case(desk_house, "solved"))
    answers = [await deliver(desk_house, sheet, sent) for _ in range(31)]
    assert [answers[0].status_code, answers[-1].status_code] == [401, 429]
    assert (await deliver(desk_house, sheet, sheet.send(case(desk_house, "solved")))).status_code == 201
