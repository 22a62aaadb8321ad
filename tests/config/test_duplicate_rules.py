"""The rules of what counts once are a file: the shipped one, or the owner's, whose mistakes are told by line."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from config.duplicate_rules import COUNTING_FILE, read_counting
from config.errors import ConfigErrors
from scoring.deduplication import KeptReview, ReviewPeriod, SharedKey

HEAD = "version = 2\neffective_from = 2027-01-01\n"
RULE = '[[duplicates]]\nname = "mine"\nsame = ["customer"]\n'


def owned(folder: Path, text: str) -> Path:
    (folder / COUNTING_FILE).write_text(text, "utf-8")
    return folder


def test_the_shipped_rules_are_five_in_their_order(tmp_path: Path) -> None:
    shipped = read_counting(tmp_path)
    assert (shipped.version, shipped.period, shipped.bad_at_or_below) == (1, ReviewPeriod.MONTH, Fraction(2))
    assert [rule.name for rule in shipped.rules] == [
        "installation_offline",
        "answered_twice",
        "bad_on_other_ways",
        "repair_same_home",
        "one_bad_review",
    ]
    assert shipped.rules[2].prefer[0] == ("web",)
    assert ("sms",) in shipped.rules[2].prefer[1:]
    assert [rule.name for rule in shipped.within_tickets.rules] == ["answered_twice", "bad_on_other_ways"]


def test_the_owners_file_replaces_them(tmp_path: Path) -> None:
    text = (
        f'{HEAD}period = "week"\nbad_at_or_below = 2.5\n{RULE}services = ["保养 "]\nbad_only = true\nthen = "worst"\n'
    )
    (rule,) = read_counting(owned(tmp_path, text)).rules
    own = read_counting(tmp_path)
    assert (own.version, own.effective_from, own.period) == (2, date(2027, 1, 1), ReviewPeriod.WEEK)
    assert own.bad_at_or_below == Fraction(5, 2)
    assert (rule.same, rule.services, rule.then) == ((SharedKey.CUSTOMER,), frozenset({"保养"}), KeptReview.WORST)
    assert rule.bad_only
    assert read_counting(owned(tmp_path, f"{HEAD}duplicates = []\n")).rules == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (RULE, "version: This is missing. Add it."),
        (f"{HEAD}duplicate = []\n", "duplicate: There is no such key. Did you mean duplicates?"),
        (f'{HEAD}period = "year"\nduplicates = []\n', ":3: period: 'year' is not possible here. Write week or month."),
        (
            f"{HEAD}bad_at_or_below = 5\nduplicates = []\n",
            ":3: bad_at_or_below: This is no point of 1-5 below the best.",
        ),
        (f"{HEAD}{RULE}{RULE}", ":7: duplicates[#2].name: mine is the name of a rule before."),
        (f"{HEAD}{RULE.replace('customer', 'phone')}", "same[#1]: 'phone' is not possible here. Write closing or"),
        (f"{HEAD}{RULE.replace('customer', 'survey')}", "duplicates[#1].same: Whole surveys would count once."),
        (f'{HEAD}{RULE}prefer = [["web"], ["web"]]\n', "duplicates[#1].prefer: web stands here twice."),
        (f'{HEAD}{RULE}prefer = [["fax"]]\n', "'fax' is not possible here. Write chat or web"),
        (f'{HEAD}{RULE}keep = "best"\n', "duplicates[#1].keep: Without sources of two ranks nothing goes before"),
        (f'{HEAD}{RULE}reason = "malicious"\n', "reason: 'malicious' is not possible here. Write duplicate or"),
        (HEAD + RULE.replace('["customer"]', "[]"), "duplicates[#1].same: There is nothing in this list."),
        (f"{HEAD}{RULE}services = []\n", "duplicates[#1].services: There is nothing in this list. Name at least one."),
    ],
)
def test_a_mistake_is_told_by_file_line_key_and_fix(text: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as wrong:
        read_counting(owned(tmp_path, text))
    assert COUNTING_FILE in str(wrong.value)
    assert told in str(wrong.value)
