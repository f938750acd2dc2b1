"""Question sets: which questions to practise for this role, this job and this person, and why each."""
