"""`huifang doctor`: what is wrong or unwise, one line each, with the fix. It changes nothing."""

from collections.abc import AsyncIterator, Collection, Mapping
from pathlib import Path

from bot.channels.http_client.guarded_address import ForbiddenTargetError
from bot.channels.http_client.guarded_post import GuardedPoster
from bot.channels.registry import customer_channels, platform_channels, switched_on
from bot.connectors.sample_check import read_samples
from bot.delivery.desk_writes.ticket_writer import probe_desk
from bot.jobs.outgoing.file_webhooks import hookable
from bot.jobs.reports.report_documents import reportable
from bot.process.system import SystemClock
from bot.wiring.connectors import connector_options, desk_accounts
from bot.wiring.escalation import unknown_in_escalation
from bot.wiring.sandbox import lost_channels, sandbox_refusal
from config.company_lists import read_lists
from config.duplicate_rules import read_counting
from config.errors import ConfigError, ConfigErrors
from config.locale.phrases import load_phrases
from config.locale.words import load_lexicon
from config.rules.load import read_rules
from config.settings.consistency import advice
from config.settings.loading import load_settings
from config.settings.settings import Settings
from config.surveys.canonical_json import survey_json
from config.surveys.load import find_survey, lint, read_surveys
from scoring.values import Value
from storage.model.errors import NOT_SAVED, SchemaMismatch
from storage.model.outgoing.hook_records import HookEndpoint
from storage.reads.probe import probe

__all__ = ["INFO", "PROBLEM", "WARNING", "DoctorLine", "examine_all"]

PROBLEM = "problem"
WARNING = "warning"
_PROXIES = ("HTTPS_PROXY", "ALL_PROXY")
INFO = "info"
"""What is well, and worth telling."""


class DoctorLine(Value):
    """One line of the doctor's report."""

    level: str
    what: str
    fix: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.level}: {self.what} {self.fix}".rstrip()


async def examine_all(environ: Mapping[str, str], config: Path | None, cwd: Path) -> list[DoctorLine]:
    """Check settings, definitions, database and credentials; only the settings where those cannot be read."""
    try:
        settings = load_settings(environ, config, cwd)
    except ConfigErrors as wrong:
        return [_of(error) for error in wrong.errors]
    findings = [_of(tip, WARNING) for tip in advice(settings)]
    findings += _definitions(settings)
    findings += [finding async for finding in _database(settings, environ)]
    findings += [finding async for finding in _channels(settings)]
    findings += _desks(settings)
    findings += [finding async for finding in _desk_tokens(settings)]
    return findings


def _of(error: ConfigError, level: str = PROBLEM) -> DoctorLine:
    return DoctorLine(level, ": ".join(filter(None, (error.file, error.key, error.problem))), error.fix)


def _definitions(settings: Settings) -> list[DoctorLine]:
    directory = settings.files.directory
    try:
        surveys = read_surveys(directory)
        find_survey(surveys, settings.survey.default, settings.where("survey.default"))
        load_phrases(directory, settings.locale)
        load_lexicon(directory)
        read_counting(directory)
        read_lists(directory)
        read_rules(settings, surveys, customer_channels(), reportable(), hookable(settings))
    except ConfigErrors as wrong:
        return [_of(error) for error in wrong.errors]
    except ConfigError as wrong:
        return [_of(wrong)]
    return [
        DoctorLine(WARNING, f"survey {survey.id}: {warning}", "")
        for survey in surveys.values()
        for warning in lint(survey)
    ]


async def _database(settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[DoctorLine]:
    """Check the database without migrating it; one that a running service has is only read."""
    try:
        platforms = [channel.name for channel in platform_channels()]
        seen = await probe(settings.database.url.get_secret_value(), SystemClock().now(), platforms)
    except SchemaMismatch as error:
        yield DoctorLine(PROBLEM, f"database.url: {error}.", "")
        return
    except (*NOT_SAVED, OSError, ValueError) as error:
        yield DoctorLine(PROBLEM, f"database.url: {error}.", "Start the database, or correct the address.")
        return
    for damage in seen.damage:
        yield DoctorLine(PROBLEM, f"database.url: {damage}.", "Restore the last backup.")
    for risk in seen.risks:
        yield DoctorLine(WARNING, f"database.url: {risk}.", "Let no other program write to it.")
    if seen.late:
        what = f"{seen.late} requests for data or erasure are overdue."
        yield DoctorLine(WARNING, what, "Look at GET /api/v1/requests?open=true, and fulfil them.")
    if seen.failed:
        what = f"{seen.failed} deliveries could not be decided and are kept."
        fix = "Look at `huifang inbox list`; `huifang inbox retry --all` decides them again."
        yield DoctorLine(WARNING, what, fix)
    for finding in (*_lost(settings, seen.served), *_versions(settings, seen.surveys)):
        yield finding
    async for finding in _endpoints(settings, seen.endpoints, environ):
        yield finding
    for unknown in unknown_in_escalation(settings, seen.roster):
        yield _of(unknown, WARNING)


async def _endpoints(
    settings: Settings, endpoints: Collection[HookEndpoint], environ: Mapping[str, str]
) -> AsyncIterator[DoctorLine]:
    """Check where each endpoint of outgoing webhooks leads; nothing is sent there."""
    poster = GuardedPoster(allow_private=settings.webhooks.allow_private)
    for endpoint in endpoints:
        what = f"webhook endpoint {endpoint.name} ({endpoint.id}):"
        if endpoint.why:
            fix = f"Mend it, then run `huifang webhooks enable {endpoint.id}`."
            yield DoctorLine(WARNING, f"{what} it is sent nothing any more: {endpoint.why}.", fix)
        try:
            await poster.check(endpoint.url)
        except ForbiddenTargetError as refused:
            where = "under [[webhooks]] in rules.toml" if endpoint.is_from_file else "by PUT /api/v1/webhooks/{id}"
            fix = f"Correct its address {where}, or remove it."
            yield DoctorLine(PROBLEM, f"{what} its address {refused}.", fix)
    proxies = [name for name in _PROXIES if environ.get(name) or environ.get(name.lower())]
    if endpoints and proxies and not settings.webhooks.allow_private:
        what = f"{proxies[0]} is set, but webhooks go out directly, since a proxy would look names up itself."
        yield DoctorLine(WARNING, what, "See to it that this machine reaches them (docs/webhooks.md).")


def _lost(settings: Settings, served: Collection[str]) -> list[DoctorLine]:
    """Return the channels that have served customers and are not set any more."""
    refusal = sandbox_refusal(settings, served)
    if refusal is not None:
        return [_of(refusal)]
    what = "It is not set any more, so customers of {} are not reached."
    return [
        _of(ConfigError("", channel.switch, what.format(channel.name), "Set it again."), WARNING)
        for channel in lost_channels(settings, served)
    ]


def _versions(settings: Settings, stored: Mapping[tuple[str, int], str]) -> list[DoctorLine]:
    """Return the surveys whose wording has changed while their version has not."""
    try:
        surveys = read_surveys(settings.files.directory)
    except ConfigErrors:
        return []
    changed = [s for s in surveys.values() if s.key in stored and stored[s.key] != survey_json(s)]
    return [
        DoctorLine(
            PROBLEM,
            f"surveys/{survey.id}.toml: version: Version {survey.version} was asked before in other words.",
            f"Write version = {survey.version + 1}.",
        )
        for survey in changed
    ]


def _desks(settings: Settings) -> list[DoctorLine]:
    """Return what came of a sample of each help desk that has a secret, signed as its deliveries are."""
    fix = "Run `huifang connect` for it again, and compare its settings."
    return [
        DoctorLine(INFO, f"hooks.{one.name}: {one.told}.", "")
        if one.is_understood
        else DoctorLine(PROBLEM, f"hooks.{one.name}: {one.told}.", fix)
        for one in read_samples(connector_options(settings), SystemClock().now())
    ]


async def _desk_tokens(settings: Settings) -> AsyncIterator[DoctorLine]:
    """Call the API of each help desk whose tickets are written to, by a call that changes nothing."""
    for name, api, account in desk_accounts(settings):
        why = await probe_desk(name, api, account, SystemClock().now())
        if why:
            fix = f"Compare hooks.{name}.api_url and hooks.{name}.api_token with docs/connect/{name}.md."
            yield DoctorLine(PROBLEM, f"hooks.{name}.api_token: {why}.", fix)
        else:
            yield DoctorLine(INFO, f"hooks.{name}.api_token: it is taken at {account.url}.", "")


async def _channels(settings: Settings) -> AsyncIterator[DoctorLine]:
    """Ask each channel that is on what keeps it from working."""
    for channel in switched_on(settings):
        async for problem in channel.examine(settings):
            where = settings.where(problem.key)
            yield DoctorLine(PROBLEM, f"{where}: {problem.key}: {problem.what}", problem.fix)
