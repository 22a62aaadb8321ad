"""rules.toml: its schema, its values, its validation."""
