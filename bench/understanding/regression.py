"""Logistic regression on sparse marks that are there or not, with a quadratic penalty; by scipy's L-BFGS."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

__all__ = ["Marks", "fitted_classes", "fitted_labels"]

_ROUNDS = 150
Array = Any
"""numpy's; it is there only where `make proof` has been."""


class Marks:
    """The marks that stand in enough texts of any group, and texts as rows of them."""

    def __init__(self, *groups: tuple[Sequence[Collection[str]], int]) -> None:
        """Take groups of texts, each with the number of its texts in which a mark must stand."""
        found = set[str]()
        for texts, least in groups:
            counts = Counter(mark for text in texts for mark in text)
            found.update(mark for mark, count in counts.items() if count >= least)
        self.names = sorted(found)
        self._places = {mark: place for place, mark in enumerate(self.names)}

    def rows(self, texts: Sequence[Collection[str]], sizes: Array) -> csr_matrix:
        """Return a matrix, a text a row, with the size of each mark that it has, otherwise 0."""
        places = [sorted(self._places[mark] for mark in text if mark in self._places) for text in texts]
        ends = np.cumsum([0, *map(len, places)])
        columns = np.fromiter((place for row in places for place in row), int, ends[-1])
        return csr_matrix((sizes[columns], columns, ends), shape=(len(texts), len(self.names)))


def fitted_classes(rows: csr_matrix, truth: Array, penalty: float, asked: Array, counts: Array) -> tuple[Array, Array]:
    """Return weights and start of exclusive classes (softmax).

    `truth` has a one in each row, `asked` a one for each class between which a row was labelled, and `counts` says how
    much a row counts.
    """

    def loss(sums: Array) -> tuple[float, Array]:
        sums = np.where(asked > 0, sums, -np.inf)
        sums = sums - sums.max(1, keepdims=True)
        shares = np.exp(sums) / np.exp(sums).sum(1, keepdims=True)
        return -float((counts * np.log((shares * truth).sum(1))).sum()), counts[:, None] * (shares - truth)

    return _fitted(rows, loss, np.zeros(truth.shape[1]), penalty)


def fitted_labels(rows: csr_matrix, truth: Array, penalty: float, counts: Array) -> tuple[Array, Array]:
    """Return weights and start of labels of which a row may have any number; `counts` says how much a row counts."""

    def loss(sums: Array) -> tuple[float, Array]:
        cost = float((counts[:, None] * (np.logaddexp(0, sums) - truth * sums)).sum())
        return cost, counts[:, None] * (1 / (1 + np.exp(-sums)) - truth)

    return _fitted(rows, loss, np.full(truth.shape[1], -2.0), penalty)


def _fitted(
    rows: csr_matrix, loss: Callable[[Array], tuple[float, Array]], start: Array, penalty: float
) -> tuple[Array, Array]:
    shape, turned = (rows.shape[1], len(start)), rows.T.tocsr()
    size = shape[0] * shape[1]

    def step(point: Array) -> tuple[float, Array]:
        weights = point[:size].reshape(shape)
        cost, slope = loss(rows @ weights + point[size:])
        slopes = (turned @ slope + penalty * weights).ravel()
        return cost + penalty / 2 * float((weights * weights).sum()), np.concatenate([slopes, slope.sum(0)])

    begin = np.concatenate([np.zeros(size), start])
    found = minimize(step, begin, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    return found[:size].reshape(shape), found[size:]
