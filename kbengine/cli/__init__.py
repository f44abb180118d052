"""`kb`, the command line: the only place that prints and exits."""

from kbengine.cli.main import main

__all__ = ["main"]
