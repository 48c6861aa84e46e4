"""The queues of the workers."""

COMMON = "celery"
URGENT = "urgent"  # what waits behind no slow work: a worker of its own takes nothing else
