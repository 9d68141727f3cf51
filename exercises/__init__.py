"""Fill-in-the-code exercises and their autograder, driven by the reference."""
