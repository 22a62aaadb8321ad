"""Tables, columns, column types."""
