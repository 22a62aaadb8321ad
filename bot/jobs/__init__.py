"""Work that is started by time or by an operator: retention, campaigns, rules, data requests."""
