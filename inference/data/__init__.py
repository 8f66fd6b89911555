"""Labelled photos of foreign formats, set-valued labels, splits by case, augmentation."""
