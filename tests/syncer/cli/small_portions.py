"""`syncer`, for which a few records are a great many: what it shares out is small enough for a test."""

from syncer import sharing_out
from syncer.cli import main

sharing_out.MANY, sharing_out.PORTION = 12, 4

if __name__ == "__main__":
    main()
