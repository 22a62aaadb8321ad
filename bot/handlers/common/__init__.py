"""What several decisions share: context, policy, results, the turn of a conversation, outbox rows."""
