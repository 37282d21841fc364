"""The staff's page of the days after, and the words for a status."""
