"""Personal data: what is stored of a person, its export, its erasure, its retention."""
