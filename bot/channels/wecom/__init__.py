"""WeCom: the team's group, spoken to through a group robot."""
