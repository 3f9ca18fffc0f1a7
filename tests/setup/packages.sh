#!/bin/bash
# packages.sh [tests]: what building beamrc, and running its tests, need of Debian, installed where
# missing. Rust itself must be there. It asks nothing.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null || missing+=("$2"); } # need COMMAND PACKAGE
need cc gcc
need ld binutils
need patchelf patchelf
[ "${1:-}" != tests ] || need valgrind valgrind
[ -e /usr/lib/x86_64-linux-gnu/libc.a ] || missing+=(libc6-dev)

command -v cargo >/dev/null || { echo "packages.sh: no cargo on PATH: install Rust first" >&2; exit 1; }
[ ${#missing[@]} -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "packages.sh: missing; as root: apt-get install ${missing[*]}" >&2
    exit 1
fi
apt-get update -q >&2
DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
