"""Every connector there is. To add one, write its package with a descriptor, and list it here."""

from collections.abc import Mapping

from bot.connectors.chatwoot.descriptor import CHATWOOT
from bot.connectors.descriptor import ConnectorDescriptor
from bot.connectors.freescout.descriptor import FREESCOUT
from bot.connectors.freshdesk.descriptor import FRESHDESK
from bot.connectors.generic.descriptor import GENERIC
from bot.connectors.github.descriptor import GITHUB
from bot.connectors.gitlab.descriptor import GITLAB
from bot.connectors.jira.descriptor import JIRA
from bot.connectors.osticket.descriptor import OSTICKET
from bot.connectors.zammad.descriptor import ZAMMAD
from bot.connectors.zendesk.descriptor import ZENDESK

__all__ = ["CONNECTORS"]

_ALL = (ZAMMAD, CHATWOOT, ZENDESK, GITHUB, GITLAB, FRESHDESK, JIRA, FREESCOUT, OSTICKET, GENERIC)
CONNECTORS: Mapping[str, ConnectorDescriptor] = {connector.name: connector for connector in _ALL}
"""By the name that stands in their address."""
