"""Plans, reports and talks: pull requests, commands, checks, comments. Never imports Paddle."""
