"""What is to be improved: findings, their measures, whether those helped, and who is told."""
