"""Connections, sessions, codecs, migrations."""
