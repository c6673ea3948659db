"""Says which Python and variables it was given, and from where it imports a package."""

import importlib
import os
import sys


def handle(request):
    """``{"package": NAME}`` is answered with the package's file."""
    file = importlib.import_module(request["package"]).__file__
    return {"python": sys.executable, "file": file, "variables": dict(os.environ)}
