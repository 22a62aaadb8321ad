"""By what an encoder is known without reading it: its own number for each file, and the names of its outputs."""

import subprocess
import sys
from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.text.encoder_mark import ENCODER_VERSION, SHIPPED_ENCODER, encoder_path, load_mark, mark_in
from scoring.text.known_sentences import NO_ENCODER
from scoring.text.weights import BAD, GOOD
from tests.text.small_encoder import OUTPUTS, plain_file


def put(folder: Path, data: bytes, name: str = "encoder.bin") -> Path:
    (folder / "text").mkdir(exist_ok=True)
    (folder / "text" / name).write_bytes(data)
    return folder


def test_each_file_has_a_number_of_its_own(tmp_path: Path) -> None:
    shipped = load_mark()
    assert shipped == mark_in(SHIPPED_ENCODER) == load_mark(tmp_path)
    assert {BAD, GOOD} < set(shipped.outputs)
    good, bad = (load_mark(put(tmp_path, plain_file(**{name: 1.0}))) for name in ("good", "bad"))
    assert good.outputs == bad.outputs == tuple(OUTPUTS)
    assert len({0, shipped.number, good.number, bad.number}) == 4
    assert load_mark(put(tmp_path, plain_file(good=1.0))) == good


def test_it_is_off_where_the_file_is_empty_or_the_weights_are_the_owners(tmp_path: Path) -> None:
    assert load_mark(put(tmp_path, b"", "learned.tsv")) == NO_ENCODER
    assert encoder_path(put(tmp_path, b"")) is None
    assert load_mark(tmp_path) == NO_ENCODER
    assert encoder_path(put(tmp_path, plain_file())) == tmp_path / "text" / "encoder.bin"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        ENCODER_VERSION,
        ENCODER_VERSION + b"[]\n",
        ENCODER_VERSION + b"{}\n",
        ENCODER_VERSION + b'{"outputs": 7}\n',
    ],
)
def test_what_does_not_begin_as_one_is_refused_with_what_to_do(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(
        ConfigErrors, match=r"text/encoder.bin: It is no encoder .* an empty file turns the encoder off"
    ):
        load_mark(put(tmp_path, data))


@pytest.mark.proof
def test_to_know_it_no_numpy_is_loaded() -> None:
    loaded = "import sys, bot.app, bot.jobs.text.asked_encoder, config.text.encoder_mark; print('numpy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
