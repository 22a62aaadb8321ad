"""Reads the encoder of whole comments: `text/encoder.bin` of the owner, else the shipped file."""

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from math import prod
from pathlib import Path
from typing import Any

# Read when numpy is loaded: for matrices this small a second thread saves a seventh of the time on an idle machine, and
# on a busy one waits for the first at full speed, six times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from config.text.encoder_mark import ENCODER_VERSION, encoder_path, encoder_problem, head_of
from config.text.load import load_weighed
from scoring.text.comment_judge import CommentJudge
from scoring.text.sentence_encoder import SentenceEncoder, expanded
from scoring.text.text_reader import TextReader
from scoring.text.unigram_pieces import UnigramPieces

__all__ = ["built_encoder", "encoder_bytes", "load_encoder", "load_judge", "read_encoder"]

_SIZES = {"int8": 1, "uint8": 1, "float16": 2, "float32": 4}
_MOST_BYTES = 256 * 1024 * 1024
_FIRST = ("places", "words_size", "words_shift", "out", "out_shift")
_PLACES = 96
"""Pieces of the longest text, with its begin and end."""
_SHIFTS = ("qb", "kb", "vb", "aob", "fob", "alnw", "alnb", "olnw", "olnb")
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
Array = Any
Tables = Mapping[str, Array]


def load_judge(directory: Path | None = None) -> CommentJudge:
    """Return what judges by words, weights and the encoder in force, 110 MB more. Raises ConfigErrors."""
    return CommentJudge(TextReader(load_weighed(directory)), load_encoder(directory))


def load_encoder(directory: Path | None = None) -> SentenceEncoder | None:
    """Return the encoder of whole comments, None where it is off; see `encoder_path`. Raises ConfigErrors."""
    path = encoder_path(directory)
    return read_encoder(path) if path else None


def encoder_bytes(outputs: list[str], tables: Tables) -> bytes:
    """Return the file of an encoder's tables."""
    raw = b"".join(np.ascontiguousarray(table).tobytes() for table in tables.values())
    named = [[name, str(table.dtype), list(table.shape)] for name, table in tables.items()]
    head = {"outputs": outputs, "digest": sha256(raw).hexdigest(), "tables": named}
    packer = zlib.compressobj(9, strategy=zlib.Z_HUFFMAN_ONLY)
    return b"".join([ENCODER_VERSION, json.dumps(head).encode(), b"\n", packer.compress(raw), packer.flush()])


def read_encoder(path: Path, *, is_small: bool = False) -> SentenceEncoder:
    """Return the encoder of a file; see `built_encoder`. Raises ConfigErrors where it is damaged."""
    try:
        outputs, tables = _unpacked(path.read_bytes())
        return built_encoder(outputs, tables, is_small=is_small)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, zlib.error) as wrong:
        raise encoder_problem(path, wrong) from None


def _unpacked(data: bytes) -> tuple[list[str], Tables]:
    """Return the outputs and tables of a file. Raises ValueError and others where it is damaged."""
    line, _, packed = head_of(data).partition(b"\n")
    head = json.loads(line)
    sizes = [_SIZES[kind] * prod(shape) for _, kind, shape in head["tables"]]
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(packed, min(sum(sizes), _MOST_BYTES) + 1)
    if len(raw) != sum(sizes) or not unpacker.eof:
        raise ValueError(f"{sum(sizes)} bytes of tables should follow, not {len(raw)}")
    if sha256(raw).hexdigest() != head["digest"]:
        raise ValueError("its tables are not those that were written")
    tables, place = {}, 0
    for (name, kind, shape), size in zip(head["tables"], sizes, strict=True):
        tables[name] = np.frombuffer(raw, kind, prod(shape), place).reshape(shape)
        place += size
    return head["outputs"], tables


def built_encoder(outputs: list[str], tables: Tables, *, is_small: bool = False) -> SentenceEncoder:
    """Return the encoder of a file's tables. Raises ValueError or KeyError where one is missing or of another form.

    A small one keeps its layers as they stand in the file, a quarter of the memory, and makes each anew for each few
    texts: for a single text that takes twice as long, for fifty a little more.
    """
    names = bytes(tables["pieces"]).decode().split("\n")
    pieces = UnigramPieces(names, tables["scores"].tolist())
    first = {name: tables[name].astype(np.float32) for name in _FIRST}
    count = 1 + max(int(name.split(".")[0]) for name in tables if "." in name)
    opened = _Layers(tables, count)
    layers = opened if is_small else [_ordered(layer) for layer in opened]
    width = tables["words"].shape[1]
    _check(first, {"places": (_PLACES, width), "words_size": (width,), "words_shift": (width,)})
    _check(first, {"out": (2 * width, len(set(outputs))), "out_shift": (len(outputs),)})
    if len(tables["words"]) != len(names) or len(tables["words+"]) != len(names):
        raise ValueError(f"there are not {len(names)} words")
    for layer in layers:
        wide = len(layer["fib"])
        _check(layer, dict.fromkeys(("q", "k", "v", "ao"), (width, width)) | {"fi": (width, wide), "fo": (wide, width)})
        _check(layer, dict.fromkeys(_SHIFTS, (width,)))
    first = {"words": (tables["words"], tables["words+"]), **first}
    return SentenceEncoder(pieces, outputs, first, layers)


class _Layers:
    """The layers of a file's tables, each made when it comes to it."""

    def __init__(self, tables: Tables, count: int) -> None:
        self._tables, self._count = tables, count

    def __iter__(self) -> Iterator[Mapping[str, Array]]:
        return (_layer(self._tables, f"{place}.") for place in range(self._count))


def _check(tables: Tables, shapes: Mapping[str, tuple[int, ...]]) -> None:
    """Raise ValueError where a table has another shape, or numbers that are none."""
    for name, shape in shapes.items():
        if tables[name].shape != shape:
            raise ValueError(f"{name} has the shape {tables[name].shape}, for these words and outputs it is {shape}")
        if not np.isfinite(tables[name]).all():
            raise ValueError(f"{name} holds numbers that are not finite")


def _layer(tables: Tables, of: str) -> dict[str, Array]:
    names = [name for name in tables if name.startswith(of) and not name.endswith("+")]
    plain = {name: tables[name].astype(np.float32) for name in names if name.removeprefix(of) not in _MATRICES}
    matrices = {f"{of}{one}": expanded(tables[f"{of}{one}"], tables[f"{of}{one}+"]).T for one in _MATRICES}
    return {name.removeprefix(of): table for name, table in (plain | matrices).items()}


def _ordered(layer: Mapping[str, Array]) -> dict[str, Array]:
    """Return a layer in the order in which it is read fastest where few rows are multiplied by it."""
    return {name: np.ascontiguousarray(table) for name, table in layer.items()}
