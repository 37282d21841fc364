"""No secret lies in the repository."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\bxox[bp]-[\w-]{20,}"
    r"|LONGLIGHT_\w*KEY\w*\s*[=:]\s*[\"']?[\w+/=-]{40,}"
    r"|://[^/\s:@{<]+:(?!pass|p%40ss|secret@|\{)[^/\s:@{<]{6,}@"
)


def secrets_in(text: str) -> list[str]:
    return [found[0][:60] for found in SECRET.finditer(text)]


def test_no_file_of_the_repository_holds_a_secret() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    found = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if not path.is_file() or name == "tests/architecture/test_secrets.py":
            continue
        if secrets := secrets_in(path.read_bytes().decode("utf-8", "ignore")):
            found[name] = secrets
    assert found == {}


def test_a_secret_is_found() -> None:
    assert secrets_in("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb")
    assert secrets_in("LONGLIGHT_AUDIT_KEY=" + "k3Y" * 20)
    assert secrets_in("smtps://clinic:Tr0ubadour7@mail.example:465")
    assert secrets_in("smtps://user:password@mail.example:465") == []
