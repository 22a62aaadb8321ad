"""Reads sentences by an encoder, `python -m bot.jobs.text.sentence_process FILE`: a line of JSON for each line of JSON.

First it tells by what number its encoder is known. Then it is given folded texts, and answers with the sums of each. It
ends where nothing more comes, also when the service was killed. It steps back behind everything, and where memory runs
out it is what the system ends first.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from config.errors import ConfigErrors
from config.text.encoder_file import read_encoder
from config.text.encoder_mark import mark_in

__all__: list[str] = []

_LAST = 19
"""The lowest priority there is."""


def _step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, 0, _LAST)
    with suppress(OSError):  # where there is no such file: on another system than Linux
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _serve(path: Path) -> None:
    number, encoder = mark_in(path).number, read_encoder(path, is_small=True)
    _tell(number)
    for line in sys.stdin.buffer:
        _tell([[*sums.values()] for sums in encoder.sums_of(json.loads(line))])


def _tell(answer: object) -> None:
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _step_back()
    try:
        _serve(Path(sys.argv[1]))
    except ConfigErrors as wrong:
        sys.exit(str(wrong))
