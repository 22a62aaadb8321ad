"""The same home is known by a key made of telephone number and address, which tells neither."""

import pytest

from dialogs.phone_number import contact_key, plain_address

KEY = b"the installation's own secret"


def key_of(phone: str, address: str, secret: bytes = KEY) -> str:
    return contact_key(secret, phone, address)


@pytest.mark.parametrize(
    ("phone", "address"),
    [
        ("13800138000", "长安街1号3单元502"),
        ("+86 138-0013-8000", " 长安街 1 号，３单元 502 "),
        ("0086 13800138000", "长安街１号（3单元）502"),
        ("１３８００１３８０００ 王女士", "长安街1号-3单元-502。"),
    ],
)
def test_one_home_has_one_key_however_it_is_written(phone: str, address: str) -> None:
    assert key_of(phone, address) == key_of("13800138000", "长安街1号3单元502")


@pytest.mark.parametrize(
    ("phone", "address"),
    [("13800138001", "长安街1号3单元502"), ("13800138000", "长安街1号3单元503"), ("13800138000", "长安街11号3单元502")],
)
def test_another_number_or_another_address_is_another_home(phone: str, address: str) -> None:
    assert key_of(phone, address) not in {key_of("13800138000", "长安街1号3单元502"), ""}


@pytest.mark.parametrize(
    ("phone", "address"), [("", "长安街1号"), ("13800138000", ""), ("138****8000", "长安街1号"), ("1380013", "—")]
)
def test_without_both_there_is_no_key(phone: str, address: str) -> None:
    assert key_of(phone, address) == ""


def test_the_key_tells_nothing_without_the_installations_secret() -> None:
    ours, theirs = key_of("13800138000", "长安街1号"), key_of("13800138000", "长安街1号", b"another")
    assert ours != theirs
    assert len(ours) == 32
    assert int(ours, 16) >= 0
    assert plain_address("Flat 3-B, 12 Main St.") == "flat3b12mainst"
