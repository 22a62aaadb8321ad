"""The fake's message crypto is the platform's: its published vector comes out, and what is tampered with stays shut."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.wechat import AES_KEY, APP_ID, TOKEN, CryptoError, MessageCrypto, sign
from tests.support.wechat.pushes.xmlio import XmlError, read_xml, write_xml

PUBLISHED = MessageCrypto("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
OURS = MessageCrypto(TOKEN, AES_KEY, APP_ID)
CIPHER = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="


def test_the_published_vector_comes_out() -> None:
    assert sign("AAAAA", "1714037059", "486452656") == "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    message = '{"demo_resp":"good luck"}'
    assert PUBLISHED.encrypt(message, prefix=b"707722b803182950") == CIPHER
    assert PUBLISHED.decrypt(CIPHER) == message
    assert PUBLISHED.signature("1713424427", "415670741", CIPHER) == "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_every_text_comes_back(text: str) -> None:
    assert OURS.decrypt(OURS.encrypt(text)) == text


@pytest.mark.parametrize("length", [0, 1, 7, 8, 31, 32, 33, 6000])
def test_texts_of_every_length_come_back_and_never_look_the_same(length: int) -> None:
    text = "好" * length
    assert OURS.decrypt(OURS.encrypt(text)) == text
    assert OURS.encrypt(text) != OURS.encrypt(text)


def test_nobody_opens_what_was_not_written_for_them() -> None:
    with pytest.raises(CryptoError, match="another receiver"):
        MessageCrypto(TOKEN, AES_KEY, "wx0000000000000000").decrypt(OURS.encrypt("好"))
    with pytest.raises(CryptoError):
        PUBLISHED.decrypt(OURS.encrypt("好"))


@pytest.mark.parametrize(
    ("cipher", "why"),
    [
        ("", "not whole blocks"),
        ("no base64 !", "not base64"),
        (CIPHER[:-24], "not whole blocks"),
        (base64.b64encode(base64.b64decode(CIPHER)[:32]).decode(), "wrong padding"),
    ],
)
def test_what_is_no_envelope_does_not_open(cipher: str, why: str) -> None:
    with pytest.raises(CryptoError, match=why):
        PUBLISHED.decrypt(cipher)


def test_what_a_customer_writes_cannot_leave_its_element() -> None:
    nasty = "]]></Content><Content><![CDATA[x ]]> & <b>\x00\x08"
    assert read_xml(write_xml({"Content": nasty, "MsgId": 7})) == {"Content": nasty[:-2], "MsgId": "7"}


def test_nested_elements_are_read_by_their_path() -> None:
    assert read_xml(write_xml({"TransInfo": {"KfAccount": "a@b"}, "x": ""})) == {"TransInfo/KfAccount": "a@b", "x": ""}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('<!DOCTYPE xml SYSTEM "http://x"><xml></xml>', "document type"),
        ("<xml><a>1</a><a>2</a></xml>", "<a> stands twice"),
        ("<xml><a><b>1</b></a><a></a></xml>", "<a> stands twice"),
        ("<xml>stray<a>1</a></xml>", "stray text before <a>"),
        ("<xml><a>1</a>stray</xml>", "stray text before </xml>"),
        ("<json/>", "root is <json>"),
        ('<xml><a b="c"/></xml>', "attributes"),
        ("success!", "not XML"),
        ("", "not XML"),
    ],
)
def test_replies_are_read_strictly(text: str, why: str) -> None:
    with pytest.raises(XmlError, match=why):
        read_xml(text)
