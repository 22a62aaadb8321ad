"""Records, registers, errors."""
