"""People: clinics, staff and their roles, patients, sign-in, and who may see what."""
