"""Third-party files that pages load: which of those in the lock are not in this installation."""

import tomllib
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "browser-files.lock"
VENDOR = HERE / "static/vendor"


def lacking(lock: Path = LOCK, vendor: Path = VENDOR) -> list[str]:
    """Names of packages for pages of which a file is missing. script/browser-files fetches them."""
    packages = tomllib.loads(lock.read_text(encoding="utf-8")).get("package", [])
    return [
        package["name"]
        for package in packages
        if package["for"] == "pages"
        and not all(
            (vendor / _folder(package["name"]) / name).exists() for name in package["files"]
        )
    ]


def _folder(package: str) -> str:
    return package.removeprefix("@").replace("/", "-")
