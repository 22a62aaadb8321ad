"""Why an address cannot be reached, in words that tell what to look at: for `huifang doctor`."""

import asyncio
import os
from urllib.parse import urlsplit

from bot.channels.http_client.errors import CallError

__all__ = ["connection_refused", "why_unreached"]

_PATIENCE = 5.0
"""Seconds for a connection."""
_PORTS = {"http": 80, "https": 443}


async def why_unreached(address: str, error: CallError) -> str:
    """Return why calls to a web address fail: no connection comes about, or, where one does, what the call met."""
    parts = urlsplit(address)
    refused = await connection_refused(parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443))
    return refused or str(error)


async def connection_refused(host: str, port: int) -> str:
    """Return why no connection to this address comes about, empty where one does."""
    try:
        async with asyncio.timeout(_PATIENCE):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        return f"no answer within {_PATIENCE:.0f} s"
    except OSError as error:
        return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or type(error).__name__
    writer.close()
    return ""
