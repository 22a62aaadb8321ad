"""The settings of the service: their schema, where they are read from, what is checked across them."""
