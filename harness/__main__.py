"""`python -m harness`: the same as the console command."""

from harness.cli import main

main()
