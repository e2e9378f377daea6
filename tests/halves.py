"""`python -m tests.halves`: the whole suite in two processes side by side, each with a database of its own.

One after the other would take twice as long. What the second one says is shown when the first has ended.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECOND = ["tests/benchmarks", "tests/clinic", "tests/faults", "tests/treatments"]
SAID = ROOT / "var" / "tests" / "second_half.log"
NOTHING = ["--cov", "--cov-report=", "--cov-fail-under=0"]  # the parts are put together below


def main() -> int:
    SAID.parent.mkdir(parents=True, exist_ok=True)
    first = [f"--ignore={folder}" for folder in SECOND]
    with SAID.open("w+") as said:
        second = subprocess.Popen(pytest(SECOND), cwd=ROOT, env=environment("second"), stdout=said, stderr=said)
        try:
            failed = subprocess.run(pytest(first), cwd=ROOT, env=environment("first"), check=False).returncode
            print(f"\nThe other half ({', '.join(SECOND)}):", flush=True)
            failed = second.wait() or failed
        finally:
            second.kill()
        said.seek(0)
        print(said.read(), flush=True)
    coverage("combine", "--quiet")
    return failed or coverage("report")


def pytest(arguments: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *NOTHING, *arguments]


def environment(half: str) -> dict[str, str]:
    return {
        **os.environ,
        "CLINIC_TEST_DATABASE": f"test_plumbline_{half}",
        "COVERAGE_FILE": str(ROOT / f".coverage.{half}"),
        "PYTHONDONTWRITEBYTECODE": "",  # else each of the processes that tests start compiles everything again
    }


def coverage(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "coverage", *arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
