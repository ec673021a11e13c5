#!/bin/sh
# The JupyterHub test needs its proxy, a program for Node: put it into .venv, in the locked versions. Where npm finds its
# packages is npm's own configuration.
set -eu
proxy=.venv/bin/configurable-http-proxy
hub=.venv/share/hub
[ -x "$proxy" ] && cmp -s tools/hub/package-lock.json "$hub/package-lock.json" && exit 0

if ! command -v npm >/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "setup: installing npm with apt-get"
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq npm >/dev/null
    else
        echo "setup: the JupyterHub test needs Node 18 or newer and npm: run 'sudo apt-get install npm' (Debian, Ubuntu)" \
            "or 'sudo dnf install npm' (Fedora) and then make check again" >&2
        exit 1
    fi
fi
node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' || {
    echo "setup: the JupyterHub test needs Node 18 or newer, and this is $(node --version): install a newer one, and then" \
        "make check again" >&2
    exit 1
}
echo "setup: installing configurable-http-proxy with npm"
mkdir -p "$hub"
cp tools/hub/package.json "$hub/"
cp tools/hub/package-lock.json "$hub/package-lock.json"
npm ci --prefix "$hub" --silent --no-audit --no-fund --ignore-scripts || {
    rm -f "$hub/package-lock.json"
    echo "setup: npm could not install configurable-http-proxy: see that it reaches a registry ('npm ping')" >&2
    exit 1
}
ln -sf ../share/hub/node_modules/configurable-http-proxy/bin/configurable-http-proxy "$proxy"
