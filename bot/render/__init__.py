"""Renders a report: one module per form, all pure."""
