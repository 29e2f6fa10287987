"""The deciding part: pure functions from what was seen to what is to be done. No I/O, clock, log or thread."""
