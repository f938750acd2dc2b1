"""Planted faults that the judge must catch, and changes that must move nothing."""
