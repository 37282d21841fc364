"""Argon2 as in production, at a price that tests can pay (the real price is tested in `test_passwords`)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
