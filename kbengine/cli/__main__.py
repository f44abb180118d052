"""`python -m kbengine.cli`: the command line without its script."""

from kbengine.cli.main import main

main(prog_name="kb")
