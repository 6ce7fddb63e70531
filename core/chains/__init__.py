"""The techniques, one a file: episode (meta-prompting), season (self-ask), illustration; plan says what is missing."""
