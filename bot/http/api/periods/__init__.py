"""Published periods: their figures and scores, by revision."""
