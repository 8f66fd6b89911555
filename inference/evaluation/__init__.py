"""Measuring the models: counts per photo, figures from counts, intervals, reports."""
