"""Whether sums over the cells of two crossing cuts can differ by few people: a cut of small weight in their graph.

The cells of both cuts are vertices, and as many people as two cells share are the weight of the edge between them. What
sums over some cells of the one and some of the other differ by is the weight between these and all others, so that the
question is for a cut of the graph below a limit. It is answered by maximum adjacency orders, in which vertices that are
joined strongly enough are put together (Nagamochi and Ibaraki 1992, SIAM Journal on Discrete Mathematics 5, 54-66).
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from heapq import heappop, heappush
from itertools import count

__all__ = ["OUTSIDE", "Graph", "graph_of", "part_joined_by_few"]

OUTSIDE = "outside"
"""The vertex of everything that is not published; it is never in what is returned."""

Vertex = Hashable
Graph = Mapping[Vertex, Mapping[Vertex, int]]
"""The weights of the edges of each vertex, every edge at both of its ends."""


def part_joined_by_few(graph: Graph, fewest: int) -> frozenset[Vertex]:
    """Return vertices whose edges to all others weigh less than `fewest` together, but something; empty for none."""
    groups = {vertex: frozenset([vertex]) for vertex in graph}
    while True:
        joined, visited = list[tuple[Vertex, Vertex]](), set[Vertex]()
        for start in sorted(graph, key=lambda vertex: OUTSIDE not in groups[vertex]):
            if start in visited:
                continue
            order, strength, strong = _order(graph, start, fewest)
            if len(order) > 1 and strength < fewest:
                return _smaller(groups[order[-1]], [groups[vertex] for vertex in order[:-1]])
            joined += strong
            visited.update(order)
        if not joined:
            return frozenset()
        graph = _contracted(graph, groups, joined)


def _smaller(last: frozenset[Vertex], others: Iterable[frozenset[Vertex]]) -> frozenset[Vertex]:
    """Return the side of a cut that has fewer vertices and not the outside."""
    rest = frozenset[Vertex]().union(*others)
    if OUTSIDE in rest:
        return last
    return rest if OUTSIDE in last else min(last, rest, key=len)


def graph_of(edges: Iterable[tuple[Vertex, Vertex, int]]) -> dict[Vertex, dict[Vertex, int]]:
    """Return the graph of these edges, added up; what joins a vertex with itself is left out."""
    graph: dict[Vertex, dict[Vertex, int]] = defaultdict(lambda: defaultdict(int))
    for a, b, weight in edges:
        if a != b:
            graph[a][b] += weight
            graph[b][a] += weight
    return graph


def _order(graph: Graph, start: Vertex, fewest: int) -> tuple[list[Vertex], int, list[tuple[Vertex, Vertex]]]:
    """Return the order of a component, each next the one joined most to those before; how much the last one is.

    And the pairs that no cut below `fewest` can part.
    """
    strength: dict[Vertex, int] = {start: 0}
    order, seen, strong, number = list[Vertex](), set[Vertex](), list[tuple[Vertex, Vertex]](), count()
    waiting: list[tuple[int, int, Vertex]] = [(0, next(number), start)]
    while waiting:
        _, _, vertex = heappop(waiting)
        if vertex in seen:
            continue
        seen.add(vertex)
        order.append(vertex)
        for other, weight in graph[vertex].items():
            if other not in seen:
                strength[other] = strength.get(other, 0) + weight
                heappush(waiting, (-strength[other], next(number), other))
                if strength[other] >= fewest:
                    strong.append((vertex, other))
    return order, strength[order[-1]], strong


def _contracted(
    graph: Graph,
    groups: dict[Vertex, frozenset[Vertex]],
    joined: Iterable[tuple[Vertex, Vertex]],
) -> dict[Vertex, dict[Vertex, int]]:
    """Return the graph with these pairs put together, and put their groups together, too."""
    heads: dict[Vertex, Vertex] = {}

    def head(vertex: Vertex) -> Vertex:
        while vertex in heads:
            vertex = heads[vertex]
        return vertex

    for a, b in joined:
        one, other = head(a), head(b)
        if one != other:
            heads[other] = one
            groups[one] |= groups[other]
    seen: set[Vertex] = set()
    edges: list[tuple[Vertex, Vertex, int]] = []
    for a, others in graph.items():
        edges += [(head(a), head(b), weight) for b, weight in others.items() if b not in seen]
        seen.add(a)
    return graph_of(edges)
