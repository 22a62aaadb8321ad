"""How much the encoder counts beside words and weights: fitted to comments that taught neither."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

from bench.understanding.learn import DIMENSIONS, as_weights, learned, taught
from config.text.encoder_file import built_encoder
from config.text.load import load_lexicons
from scoring.text.comment_judge import CommentJudge, CommentVerdict, SentenceReader
from scoring.text.text_reader import TextReader
from scoring.text.weights import ALERT, BAD, GOOD
from scoring.text_evaluation.labelled import LabelledText
from scoring.values import replace

__all__ = ["fitted_share", "held_verdicts", "raw_sums", "weighed_reader"]

_RAW = ["blame", "neither", "praise"]
_VOTE = 150
"""What the words' verdict adds beside an encoder, as in the judge; where it is fitted, too, it comes to 167."""
_SHARES = (0.3, 0.5, 0.75, 1.0, 1.4, 2.0)
_STARTS = range(-60, 261, 20)
"""Shares and starts, in hundredths, of the dimensions that are tried."""
Array = Any
Sums = Mapping[str, Mapping[str, int]]
"""Hundredths by text and output."""
Texts = Sequence[LabelledText]


class _Known:
    """Tells what was read of texts before."""

    outputs = DIMENSIONS

    def __init__(self, sums: Sums) -> None:
        self._sums = sums

    def sums(self, folded: str) -> Mapping[str, int]:
        """Return the sums of a text."""
        return self._sums[folded]


def weighed_reader(teaching: Texts, others: Texts) -> TextReader:
    """Return a reader with the weights that these texts teach."""
    return TextReader(replace(load_lexicons(), weights=as_weights(learned(taught(teaching), taught(others)))))


def held_verdicts(reader: TextReader, held: Texts, sentences: SentenceReader | None) -> dict[str, CommentVerdict]:
    """Return what is judged of texts by a reader's weights, and by what reads whole sentences."""
    judge = CommentJudge(reader, sentences)
    return {one.text: judge.judge(one.text) for one in held}


def raw_sums(tables: Mapping[str, Array], folded: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return what an encoder says of texts by itself."""
    encoder = built_encoder([*_RAW, *DIMENSIONS, ALERT], tables)
    return {text: encoder.sums(text) for text in folded}


def fitted_share(tables: Mapping[str, Array], reader: TextReader, held: Texts, raw: Sums) -> dict[str, Array]:
    """Return the head whose outputs are what the encoder adds to the sums of blame, praise and the dimensions.

    `reader` has weights that the texts `held` did not teach, and `raw` is what the encoder says of them; the open part
    counts as much as all others of them.
    """
    fold = reader.lexicons.fold
    is_open = np.array([not one.id.startswith("train-") for one in held])
    counts = np.where(is_open, 1 / is_open.sum(), 1 / (~is_open).sum())
    share, bad, good = _polarity(CommentJudge(reader), held, [raw[fold(one.text)] for one in held], counts)
    head, shift = tables["out"], tables["out_shift"]
    mixed = [0, 2]
    polar = share * (head[:, mixed] - head[:, [1]]), share * (shift[mixed] - shift[1]) + [bad, good]
    named, start = _dimensions(reader, held, raw, is_open)
    alarms = _alarming_from([(raw[fold(one.text)][ALERT], one.alert) for one in held if one.alert is not None])
    print(f"polarity {share:.2f}, starts {bad:.2f} {good:.2f}; dimensions {named:.2f}, start {start / 100:.2f}")
    print(f"alerts from {alarms / 100:.2f} on")
    about = named * shift[3:-1] + start / 100
    return {
        "out": np.hstack([polar[0], named * head[:, 3:-1], head[:, -1:]]).astype(np.float32),
        "out_shift": np.concatenate([polar[1], about, shift[-1:] - alarms / 100]).astype(np.float32),
    }


def _alarming_from(told: Sequence[tuple[int, bool]]) -> int:
    """Return the sum from which on a text alarms: the one by which fewest are taken for the opposite, 0 of none."""
    starts = sorted({sums for sums, _ in told}) or [0]
    return min(starts, key=lambda start: sum((sums > start) is not alarms for sums, alarms in told))


def _polarity(
    judge: CommentJudge, held: Texts, raw: Sequence[Mapping[str, int]], counts: Array
) -> tuple[float, float, float]:
    """Return the share of polarity beside the sums, and its starts for blame and praise."""
    rows, labels = [], np.array([one.label for one in held]) + 1
    for one, sums in zip(held, raw, strict=True):
        verdict = judge.judge(one.text)
        words = verdict.reading.polarity
        pieces = verdict.sums.get(BAD, 0) + _VOTE * (words < 0), verdict.sums.get(GOOD, 0) + _VOTE * (words > 0)
        rows.append([*pieces, sums["blame"] - sums["neither"], sums["praise"] - sums["neither"]])
    sums = np.array(rows) / 100

    def loss(point: Array) -> float:
        words, share, bad, good = point
        blame, praise = words * sums[:, 0] + share * sums[:, 2] + bad, words * sums[:, 1] + share * sums[:, 3] + good
        logs = np.stack([blame, np.zeros(len(sums)), praise], 1)
        logs = logs - np.logaddexp.reduce(logs, 1, keepdims=True)
        return -float((counts * logs[np.arange(len(sums)), labels]).sum())

    words, *others = minimize(loss, [0.5, 0.5, 0.0, 0.0]).x
    share, bad, good = (float(one / words) for one in others)
    return share, bad, good


def _dimensions(reader: TextReader, held: Texts, raw: Sums, is_open: Array) -> tuple[float, int]:
    """Return the share of the dimensions beside the sums and what it starts with, by the best micro-F1."""
    best = (0.0, 0.0, 0)
    for share in _SHARES:
        for start in _STARTS:
            known = {text: _resized(sums, share, start) for text, sums in raw.items()}
            judge = CommentJudge(reader, _Known(known))
            told = [judge.judge(one.text).dimensions for one in held]
            best = max(best, (_micro(told, held, is_open) + _micro(told, held, ~is_open), share, start))
    return best[1], best[2]


def _resized(sums: Mapping[str, int], share: float, start: int) -> dict[str, int]:
    return {name: round(share * sums[name]) + start for name in DIMENSIONS}


def _micro(told: Sequence[frozenset[str]], held: Texts, some: Array) -> float:
    pairs = [(one, text.dimensions or frozenset()) for one, text, is_in in zip(told, held, some, strict=True) if is_in]
    return 2 * sum(len(a & b) for a, b in pairs) / max(1, sum(len(a) + len(b) for a, b in pairs))
