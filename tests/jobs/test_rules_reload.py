"""The owner's rules.toml while the service runs: a wrong file changes nothing, and says so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.channels.http_client.guarded_post import GuardedPoster
from bot.chat_migrations import Moves
from bot.jobs.outgoing.endpoint_desk import EndpointDesk
from bot.jobs.outgoing.file_webhooks import hookable
from bot.jobs.reports.report_documents import reportable
from bot.jobs.rules_reload import RuleSource, RulesWatcher, keep_rules
from bot.process.alarms import Alarms
from bot.receiver import Receiver
from config.settings.loading import load_settings
from dialogs.campaign.model import Campaign, CampaignState
from dialogs.understanding.model import AskedQuestion, Chosen, Reading
from dialogs.understanding.read import read
from scoring.text.known_sentences import KnownSentences
from storage.connection.store import Store
from storage.reads.reader import Reader
from storage.unit_of_work.writer import Writer
from tests.support.database.migrated import copy_migrated
from tests.support.stage.scene import POLICY
from tests.support.town.town import eventually
from tests.support.web.clockwork import Clockwork

HEAD = "# weights of comments 1\npiece\tbad\tgood\n"
CALENDAR = '[[calendar]]\nname = "month"\nwhen = "monthly last 10:00"\naudience = { tiers = ["vip"] }\n'


def _rule(name: str, survey: str = "ten_point") -> str:
    return f'[[rules]]\nname = "{name}"\nteams = ["{name}"]\nsurvey = "{survey}"\n'


class Watched:
    """A watcher of a file, and what it has made of it."""

    def __init__(self, folder: Path, store: Store, clock: Clockwork) -> None:
        self._file = folder / "rules.toml"
        writer = Writer(store, clock.now)
        self.alarms, self.reader = Alarms(clock), Reader(store)
        self.receiver = Receiver(writer, clock, POLICY, Moves())
        environ = {"HUIFANG_FILES__DIRECTORY": str(folder)}
        settings = load_settings(environ, cwd=folder)
        self.source = source = RuleSource(
            settings, set(POLICY.current), POLICY.channels, reportable(), hookable(settings)
        )
        self.hooks = EndpointDesk(store, writer, self.receiver, clock, GuardedPoster(allow_private=False))
        keep = keep_rules(self.receiver, self.reader.campaigns, self.hooks)
        self.watcher = RulesWatcher(source, source.read(), self.receiver, self.alarms, keep)
        self.writer = writer

    @property
    def rules(self) -> list[str]:
        return [rule.name for rule in self.receiver.policy.rules.rules]

    def writes_words(self, text: str) -> None:
        """Write a file of words."""
        (self._file.parent / "words").mkdir(exist_ok=True)
        (self._file.parent / "words" / "mine.toml").write_text(text, "utf-8")

    def writes_weights(self, rows: str) -> None:
        """Write a file of weights with these rows."""
        (self._file.parent / "text").mkdir(exist_ok=True)
        (self._file.parent / "text" / "learned.tsv").write_text(f"{HEAD}{rows}", "utf-8")

    def writes(self, text: str) -> None:
        """Write the file and have it read at once."""
        self._file.write_text(text, "utf-8")
        self.watcher.look_again()

    async def until(self, *rules: str, alarm: bool = False) -> None:
        """Wait until these rules are taken over, and an alarm stands or none."""

        async def look() -> bool | None:
            return (self.rules == [*rules] and bool(self.alarms.standing()) is alarm) or None

        await eventually(look)

    async def until_told(self, *endpoints: tuple[str, str], alarm: str = "") -> None:
        """Wait until these endpoints are there, by name and URL, and this alarm stands or none."""

        async def look() -> bool | None:
            found = [(one.name, one.url) for one in await self.hooks.reads.endpoints()]
            return (found == [*endpoints] and [one.name for one in self.alarms.standing()] == alarm.split()) or None

        await eventually(look)

    async def until_campaign(self, state: CampaignState) -> Campaign:
        """Wait for the campaign of the calendar to be in this state."""

        async def look() -> Campaign | None:
            return next((one for one in await self.reader.campaigns.all() if one.state is state), None)

        return await eventually(look)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    async with Store.open(f"sqlite:///{copy_migrated(tmp_path / 'huifang.db')}") as store:
        made = Watched(tmp_path, store, Clockwork())
        task = asyncio.create_task(made.watcher.run())
        yield made
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await made.writer.stop()


async def test_weights_of_the_owner_are_taken_over_and_wrong_ones_change_nothing(watched: Watched) -> None:
    judged = watched.receiver.policy.comments
    watched.writes_weights("周二\t\t900\n")
    watched.writes(_rule("first"))
    await watched.until("first")
    comments = watched.receiver.policy.comments
    assert comments is not judged
    assert comments.judge(KnownSentences()).judge("师傅周二来的").polarity == 1
    watched.writes_weights("周二\tmuch\n")
    watched.writes(_rule("second"))
    await watched.until("first", alarm=True)
    assert "text/learned.tsv:3" in watched.alarms.standing()[0].text
    assert watched.receiver.policy.comments is comments


async def test_weights_that_changed_are_noticed_without_being_told(watched: Watched) -> None:
    before = watched.source.seen()
    watched.writes_weights("周二\t\t900\n")
    assert watched.source.seen() != before


async def test_told_to_look_it_takes_the_file_over_at_once(watched: Watched) -> None:
    watched.writes(_rule("first"))
    await watched.until("first")
    watched.writes(_rule("first") + _rule("second"))
    await watched.until("first", "second")


async def test_without_the_file_there_are_no_rules(watched: Watched, tmp_path: Path) -> None:
    watched.writes(_rule("first"))
    await watched.until("first")
    (tmp_path / "rules.toml").unlink()
    watched.watcher.look_again()
    await watched.until()


@pytest.mark.parametrize("wrong", ["[[rules]\n", _rule("other", "none"), _rule("a") + _rule("a")])
async def test_a_wrong_file_leaves_the_running_rules_and_raises_an_alarm_until_it_is_mended(
    watched: Watched, wrong: str
) -> None:
    watched.writes(_rule("first"))
    await watched.until("first")
    watched.writes(wrong)
    await watched.until("first", alarm=True)
    (alarm,) = watched.alarms.standing()
    assert alarm.name == "rules"
    assert alarm.text.startswith("The running rules stay: ")
    assert "rules.toml" in alarm.text
    watched.writes(_rule("second"))
    await watched.until("second")


async def test_the_calendar_of_the_file_becomes_a_campaign_and_ends_with_its_entry(watched: Watched) -> None:
    watched.writes(CALENDAR)
    assert (await watched.until_campaign(CampaignState.SCHEDULED)).name == "month"
    watched.writes(_rule("first"))
    assert (await watched.until_campaign(CampaignState.CANCELLED)).why == "removed"


def _webhook(name: str, url: str) -> str:
    return f'[[webhooks]]\nname = "{name}"\nurl = "{url}"\n'


async def test_endpoints_of_the_file_come_change_and_go_with_their_entries(watched: Watched) -> None:
    crm, lake = "https://1.1.1.1/crm", "https://1.1.1.1/lake"
    watched.writes(_webhook("CRM", crm))
    await watched.until_told(("CRM", crm))
    (first,) = await watched.hooks.reads.endpoints()
    watched.writes(_webhook("CRM", lake) + _rule("first"))
    await watched.until_told(("CRM", lake))
    (second,) = await watched.hooks.reads.endpoints()
    assert (second.id, second.secret_number, second.created_at) == (first.id, first.secret_number, first.created_at)
    watched.writes(_rule("first"))
    await watched.until_told()


async def test_an_endpoint_whose_name_leads_inside_raises_an_alarm_until_the_file_is_mended(watched: Watched) -> None:
    watched.writes(_webhook("CRM", "https://localhost/token-in-path") + _rule("first"))
    await watched.until_told(("CRM", "https://localhost/token-in-path"), alarm="hook_address")
    (alarm,) = watched.alarms.standing()
    assert alarm.text.startswith("[[webhooks]] in rules.toml: the URL of 'CRM' leads to ")
    assert "token-in-path" not in alarm.text
    assert watched.rules == ["first"]  # the rest of the file holds
    watched.writes(_webhook("CRM", "https://1.1.1.1/"))
    await watched.until_told(("CRM", "https://1.1.1.1/"))


async def test_an_endpoint_that_can_be_none_whatever_its_name_leads_to_changes_nothing(watched: Watched) -> None:
    watched.writes(_webhook("CRM", "https://1.1.1.1/") + _rule("first"))
    await watched.until("first")
    await watched.until_told(("CRM", "https://1.1.1.1/"))
    watched.writes(_webhook("CRM", "https://10.0.0.1/") + _rule("second"))
    await watched.until_told(("CRM", "https://1.1.1.1/"), alarm="rules")
    assert watched.rules == ["first"]
    (alarm,) = watched.alarms.standing()
    assert "rules.toml: webhooks[1].url: It leads to 10.0.0.1, which is private." in alarm.text


async def test_a_calendar_that_cannot_be_kept_now_does_not_end_the_watch(watched: Watched) -> None:
    await watched.writer.stop()  # as where the database takes nothing
    watched.writes(CALENDAR + _rule("first"))
    await watched.until("first")
    watched.writes(_rule("second"))
    await watched.until("second")


async def test_words_are_taken_over_with_the_rules_and_a_wrong_file_of_words_changes_nothing(watched: Watched) -> None:
    def read_as() -> Reading:
        policy = watched.receiver.policy
        return read("呱呱乐", AskedQuestion(policy.survey("after_service"), "attitude", "zh-Hans"), policy.lexicon)

    watched.writes_words('[adjective]\n5 = ["呱呱乐"]\n')
    watched.writes(_rule("first"))
    await watched.until("first")
    assert read_as() == Chosen(5)
    watched.writes_words('[adjectiv]\n1 = ["呱呱乐"]\n')
    watched.watcher.look_again()
    await watched.until("first", alarm=True)
    assert read_as() == Chosen(5)
