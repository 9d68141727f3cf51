"""A class, not only a desk: what students handed in is read, graded and told; what they get is laid out."""
