"""What came of a study: outcome values, intervals, paired differences, results."""
