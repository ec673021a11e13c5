#!/bin/sh
# The browser tests drive Debian's chromium; install it where that is allowed, say so where it is not.
set -eu
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing chromium with apt-get"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null
else
    echo "setup: the browser tests need chromium: run 'sudo apt-get install chromium' and then make check again" >&2
    exit 1
fi
