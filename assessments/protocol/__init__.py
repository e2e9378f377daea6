"""Clinical facts of the hip-and-leg protocol as JSON: read it, review it, change it without reading Python.

Tags on every value: V read in the named source, C corroborated by a second document, U unverified,
D our own working value.
"""
