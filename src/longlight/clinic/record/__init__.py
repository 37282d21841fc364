"""The record under every step: one door for writes, an append-only hash-chained audit trail, corrections.

It knows no one above it: an actor's id and name are kept as values.
"""
