"""Work that time or an operator starts: retention, campaigns, rules, data requests."""
