"""What an id refers to is read in one place; everybody else has a `Ref`."""

import re
from pathlib import Path

from dialogs.ids import RefKind
from tests.house.tree import ROOT, modules_of, plant

_HOME = Path("dialogs/ids.py")
_READS_AN_ID = re.compile(rf"""startswith\(["'](?:{"|".join(RefKind)})_|derive\(["'](?:{"|".join(RefKind)})["']""")


def spelled_out(root: Path) -> list[str]:
    """Return each line that tells the kind of an id by its first letters, or makes an id with a kind written out."""
    return [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in modules_of(root)
        if path.relative_to(root) != _HOME
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _READS_AN_ID.search(line)
    ]


def test_ids_are_read_in_one_place() -> None:
    assert spelled_out(ROOT) == []


def test_whoever_reads_an_id_is_found(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {"bot/one.py": 'issue = about.startswith("iss_")\nid_ = derive("cam", key)\nkey = derive("out", id_)\n'},
    )
    assert spelled_out(tmp_path) == [
        'bot/one.py:1: issue = about.startswith("iss_")',
        'bot/one.py:2: id_ = derive("cam", key)',
    ]
