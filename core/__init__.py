"""Shared by all packages: errors, schemas, canonical JSON, git, safe YAML, the store."""
