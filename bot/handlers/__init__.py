"""One pure decision per door: `decide(scene, input) -> Changes`. No clock, no network, no database."""
