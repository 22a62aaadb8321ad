"""The address of a PostgreSQL database as libpq writes it, read for asyncpg; what that cannot do is refused by name.

Parameters: https://www.postgresql.org/docs/current/libpq-connect.html, 34.1.2. An error repeats nothing of the address
but the name of a parameter, since whatever is misread may be a part of the password.
"""

import re
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urlencode

from scoring.values import Value

__all__ = ["PostgresAddress", "libpq_parameters", "passwords_in", "read_postgres_address"]

_ENCODE = (
    "write %40 for `@`, %2F for `/`, %3F for `?`, %23 for `#`, %25 for `%` in a user's name, password or parameter"
)
_SHAPE = "write postgresql://user:password@host/database"
_HOST = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@]*)(?::(?P<port>[0-9]{1,5}))?")
_NAME = re.compile(r"[a-z_]{1,40}")
_PORTS = range(1, 65536)
_PORT = 5432
_SYSTEM = "system"
"""`sslrootcert=system`: the certificates that the machine itself trusts."""
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SERVERS = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
_PASSED_ON = frozenset(
    {*_FILES, "sslmode", "sslpassword", "sslnegotiation", "ssl_min_protocol_version", "ssl_max_protocol_version"}
)
_OURS = frozenset(
    {
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
        *("fallback_application_name", "sslcompression", "sslsni", "client_encoding"),
    }
)
"""What is set for every connection, or makes no difference: taken, and not used."""
_TAKEN = (
    _PASSED_ON
    | _OURS
    | {"host", "port", "user", "password", "dbname", "passfile", "connect_timeout", "application_name", "options"}
    | {"target_session_attrs"}
)
_PASSWORDS = ("password", "sslpassword")
_CHOICES = {"sslmode": _MODES, "target_session_attrs": _SERVERS}
_REFUSED = {
    "channel_binding": "the driver has no channel binding: leave it out, and write sslmode=verify-full instead",
    "gssencmode": "the driver has no GSSAPI encryption: leave it out, and write sslmode=verify-full instead",
    "hostaddr": "write the numeric address as the host",
    "requiressl": "write sslmode=require",
    "replication": "leave it out",
    "load_balance_hosts": "leave it out: hosts are tried in their order",
    "requirepeer": "leave it out",
    "require_auth": "leave it out: what the server asks for is what it gets",
    "krbsrvname": "the driver has no Kerberos here: use a password or a client certificate",
    "gsslib": "the driver has no Kerberos here: use a password or a client certificate",
    "sslcrldir": "write the file as sslcrl",
    "sslcertmode": "leave it out: a certificate is used where sslcert names one",
    "service": "write the service's parameters into the address",
}
_HARMLESS = {
    "channel_binding": ("prefer", "disable"),
    "gssencmode": ("prefer", "disable"),
    "load_balance_hosts": ("disable",),
    "replication": ("false", "off", "no", "0"),
}
"""Values with which a refused parameter asks for nothing that the driver would not do."""


class PostgresAddress(Value):
    """A server to connect to: `arguments` of `asyncpg.connect`, and the session's own `settings`.

    `connect_timeout` is the address's own limit in seconds, None where it has none.
    """

    arguments: Mapping[str, object]
    settings: Mapping[str, str]
    connect_timeout: float | None = None


def read_postgres_address(url: str) -> PostgresAddress:
    """Read an address. Raises ValueError with one sentence: what is wrong, and the fix."""
    given = _parts(url)
    _refuse(given)
    arguments: dict[str, object] = {"user": given.get("user"), "password": given.get("password")}
    arguments |= {"database": given.get("dbname"), "passfile": given.get("passfile")} | _servers(given) | _tls(given)
    settings = {name: given[name] for name in ("application_name", "options") if given.get(name)}
    return PostgresAddress(
        {name: value for name, value in arguments.items() if value}, settings, _seconds(given.get("connect_timeout"))
    )


def libpq_parameters(url: str) -> dict[str, str]:
    """Return an address as the parameters that libpq's own programs take; raises ValueError as above."""
    given = _parts(url)
    _refuse(given)
    return {name: value for name, value in given.items() if name not in _REFUSED and value}


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the passwords of an address as they are written and as they are sent, for whoever must not log them."""
    user = url.partition("://")[2].rpartition("@")[0]
    parameters = [pair.partition("=") for pair in url.partition("?")[2].split("&")]
    written = [user.partition(":")[2], *(value for name, _, value in parameters if name in _PASSWORDS)]
    return tuple({*written, *map(unquote, written)} - {""})


def _parts(url: str) -> dict[str, str]:
    """Return the parts of an address by their names as parameters, decoded; what stands behind the `?` counts."""
    before, question, behind = url.partition("://")[2].partition("?")
    place, slash, database = before.partition("/")
    if "@" in database or "@" in behind or "#" in url:
        raise ValueError(f"the database's address is ambiguous: {_ENCODE}")
    who, _, servers = place.rpartition("@")
    user, _, password = who.partition(":")
    named = {"user": user, "password": password, "dbname": database}
    parts = {name: unquote(value) for name, value in named.items() if value} | _hosts(servers)
    if not slash and not question:
        raise ValueError(f"the database's address names no database: {_SHAPE}")
    return parts | {name: unquote(value) for name, value in _parameters(behind)}


def _hosts(servers: str) -> dict[str, str]:
    """Return `host:port,host:port` as libpq's lists of hosts and of ports."""
    found = [_HOST.fullmatch(server) for server in servers.split(",")]
    if not all(found):
        raise ValueError(f"the database's address has a wrong host or port: {_SHAPE}; {_ENCODE}")
    hosts = [unquote(one["host"]).strip("[]") for one in found if one is not None]
    ports = [one["port"] or "" for one in found if one is not None]
    return {name: ",".join(values) for name, values in (("host", hosts), ("port", ports)) if any(values)}


def _parameters(behind: str) -> Iterable[tuple[str, str]]:
    for pair in filter(None, behind.split("&")):
        name, equals, value = pair.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise ValueError(f"the database's address has something behind the `?` that is no parameter: {_ENCODE}")
        yield ("dbname" if name == "database" else "sslmode" if name == "ssl" else name), value


def _refuse(given: Mapping[str, str]) -> None:
    """Refuse what the driver cannot do. Raises ValueError."""
    for name, value in given.items():
        if name in _REFUSED and value not in _HARMLESS.get(name, ()):
            raise ValueError(f"{name} in the database's address is not possible: {_REFUSED[name]}")
        if name not in _TAKEN and name not in _REFUSED:
            raise ValueError(f"{name} in the database's address is no parameter that is known: remove it")
    for name, allowed in _CHOICES.items():
        if name in given and given[name] not in allowed:
            raise ValueError(f"{name} in the database's address is wrong: write one of {', '.join(allowed)}")
    for name in _FILES:
        if name in given and given[name] != _SYSTEM and not Path(given[name]).expanduser().is_file():
            raise ValueError(f"{name} in the database's address names no file: write the path of the certificate")


def _servers(given: Mapping[str, str]) -> dict[str, object]:
    """Return hosts and ports, as many of the one as of the other; of several servers one that can be written."""
    hosts = [host for host in given.get("host", "").split(",") if host]
    ports = [_port(port) for port in given.get("port", "").split(",")]
    if len(ports) == 1:
        ports *= max(len(hosts), 1)
    if hosts and len(hosts) != len(ports):
        raise ValueError("port in the database's address is wrong: write one, or one for each host")
    wanted = given.get("target_session_attrs") or ("read-write" if len(hosts) > 1 else None)
    return {"host": hosts, "port": ports if hosts else ports[0], "target_session_attrs": wanted}


def _port(text: str) -> int:
    if not text:
        return _PORT
    if not text.isascii() or not text.isdecimal() or int(text) not in _PORTS:
        raise ValueError("port in the database's address is wrong: write a number from 1 to 65535")
    return int(text)


def _tls(given: Mapping[str, str]) -> dict[str, object]:
    """Return what asyncpg takes for TLS: libpq's own parameters in an otherwise empty address, or a context."""
    if given.get("sslrootcert") == _SYSTEM:
        return {"ssl": ssl.create_default_context()}
    asked = {name: given[name] for name in sorted(_PASSED_ON & given.keys())}
    return {"dsn": f"postgresql:///?{urlencode(asked)}"} if asked else {}


def _seconds(text: str | None) -> float | None:
    """Return libpq's `connect_timeout`, None where it stands for no limit."""
    if text is None:
        return None
    if not re.fullmatch(r"-?[0-9]{1,6}", text):
        raise ValueError("connect_timeout in the database's address is wrong: write whole seconds, such as 3")
    return float(text) if int(text) > 0 else None
