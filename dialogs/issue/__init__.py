"""Issues: model, state machine, cards, messages to customers."""
