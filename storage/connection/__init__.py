"""The open database: connections, sessions, codecs of records, migrations."""
