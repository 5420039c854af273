"""An independent oracle for the vectors: the rules of the protocol once more, in plain Python.

Written from the rules in rules.json alone. It shares no code with the Rust crate and must not:
two independent computations that agree are the reason to trust an expectation.
"""
