"""A link as a square to scan: marks in the page itself, for a `data:` image would break the content policy."""

import qrcode
from django.utils.html import format_html
from django.utils.safestring import SafeString


def square_svg(text: str, label: str, size_px: int = 240) -> SafeString:
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(
        f"M{column} {line}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, is_dark in enumerate(row)
        if is_dark
    )
    return format_html(
        '<svg viewBox="0 0 {0} {0}" width="{3}" height="{3}" role="img" aria-label="{1}">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        len(rows),
        label,
        dark,
        size_px,
    )
