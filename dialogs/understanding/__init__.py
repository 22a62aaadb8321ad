"""Understanding: what a typed text says at a question, read without any other knowledge than words."""
