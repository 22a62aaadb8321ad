"""A URL that somebody typed in leads to public addresses only, however its host is written."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.http_client.guarded_address import (
    ForbiddenTargetError,
    checked_addresses,
    read_target,
    unresolved_target,
    why_forbidden,
)

REFUSED = [
    "127.0.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "①②⑦.0.0.1",
    "0.0.0.0",  # noqa: S104 (no interface to listen on)
    "0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2001:0:7f00:1::]",
    "[2001:db8::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[100::1]",
    "[::ffff:0:127.0.0.1]",
    "[4000::1]",
    "[3fff::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "[2606:4700:4700::1111]", "[64:ff9b::101:101]"]


@pytest.mark.parametrize("host", REFUSED)
async def test_a_host_inside_is_refused_in_each_of_its_spellings(host: str) -> None:
    with pytest.raises(ForbiddenTargetError):
        await checked_addresses(read_target(f"https://{host}:8443/hook", allow_private=False))


@pytest.mark.parametrize("host", REFUSED)
def test_without_a_look_up_an_address_inside_is_refused_and_a_name_is_not(host: str) -> None:
    url = f"https://{host}:8443/hook"
    if "local" in host.lower():
        assert unresolved_target(url, allow_private=False).port == 8443
        return
    with pytest.raises(ForbiddenTargetError):
        unresolved_target(url, allow_private=False)
    assert unresolved_target(url, allow_private=True).port == 8443


@pytest.mark.parametrize("host", PUBLIC)
async def test_a_public_address_is_permitted(host: str) -> None:
    found = await checked_addresses(read_target(f"https://{host}/hook", allow_private=False))
    assert found == (str(ip_address(host.strip("[]"))),)


async def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ForbiddenTargetError, match="cannot be looked up"):
        await checked_addresses(read_target("https://nothing.invalid/hook", allow_private=False))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example.com/", "not encrypted"),
        ("https://user:secret@hooks.example.com/", "before the @"),
        ("https://user@hooks.example.com/", "before the @"),
        ("ftp://hooks.example.com/", "not the address of a web server"),
        ("file:///etc/passwd", "not the address of a web server"),
        ("gopher://hooks.example.com/", "not the address of a web server"),
        ("hooks.example.com", "not a URL"),
        ("https://", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://hooks.example.com:99999/", "not a URL"),
        ("https://hooks.example.com/" + "x" * 2000, "not the address of a web server"),
        ("", "not a URL"),
    ],
)
def test_what_is_no_address_of_an_endpoint_is_refused_with_the_reason(url: str, why: str) -> None:
    with pytest.raises(ForbiddenTargetError, match=why):
        read_target(url, allow_private=False)


def test_a_network_of_ones_own_may_be_plain() -> None:
    assert read_target("http://10.0.0.5:8080/hook", allow_private=True).host == "10.0.0.5"


@given(st.integers(0, 2**32 - 1))
def test_an_address_is_refused_in_ipv6_clothing_where_it_is_without(number: int) -> None:
    plain = IPv4Address(number)
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        dressed = IPv6Address(int(IPv6Address(prefix)) | number)
        assert bool(why_forbidden(dressed)) is bool(why_forbidden(plain))


@given(st.integers(0, 2**128 - 1))
def test_no_address_is_permitted_that_python_itself_does_not_call_global(number: int) -> None:
    address = IPv6Address(number)
    if not why_forbidden(address) and address.ipv4_mapped is None:
        assert address.is_global
