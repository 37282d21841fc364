"""Step 3: is it safe, and does it fit? Findings, consent, and a named prescriber's decision with reasons.

What findings there are, which stop and which caution, stands in `science.protocols`. A stop that holds, and a question
without an answer, each forbid the decision "fit".
"""
