"""What changes: `notes` of therapy, and the patient's `journal`."""
