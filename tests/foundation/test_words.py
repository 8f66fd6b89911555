import pytest

from reviewapp.foundation.templatetags.words import file_size, percent


@pytest.mark.parametrize(("value", "words"), [(0.8231, "82 %"), (1.0, "100 %"), (None, "–")])
def test_shares_are_read_in_whole_percent(value: float | None, words: str) -> None:
    assert percent(value) == words


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 B"), (3_400_000, "3.4 MB"), (2_000_000_000, "2.0 GB")]
)
def test_sizes_are_read_in_their_unit(size: int, words: str) -> None:
    assert file_size(size) == words
