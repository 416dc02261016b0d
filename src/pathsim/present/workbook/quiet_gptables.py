"""gptables, opened without its warning."""

import warnings

with warnings.catch_warnings():
    # gptables 2.0 opens the file of its theme and leaves closing it to the interpreter.
    warnings.simplefilter("ignore", ResourceWarning)
    import gptables

__all__ = ["gptables"]
