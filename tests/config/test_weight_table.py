"""The file of learned weights: the shipped one, the owner's in its place, and what is refused, with its line."""

from pathlib import Path

import pytest

from config.errors import ConfigErrors
from config.text.load import load_weighed
from scoring.text.comment_judge import CommentJudge
from scoring.text.text_reader import TextReader

HEAD = "# weights of comments 1\npiece\tbad\tgood\tfee\n"


def own(folder: Path, text: str | bytes) -> Path:
    (folder / "text").mkdir()
    (folder / "text" / "learned.tsv").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_an_owners_file_replaces_the_shipped_one(tmp_path: Path) -> None:
    lexicons = load_weighed(own(tmp_path, f"{HEAD}(start)\t-1\t-1\t-5\n绝绝紫\t\t250\n发票\t\t\t90\n"))
    judge = CommentJudge(TextReader(lexicons))
    assert judge.judge("绝绝紫").polarity == 1
    assert judge.judge("发票").dimensions == {"fee"}
    assert lexicons.digest != load_weighed().digest


def test_what_is_shipped_is_one_value_at_every_loading_and_an_owners_is_another(tmp_path: Path) -> None:
    shipped = load_weighed()
    assert load_weighed() is shipped
    assert load_weighed(tmp_path) is shipped
    assert load_weighed(own(tmp_path, HEAD)) is not shipped


def test_without_any_piece_the_words_decide_alone(tmp_path: Path) -> None:
    judge = CommentJudge(TextReader(load_weighed(own(tmp_path, HEAD))))
    verdict = judge.judge("师傅态度恶劣")
    assert (verdict.polarity, verdict.sums) == (-1, {})
    assert verdict.dimensions == {"attitude"}
    assert verdict.reading.score < 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("piece\tbad\tgood\n", "text/learned.tsv:1: These are no weights"),
        ("# weights of comments 1\npiece\tbad\n", "text/learned.tsv:2: These are no weights"),
        (f"{HEAD}慢\t1\tx\n", "text/learned.tsv:3: There is something else than a whole number"),
        (f"{HEAD}慢\t1\n贵\t1\t2\t3\t4\n", "text/learned.tsv:4: There is a number too many"),
        (f"{HEAD}慢\t10000\n", "text/learned.tsv:3: There is a number too many or one too large"),
        (f"{HEAD}慢\t1\n贵\t1\n慢\t2\n", "text/learned.tsv:5: '慢' stands there twice"),
        (b"\xff\xfe", "text/learned.tsv: It cannot be read"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(ConfigErrors, match=told.replace("(", r"\(")):
        load_weighed(own(tmp_path, text))
