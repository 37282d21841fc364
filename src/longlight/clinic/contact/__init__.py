"""Messages and jobs: everything that leaves, and everything done later, goes through the outbox.

An action queues a message or a job inside its own write, so that both happen or neither. `longlight worker` does them
afterwards: jobs once, since their effect and their mark are one transaction; messages at least once, each with a key
by which a second copy can be told. Django's own mail (the sign-in library's) comes in by `mailbox`.
"""
