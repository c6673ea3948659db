"""A GitHub of one's own: a stateful emulator behind a front that adds what it lacks."""
