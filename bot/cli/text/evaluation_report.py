"""How the figures of reading are printed: lines of text, or JSON."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from scoring.text_evaluation.confusion import Confusion, Hits
from scoring.text_evaluation.evaluation import JudgedFigures, TextEvaluation

__all__ = ["evaluation_json", "evaluation_lines"]

_CLASSES = {-1: "negative", 0: "neither", 1: "positive"}
_WIDTH = 34


def evaluation_lines(found: TextEvaluation) -> Iterator[str]:
    """Yield the lines for a terminal: shares by judge, dimensions where they are labelled, what was taken for what."""
    whole = found.reader.whole
    labels = (f"{whole.labelled(one)} {_CLASSES[one]}" for one in whole.classes)
    yield f"{whole.n} texts: {', '.join(labels)}"
    yield ""
    yield _line("", *_judges(found))
    yield _share(found, "accuracy", lambda judge: judge.whole.accuracy)
    yield _share(found, "macro-F1", lambda judge: judge.whole.macro_f1)
    if n := found.reader.negated.n:
        yield _share(found, f"accuracy with a negation (n = {n})", lambda judge: judge.negated.accuracy)
    for language, counts in found.reader.languages.items():
        yield _share(found, f"accuracy {language} (n = {counts.n})", _accuracy_in(language))
    yield from _dimension_lines(found)
    yield ""
    yield _line("labelled as, read as", *(_CLASSES[one] for one in whole.classes))
    for label in whole.classes:
        yield _line(_CLASSES[label], *(str(whole.counts.get((label, read), 0)) for read in whole.classes))


def evaluation_json(found: TextEvaluation) -> dict[str, Any]:
    """Return the same figures as an object; shares with four decimals."""
    judges = _judges(found).items()
    told: dict[str, Any] = {name.lower().replace(" ", "_"): _judge_json(judge) for name, judge in judges}
    if found.dimensions is not None:
        told["dimensions"] = {name: _hits_json(hits) for name, hits in found.dimensions.items()}
        told["dimension_micro_f1"] = _rounded(found.dimension_f1)
    return {"n": found.reader.whole.n, **told}


def _dimension_lines(found: TextEvaluation) -> Iterator[str]:
    if found.dimensions is None:
        return
    yield ""
    yield _line("dimension", "F1", "precision", "recall", "labelled")
    for name, hits in found.dimensions.items():
        yield _line(name, *map(_told, (hits.f1, hits.precision, hits.recall)), str(hits.true + hits.missed))
    yield _line("micro-F1", _told(found.dimension_f1))


def _accuracy_in(language: str) -> Callable[[JudgedFigures], Fraction]:
    return lambda judge: judge.languages[language].accuracy


def _judges(found: TextEvaluation) -> dict[str, JudgedFigures]:
    """Return the figures by judge: the reader, its words without the weights, the baselines."""
    words = {} if found.words is None else {"words alone": found.words}
    return {"reader": found.reader, **words, "majority": found.majority, "naive Bayes": found.bayes}


def _share(found: TextEvaluation, name: str, of: Callable[[JudgedFigures], Fraction]) -> str:
    return _line(name, *(_told(of(judge)) for judge in _judges(found).values()))


def _line(name: str, *cells: str) -> str:
    return f"{name:<{_WIDTH}}{''.join(f'{cell:>13}' for cell in cells)}".rstrip()


def _told(share: Fraction | None) -> str:
    return "-" if share is None else f"{float(share):.3f}"


def _rounded(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 4)


def _judge_json(judge: JudgedFigures) -> dict[str, Any]:
    return {
        **_confusion_json(judge.whole),
        "with_negation": _confusion_json(judge.negated),
        "languages": {language: _confusion_json(counts) for language, counts in judge.languages.items()},
    }


def _confusion_json(counts: Confusion) -> dict[str, Any]:
    table: Mapping[str, Any] = {
        _CLASSES[label]: {_CLASSES[read]: counts.counts.get((label, read), 0) for read in counts.classes}
        for label in counts.classes
    }
    return {
        "n": counts.n,
        "accuracy": _rounded(counts.accuracy),
        "macro_f1": _rounded(counts.macro_f1),
        "f1": {_CLASSES[one]: _rounded(counts.hits(one).f1) for one in counts.classes},
        "confusion": table,
    }


def _hits_json(hits: Hits) -> dict[str, Any]:
    return {
        "f1": _rounded(hits.f1),
        "precision": _rounded(hits.precision),
        "recall": _rounded(hits.recall),
        "labelled": hits.true + hits.missed,
    }
