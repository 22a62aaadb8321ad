"""Commands on data that goes out or comes in as a whole."""
