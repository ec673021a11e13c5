#!/bin/sh
# Make .venv with the locked dependencies and this project in it. Usage: tools/setup.sh [PYTHON]
set -eu
python=${1:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
    echo "setup: $python is missing or older than 3.11; install Python 3.11 or newer and run make again" >&2
    exit 1
}

# Debian keeps venv in a package of its own.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "setup: python3-venv is missing, installing it with apt-get"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "setup: run 'sudo apt-get install python3-venv' and then make again" >&2
        exit 1
    fi
fi

if [ ! -x .venv/bin/python ]; then
    echo "setup: making .venv"
    "$python" -m venv .venv
fi
echo "setup: installing the locked dependencies (a minute or two the first time)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
# An editable installation leaves out what belongs under etc/: Jupyter's server finds its extension there, and JupyterLab
# that it asks nobody, in front of a class, whether to fetch news.
mkdir -p .venv/etc/jupyter/jupyter_server_config.d .venv/etc/jupyter/labconfig
cp course/widgets/etc/course-widgets.json .venv/etc/jupyter/jupyter_server_config.d/
cp course/widgets/etc/page_config.json .venv/etc/jupyter/labconfig/
touch .venv/.ready
echo "setup: done"
