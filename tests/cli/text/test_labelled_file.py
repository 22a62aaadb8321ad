import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.text.labelled_file import read_labelled
from bot.control.protocol import CommandProblem

LABELLED = Path(__file__).parents[2] / "text" / "labelled"


def labels(tmp_path: Path, content: str | bytes, name: str = "x.csv") -> list[tuple[int, str, int]]:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [(one.row, one.text, one.label) for one in read_labelled(path)]


@pytest.mark.parametrize(
    "content",
    [
        "label,review\n1,很好\n0,很差\n",
        "text,label\r\n很好,pos\r\n很差,neg\r\n",
        "text,label\n很好,1\n很差,-1\n",
        "Text;Sentiment\n很好;好评\n很差;差评\n",
        "sentence\tlabel\n很好\t1.0\n很差\t0.0\n",
        "\ufefflabel,review\n1,很好\n0,很差\n",
        "label,review\n1,很好\n0,很差\n".encode("gb18030"),
        '[{"text": "很好", "label": "Positive"}, {"text": "很差", "label": "negative"}]',
        '{"text": "很好", "polarity": 5}\n\n{"text": "很差", "polarity": 2}\n',
    ],
)
def test_the_same_texts_are_read_in_every_form(content: str | bytes, tmp_path: Path) -> None:
    assert labels(tmp_path, content) == [(1, "很好", 1), (2, "很差", -1)]


def test_three_classes_and_stars_are_read_as_what_they_mean(tmp_path: Path) -> None:
    assert [one[2] for one in labels(tmp_path, "label,text\n-1,a\n0,b\n1,c\nmixed,d\nneutral,e\n")] == [-1, 0, 1, 0, 0]
    assert [one[2] for one in labels(tmp_path, "stars,text\n1,a\n2,b\n3,c\n4,d\n5,e\n")] == [-1, -1, 0, 1, 1]


def test_a_row_without_text_is_left_out_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    assert labels(tmp_path, 'label,review\n1,\n0,"two\nlines, one row"\n') == [(2, "two\nlines, one row", -1)]


def test_our_own_format_brings_ids_languages_dimensions_and_tags() -> None:
    for name, language in (("zh_hans", "zh-Hans"), ("zh_hant", "zh-Hant"), ("en", "en")):
        path = LABELLED / f"{name}.jsonl"
        for text, line in zip(read_labelled(path), path.read_text("utf-8").splitlines(), strict=True):
            row = json.loads(line)
            assert (text.id, text.language, text.dimensions) == (row["id"], language, frozenset(row["dimensions"]))
            assert text.negated == ("negation" in row["tags"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "there is no row in it"),
        ("label,review\n", "there is no row in it"),
        ("label,review\n1,\n", "no row has a text"),
        ("a,b\n1,2\n", "none of its columns ('a', 'b') is called text, review, comment, content or sentence"),
        ("text,b\n1,2\n", "none of its columns ('text', 'b') is called label, polarity, sentiment, stars or rating"),
        ("label,text\n1,a\nso-so,b\n", "row 2: 'so-so' is no label"),
        ("label,text\n1,a\n,b\n", "row 2: '' is no label"),
        ("label,text\n1,a\n7,b\n", "or stars from 1 to 5; these are 1, 7"),
        ("label,text\n" + "x,a\n" * 9, "and 4 more"),
        ('{"text": "a", "label": 1}\n{"text": \n', "row 2 is no JSON"),
        ('{"text": "a", "label": 1}\n[1]\n', "row 2 is no object"),
        ('[{"text": "a", "label": 1},\n', "is no JSON: Expecting value: line 2"),
        ("[" * 100_000, "is no JSON: maximum recursion depth exceeded"),
        ('{"text": "a", "label": ' + "1" * 5000 + "}", "row 1 is no JSON: Exceeds the limit"),
        ('{"text": "a", "label": "' + "x" * 5000 + '"}', "row 1: 'xxxxxx… (5000 characters) is no label"),
        ('[{"text": "a", "label": 1, "dimensions": "fee"}]', "row 1: dimensions must be a list of words"),
        (b"label,text\n1,\xff\xff\n", "neither UTF-8 nor GB18030"),
        ("label,text\n1," + "a" * 200_000, "row 1 cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_row(content: str | bytes, told: str, tmp_path: Path) -> None:
    with pytest.raises(CommandProblem) as problem:
        labels(tmp_path, content)
    assert told in str(problem.value)
    assert "x.csv" in str(problem.value)


@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: f"text,label\n{text}".encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused_as_a_problem(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_bytes(content)
        with suppress(CommandProblem):
            assert all(one.text.strip() and one.label in {-1, 0, 1} for one in read_labelled(path))
