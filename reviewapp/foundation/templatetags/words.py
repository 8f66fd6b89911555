"""Small words of the pages: percentages without decimals, sizes people read."""

from django import template

register = template.Library()


@register.filter
def percent(value: float | None) -> str:
    """0.8231 → `82 %`; nothing → an en dash."""
    return "–" if value is None else f"{round(value * 100)} %"


@register.filter
def file_size(value: int) -> str:
    """Bytes as people read them: `3.4 MB`."""
    size = float(value)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
