"""Envelopes open and close as the platform's do, and whatever is wrong with one is told in one way."""

import base64
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.webhooks import MalformedDelivery
from bot.channels.wechat.api.wechatpy_adapter import Crypto
from bot.channels.wechat.inbound.envelopes import Envelopes
from tests.channels.wechat.inbound.post import cases, envelopes
from tests.support.wechat import AES_KEY, APP_ID, TOKEN, MessageCrypto, sign
from tests.support.wechat.pushes.crypto import BLOCK
from tests.support.wechat.pushes.xmlio import read_xml

OURS, THEIRS = envelopes(), MessageCrypto(TOKEN, AES_KEY, APP_ID)
STAMP, NONCE = "1795316400", "1320562132"
VECTOR = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
MESSAGE = '{"demo_resp":"good luck"}'
PREFIX = b"707722b803182950"


def text_of(length: int) -> str:
    """Write a text of so many bytes, with characters of one to four of them."""
    text = ("满意😀é!" * (length // 13 + 1)).encode()[:length].decode(errors="ignore")
    return text + "x" * (length - len(text.encode()))


def opened(encrypted: str, ours: Envelopes = OURS) -> str:
    """Open a sealed text that is rightly signed."""
    return ours.decrypt(encrypted, sign(TOKEN, STAMP, NONCE, encrypted), STAMP, NONCE)


def enciphered(plain: bytes) -> str:
    """Encipher any bytes at all with the account's key."""
    encryptor = THEIRS._cipher().encryptor()  # noqa: SLF001 (what no platform would ever send)
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def padded(plain: bytes) -> bytes:
    """Fill up to whole blocks."""
    fill = BLOCK - len(plain) % BLOCK
    return plain + bytes([fill]) * fill


def agree(lengths: Iterable[int]) -> list[int]:
    """Return the lengths at which ours and the independent implementation do not read each other."""
    wrong = []
    for length in lengths:
        text = text_of(length)
        envelope = read_xml(OURS.encrypt(text, STAMP, NONCE).decode())
        signature = THEIRS.signature(STAMP, NONCE, envelope["Encrypt"])
        theirs = (THEIRS.decrypt(envelope["Encrypt"]), envelope["MsgSignature"]) == (text, signature)
        if not theirs or opened(THEIRS.encrypt(text)) != text:
            wrong.append(length)
    return wrong


def test_the_published_vector_comes_out_and_opens() -> None:
    published = Crypto("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
    envelope = read_xml(published.encrypted(MESSAGE, "1713424427", "415670741", PREFIX))
    assert envelope == {
        "Encrypt": VECTOR,
        "MsgSignature": "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        "TimeStamp": "1713424427",
        "Nonce": "415670741",
    }
    ours = Envelopes("wxba5fad812f8e6fb9", "AAAAA", "A" * 43)
    assert ours.decrypt(VECTOR, envelope["MsgSignature"], "1713424427", "415670741") == MESSAGE
    assert ours.verifies(envelope["MsgSignature"], "1713424427", "415670741", VECTOR)
    assert ours.verifies("899cf89e464efb63f54ddac96b0a0a235f53aa78", "1714037059", "486452656")


def test_texts_of_many_lengths_are_read_by_an_independent_implementation_and_back() -> None:
    assert agree([*range(132), *range(132, 6001, 29), 5999, 6000]) == []


@pytest.mark.proof
def test_texts_of_every_length_are_read_by_an_independent_implementation_and_back() -> None:
    assert agree(range(6001)) == []


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back(text: str) -> None:
    assert THEIRS.decrypt(read_xml(OURS.encrypt(text, STAMP, NONCE).decode())["Encrypt"]) == text
    assert opened(THEIRS.encrypt(text)) == text


def test_the_same_answer_to_the_same_delivery_is_the_same_to_the_byte_and_to_another_it_is_not() -> None:
    first = OURS.encrypt("谢谢", STAMP, NONCE)
    assert OURS.encrypt("谢谢", STAMP, NONCE) == first
    others = [
        OURS.encrypt("谢谢", STAMP, "2"),
        OURS.encrypt("谢谢", "1795316401", NONCE),
        OURS.encrypt("谢谢!", STAMP, NONCE),
    ]
    begun = {base64.b64decode(read_xml(one.decode())["Encrypt"])[:16] for one in (first, *others)}
    assert len(begun) == 4, "the first block is never the same for two"


@pytest.mark.parametrize(
    "encrypted",
    [
        "",
        "=",
        "A",
        "AAAA",
        THEIRS.encrypt("好", PREFIX)[:-1],
        THEIRS.encrypt("好", PREFIX)[:-4],
        THEIRS.encrypt("好", PREFIX)[24:],
        base64.b64encode(base64.b64decode(THEIRS.encrypt("好", PREFIX))[:-16]).decode(),
        MessageCrypto(TOKEN, AES_KEY, "wx0000000000000000").encrypt("好", PREFIX),
        MessageCrypto(TOKEN, AES_KEY, "").encrypt("好", PREFIX),
        MessageCrypto(TOKEN, "A" * 43, APP_ID).encrypt("好", PREFIX),
        enciphered(padded(bytes(16) + (2**32 - 1).to_bytes(4, "big") + b"x" + APP_ID.encode())),
        enciphered(padded(bytes(16))),
        enciphered(bytes(32)),
        enciphered(b"\x21" * 64),
        enciphered((bytes(16) + (1).to_bytes(4, "big") + b"x" + APP_ID.encode()).ljust(63, b"\x00") + b"\x09"),
        "中文",
        "\udc80",
    ],
    ids=cases(),
)
def test_what_does_not_open_is_malformed_and_its_words_are_not_repeated(encrypted: str) -> None:
    with pytest.raises(MalformedDelivery, match=r"^the envelope does not open: \w+$"):
        OURS.decrypt(encrypted, sign(TOKEN, STAMP, NONCE, encrypted) if encrypted.isascii() else "", STAMP, NONCE)


def test_bytes_that_are_no_utf8_are_left_out() -> None:
    encrypted = enciphered(padded(bytes(16) + (4).to_bytes(4, "big") + b"a\xff\xfeb" + APP_ID.encode()))
    assert OURS.decrypt(encrypted, sign(TOKEN, STAMP, NONCE, encrypted), STAMP, NONCE) == "ab"


@given(st.text())
def test_no_text_whatever_raises_anything_else(encrypted: str) -> None:
    with pytest.raises(MalformedDelivery):
        OURS.decrypt(encrypted, "", STAMP, NONCE)


@given(st.text(), st.text(), st.text())
def test_no_signature_of_a_stranger_proves_anything(signature: str, timestamp: str, sealed: str) -> None:
    assert not OURS.verifies(signature, timestamp, NONCE, sealed)
