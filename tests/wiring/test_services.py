"""What a start finds in the database: surveys as they were asked, the key of its links, notes, groups that moved."""

import asyncio
from pathlib import Path

import pytest

from bot.process.alarms import Alarms
from bot.wiring.channels import notes_in
from bot.wiring.services import open_services
from bot.wiring.startup import known_surveys
from config.errors import ConfigError
from config.settings.loading import load_settings
from config.settings.settings import Settings
from config.surveys.load import read_surveys
from dialogs.messages import Address
from scoring.values import replace
from storage.model.errors import Unavailable
from storage.model.note_keys import migration_key
from storage.model.records import Note, StoredSurvey
from storage.unit_of_work.changes import Changes
from storage.unit_of_work.needs import Needs
from storage.unit_of_work.writer import Decision, Job
from tests.storage.samples import NOW, message
from tests.support.database.migrated import copy_migrated
from tests.support.database.wire import wire_to

GROUP = {"HUIFANG_TELEGRAM__TOKEN": "123456:secret", "HUIFANG_TELEGRAM__TEAM_CHAT": "-4001"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return the settings of a service with a team's group, on a migrated database."""
    file = copy_migrated(tmp_path / "huifang.db")
    return load_settings({"HUIFANG_DATABASE__URL": f"sqlite:///{file}", **GROUP}, cwd=tmp_path)


async def test_links_open_after_a_restart_too_and_in_no_other_installation(settings: Settings, tmp_path: Path) -> None:
    keys = []
    for _ in range(2):
        async with open_services(settings) as services:
            keys.append(services.receiver.policy.links.key)
    other = copy_migrated(tmp_path / "other.db")
    elsewhere = load_settings({"HUIFANG_DATABASE__URL": f"sqlite:///{other}"}, cwd=tmp_path)
    async with open_services(elsewhere) as services:
        keys.append(services.receiver.policy.links.key)
    assert keys[0] == keys[1] != keys[2]
    assert len(keys[0]) >= 22


async def test_every_version_that_was_asked_is_known_after_the_survey_has_changed(settings: Settings) -> None:
    async with open_services(settings) as services:
        (before,) = (one for one in services.receiver.policy.surveys.values() if one.id == "ten_point")
        surveys = read_surveys(settings.files.directory)
        surveys["ten_point"] = replace(before, version=before.version + 1, questions=before.questions[:-1])
        stored = await known_surveys(services.reader, services.writer, surveys)
        assert stored[before.key] == before
        again = await known_surveys(services.reader, services.writer, surveys)
    assert {key for key in again if key[0] == "ten_point"} == {before.key, surveys["ten_point"].key}


async def test_a_version_whose_words_have_changed_stops_the_start_and_names_the_fix(settings: Settings) -> None:
    async with open_services(settings) as services:
        surveys = read_surveys(settings.files.directory)
        surveys["ten_point"] = replace(surveys["ten_point"], questions=surveys["ten_point"].questions[:-1])
        with pytest.raises(ConfigError) as stopped:
            await known_surveys(services.reader, services.writer, surveys)
    assert (stopped.value.file, stopped.value.key) == ("surveys/ten_point.toml", "version")
    assert stopped.value.fix.startswith(f"Write version = {surveys['ten_point'].version + 1}, ")


async def test_a_version_that_cannot_be_read_is_one_alarm_however_often_it_is_met(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    unreadable = StoredSurvey("ten_point", 9, "{}", NOW)
    async with open_services(settings) as services:
        await services.writer.decide(Job(Needs(), lambda _snapshot, _now: Decision(Changes((unreadable,)), None)))
        alarms = Alarms(services.clock)
        services.receiver.alarm_with(alarms.sound)
        for _ in range(3):
            await services.receiver.learn("ten_point")
    assert [alarm.name for alarm in alarms.standing()] == ["surveys"]
    assert [getattr(line, "alarm", "") for line in caplog.records if line.levelname == "ERROR"] == ["surveys"]


async def test_a_version_that_is_in_no_database_is_an_alarm(settings: Settings) -> None:
    async with open_services(settings) as services:
        alarms = Alarms(services.clock)
        services.receiver.alarm_with(alarms.sound)
        assert await services.receiver.survey_versions([("ten_point", 9)]) == {}
    assert [alarm.name for alarm in alarms.standing()] == ["surveys"]


async def test_a_group_that_moved_is_written_to_at_its_present_place_after_a_restart(settings: Settings) -> None:
    moved = Note(migration_key(Address("telegram", "-4001")), "-100777", NOW)
    async with open_services(settings) as services:
        await services.writer.decide(Job(Needs(), lambda _rows, _now: Decision(Changes((moved,)), None)))
    async with open_services(settings) as services:
        card = replace(message(), channel="telegram", chat="-4001")
        assert services.moves.outward(card).chat == "-100777"


async def test_commits_that_the_database_does_not_answer_are_given_up_where_the_process_ends(
    migrated_postgres: str, tmp_path: Path
) -> None:
    async with wire_to(migrated_postgres) as wire:
        settings = load_settings({"HUIFANG_DATABASE__URL": wire.url(migrated_postgres)}, cwd=tmp_path)
        async with open_services(settings) as services:
            wire.freeze()
            saving = asyncio.ensure_future(notes_in(services.writer).save("telegram.offset", "7"))
            await asyncio.sleep(0.1)  # it is under way
        with pytest.raises(Unavailable) as given_up:
            await saving
        assert "did not answer within" not in str(given_up.value), "it was waited for as long as elsewhere"


async def test_what_a_channel_notes_is_there_until_it_notes_something_else(settings: Settings) -> None:
    async with open_services(settings) as services:
        notes = notes_in(services.writer)
        assert await notes.load("telegram.offset") is None
        for value in ("7", "8", ""):
            await notes.save("telegram.offset", value)
            assert await notes.load("telegram.offset") == value
        assert await notes.load("telegram.other") is None
    async with open_services(settings) as services:
        assert await notes_in(services.writer).load("telegram.offset") == ""
