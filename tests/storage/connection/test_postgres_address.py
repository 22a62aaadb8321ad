"""A PostgreSQL address is read as libpq writes it; what the driver cannot do is refused by its name alone."""

from pathlib import Path

import pytest

from storage.connection.store import Store
from storage.dialects import passwords_in
from storage.dialects.postgres_address import read_postgres_address
from storage.reads.outbox import pending
from tests.storage.samples import NOW

WORD = "hunter2-tortoise"


@pytest.mark.parametrize(
    ("url", "arguments"),
    [
        ("postgresql:///huifang", {"database": "huifang", "port": 5432}),
        (
            "postgresql://u:pw@db/h",
            {"user": "u", "password": "pw", "host": ["db"], "port": [5432], "database": "h"},
        ),
        ("postgresql://[::1]:5433/h", {"host": ["::1"], "port": [5433], "database": "h"}),
        (
            "postgresql://a:1,b:2/h",
            {"host": ["a", "b"], "port": [1, 2], "database": "h", "target_session_attrs": "read-write"},
        ),
        (
            "postgresql://a,b/h?target_session_attrs=any&port=6000",
            {"host": ["a", "b"], "port": [6000, 6000], "database": "h", "target_session_attrs": "any"},
        ),
        ("postgresql:///h?host=/var/run/pg", {"host": ["/var/run/pg"], "port": [5432], "database": "h"}),
        ("postgresql://u@%2Fvar%2Frun/h", {"user": "u", "host": ["/var/run"], "port": [5432], "database": "h"}),
        (
            "postgresql://db/h?sslmode=require&channel_binding=prefer&gssencmode=disable&keepalives_idle=3",
            {"host": ["db"], "port": [5432], "database": "h", "dsn": "postgresql:///?sslmode=require"},
        ),
    ],
)
def test_an_address_becomes_what_the_driver_takes(url: str, arguments: dict[str, object]) -> None:
    assert read_postgres_address(url).arguments == arguments


@pytest.mark.parametrize("password", ["p@ss", "p[w]", "100%", "two words", "p:w", "密码", "a%40b"])
def test_a_password_may_hold_what_leaves_no_doubt(password: str) -> None:
    sent = read_postgres_address(f"postgresql://u:{password}@db/h").arguments["password"]
    assert sent == password.replace("%40", "@")
    assert password in passwords_in(f"postgresql://u:{password}@db/h")


def test_every_password_of_an_address_is_known_to_whoever_must_not_log_it() -> None:
    given = passwords_in("postgresql://u:p%40ss@db/h?sslmode=require&password=s%26cret&sslpassword=hunter2")
    assert set(given) == {"p%40ss", "p@ss", "s%26cret", "s&cret", "hunter2"}
    assert passwords_in("postgresql://db/h?application_name=desk") == ()


@pytest.mark.parametrize("sign", ["/", "#", "?", "?x=", "@/", "/@", "#@", "?@"])
def test_a_password_that_leaves_a_doubt_is_refused_with_the_code_to_write(sign: str) -> None:
    with pytest.raises(ValueError, match="%40 for `@`") as refused:
        read_postgres_address(f"postgresql://u:{WORD}{sign}{WORD}@db/h")
    assert "hunter2" not in str(refused.value)
    assert "tortoise" not in str(refused.value)


def test_settings_of_the_session_and_the_time_limit_are_taken() -> None:
    asked = read_postgres_address(
        "postgresql://db/h?application_name=desk&options=-c%20search_path%3Dh&connect_timeout=2"
    )
    assert asked.settings == {"application_name": "desk", "options": "-c search_path=h"}
    assert asked.connect_timeout == 2
    assert read_postgres_address("postgresql://db/h?connect_timeout=0").connect_timeout is None


def test_the_certificates_of_the_machine_may_be_trusted() -> None:
    assert "ssl" in read_postgres_address("postgresql://db/h?sslmode=verify-full&sslrootcert=system").arguments


@pytest.mark.parametrize(
    ("parameters", "named", "fix"),
    [
        ("channel_binding=require", "channel_binding", "sslmode=verify-full"),
        ("gssencmode=require", "gssencmode", "leave it out"),
        ("sslmode=on", "sslmode", "disable, allow, prefer, require, verify-ca, verify-full"),
        ("sslrootcert=/nowhere/root.crt", "sslrootcert", "write the path"),
        ("connect_timeout=soon", "connect_timeout", "whole seconds"),
        ("target_session_attrs=master", "target_session_attrs", "primary"),
        ("hostaddr=10.0.0.1", "hostaddr", "as the host"),
        ("pgbouncer=true", "pgbouncer", "remove it"),
        ("requiressl=1", "requiressl", "sslmode=require"),
        ("port=x", "port", "1 to 65535"),
        ("host=a,b,c&port=1,2", "port", "one for each host"),
    ],
)
def test_what_the_driver_cannot_do_is_refused_by_name_with_the_fix(parameters: str, named: str, fix: str) -> None:
    with pytest.raises(ValueError, match=f"^{named} in the database's address") as refused:
        read_postgres_address(f"postgresql://u:{WORD}@db/h?{parameters}")
    assert fix in str(refused.value)
    assert "\n" not in str(refused.value)
    assert WORD not in str(refused.value)


async def test_what_was_mapped_reaches_the_server(migrated_postgres: str, tmp_path: Path) -> None:
    await _look(
        f"{migrated_postgres}?sslmode=prefer&connect_timeout=3&application_name=desk&options=-c%20work_mem%3D5MB"
    )
    await _look(f"{migrated_postgres}?host=127.0.0.1,127.0.0.1&target_session_attrs=read-write")
    (tmp_path / "root.crt").write_text("no certificate")
    with pytest.raises(ValueError, match="sslkey"):
        await _look(f"{migrated_postgres}?sslkey={tmp_path}/none")


async def _look(url: str) -> None:
    async with Store.open(url) as store:
        assert await pending(store, {"telegram"}, NOW, 1) == []
