"""Errors of the library: each has a stable code and says what came, what is allowed, the cure."""


class InferenceError(Exception):
    """Base of all errors raised on purpose by this library.

    `code` is stable and fit for programs; the message is fit for people.
    """

    code = "inference_error"

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class UnreadablePhotoError(InferenceError):
    """The file is no picture that can be decoded fully."""

    code = "unreadable_photo"


class TaxonomyError(InferenceError):
    """A class, merge or mapping name is unknown, doubled or contradictory."""

    code = "taxonomy"


class MaskError(InferenceError):
    """A mask or label map has the wrong shape, type or values."""

    code = "mask"


class LabelError(InferenceError):
    """A label file cannot be read or contradicts itself."""

    code = "label"


class ConfigError(InferenceError):
    """A configuration file or argument is wrong."""

    code = "config"


class WeightsError(InferenceError):
    """Weights are missing, changed since their SHA-256 was written, or do not fit the model."""

    code = "weights"


class TrainingError(InferenceError):
    """Training cannot go on: a non-finite loss, an empty class, a broken checkpoint."""

    code = "training"
