"""Values of scipy and statsmodels, to hold ours against: `python -m tests.scoring.honesty.oracle` writes them.

Needs what `requirements/proof.txt` has; `make proof` computes all of them again.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 (cases, always the same by their seed)
from typing import Any

__all__ = ["ORACLE", "computed"]

ORACLE = Path(__file__).parent / "oracle.json"
_SHARES = ("1/100", "1/12", "2/25", "1/4", "1/2", "9/10")
_SIZES = (1, 2, 5, 10, 11, 30, 77, 200)
_TAIL = 0.00135

Case = dict[str, Any]


def computed() -> dict[str, list[Case]]:
    """Return the cases by what they are about, each with what was given and what came out."""
    return {
        "wilson": list(_wilson()),
        "mann_whitney": list(_mann_whitney(Random(1), range(30, 80))),  # noqa: S311 (no secrets)
        "mann_whitney_exact": list(_untied(Random(2))),  # noqa: S311 (no secrets)
        "permutation": list(_permutation(Random(3))),  # noqa: S311 (no secrets)
        "holm": list(_holm(Random(4))),  # noqa: S311 (no secrets)
        "median_ranks": list(_ranks()),
        "least_unlikely": list(_limits()),
        "ewma": list(_ewma(Random(5))),  # noqa: S311 (no secrets)
        "coverage": list(_coverage()),
    }


def _wilson() -> Iterator[Case]:
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 (only `make proof` has it)

    some = [(k, n) for n in range(1, 21) for k in range(n + 1)]
    for k, n in [*some, (1, 200), (199, 200), (74, 107), (500, 1000), (3, 10_000), (7.25, 12.5)]:
        low, high = proportion_confint(k, n, 0.05, "wilson")
        yield {"k": k, "n": n, "low": float(low), "high": float(high)}


def _answers(random: Random, n: int, levels: int) -> list[int]:
    weights = [random.random() for _ in range(levels)]
    return random.choices(range(1, levels + 1), weights, k=n)


def _counts(answers: Sequence[int]) -> list[list[int]]:
    return [list(pair) for pair in sorted(Counter(answers).items())]


def _mann_whitney(random: Random, sizes: Sequence[int]) -> Iterator[Case]:
    from scipy.stats import mannwhitneyu  # noqa: PLC0415 (only `make proof` has it)

    for _ in range(60):
        levels = random.choice((2, 5, 10))
        before, after = (_answers(random, random.choice(sizes) + 1, levels) for _ in range(2))
        if len(before) + len(after) > 60 and len({*before, *after}) > 1:
            found = mannwhitneyu(after, before, method="asymptotic")
            u, p = float(found.statistic), float(found.pvalue)
            yield {"before": _counts(before), "after": _counts(after), "u": u, "p": p}


def _untied(random: Random) -> Iterator[Case]:
    from scipy.stats import mannwhitneyu  # noqa: PLC0415 (only `make proof` has it)

    for first, second in ((15, 15), (15, 18)):
        every = random.sample(range(1, 1000), first + second)
        before, after = sorted(every[:first]), sorted(every[first:])
        found = mannwhitneyu(after, before, method="exact")
        yield {"before": _counts(before), "after": _counts(after), "p": float(found.pvalue)}


def _permutation(random: Random) -> Iterator[Case]:
    import numpy as np  # noqa: PLC0415 (only `make proof` has it)
    from scipy.stats import permutation_test  # noqa: PLC0415 (only `make proof` has it)

    for _ in range(12):
        before, after = (_answers(random, random.randint(3, 7), 4) for _ in range(2))
        tails = [
            permutation_test((after, before), _sum, n_resamples=np.inf, alternative=which, vectorized=False).pvalue
            for which in ("greater", "less")
        ]
        greater, less = map(float, tails)
        yield {"before": _counts(before), "after": _counts(after), "greater": greater, "less": less}


def _sum(after: Any, _before: Any) -> Any:  # noqa: ANN401 (arrays of a library without types)
    return after.sum()


def _holm(random: Random) -> Iterator[Case]:
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415 (only `make proof` has it)

    for number in range(1, 13):
        raw = [round(random.random() ** 3, 6) for _ in range(number)]
        yield {"raw": raw, "holm": [float(p) for p in multipletests(raw, method="holm")[1]]}


def _ranks() -> Iterator[Case]:
    from scipy.stats import binom  # noqa: PLC0415 (only `make proof` has it)

    for n in (5, 6, 8, 10, 25, 30, 77, 200, 500):
        for share in ("1/2", "9/10"):
            p = _float(share)
            below = [rank for rank in range(n + 1) if binom.cdf(rank - 1, n, p) <= 0.025]
            beyond = [rank for rank in range(1, n + 1) if binom.sf(rank - 1, n, p) <= 0.025]
            yield {"n": n, "share": share, "low": max(below), "high": min(beyond, default=None)}


def _limits() -> Iterator[Case]:
    from scipy.stats import binom  # noqa: PLC0415 (only `make proof` has it)

    for share in _SHARES:
        for n in _SIZES:
            beyond = (count for count in range(n + 1) if binom.sf(count - 1, n, _float(share)) <= _TAIL)
            yield {"n": n, "share": share, "limit": next(beyond, n + 1)}


def _ewma(random: Random) -> Iterator[Case]:
    """Yield points after a baseline, with the EWMA as a recursive filter, and its variance as another."""
    import numpy as np  # noqa: PLC0415 (only `make proof` has it)
    from scipy.signal import lfilter  # noqa: PLC0415 (only `make proof` has it)

    for n in (10, 30, 200):
        sizes = [n + random.randint(0, n) for _ in range(10)]
        bad = [random.randint(0, size // 9) for size in sizes]
        usual = (8 * n // 5 + 1) / (20 * n + 2)
        shares = np.array(bad) / np.array(sizes)
        means = lfilter([0.2], [1, -0.8], shares, zi=[0.8 * usual])[0]
        variances = lfilter([0.04], [1, -0.64], 1 / np.array(sizes)) + 1 / (20 * n)
        limits = usual + 2.7 * np.sqrt(variances * usual * (1 - usual))
        given = {"bad": 8 * n // 5, "n": 20 * n}
        yield {
            "baseline": given,
            "points": list(zip(bad, sizes, strict=True)),
            "ewma": list(means),
            "limit": list(limits),
        }


def _coverage() -> Iterator[Case]:
    from scipy.stats import beta, binom  # noqa: PLC0415 (only `make proof` has it)
    from statsmodels.stats.proportion import proportion_confint  # noqa: PLC0415 (only `make proof` has it)

    for n in (5, 10, 20, 30, 50, 100, 200):
        ends = [proportion_confint(k, n, 0.05, "wilson") for k in range(n + 1)]
        at_90 = sum(float(binom.pmf(k, n, 0.9)) for k, (low, high) in enumerate(ends) if low <= 0.9 <= high)
        over_all = sum(
            float(beta.cdf(high, k + 1, n - k + 1) - beta.cdf(low, k + 1, n - k + 1))
            for k, (low, high) in enumerate(ends)
        )
        yield {"n": n, "at_90": at_90, "mean": over_all / (n + 1)}


def _float(share: str) -> float:
    above, below = map(int, share.split("/"))
    return above / below


if __name__ == "__main__":
    lines = (
        f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]" for name, cases in computed().items()
    )
    ORACLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
