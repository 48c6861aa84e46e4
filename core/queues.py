"""The queues of the workers."""

COMMON = "celery"
URGENT = "urgent"  # what waits behind no slow work: a worker of its own takes nothing else
OUTSIDE = "outside"  # what waits for servers of others, which may never answer: nothing else waits with it
EVERY = (COMMON, URGENT, OUTSIDE)
