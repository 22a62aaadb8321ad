"""The interview: model, state machine, texts, understanding of answers."""
