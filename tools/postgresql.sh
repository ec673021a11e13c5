#!/bin/sh
# The tests of a gradebook on PostgreSQL start a server of their own; install its programs where that is allowed, say so
# where it is not: those tests are then skipped.
set -eu
command -v initdb >/dev/null && exit 0
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: installing postgresql with apt-get"
    config=/etc/postgresql-common/createcluster.conf
    [ -e "$config" ] || { mkdir -p /etc/postgresql-common && echo "create_main_cluster = false" >"$config"; }  # no server
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null
else
    echo "setup: the tests of PostgreSQL need its server: run 'sudo apt-get install postgresql'; they are skipped until then" >&2
fi
