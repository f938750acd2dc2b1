"""Sets of interview questions: composed from a role's situations, chosen for coverage, each with its reason."""
