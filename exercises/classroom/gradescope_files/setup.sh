#!/usr/bin/env bash
# Gradescope runs this once, when it builds the autograder: Python >= 3.11, a sandbox for attempts, By Heart.
# AUTOGRADER_ROOT and BYHEART_PYTHON are for trying it elsewhere.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

find_python() {
  for name in "${BYHEART_PYTHON:-}" python3.13 python3.12 python3.11 python3; do
    if [ -n "$name" ] && "$name" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
}

python="$(find_python)"
if [ -z "$python" ] && can_install; then
  apt-get update -qq
  for version in 3.13 3.12 3.11; do
    apt-get install -y -qq "python$version" "python$version-venv" && break
  done
  python="$(find_python)"
fi
if [ -z "$python" ]; then
  echo "By Heart needs Python 3.11 or newer: choose a newer base image for this autograder." >&2
  exit 1
fi

# attempts are confined without it too, but not as well
if ! command -v bwrap >/dev/null && can_install; then
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends bubblewrap; } || true
fi

"$python" -m venv "$root/byheart"
"$root/byheart/bin/python" -m pip install -q "$root/source/project"
