"""The report: one value that is rendered as Markdown, HTML and text."""
