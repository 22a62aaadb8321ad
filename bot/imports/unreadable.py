"""A file that cannot be imported, with the sentence that says why."""

__all__ = ["UnreadableFile"]


class UnreadableFile(ValueError):  # noqa: N818 (a file is wrong)
    """The file cannot be read; the message is one sentence for a person, with what to do."""
