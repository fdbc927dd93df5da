#!/bin/sh
# Sets thermo up in ./.venv, touching nothing else of the system. Arguments: extras to install, e.g. test cuda12.
set -eu
cd "$(dirname "$0")"

# The newest Python from 3.11 on; $PYTHON overrides.
for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$python; break; fi
done
if [ -z "${found:-}" ]; then
    echo "setup.sh: no Python 3.11 or newer found (set PYTHON to its path)" >&2
    exit 1
fi

extras=$(echo "$*" | tr ' ' ',')
package=.${extras:+[$extras]}

# Some systems ship Python without ensurepip: then a pip or uv from outside fills the environment.
if [ -x .venv/bin/pip ] || "$found" -m venv .venv >/dev/null 2>&1; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check -e "$package"
elif "$found" -m venv --clear --without-pip .venv && "$found" -m pip --version >/dev/null 2>&1; then
    "$found" -m pip --python .venv/bin/python install --quiet --disable-pip-version-check -e "$package"
elif command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python .venv/bin/python -e "$package"
else
    rm -rf .venv
    echo "setup.sh: $found has neither venv nor pip; install them first (Debian and Ubuntu: apt install python3-venv)" >&2
    exit 1
fi
