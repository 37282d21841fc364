"""Step 5: the dosing day. Ready, dose, watch, leave.

What must hold before a dose and before leaving, and how much may be given, stands in `science.protocols`; this step
keeps what was seen, who did what and when, and lets nothing start or end while a reason stands against it.
"""
