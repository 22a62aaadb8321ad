"""Whoever works here files what they have found: it is an issue on the team's card, with who said it."""

import pytest

from dialogs.messages import Address
from scoring.values import replace
from storage.model.records import Purpose
from tests.support.web.service import Service


@pytest.mark.row("S4-16")
async def test_a_finding_of_the_staff_is_a_card_that_somebody_takes_and_settles(service: Service) -> None:
    receiver = service.house.web.receiver
    receiver.adopt(replace(receiver.policy, team=(Address("sandbox", "team"),)))
    finding = {"title": "预约环节总要打两次电话", "text": "建议下单时就选好时段", "by": "陈工", "severity": "low"}
    answer = await service.api.post("/api/v1/issues", json=finding)
    assert answer.status_code == 201
    filed = answer.json()
    assert (filed["kind"], filed["status"], filed["tickets"], filed["severity"]) == ("manual", "open", [], "low")
    assert filed["timeline"][0]["by"] == "陈工"
    (card,) = await service.messages(Purpose.ALERT)
    assert all(words in card.prompt.text for words in (finding["title"], finding["text"]))
    path = f"/api/v1/issues/{filed['id']}"
    assert (await service.api.post(f"{path}/claim", json={"by": "李工"})).status_code == 200
    settled = await service.api.post(f"{path}/resolve", json={"by": "李工", "notify": False, "root_cause": "预约流程"})
    assert (settled.json()["status"], settled.json()["root_cause"]) == ("closed", "预约流程")
    listed = (await service.api.get("/api/v1/issues", params={"status": "closed"})).json()["items"]
    assert [one["id"] for one in listed] == [filed["id"]]
