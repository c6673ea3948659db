"""The report: one value, rendered as Markdown, HTML and text."""
