"""Survey definitions: their schema, validation, and the JSON in which versions are stored."""
