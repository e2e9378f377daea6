"""A human figure drawn from joint angles. Pure Python: a pose goes in, SVG comes out."""
