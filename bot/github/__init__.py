"""GitHub as values: events that come in, what is there, and the one client that talks to it."""
