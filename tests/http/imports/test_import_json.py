"""What the API tells of an import, from its register, from the file that came by the API, or from both."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.http.api.imports.import_json import import_out
from scoring.values import replace
from storage.model.import_records import ImportRecord, ImportState, Upload, UploadState, UploadTask

NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
RECORD = ImportRecord(
    "imp_1", "tickets", ImportState.RUNNING, "t.csv", "李工", "{}", NOW, rows=1000, position=401, added=390, same=10
)
UPLOAD = Upload(
    import_id="imp_1",
    task=UploadTask.STORE,
    state=UploadState.RUNNING,
    kind="tickets",
    file="t.csv",
    by="API",
    at=NOW - timedelta(minutes=1),
    options='{"map": "", "take_good": false, "dry_run": false}',
    parts="upload_x",
    errors="errors_x",
    told=json.dumps(
        {
            "phase": "checking",
            "done": 1001,
            "rows": 1000,
            "added": 1000,
            "same": 0,
            "refused": 0,
            "columns": [["单号", "ticket"], ["备注2", ""]],
            "first": [{"row": "2", "ticket": "G1"}],
            "mistakes": [],
        }
    ),
)
TRIAL = replace(UPLOAD, options='{"map": "", "take_good": false, "dry_run": true}')


@pytest.mark.parametrize(
    ("record", "upload", "state"),
    [
        (None, replace(UPLOAD, state=UploadState.WAITING), "waiting"),
        (None, UPLOAD, "checking"),
        (RECORD, UPLOAD, "running"),
        (replace(RECORD, state=ImportState.DONE), UPLOAD, "checking"),
        (replace(RECORD, state=ImportState.DONE), replace(UPLOAD, state=UploadState.OVER), "done"),
        (replace(RECORD, state=ImportState.DONE), replace(UPLOAD, task=UploadTask.UNDO), "undoing"),
        (replace(RECORD, state=ImportState.UNDOING), replace(UPLOAD, task=UploadTask.UNDO), "undoing"),
        (replace(RECORD, state=ImportState.UNDONE), None, "undone"),
        (replace(RECORD, state=ImportState.DONE), TRIAL, "checking"),
        (replace(RECORD, state=ImportState.DONE), replace(TRIAL, state=UploadState.OVER), "checked"),
        (None, replace(UPLOAD, state=UploadState.OVER, told='{"problem": "It is no table."}'), "failed"),
    ],
)
def test_the_state_is_told_by_what_is_under_way(record: ImportRecord | None, upload: Upload | None, state: str) -> None:
    assert import_out(record, upload).state == state


def test_while_rows_are_stored_those_count_and_before_those_that_were_looked_at() -> None:
    storing = import_out(RECORD, UPLOAD)
    assert (storing.rows, storing.done, storing.added, storing.same) == (1000, 401, 390, 10)
    checking = import_out(replace(RECORD, state=ImportState.CHECKING), UPLOAD)
    assert (checking.rows, checking.done, checking.added, checking.same) == (1000, 1001, 1000, 0)


def test_columns_that_are_not_read_have_none() -> None:
    told = import_out(None, UPLOAD)
    assert [(one.header, one.column) for one in told.columns] == [("单号", "ticket"), ("备注2", None)]
    assert told.first == ({"row": "2", "ticket": "G1"},)


def test_the_list_of_wrong_rows_is_there_once_it_is_over() -> None:
    assert not import_out(None, UPLOAD).has_errors
    assert import_out(None, replace(UPLOAD, state=UploadState.OVER)).has_errors
    assert not import_out(None, replace(UPLOAD, state=UploadState.OVER, errors="")).has_errors
    assert not import_out(RECORD, None).has_errors


def test_an_import_that_came_otherwise_is_told_by_its_register_alone() -> None:
    told = import_out(replace(RECORD, state=ImportState.FAILED, why="t.csv is no text", ended_at=NOW), None)
    assert (told.state, told.problem, told.by, told.started_at, told.ended_at) == (
        *("failed", "t.csv is no text", "李工"),
        *(NOW, NOW),
    )
    assert (told.columns, told.first, told.mistakes) == ((), (), ())


def test_an_upload_that_waits_began_when_it_came() -> None:
    assert import_out(None, UPLOAD).started_at == UPLOAD.at
    with pytest.raises(ValueError, match="no import"):
        import_out(None, None)
