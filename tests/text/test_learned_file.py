"""The shipped weights are those that the training comments teach: whoever adds comments learns anew."""

import pytest

from config.weight_table import SHIPPED_WEIGHTS
from tests.support.shared import missing

NEAR = 5
"""Hundredths of log-odds by which another machine's arithmetic may differ."""
LARGEST = 4 * 1024 * 1024


def numbers(text: str) -> dict[tuple[str, int], int]:
    """Return the numbers of a file by piece and column, without the small ones, which may be left out or not."""
    rows = (line.split("\t") for line in text.split("\n")[3:] if line)
    found = {(piece, place): int(cell or 0) for piece, *cells in rows for place, cell in enumerate(cells)}
    return {key: number for key, number in found.items() if abs(number) > 4 * NEAR}


@pytest.mark.proof
@pytest.mark.long
def test_the_shipped_weights_are_learned_from_the_training_comments() -> None:
    from bench.understanding.elsewhere import TEACHING, elsewhere_texts  # noqa: PLC0415 (scipy)
    from bench.understanding.learn import labelled_texts, learned, learned_file, taught  # noqa: PLC0415 (as above)

    if not TEACHING.exists():
        missing("the reviews of other people are not here: requirements/teaching fetches them")
    comments, elsewhere = taught(labelled_texts()), taught(elsewhere_texts())
    anew = learned_file(learned(comments, elsewhere), [*comments.texts, *elsewhere.texts])
    shipped = SHIPPED_WEIGHTS.read_text("utf-8")
    assert shipped.split("\n")[:3] == anew.split("\n")[:3]
    before, now = numbers(shipped), numbers(anew)
    far = [key for key in before.keys() | now.keys() if abs(before.get(key, 0) - now.get(key, 0)) > 4 * NEAR]
    assert len(far) <= len(before) // 200, far[:20]


def test_the_shipped_weights_are_small_enough_to_be_read_at_once() -> None:
    assert SHIPPED_WEIGHTS.stat().st_size < LARGEST
