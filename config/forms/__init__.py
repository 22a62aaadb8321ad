"""Form definitions: their schema, validation and loading."""
