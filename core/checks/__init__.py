"""What a program can find wrong: briefs, copy and pictures in, Findings out; and the repairs it can make by rule."""
