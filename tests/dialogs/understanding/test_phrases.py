"""The lists of phrases: nineteen of twenty are read as meant, none as another rating or an unwanted opt-out."""

from pathlib import Path

import pytest

from bench.understanding.measure import PHRASES, Phrase, judged, phrases_in, print_measured

ALL = [phrase for path in PHRASES for phrase in phrases_in(path)]


def test_at_least_nineteen_of_twenty_are_read_as_meant_and_none_is_misread() -> None:
    verdicts = [judged(phrase) for phrase in ALL]
    assert [(one.phrase.text, one.read_as) for one in verdicts if one.is_misread] == []
    assert sum(one.is_right for one in verdicts) >= 0.95 * len(verdicts)


def test_the_lists_have_every_kind_in_every_language() -> None:
    assert len(ALL) >= 250
    assert sum(phrase.means == ("again",) for phrase in ALL) >= 40
    assert {phrase.locale for phrase in ALL} == {"zh-Hans", "zh-Hant", "en"}
    assert {"stop", "end", "person", "who", "thanks", "skip", "back", "complaint"} < {phrase.kind for phrase in ALL}


@pytest.mark.parametrize(
    ("text", "means", "verdict"),
    [
        ("5", "5", (True, False)),
        ("5", "4", (False, True)),
        ("5", "again", (False, True)),
        ("嗯", "4", (False, False)),
        ("退订", "end", (False, True)),
    ],
)
def test_a_wrong_reading_is_counted_as_one(text: str, means: str, verdict: tuple[bool, bool]) -> None:
    found = judged(Phrase(text, "zh-Hans", "after_service", "attitude", (means,)))
    assert (found.is_right, found.is_misread) == verdict


def test_a_reason_that_is_lost_is_not_right() -> None:
    verdict = judged(Phrase("3分，太慢了", "zh-Hans", "after_service", "response_speed", ("3",), "太慢了，等了很久"))
    assert (verdict.is_right, verdict.is_misread) == (False, False)


def test_the_measure_is_printed_by_kind_and_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.toml"
    where = 'locale = "en"\nsurvey = "after_service"\nquestion = "attitude"\n'
    path.write_text(f'[[phrases]]\ntext = "4"\n{where}means = "4"\n[[phrases]]\ntext = "hm?"\n{where}means = "stop"\n')
    print_measured([path])
    assert capsys.readouterr().out.splitlines() == [
        "'hm?' (attitude) means stop, is read as again",
        "rating               right 1 of 1 (100.0%), read as another rating or an opt-out 0",
        "stop                 right 0 of 1 (0.0%), read as another rating or an opt-out 0",
        "en                   right 1 of 2 (50.0%), read as another rating or an opt-out 0",
        "typed words          right 1 of 2 (50.0%), read as another rating or an opt-out 0",
    ]
