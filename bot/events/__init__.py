"""GitHub events and comment commands: who may use them, and which run they request."""
