"""What was predicted against what happened: pure functions of arrays, a concept a file."""
