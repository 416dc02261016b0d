"""Evidence: the shipped table, the register of a scenario's parameters, and its check.

`table` is read by the parameters themselves; `register` and `check` read scenarios. So
this file imports none of them.
"""
