"""Comparisons of trainings as data: planned, run, counted photo by photo, written as tables."""
