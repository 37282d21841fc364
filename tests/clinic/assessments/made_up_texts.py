"""A text pack in made-up words for any instrument, as a site would bring one with its permission."""

from longlight.science import instruments


def made_up_text(name: str, *, language: str = "en", **permission: str) -> str:
    instrument = instruments.get(name)
    allowed = {
        "reference": "letter of 3 March 2026", "granted_by": "the owners", "date": "2026-03-03",
        "confirmed_by": "R. Okafor", **permission,
    }  # fmt: skip
    lines = [
        f'instrument = "{name}"', f'version = "{instrument.version}"', f'language = "{language}"',
        'title = "Made up"', 'recall_period = "past week"', 'instruction = "In the past week:"',
        'licence_line = "By letter."', 'notice = "Shown with permission of the owners."',
        "[permission]", *(f'{key} = "{value}"' for key, value in allowed.items()), "[option_sets]",
    ]  # fmt: skip
    for item in instrument.items:
        if item.options:
            rows = ", ".join(
                f'{{ code = "{o.code}", value = {int(o.value)}, text = "Answer {o.code}" }}'
                for o in item.options
            )
            lines.append(f"set{item.number} = [{rows}]")
    for item in instrument.items:
        lines += ["[[items]]", f"number = {item.number}", f'text = "Made-up item {item.number}"']
        lines += [f'options = "set{item.number}"'] if item.options else []
    return "\n".join(lines) + "\n"
