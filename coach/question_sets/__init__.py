"""Sets of interview questions: composed from a role's situations, chosen for coverage, with reasons."""
