"""What can go wrong with GitHub; apart from the client, so that telling of it costs no import."""


class GitHubError(Exception):
    """GitHub refused or could not be reached; the next run repairs what was left undone."""
