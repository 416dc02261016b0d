"""pathsim."""
