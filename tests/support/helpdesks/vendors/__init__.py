"""Help desks as their APIs are: tickets that can be written to, for those who have a token."""

from collections.abc import Mapping

from tests.support.helpdesks.vendors.fake_desk import Answer, ApiTicket, FakeDesk, Fault, Put
from tests.support.helpdesks.vendors.issue_apis import FakeGithub, FakeGitlab, FakeJira
from tests.support.helpdesks.vendors.ticket_apis import (
    FakeChatwoot,
    FakeFreescout,
    FakeFreshdesk,
    FakeZammad,
    FakeZendesk,
)

__all__ = ["FAKE_DESKS", "Answer", "ApiTicket", "FakeDesk", "FakeZammad", "Fault", "Put"]

_ALL = (FakeZammad, FakeChatwoot, FakeZendesk, FakeFreshdesk, FakeFreescout, FakeGitlab, FakeGithub, FakeJira)
FAKE_DESKS: Mapping[str, type[FakeDesk]] = {fake.name: fake for fake in _ALL}
"""By the connector's name."""
