"""The team's page of one issue, behind the signed links `/t/{token}` that cards without buttons carry."""
