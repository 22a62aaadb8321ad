"""Learns which sentences with an alert word need nobody all the same: `config/defaults/text/alerts.tsv`.

`.venv/bin/python -m bench.understanding.learn_alerts` writes the file, in two minutes. Labelled sentences say it (those
of `tests/text/training` with `alert`, and `tests/text/labelled/alerts.jsonl`); of all other comments that have an alert
word, and of some that have none, the encoder says how likely it is. Needs what `make proof` installs.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bench.understanding.learn import labelled_texts
from bench.understanding.regression import Array, Marks, fitted_labels
from config.locale.words import SHIPPED_ALERT_WEIGHTS, load_lexicon
from config.settings.settings import Settings
from config.text.encoder_file import load_encoder
from config.weight_table import START, VERSION
from scoring.rules import AlertRule, alert_words
from scoring.text.pieces import sentence_pieces
from scoring.text.weights import ALERT
from scoring.values import replace

__all__: list[str] = []

_SENTENCES = Path(__file__).parents[2] / "tests" / "text" / "labelled" / "alerts.jsonl"
_OTHERS, _SEED = 12_000, 0
"""Comments that were labelled by nobody for this, drawn from all."""
_SURE, _LABELLED = 0.97, 3.0
"""How sure a label is, and how much it counts beside what the encoder says."""
_LEAST, _PENALTY, _SMALLEST = 5, 1.0, 8
"""Texts in which a piece must stand, the penalty of weights, and the hundredths from which on they are kept."""


def _rule() -> AlertRule:
    return replace(load_lexicon().spelled(Settings().alerts.rule()), doubts=None)


def _chosen(rule: AlertRule) -> Mapping[str, bool | None]:
    """Return the texts that teach, with what people have said of them."""
    texts = labelled_texts()
    drawn = np.random.default_rng(_SEED).choice(len(texts), _OTHERS, replace=False)
    found = {texts[place].text: texts[place].alert for place in drawn}
    found |= {one.text: one.alert for one in texts if one.alert is not None or alert_words(one.text, rule)}
    rows = map(json.loads, _SENTENCES.read_text("utf-8").splitlines())
    return found | {row["text"]: row["alert"] for row in rows}


def _chances(texts: Mapping[str, bool | None], rule: AlertRule) -> Array:
    """Return of each text how likely somebody should see it today."""
    encoder = load_encoder()
    if encoder is None:
        raise RuntimeError("the encoder is off")
    sums = np.array([one[ALERT] for one in encoder.sums_of([rule.fold(text) for text in texts])]) / 100
    said = [0.5 if label is None else _SURE if label else 1 - _SURE for label in texts.values()]
    is_said = np.array([label is not None for label in texts.values()])
    return np.where(is_said, said, 1 / (1 + np.exp(-sums)))


def _learn() -> None:
    rule = _rule()
    texts = _chosen(rule)
    pieces = [sentence_pieces(rule.fold(text)) for text in texts]
    marks = Marks((pieces, _LEAST))
    counts = np.array([1.0 if label is None else _LABELLED for label in texts.values()])
    rows = marks.rows(pieces, np.ones(len(marks.names)))
    weights, start = fitted_labels(rows, _chances(texts, rule)[:, None], _PENALTY, counts)
    hundredths = np.rint(weights[:, 0] * 100).astype(int).tolist()
    kept = [f"{name}\t{one}" for name, one in zip(marks.names, hundredths, strict=True) if abs(one) >= _SMALLEST]
    head = [VERSION, f"# learned from {len(texts)} texts by bench/understanding/learn_alerts.py", f"piece\t{ALERT}"]
    lines = [*head, f"{START}\t{round(float(start[0]) * 100)}", *kept, ""]
    SHIPPED_ALERT_WEIGHTS.write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    _learn()
