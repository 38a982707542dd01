#!/usr/bin/env bash
# Installs what the tests need beside Python packages: Prometheus (with promtool), from Debian's packages.
set -euo pipefail

if command -v promtool >/dev/null; then
    echo "promtool is there: $(promtool --version 2>&1 | head -n 1)"
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "This script knows Debian and Ubuntu only. Install Prometheus (for promtool) by hand." >&2
    exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends prometheus
promtool --version 2>&1 | head -n 1
