"""What several decisions share: context, policy, results, replies."""
