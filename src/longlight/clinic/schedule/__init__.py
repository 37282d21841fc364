"""Schedule: rooms, chairs and staff, and appointments that hold them.

An appointment is a plan. Booking locks what it holds before it looks, and the database refuses an overlap besides, so
that a chair, a room, a member of staff or a patient is never booked twice. A move makes a successor; the old
appointment stays, with who moved it and why. Times are kept in UTC and shown in the clinic's zone.
"""
