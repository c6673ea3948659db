"""Text for people: escaping, templates, consoles, quantities."""
