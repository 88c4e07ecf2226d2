"""The classroom: a lesson on one laptop, with a projector and the phones of a class."""
