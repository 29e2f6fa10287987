"""`python -m syncer` is `syncer`."""

from syncer.cli import main

main()
