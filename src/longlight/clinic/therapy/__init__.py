"""Step 6: preparation, talk therapy, integration; and the patient's journal, private until shared.

A note of a session marks its planned session done in `courses`. The journal is the patient's: its texts are sealed,
stand in a table of their own, and are destroyed when the patient asks for it.
"""
