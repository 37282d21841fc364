"""The staff's notes and what is shared with them; the patient's journal."""
