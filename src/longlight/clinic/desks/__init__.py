"""Desks: the pages that look across steps. They read everything and write nothing but through a step's actions."""
