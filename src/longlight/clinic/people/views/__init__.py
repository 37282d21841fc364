"""What is seen of people: ways in, the own account, the people of a clinic, emergencies."""
