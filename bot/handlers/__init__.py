"""One pure decision for each kind of input: `decide(context, input) -> Changes`, without clock, network or database."""
