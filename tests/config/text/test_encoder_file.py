"""The encoder's file: the shipped one, the owner's in its place, and what is refused, with what is wrong."""

import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from config.errors import ConfigErrors
from config.text.encoder_file import (
    built_encoder,
    encoder_bytes,
    load_encoder,
    load_judge,
)
from config.text.encoder_mark import ENCODER_VERSION, SHIPPED_ENCODER
from scoring.text.weights import ALERT, BAD, GOOD
from tests.text.small_encoder import OUTPUTS, small_tables

LARGEST = 20 * 1024 * 1024
WEIGHTS = "# weights of comments 1\npiece\tbad\tgood\tfee\n(start)\t-1\t-1\t-5\n绝绝紫\t\t250\n"


def own(folder: Path, data: bytes, name: str = "encoder.bin") -> Path:
    (folder / "text").mkdir(exist_ok=True)
    (folder / "text" / name).write_bytes(data)
    return folder


def small_file() -> bytes:
    return encoder_bytes(OUTPUTS, small_tables())


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return a small file whose head was changed."""
    line, _, packed = small_file()[len(ENCODER_VERSION) :].partition(b"\n")
    head = json.loads(line)
    change(head)
    return ENCODER_VERSION + json.dumps(head).encode() + b"\n" + packed


def test_the_shipped_encoder_knows_the_outputs_of_the_weights() -> None:
    encoder, judge = load_encoder(), load_judge()
    assert encoder is not None
    assert {BAD, GOOD} < set(encoder.sums("慢"))
    assert set(encoder.sums("慢")) == {*judge.judge("慢").sums, ALERT}


def test_the_shipped_file_is_no_larger_than_it_must_be() -> None:
    assert SHIPPED_ENCODER.stat().st_size < LARGEST


def test_what_was_written_is_read(tmp_path: Path) -> None:
    encoder = load_encoder(own(tmp_path, small_file()))
    assert encoder is not None
    assert encoder.sums("good 慢") == built_encoder(OUTPUTS, small_tables()).sums("good 慢")


def test_an_owners_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    directory = own(tmp_path, small_file())
    assert load_judge(directory).judge("good x").sentence == built_encoder(OUTPUTS, small_tables()).sums("good x")


def test_an_empty_file_turns_the_encoder_off(tmp_path: Path) -> None:
    verdict = load_judge(own(tmp_path, b"")).judge("等了三天没人来")
    assert (verdict.sentence, verdict.polarity) == ({}, -1)
    assert verdict.sums != {}


def test_beside_an_owners_weights_only_an_owners_encoder_is_read(tmp_path: Path) -> None:
    own(tmp_path, WEIGHTS.encode(), "learned.tsv")
    verdict = load_judge(tmp_path).judge("绝绝紫")
    assert (verdict.sentence, verdict.sums[GOOD]) == ({}, 249)
    own(tmp_path, small_file())
    verdict = load_judge(tmp_path).judge("绝绝紫")
    assert set(verdict.sentence) == set(OUTPUTS)
    assert verdict.sums[GOOD] == 249 + verdict.sentence[GOOD]


def test_an_owners_words_leave_the_encoder_on(tmp_path: Path) -> None:
    own(tmp_path, '[bad]\nparts = ["缺板"]\n'.encode(), "mine.toml")
    assert load_judge(tmp_path).judge("缺板 7").sentence != {}
    assert load_judge(tmp_path).judge("缺板").polarity == -1


DAMAGED = [
    (b"\xff\xfe", "it does not begin with '# encoder of comments 1'"),
    (b"# encoder of comments 2\n{}\n", "it does not begin with"),
    (ENCODER_VERSION, "Expecting value"),
    (ENCODER_VERSION + b"{}\n", "tables"),
    (ENCODER_VERSION + b"[1]\nabc", "list indices"),
    (small_file()[:-40], "should follow"),
    (small_file()[:-1], "should follow"),
    (small_file()[: len(small_file()) // 2], "should follow"),
    (small_file().replace(b'"digest": "', b'"digest": "0', 1), "not those that were written"),
    (changed(lambda head: head["tables"].pop()), "should follow"),
    (changed(lambda head: head.update(tables=[["q", "object", [1]]])), "object"),
    (changed(lambda head: head.update(tables=[["words", "int8", [10**12]]])), "should follow"),
    (changed(lambda head: head.update(tables=[["words", "int8", [-5]]])), "negative"),
    (changed(lambda head: head.update(outputs=["bad"])), "outputs"),
    (changed(lambda head: head.update(outputs=["bad", "bad", "fee"])), "outputs"),
    (changed(lambda head: head.update(outputs=None)), "iterable"),
]


@pytest.mark.parametrize(("data", "told"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_refused_with_what_is_wrong(tmp_path: Path, data: bytes, told: str) -> None:
    with pytest.raises(ConfigErrors) as refused:
        load_encoder(own(tmp_path, data))
    message = str(refused.value)
    assert message.startswith("text/encoder.bin: It is no encoder of comments, or damaged: ")
    assert told in message
    assert "an empty file turns the encoder off" in message


def test_one_changed_byte_is_found(tmp_path: Path) -> None:
    data = bytearray(small_file())
    data[-200] ^= 1
    with pytest.raises(ConfigErrors):
        load_encoder(own(tmp_path, bytes(data)))


@pytest.mark.parametrize("name", sorted(small_tables()))
def test_a_file_without_one_of_its_tables_is_refused(tmp_path: Path, name: str) -> None:
    tables = {key: table for key, table in small_tables().items() if key != name}
    with pytest.raises(ConfigErrors, match=r"text/encoder\.bin"):
        load_encoder(own(tmp_path, encoder_bytes(OUTPUTS, tables)))


@pytest.mark.parametrize("name", sorted(set(small_tables()) - {"pieces"}))
def test_a_table_of_another_size_is_refused(tmp_path: Path, name: str) -> None:
    tables = small_tables()
    tables[name] = tables[name][:-1]
    with pytest.raises(ConfigErrors, match=r"text/encoder\.bin"):
        load_encoder(own(tmp_path, encoder_bytes(OUTPUTS, tables)))


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    tables = small_tables()
    tables["out_shift"] = np.array([np.nan, 0, 0], np.float32)
    with pytest.raises(ConfigErrors, match="not finite"):
        load_encoder(own(tmp_path, encoder_bytes(OUTPUTS, tables)))


def test_what_unpacks_to_more_than_it_says_is_not_unpacked_whole(tmp_path: Path) -> None:
    head = {"outputs": OUTPUTS, "digest": "", "tables": [["words", "int8", [1]]]}
    data = ENCODER_VERSION + json.dumps(head).encode() + b"\n" + zlib.compress(bytes(50_000_000))
    with pytest.raises(ConfigErrors, match="1 bytes of tables should follow, not 2"):
        load_encoder(own(tmp_path, data))


def test_nothing_of_the_service_brings_numpy_in() -> None:
    code = "import sys, bot.app, bot.wiring, bot.jobs, config.text.load; print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
