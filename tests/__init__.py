"""The tests, in the same tree as the code. A package, so that no installed package called tests hides it."""
