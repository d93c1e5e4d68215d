"""Write constraints.txt: the exact versions that all extras resolve to, by pip's own resolver, in a fresh environment.

Run by `make constraints`. Names and versions only: no addresses, no hashes, no local version labels such as `+cpu`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "agent,voice,vision,asr,asr-stream,aec,gpu,mic,train,robot,nao,menagerie,dds,study,debug,dev"
HEAD = """\
# Exact versions of everything that attune and all its extras resolve to on Linux (CPython 3.11, x86-64).
# Use: pip install -c constraints.txt 'attune[agent,voice,vision]'. Made by `make constraints`; names and versions only.
# Where torch resolves to its CPU build, the CUDA libraries of the default Linux build are not listed: torch pins them itself.
"""


def main() -> int:
    """Resolve and write."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(Path(folder) / "venv", with_pip=True)
        python, report = Path(folder) / "venv" / "bin" / "python", Path(folder) / "report.json"
        command = [str(python), "-m", "pip", "install", "--dry-run", "--quiet", "--report", str(report), f".[{EXTRAS}]"]
        subprocess.run(command, cwd=ROOT, check=True)
        installed = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    pins = {item["name"].lower().replace("_", "-"): item["version"].partition("+")[0] for item in installed}
    pins.pop("attune")
    (ROOT / "constraints.txt").write_text(HEAD + "".join(f"{name}=={pins[name]}\n" for name in sorted(pins)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
