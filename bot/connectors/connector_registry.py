"""Every connector there is. To add one, write its package with a descriptor, and list it here."""

from collections.abc import Mapping

from bot.connectors.descriptor import ConnectorDescriptor
from bot.connectors.zammad.descriptor import ZAMMAD

__all__ = ["CONNECTORS"]

CONNECTORS: Mapping[str, ConnectorDescriptor] = {connector.name: connector for connector in (ZAMMAD,)}
"""By the name that stands in their address."""
