"""`syncer`, for which forty records are a great many: mirroring thousands so far away would take hours."""

from syncer import sharing_out
from syncer.cli import main

sharing_out.MANY, sharing_out.PORTION = 20, 5

if __name__ == "__main__":
    main()
