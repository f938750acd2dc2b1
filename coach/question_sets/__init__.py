"""From a job and a person to a set of questions."""
