"""GitHub as values: incoming events, its present state, and the only client that talks to it."""
