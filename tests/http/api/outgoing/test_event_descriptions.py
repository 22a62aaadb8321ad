"""Every event is described in `/openapi.json` under `webhooks`, as OpenAPI 3.1 has it."""

from typing import Any

import pytest

from storage.model.outgoing.hook_records import HookEventType

PROMISED = {
    "response.completed",
    "response.partial",
    "issue.opened",
    "issue.claimed",
    "issue.resolved",
    "issue.reopened",
    "issue.closed",
    "customer.opted_out",
    "invitation.undeliverable",
    "campaign.finished",
}


def test_the_types_are_those_that_were_promised_and_the_test() -> None:
    assert {kind.value for kind in HookEventType} == PROMISED | {"webhook.test"}


async def test_each_type_is_described_with_its_headers_and_its_body(document: dict[str, Any]) -> None:
    assert set(document["webhooks"]) == PROMISED | {"webhook.test"}
    for kind, described in document["webhooks"].items():
        post = described["post"]
        assert post["summary"]
        assert post["security"] == []
        assert [header["name"] for header in post["parameters"]] == [
            "webhook-id",
            "webhook-timestamp",
            "webhook-signature",
        ]
        body = post["requestBody"]["content"]["application/json"]["schema"]
        assert body["properties"]["type"] == {"const": kind}
        assert body["required"] == ["type", "timestamp", "data"]
        name = body["properties"]["data"]["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
        assert schema["description"]
        assert set(schema["required"]) == set(schema["properties"])
        assert schema["additionalProperties"] is True  # more may come


async def test_whatever_a_description_refers_to_is_there(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for reference in _references(document["webhooks"]):
        assert reference.removeprefix("#/components/schemas/") in schemas


def _references(found: Any) -> list[str]:  # noqa: ANN401 (JSON is anything)
    if isinstance(found, dict):
        own = [found["$ref"]] if isinstance(found.get("$ref"), str) else []
        return own + [each for value in found.values() for each in _references(value)]
    return [each for value in found for each in _references(value)] if isinstance(found, list) else []


@pytest.mark.parametrize("name", ["ResponseEventData", "IssueEventData"])
async def test_the_customers_own_words_are_marked_as_such(document: dict[str, Any], name: str) -> None:
    told = str(document["components"]["schemas"][name]) + str(document["components"]["schemas"]["EventAnswer"])
    assert "customer" in told
    assert "own words" in told
