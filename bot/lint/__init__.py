"""Lints recipes and manifests, and renders findings."""
