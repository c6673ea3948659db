"""What every package stands on: errors, schemas, canonical JSON, git, safe YAML, the store."""
