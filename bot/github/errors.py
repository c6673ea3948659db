"""The error of GitHub, in a module of its own so that catching it does not import the client."""


class GitHubError(Exception):
    """GitHub refused a request or could not be reached; the next run completes what is missing."""
