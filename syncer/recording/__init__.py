"""`syncer record`: what somebody's own servers answer to the calls that read, with everything of theirs replaced.

live       the adapters ask the servers; every exchange is overheard
redaction  what is in an exchange is replaced, but for what is known to be harmless (`vocabulary`, `stand_ins`)
file       the recording as it is written, and read again
replay     a server of its own that gives the recorded answers
calls      what is asked, and what the adapters saw in the answers: the same live and in a replay
"""
