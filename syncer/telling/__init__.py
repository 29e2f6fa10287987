"""Tells people what needs one of them: a small JSON message to a webhook when it begins, and one when it heals."""
