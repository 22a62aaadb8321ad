"""Parsers of addresses: web servers, databases, folders; and of languages and time zones."""

import re
import zoneinfo
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from config.errors import InvalidValue, shown
from config.values.strings import read_words
from dialogs.time.zones import find_zone, zone_hint
from scoring.values import Value

__all__ = [
    "LOCALES",
    "ListenAddress",
    "Network",
    "read_database",
    "read_directory",
    "read_host",
    "read_listen",
    "read_locale",
    "read_networks",
    "read_url",
    "read_zone",
]

Network = IPv4Network | IPv6Network
LOCALES = ("zh-Hans", "zh-Hant", "en")
"""The languages of the product."""


class ListenAddress(Value):
    """A port of an interface, to listen on."""

    host: str
    port: int

    def __str__(self) -> str:
        """Return it as it is written in the settings."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


_DATABASES = "Write sqlite:///var/huifang.db or postgresql://user:password@host/database."
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_SERVERS = re.compile(r"[^/?:]*(\[[0-9A-Fa-f:.]+\])?(:\d{0,5})?(,[^/?:]*(:\d{0,5})?)*(/[^/?]|/?\?)")
"""The servers of a database's address, behind the user's name and password, up to the database's name."""
_NO_NAME = re.compile(r"[+0-9]")
"""What stands in a distance from UTC, and in no place's name."""
_SCHEME = re.compile(r"[a-z][a-z0-9+]{1,15}")


def read_url(value: object) -> str:
    """Return the address of a web server, without a trailing slash. Raises InvalidValue."""
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidValue(f"{shown(value)} is not a web address.", "Write it as https://host or http://host:port.")
    if parts.query or parts.fragment:
        raise InvalidValue(f"{shown(value)} has a part behind `?` or `#`.", "Write the address without it.")
    if "@" in parts.netloc:
        raise InvalidValue(
            f"The address of {parts.hostname} has a user or a password in it, which would be shown in logs.",
            "Write the address without them, and a token into the setting that is for it.",
        )
    return parts.geturl().rstrip("/")


def read_host(value: object) -> str:
    """Return the name or address of an interface to listen on. Raises InvalidValue."""
    if not isinstance(value, str) or not _HOST.fullmatch(value.strip()):
        raise InvalidValue(
            f"{shown(value)} is not a host.", "Write 127.0.0.1, 0.0.0.0 or a host name, without http://."
        )
    return value.strip()


def read_listen(value: object) -> ListenAddress:
    """Return the interface and port to listen on; a port alone is one of 127.0.0.1. Raises InvalidValue."""
    text = "" if isinstance(value, bool) else str(value).strip()
    parts = _split(f"//127.0.0.1:{text}" if text.isdecimal() else f"//{text}")
    if parts is None or not parts.hostname or not parts.port or parts.geturl() != f"//{parts.netloc}":
        raise InvalidValue(f"{shown(value)} is no interface with a port.", "Write 127.0.0.1:9480, or 9480 alone.")
    return ListenAddress(read_host(parts.hostname), parts.port)


def read_networks(value: object) -> tuple[Network, ...]:
    """Return a list of addresses and networks, an address as the network of itself. Raises InvalidValue."""
    return tuple(map(_network, read_words(value)))


def read_database(value: object) -> str:
    """Return a database address: a SQLite file or a PostgreSQL server. Raises InvalidValue without its password.

    What a server's address holds in detail is read where it is opened.
    """
    address = value.strip() if isinstance(value, str) else ""
    scheme, _, rest = address.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and rest.strip("/") not in {"", ":memory:"}:
        return address
    if scheme == "postgresql" and _SERVERS.match(rest.rpartition("@")[2]):
        return address
    raise InvalidValue(_database_problem(scheme if rest else ""), _DATABASES)


def read_locale(value: object) -> str:
    """Return one of the languages of the product. Raises InvalidValue."""
    if value not in LOCALES:
        raise InvalidValue(f"{shown(value)} is no language of the product.", f"Write one of {', '.join(LOCALES)}.")
    return str(value)


def read_zone(value: object) -> str:
    """Return the IANA name of a time zone. Raises InvalidValue."""
    found = find_zone(str(value))
    if found is None:
        raise InvalidValue(f"{shown(value)} is not a time zone.", _zone_meant(str(value)))
    return found.key


def read_directory(value: object) -> Path:
    """Return the path of a folder; whether it exists is checked later. Raises InvalidValue."""
    if not isinstance(value, (str, Path)) or not str(value).strip() or "\0" in str(value):
        raise InvalidValue(f"{shown(value)} is not a folder.", 'Write a path such as "." or "/etc/huifang".')
    return Path(value)


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise InvalidValue(
            f"{shown(text)} is no address or network.", "Write 127.0.0.1, 10.0.0.0/8 or fd00::/8, without a port."
        ) from None


def _split(value: object) -> SplitResult | None:
    """Return the parts of an address; None where it is no text, holds blanks, or its port is invalid."""
    if not isinstance(value, str) or re.search(r"\s", value.strip()):
        return None
    try:
        parts = urlsplit(value.strip())
        port = parts.port
    except ValueError:
        return None
    return parts if port != 0 else None


def _database_problem(scheme: str) -> str:
    if scheme == "sqlite":
        return "The file is missing."
    if scheme == "postgresql":
        return "The name of the database is missing, or its port is wrong."
    if _SCHEME.fullmatch(scheme):
        return f"{shown(scheme)} is no database we know."
    return "This is not a database address."


def _zone_meant(name: str) -> str:
    """Return what to write instead; a zone named by its distance from UTC, such as GMT+0, is never proposed."""
    if _NO_NAME.search(name):
        return zone_hint(name)
    known = (zone for zone in zoneinfo.available_timezones() if find_zone(zone) and not _NO_NAME.search(zone))
    zones = {zone.lower(): zone for zone in known}
    close = get_close_matches(name.lower(), zones, 1, cutoff=0.8)
    return f"Did you mean {zones[close[0]]}?" if close else zone_hint(name)
