"""The pages on which a patient answers, and those from which staff send questions."""
