"""For operators: what the synchronizer is told from outside, and `example.env`, which lists all of it."""
