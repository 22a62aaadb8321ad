"""The records of reports that were made: files, archived revisions, runs of schedules."""
