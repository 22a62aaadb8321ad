"""The meaning of numbers and of alert words: scales, alert rules, figures of anonymous surveys; pure functions."""
