"""A mistake in rules.toml is told in one sentence: the file, the key, what is wrong, and the fix."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.registry import customer_channels
from bot.handlers.campaigns.validation import KNOWN
from bot.jobs.outgoing.file_webhooks import hookable
from bot.jobs.reports.report_documents import reportable
from config.errors import ConfigErrors
from config.rules.load import Rules, read_rules
from config.rules.validation import PLACES
from config.settings.loading import load_settings
from config.surveys.load import read_surveys
from dialogs.campaign.model import Audience, CampaignKind
from dialogs.invitation.survey_rules import AskLimit, RuleBook, RuleFacts, RulingReason
from tests.support.blocks import Block, read_blocks

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SMALL = (HERE / "small_rules.toml").read_text("utf-8")
BLOCKS = read_blocks(HERE / "wrong_rules.txt")
EXAMPLE = (ROOT / "rules.example.toml").read_text("utf-8")
EXAMPLE_BLOCKS = [block for block in EXAMPLE.split("\n\n") if "\n# [[" in block]


def changed(block: Block) -> str:
    """Apply a block's changes to the small rules: lines taken out, and those that come in their place."""
    text = SMALL
    for old, new in pieces(block.given.splitlines()):
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return text


def pieces(lines: list[str]) -> list[tuple[str, str]]:
    """Return each run of lines taken out with the lines that follow it."""
    found: list[tuple[str, str]] = []
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("- ") and not before.startswith("- "):
            found.append(("", ""))
        if line.startswith("- "):
            found[-1] = found[-1][0] + f"{line[2:]}\n", found[-1][1]
        elif line.startswith("+ "):
            found[-1] = found[-1][0], found[-1][1] + f"{line[2:]}\n"
    return found


def rules_of(text: str, folder: Path) -> Rules:
    """Read rules as the service would."""
    (folder / "rules.toml").write_text(text, "utf-8")
    settings = load_settings({}, cwd=folder)
    return read_rules(settings, read_surveys(folder), customer_channels(), reportable(), hookable(settings))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"line {block.line}")
def test_a_wrong_rule_is_named_with_its_key_and_its_fix(block: Block, tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as errors:
        rules_of(changed(block), tmp_path)
    assert str(errors.value).replace(f"{tmp_path}/", "").splitlines() == block.expected


def test_the_small_rules_themselves_are_right(tmp_path: Path) -> None:
    rules = rules_of(SMALL, tmp_path)
    internal, north = rules.book.rules
    assert (internal.tags, internal.ask) == (("internal",), False)
    assert (north.survey, north.delay, north.sample, north.pilot) == ("ten_point", timedelta(hours=2), 3, 0.1)
    (entry,) = rules.calendar
    assert (entry.kind, entry.survey, entry.timezone) == (CampaignKind.SURVEY, "callback", "Asia/Shanghai")
    assert entry.audience == Audience(closed_within=timedelta(days=31))


def test_a_text_may_hold_what_every_campaign_may_say() -> None:
    assert set(PLACES) == set(KNOWN)


def test_no_file_means_no_rules(tmp_path: Path) -> None:
    assert read_rules(load_settings({}, cwd=tmp_path), read_surveys(), customer_channels()) == Rules(RuleBook(), ())


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").mkdir()
    with pytest.raises(ConfigErrors, match=r"rules\.toml: It cannot be read"):
        read_rules(load_settings({}, cwd=tmp_path), read_surveys(), customer_channels())
    far = tmp_path / ("x" * 300)
    settings = load_settings({}, cwd=tmp_path)
    gone = settings.model_copy(update={"files": settings.files.model_copy(update={"directory": far})})
    with pytest.raises(ConfigErrors, match="File name too long"):
        read_rules(gone, read_surveys(), customer_channels())


def test_a_narrower_rule_before_a_broader_one_is_the_normal_order(tmp_path: Path) -> None:
    text = '[[rules]]\nname = "a"\nteams = ["n"]\ntags = ["vip"]\n[[rules]]\nname = "b"\nteams = ["n", "s"]\n'
    book = rules_of(f'{text}[[rules]]\nname = "rest"\n', tmp_path).book
    assert [rule.name for rule in book.rules] == ["a", "b", "rest"]


def test_customers_without_a_chat_are_named_none(tmp_path: Path) -> None:
    (rule,) = rules_of('[[rules]]\nname = "a"\nchannels = ["none", "wechat"]\n', tmp_path).book.rules
    assert rule.channels == ("", "wechat")


def test_the_example_copied_unchanged_does_nothing(tmp_path: Path) -> None:
    assert rules_of(EXAMPLE, tmp_path) == Rules()


@pytest.mark.parametrize("block", EXAMPLE_BLOCKS)
def test_each_entry_of_the_example_works_alone_without_the_rules_that_it_leaves_first(
    block: str, tmp_path: Path
) -> None:
    rules = rules_of(re.sub("^behind = .*$", "", _switched_on(block), flags=re.MULTILINE), tmp_path)
    assert len(rules.book.rules) + len(rules.calendar) + len(rules.reports) + len(rules.webhooks) == 1


def _switched_on(example: str) -> str:
    return re.sub("^# ", "", example, flags=re.MULTILINE)


def test_the_example_is_a_file_that_works(tmp_path: Path) -> None:
    rules = rules_of(_switched_on("\n".join(EXAMPLE_BLOCKS)), tmp_path)
    assert [rule.name for rule in rules.book.rules] == ["not_served", "test_customers", "pilot_north", "repairs"]
    assert [entry.name for entry in rules.calendar] == [
        "month_end",
        "quarterly_relationship",
        "after_appointment",
        "vip_follow_up",
    ]
    assert [(one.name, one.every, one.due) for one in rules.reports] == [
        ("month", "month", 5),
        ("north_twice_a_month", "half-month", 0),
    ]
    closing = RuleFacts("zendesk", "42", 1, "c-1", "north", "repair", tags=("internal",))
    assert rules.book.ruling(closing).why is RulingReason.EXCLUDES
    assert rules.book.rules[2].once is AskLimit.TICKET


def test_the_example_of_the_page_about_rules_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "howto" / "rules.md").read_text("utf-8")
    rules = rules_of(page.split("```toml\n")[1].split("```")[0], tmp_path)
    assert [rule.name for rule in rules.book.rules] == ["not_served", "test_customers", "pilot_north", "everybody_else"]
    assert [entry.name for entry in rules.calendar] == ["month_end"]
