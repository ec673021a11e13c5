#!/bin/sh
# Grading builds its sandbox with bubblewrap; install it where that is allowed, say what is missing where it is not.
set -u
[ "$(uname -s)" = Linux ] || exit 0
command -v bwrap >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing bubblewrap with apt-get"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq bubblewrap >/dev/null && exit 0
    echo "setup: apt-get could not install bubblewrap" >&2
fi
echo "setup: bubblewrap is missing, so grading has fewer walls, or none and refuses: install it with" \
    "'sudo apt-get install bubblewrap' (Debian, Ubuntu) or 'sudo dnf install bubblewrap' (Fedora)" >&2
