"""The encoder as a network that learns, in JAX: its upper layers, whose input is computed once, or all of them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.understanding.base_weights import WIDTH, BaseWeights

__all__ = ["CLASSES", "Lower", "Network", "Sample", "Tree", "by_length", "deepened", "untaught"]

_LAYERS = 12
CLASSES = 3
"""Blame, neither, praise: the first outputs."""
_MATRICES, _NORMS = ("q", "k", "v", "ao", "fi", "fo"), ("aln", "oln")
_HEADS = 12
_LENGTHS = (6, 8, 10, 12, 14, 16, 20, 24, 32, 48, 96)
"""Pieces to which texts are filled up: for each length all is compiled once."""
_DROP, _DROP_PIECES = 0.1, 0.05
_SMOOTH = 0.05
"""What is believed of the classes that a comment was not given."""
_LABELS = 0.5
"""How much a label of which any may hold counts beside the polarity."""
_DECAY, _HEAD_RATE = 0.01, 5.0
_BETAS = (0.9, 0.98)
_PORTION = 64
Array = Any
Tree = Any
Sample = tuple[Array, int, Sequence[float], Sequence[float], bool, float]
"""States before the layers that learn, class, labels of which any may hold, how much each counts, whether of two
classes only, weight."""

jax.config.update("jax_default_prng_impl", "rbg")


def padded(rows: Sequence[Array]) -> tuple[Array, Array]:
    """Return rows of states as one array, filled up, and where something stands."""
    length = next(one for one in _LENGTHS if one >= max(map(len, rows)))
    states = np.zeros((len(rows), length, *np.shape(rows[0])[1:]), np.asarray(rows[0]).dtype)
    there: Array = np.zeros((len(rows), length), bool)
    for place, row in enumerate(rows):
        states[place, : len(row)], there[place, : len(row)] = row, True
    return states, there


def by_length(rows: Sequence[Array], places: Iterable[int]) -> list[list[int]]:
    """Return the places of rows by the length to which they are filled up."""
    found: dict[int, list[int]] = {}
    for place in places:
        found.setdefault(next(one for one in _LENGTHS if one >= len(rows[place])), []).append(place)
    return list(found.values())


class Lower:
    """What does not learn: the embeddings of the kept pieces, and so many of the lower layers."""

    def __init__(self, base: BaseWeights, kept: Sequence[int], layers: int) -> None:
        """Take the kept pieces' numbers in the vocabulary of the base."""
        places = base.plain("emb.pos").reshape(-1, WIDTH)[: _LENGTHS[-1]] + base.plain("emb.type")[:WIDTH]
        words = _whole(*base.blocks("emb.word", WIDTH, kept))
        norm = base.plain("emb.ln.w"), base.plain("emb.ln.b")
        self._fixed = jax.tree.map(jnp.array, (_stacked(base, range(layers)), words, places, *norm))

    def states(self, texts: Sequence[Sequence[int]]) -> list[Array]:
        """Return for each text, given by its pieces, the states before the layers that learn."""
        found: list[Array] = [None] * len(texts)
        for places in by_length(texts, range(len(texts))):
            for begin in range(0, len(places), _PORTION):
                some = places[begin : begin + _PORTION]
                rows, there = padded([np.array(texts[place], np.int32) for place in _filled(some)])
                states = np.asarray(_lower(self._fixed, rows, there))
                for place, row in zip(some, states, strict=False):
                    found[place] = row[: len(texts[place])].astype(np.float16)
        return found


class Network:
    """The layers that learn and the head, with the state of AdamW."""

    def __init__(self, tree: Tree, seed: int) -> None:
        """Begin with a tree: the upper layers or all of them, and the head."""
        tree = jax.tree.map(lambda one: jnp.array(one, jnp.float32), tree)
        self._state = tree, jax.tree.map(jnp.zeros_like, tree), jax.tree.map(jnp.zeros_like, tree)
        self._steps, self._seed = 0, seed

    @property
    def tree(self) -> Tree:
        """What has been learned: `layers`, `out` and `outb`."""
        return self._state[0]

    def learn(self, samples: Sequence[Sample], rate: float) -> float:
        """Take one step by some samples of like length; return the loss before it."""
        states, there = padded([one[0] for one in samples])
        told = [np.array(column, np.float32) for column in list(zip(*samples, strict=True))[1:]]
        self._steps += 1
        pace, key = np.array([self._steps, rate], np.float32), jax.random.key(self._seed * 1_000_000 + self._steps)
        self._state, loss = _step(self._state, pace, (states, there, *told), key)
        return float(loss)

    def outputs(self, rows: Sequence[Array]) -> Array:
        """Return the outputs for texts given by their states before the layers that learn."""
        found: Array = None
        for places in by_length(rows, range(len(rows))):
            for begin in range(0, len(places), _PORTION):
                some = places[begin : begin + _PORTION]
                told = np.asarray(_outputs(self.tree, *padded([rows[place] for place in _filled(some)])))
                found = np.zeros((len(rows), told.shape[1]), np.float32) if found is None else found
                found[some] = told[: len(some)]
        return found


def untaught(base: BaseWeights, lower: int, outputs: int, seed: int) -> Tree:
    """Return the base's own layers above so many lower ones, and a head that knows nothing."""
    head = np.random.default_rng(seed).normal(size=(2 * WIDTH, outputs)) * 0.02
    rare = np.array([0.0] * CLASSES + [-2.3] * (outputs - CLASSES))
    return {"layers": _stacked(base, range(lower, _LAYERS)), "out": head, "outb": rare}


def deepened(base: BaseWeights, tree: Tree) -> Tree:
    """Return a tree of all layers: the base's own below those that have learned."""
    below = _stacked(base, range(_LAYERS - len(tree["layers"]["q"])))
    return tree | {"layers": {name: np.concatenate([below[name], table]) for name, table in tree["layers"].items()}}


def _stacked(base: BaseWeights, layers: Iterable[int]) -> dict[str, Array]:
    """Return the tables of layers by name, those of one name in one array; matrices as rows are multiplied by them."""
    tables: dict[str, list[Array]] = {}
    for layer in layers:
        for name in _MATRICES:
            columns = 4 * WIDTH if name == "fo" else WIDTH
            tables.setdefault(name, []).append(_whole(*base.blocks(f"l{layer}.{name}.w", columns)).T)
            tables.setdefault(f"{name}b", []).append(base.plain(f"l{layer}.{name}.b"))
        for name in _NORMS:
            for part in "wb":
                tables.setdefault(name + part, []).append(base.plain(f"l{layer}.{name}.{part}"))
    return {name: np.stack(some) for name, some in tables.items()}


def _filled(places: Sequence[int]) -> list[int]:
    """Return so many places that a portion is full: what is compiled has one size."""
    return [*places, *[places[0]] * (_PORTION - len(places))]


def _whole(numbers: Array, sizes: Array) -> Array:
    groups = numbers.reshape(*sizes.shape, -1) * sizes.astype(np.float32)[:, :, None]
    return groups.reshape(len(numbers), -1)


def _normed(rows: Array, size: Array, shift: Array) -> Array:
    apart = rows - rows.mean(-1, keepdims=True)
    return apart * jax.lax.rsqrt((apart * apart).mean(-1, keepdims=True) + 1e-12) * size + shift


def _through(layer: Mapping[str, Array], rows: Array, hidden: Array, drops: Sequence[Any]) -> Array:
    count, length, _ = rows.shape

    def times(name: str, some: Array) -> Array:
        flat = some.reshape(count * length, -1) @ layer[name] + layer[f"{name}b"]
        return flat.reshape(count, length, -1)

    asked, named, told = (times(name, rows).reshape(count, length, _HEADS, -1).swapaxes(1, 2) for name in "qkv")
    shares = jax.nn.softmax(asked @ named.swapaxes(2, 3) * (WIDTH // _HEADS) ** -0.5 + hidden, -1)
    seen = (shares @ told).swapaxes(1, 2).reshape(count, length, -1)
    rows = _normed(rows + drops[0](times("ao", seen)), layer["alnw"], layer["alnb"])
    wide = jax.nn.gelu(times("fi", rows), approximate=True)
    return _normed(rows + drops[1](times("fo", wide)), layer["olnw"], layer["olnb"])


def _hidden(there: Array) -> Array:
    return jnp.where(there, 0, -1e9)[:, None, None, :]


@jax.jit
def _lower(fixed: Tree, rows: Array, there: Array) -> Array:
    layers, words, places, size, shift = fixed
    states = _normed(words[rows] + places[: rows.shape[1]], size, shift)
    kept = [lambda some: some] * 2
    if layers:
        states, _ = jax.lax.scan(lambda some, one: (_through(one, some, _hidden(there), kept), None), states, layers)
    return states


def _dropped(key: Array, rows: Array) -> Array:
    return jnp.where(jax.random.bernoulli(key, 1 - _DROP, rows.shape), rows / (1 - _DROP), 0)


@jax.jit
def _outputs(tree: Tree, states: Array, there: Array, key: Array | None = None) -> Array:
    count, rows = len(tree["layers"]["q"]), states.astype(jnp.float32)
    keys = jax.random.split(jax.random.key(0) if key is None else key, 2 * count + 2)
    if key is not None:
        first = jnp.arange(there.shape[1]) == 0
        there = there & ((jax.random.uniform(keys[-2], there.shape) >= _DROP_PIECES) | first)
        rows = _dropped(keys[-1], rows)

    def layer(some: Array, one: Array) -> tuple[Array, None]:
        drops = [(lambda rows: rows) if key is None else partial(_dropped, each) for each in (one[1][0], one[1][1])]
        return _through(one[0], some, _hidden(there), drops), None

    rows, _ = jax.lax.scan(layer, rows, (tree["layers"], keys[:-2].reshape(count, 2)))
    mean = (rows * there[:, :, None]).sum(1) / there.sum(1, keepdims=True)
    return jnp.concatenate([mean, rows[:, 0]], -1) @ tree["out"] + tree["outb"]


def _loss(tree: Tree, states: Array, there: Array, told: Sequence[Array], key: Array) -> Array:
    label, labels, counts, is_two, weight = told
    found = _outputs(tree, states, there, key)
    between = jnp.where((is_two[:, None] > 0) & (jnp.arange(CLASSES) == 1), 1e9, 0.0)
    logs = jax.nn.log_softmax(found[:, :CLASSES] - between)
    truth = jax.nn.one_hot(label.astype(int), CLASSES)
    truth = jnp.where(is_two[:, None] > 0, truth, truth * (1 - _SMOOTH) + _SMOOTH / CLASSES)
    missed = -jnp.where(truth > 0, truth * logs, 0).sum(-1)
    about = found[:, CLASSES:]
    about = ((jnp.logaddexp(0, about) - about * labels) * counts).sum(-1)
    return ((missed + _LABELS * about) * weight).mean()


@partial(jax.jit, donate_argnums=(0,))
def _step(state: Tree, pace: Array, told: Sequence[Array], key: Array) -> tuple[Tree, Array]:
    """Return the state (network, and two means of its slopes) after a step of AdamW, and the loss before it."""
    (tree, first, second), (steps, rate), (states, there, *labels) = state, pace, told
    loss, slopes = jax.value_and_grad(_loss)(tree, states, there, labels, key)
    size = jnp.sqrt(sum((one * one).sum() for one in jax.tree.leaves(slopes)))
    slopes = jax.tree.map(lambda one: one * jnp.minimum(1, 1 / (size + 1e-6)), slopes)
    first = jax.tree.map(lambda old, new: _BETAS[0] * old + (1 - _BETAS[0]) * new, first, slopes)
    second = jax.tree.map(lambda old, new: _BETAS[1] * old + (1 - _BETAS[1]) * new**2, second, slopes)
    sizes = [1 - beta**steps for beta in _BETAS]

    def moved(path: Array, old: Array, one: Array, two: Array) -> Array:
        name = path[-1].key
        decay = 0 if name.endswith("b") or name in {"alnw", "olnw"} else _DECAY
        own = rate * (_HEAD_RATE if name.startswith("out") else 1)
        return old - own * (one / sizes[0] / (jnp.sqrt(two / sizes[1]) + 1e-8) + decay * old)

    return (jax.tree_util.tree_map_with_path(moved, tree, first, second), first, second), loss
