"""Who may write down what was chosen together."""

from longlight.clinic.people.rules import Role

RECORDS_CHOICES = (Role.NURSE, Role.PRESCRIBER, Role.THERAPIST)
