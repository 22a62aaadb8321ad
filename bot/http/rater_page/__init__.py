"""The page of a rater, behind the signed links `/f/{token}`: one form about one subject and period."""
