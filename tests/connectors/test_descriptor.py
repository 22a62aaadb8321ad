"""What every connector tells of itself: proofs, samples that it reads itself, steps, an address of its own."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import Payload
from bot.connectors.ticket_report import TicketReport
from config.settings.hook_settings import HookSettings
from storage.model.records import TicketStatus
from storage.schema.literals import DESK_DOORS

AT = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
SECRET = "c2VjcmV0LW9mLWEtaGVscC1kZXNr"
OTHER = "YW5vdGhlci1oZWxwLWRlc2sncyE="


@pytest.fixture(params=list(CONNECTORS))
def connector(request: pytest.FixtureRequest) -> ConnectorDescriptor:
    return CONNECTORS[request.param]


def sampled(connector: ConnectorDescriptor, at: datetime = AT) -> DeskDelivery:
    headers, body = connector.sample(at)
    return DeskDelivery(headers, json.dumps(body).encode(), at)


def proved(connector: ConnectorDescriptor, delivery: DeskDelivery, header: str, secret: str = SECRET) -> DeskDelivery:
    proof = connector.proofs(delivery, secret)[header]
    return DeskDelivery({**delivery.headers, header: proof}, delivery.body, delivery.at)


def test_its_address_is_one_that_storage_knows(connector: ConnectorDescriptor) -> None:
    assert connector.address == f"{DESK_DOORS}{connector.name}"
    assert connector.title


def test_its_settings_are_there(connector: ConnectorDescriptor) -> None:
    assert connector.name in dict(HookSettings().connectors())


def test_any_of_its_proofs_is_enough(connector: ConnectorDescriptor) -> None:
    delivery = sampled(connector)
    for header in connector.proofs(delivery, SECRET):
        assert connector.refusal(proved(connector, delivery, header), (SECRET,)) == ""
        assert connector.refusal(proved(connector, delivery, header), (OTHER, SECRET)) == ""
        assert connector.refusal(proved(connector, delivery, header), (OTHER,)) != ""
        assert connector.refusal(proved(connector, delivery, header), ()) != ""


def test_without_a_proof_it_is_refused(connector: ConnectorDescriptor) -> None:
    delivery = sampled(connector)
    assert connector.refusal(delivery, (SECRET,)) != ""
    for header in connector.proofs(delivery, SECRET):
        for crooked in ("", " ", "é", "sha256=", "x" * 5000):
            headers = {**delivery.headers, header: crooked}
            assert connector.refusal(DeskDelivery(headers, delivery.body, AT), (SECRET,)) != ""


def test_one_that_is_stamped_is_stale_after_five_minutes(connector: ConnectorDescriptor) -> None:
    delivery = sampled(connector)
    (header, *_) = connector.proofs(delivery, SECRET)
    signed = proved(connector, delivery, header)
    for late in (timedelta(seconds=299), timedelta(seconds=-299)):
        moved = DeskDelivery(signed.headers, signed.body, AT + late)
        assert connector.refusal(moved, (SECRET,)) == ""
    for late in (timedelta(seconds=302), timedelta(seconds=-302)):
        moved = DeskDelivery(signed.headers, signed.body, AT + late)
        assert bool(connector.refusal(moved, (SECRET,))) is connector.is_stamped


def test_its_sample_is_a_closed_ticket_with_a_customer(connector: ConnectorDescriptor) -> None:
    delivery = sampled(connector)
    reading = connector.read(delivery, Payload(json.loads(delivery.body)), sample_options(connector))
    assert isinstance(reading, TicketReport)
    assert (reading.status, reading.excluded) == (TicketStatus.CLOSED, "")
    assert reading.id
    assert reading.customer


def sample_options(connector: ConnectorDescriptor) -> ConnectorOptions:
    return ConnectorOptions((SECRET,), (("telegram", "telegram_id"),), (), connector.sample_paths)


def test_its_steps_name_address_and_secret(connector: ConnectorDescriptor) -> None:
    steps = "\n".join(connector.steps("https://ask.example.com/hooks/tickets/x", SECRET))
    assert "https://ask.example.com/hooks/tickets/x" in steps
    assert SECRET in steps


OWN = (
    {"telegram_id": "10001", "other": "x"},
    [{"name": "telegram_id", "value": "10001"}],
    [{"id": "telegram_id", "value": 10001}],
    [{"title": "telegram_id", "text": "10001"}, {"id": 5, "value": None}],
    {"telegram_id": {"value": "10001"}},
)


@pytest.mark.parametrize("own", OWN, ids=repr)
def test_a_chat_is_found_in_own_fields_of_any_form(own: object) -> None:
    options = ConnectorOptions(chat_fields=(("telegram", "telegram_id"), ("wechat", "openid")))
    assert options.chats(own) == (("telegram", "10001"),)
    assert options.chats(None, own, own) == (("telegram", "10001"),), "once, wherever else it stands"


@pytest.mark.parametrize("own", [None, [], {}, "telegram_id", 7, [None], [[]], {"telegram_id": None}], ids=repr)
def test_what_is_no_own_field_is_no_chat(own: object) -> None:
    assert ConnectorOptions(chat_fields=(("telegram", "telegram_id"),)).chats(own) == ()
