"""One pure decision per door: `decide(context, input) -> Changes`. No clock, no network, no database."""
