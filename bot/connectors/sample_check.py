"""What `huifang doctor` says of help desks: a sample, signed as theirs, is proved and read as a delivery would be.

Nothing is sent and nothing is stored: the sample goes through the same proof and the same reading as what comes in.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.connectors.connector_registry import CONNECTORS
from bot.connectors.descriptor import ConnectorDescriptor, ConnectorOptions
from bot.connectors.desk_delivery import DeskDelivery
from bot.connectors.payload import read_payload
from bot.connectors.ticket_report import TicketReport
from scoring.values import Value, replace

__all__ = ["SampleReading", "read_samples"]


class SampleReading(Value):
    """What came of a connector's sample; `is_understood` where it is a closed ticket of a customer."""

    name: str
    told: str
    is_understood: bool


def read_samples(options: Mapping[str, ConnectorOptions], now: datetime) -> Iterator[SampleReading]:
    """Yield what came of the sample of each connector that has a secret."""
    for name, option in options.items():
        if option.secrets and name in CONNECTORS:
            yield _read(CONNECTORS[name], option, now)


def _read(connector: ConnectorDescriptor, option: ConnectorOptions, now: datetime) -> SampleReading:
    headers, body = connector.sample(now)
    unsigned = DeskDelivery(headers, json.dumps(body).encode(), now)
    proof = dict(list(connector.proofs(unsigned, option.secrets[0]).items())[:1])
    delivery = replace(unsigned, headers={**headers, **proof})
    refusal = connector.refusal(delivery, option.secrets)
    if refusal:
        return SampleReading(connector.name, f"a signed sample is refused: {refusal}", is_understood=False)
    own = option if not connector.sample_paths else replace(option, paths=connector.sample_paths)
    reading = connector.read(delivery, read_payload(delivery.body), own)
    if not isinstance(reading, TicketReport):
        return SampleReading(connector.name, "a signed sample is no ticket", is_understood=False)
    told = f"a signed sample is understood as {connector.name}/{reading.id}, {reading.status}, of {reading.customer}"
    return SampleReading(connector.name, told, is_understood=True)
