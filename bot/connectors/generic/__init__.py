"""Any tool with a webhook: paths say where what stands."""
