#!/usr/bin/env bash
# Installs what the tests need beside Python packages, from Debian's: Prometheus (with promtool), Redis, and PostgreSQL.
set -euo pipefail

missing=()
command -v promtool >/dev/null || missing+=(prometheus)
command -v redis-server >/dev/null || missing+=(redis-server)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
    if ! command -v apt-get >/dev/null; then
        echo "This script knows Debian and Ubuntu only. Install by hand: ${missing[*]}." >&2
        exit 1
    fi
    as_root=""
    [ "$(id -u)" = 0 ] || as_root="sudo"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
promtool --version 2>&1 | head -n 1
redis-server --version
psql --version
