"""`syncer worker`: project links shared out over several processes, each link one worker's at a time.

    Workers ── main thread: mapping files, requests to stop
       │
    JobQueue ── Procrastinate on PostgreSQL: who is handed which link, and when
       │
    Desk ── the turn of one link: its lease, its cycle, what the next turn has to know

The queue decides who works and nothing else: it may lose jobs, or hand out a link twice. What keeps two workers from
one link is the lease of that link in the state DB.
"""
