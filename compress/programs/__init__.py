"""Programs of two revisions, compared as data."""
