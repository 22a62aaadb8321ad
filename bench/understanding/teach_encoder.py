"""Teaches the encoder of whole comments: `config/defaults/text/encoder.bin`.

`.venv/bin/python -m bench.understanding.teach_encoder` writes the file, in some two and a half hours of one core;
`--try` prints how the shipped one judges the comments that taught neither it nor, for this, the weights: those of
`held_back.txt`, some of the open part among them. Needs what `requirements/teaching` fetches and, to teach,
`requirements/encoder.txt` (JAX).
"""

import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.understanding.base_weights import BaseWeights
from bench.understanding.elsewhere import elsewhere_texts
from bench.understanding.encoder_share import fitted_share, held_verdicts, raw_sums, weighed_reader
from bench.understanding.learn import DIMENSIONS, is_generous, labelled_texts, print_groups
from bench.understanding.packed_encoder import packed_tables
from config.text.encoder_file import encoder_bytes, load_encoder
from config.text.encoder_mark import SHIPPED_ENCODER
from config.text.load import load_lexicons
from scoring.text.lexicons import Lexicons
from scoring.text.sentence_encoder import shortened
from scoring.text.text_reader import TextReader
from scoring.text.unigram_pieces import UNKNOWN, UnigramPieces
from scoring.text.weights import ALERT, BAD, GOOD
from scoring.text_evaluation.labelled import LabelledText

if TYPE_CHECKING:
    from bench.understanding.encoder_network import Network

_HELD_BACK = Path(__file__).with_name("held_back.txt")
_STAGES = ((6, 4.2, 1.5e-4), (0, 1.1, 1e-4))
"""Layers that do not learn, epochs, and the highest rate: the upper half learns first, then all."""
_SIZE, _WARM, _SEED = 32, 0.06, 0
_ALARMS, _PRAISED = 2.0, 0.3
"""How much it counts beside a dimension whether a comment alarms; of one of which nobody has said it, if it praises."""
_ELSEWHERE, _ELSEWHERE_WEIGHT, _ELSEWHERE_LONGEST = 0.3, 0.3, 28
"""The share of other people's reviews that each epoch sees, how much one counts, and the pieces of the longest."""
_LAST_ONCE = {"train-zh-hans": 12940, "train-zh-hant": 3460, "train-en": 17253}
"""Up to where comments are seen once an epoch; those that came last are like labelled ones, and are seen twice."""
_OFTEN = 10
"""Reviews in which a piece must stand that no comment has."""
_LETTERS = 600
"""Pieces of small Latin letters that are kept in any case, the most frequent ones."""
_IDEOGRAPHS = range(0x4E00, 0xA000)
Array = Any
Sample = Any
"""A comment as the network takes it: JAX is there only where it teaches."""


def held_back() -> frozenset[str]:
    """Return the ids of the comments that never teach the encoder; near-duplicates are on one side."""
    return frozenset(_HELD_BACK.read_text("utf-8").split())


def kept_pieces(base: BaseWeights, texts: Sequence[str], reviews: Sequence[str], lexicons: Lexicons) -> list[int]:
    """Return the pieces that the encoder knows: what comments and the lexicon hold, single characters and letters."""
    whole = UnigramPieces(base.pieces, base.scores.tolist())
    seen = {piece for text in [*texts, *lexicons.entries] for piece in whole.cut(lexicons.fold(text))}
    often = Counter(piece for text in reviews for piece in set(whole.cut(lexicons.fold(text))))
    small = [place for place, piece in enumerate(base.pieces) if _is_small(piece)]
    small.sort(key=lambda place: -float(base.scores[place]))
    single = {place for place, piece in enumerate(base.pieces) if len(piece) == 1 and _is_single(piece, lexicons)}
    kept = seen | single | {piece for piece, count in often.items() if count >= _OFTEN} | set(small[:_LETTERS])
    return [*range(UNKNOWN + 1), *sorted(kept - set(range(UNKNOWN + 1)))]


def _is_small(piece: str) -> bool:
    letters = piece.lstrip("▁")
    return letters.isascii() and letters.isalpha() and letters == letters.lower()


def _is_single(piece: str, lexicons: Lexicons) -> bool:
    return piece.isascii() or (ord(piece) in _IDEOGRAPHS and lexicons.fold(piece) == piece)


def taught_tree(
    base: BaseWeights, kept: Sequence[int], texts: Sequence[LabelledText], others: Sequence[LabelledText]
) -> Array:
    """Return what comments and, a little, other people's reviews have taught: first the upper layers, then all."""
    from bench.understanding.encoder_network import Lower, Network, deepened, untaught  # noqa: PLC0415 (JAX is rare)

    fold, pieces = load_lexicons().fold, UnigramPieces([base.pieces[one] for one in kept], base.scores[kept].tolist())
    cut = [shortened(pieces, fold(one.text)) for one in texts]
    cut_others = [shortened(pieces, fold(one.text)) for one in others]
    short = [place for place, some in enumerate(cut_others) if len(some) <= _ELSEWHERE_LONGEST]
    tree = untaught(base, _STAGES[0][0], 3 + len(DIMENSIONS) + 1, _SEED)
    for lower, epochs, rate in _STAGES:
        below = Lower(base, kept, lower)
        own = [_sample(one, states) for one, states in zip(texts, below.states(cut), strict=True)]
        often = [*own, *(sample for one, sample in zip(texts, own, strict=True) if _is_last(one))]
        states = below.states([cut_others[place] for place in short])
        foreign = [_foreign(others[place], one) for place, one in zip(short, states, strict=True)]
        network = Network(tree if lower else deepened(base, tree), _SEED)
        _learn(network, often, foreign, epochs, rate)
        tree = network.tree
    return tree


def _learn(network: "Network", own: Sequence[Sample], foreign: Sequence[Sample], epochs: float, highest: float) -> None:
    chance = np.random.default_rng(_SEED)
    batches = list(_epoch(chance, own, foreign))
    steps = int(len(batches) * epochs)
    for step in range(1, steps + 1):
        batches = batches or list(_epoch(chance, own, foreign))
        rate = highest * min(step / (steps * _WARM), max(0.02, (steps - step) / (steps * (1 - _WARM))))
        loss = network.learn(batches.pop(), rate)
        if step % 100 == 0:
            print(f"step {step} of {steps}, loss {loss:.2f}", flush=True)


def _epoch(chance: Array, own: Sequence[Sample], foreign: Sequence[Sample]) -> Iterator[list[Sample]]:
    """Yield all comments and some reviews, in portions of like length, in no order."""
    from bench.understanding.encoder_network import by_length  # noqa: PLC0415 (JAX is rarely there)

    some = chance.choice(len(foreign), int(len(foreign) * _ELSEWHERE), replace=False)
    every = [*own, *(foreign[place] for place in some)]
    groups = by_length([one[0] for one in every], chance.permutation(len(every)))
    full = [group[begin : begin + _SIZE] for group in groups for begin in range(0, len(group), _SIZE)]
    batches = [[every[place] for place in group] for group in full if len(group) == _SIZE]
    yield from (batches[place] for place in chance.permutation(len(batches)))


def _sample(one: LabelledText, states: Array) -> Sample:
    about = [float(name in (one.dimensions or ())) for name in DIMENSIONS]
    counts = [0.5 if is_generous(one) else 1.0] * len(about)
    alarms = _ALARMS if one.alert is not None else _PRAISED if one.label > 0 else 0.0
    return states, one.label + 1, [*about, float(one.alert or False)], [*counts, alarms], False, 1.0


def _foreign(one: LabelledText, states: Array) -> Sample:
    nothing = [0.0] * (len(DIMENSIONS) + 1)
    return states, one.label + 1, nothing, nothing, True, _ELSEWHERE_WEIGHT


def _is_last(one: LabelledText) -> bool:
    name, _, number = one.id.rpartition("-")
    return name in _LAST_ONCE and int(number) > _LAST_ONCE[name]


def _split(texts: Sequence[LabelledText], held: Collection[str]) -> tuple[list[LabelledText], list[LabelledText]]:
    """Return the comments that teach, and those that measure."""
    return [one for one in texts if one.id not in held], [one for one in texts if one.id in held]


def _teach(teaching: Sequence[LabelledText], held: Sequence[LabelledText], reader: TextReader) -> None:
    base, others = BaseWeights(), elsewhere_texts()
    kept = kept_pieces(base, [one.text for one in teaching], [one.text for one in others], load_lexicons())
    tables = packed_tables(base, kept, taught_tree(base, kept, teaching, others))
    raw = raw_sums(tables, [load_lexicons().fold(one.text) for one in held])
    share = fitted_share(tables, reader, held, raw)
    SHIPPED_ENCODER.write_bytes(encoder_bytes([BAD, GOOD, *DIMENSIONS, ALERT], {**tables, **share}))


def _print_held(reader: TextReader, held: Sequence[LabelledText]) -> None:
    for name, encoder in (("by weights", None), ("with the encoder", load_encoder())):
        verdicts = held_verdicts(reader, held, encoder)
        print_groups(f"held back, {name}", [one for one in held if one.id.startswith("train-")], verdicts)
        print_groups(f"open part, {name}", [one for one in held if not one.id.startswith("train-")], verdicts)


def _run() -> None:
    teaching, held = _split(labelled_texts(), held_back())
    reader = weighed_reader(teaching, elsewhere_texts())
    if "--try" not in sys.argv:
        _teach(teaching, held, reader)
    _print_held(reader, held)


if __name__ == "__main__":
    _run()
