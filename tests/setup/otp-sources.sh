#!/bin/bash
# otp-sources.sh RELEASE DEST: the sources of that Erlang/OTP release, with its test suites, at DEST.
#
# They are Debian's source package `erlang`, of the suite that carries the release, fetched by name
# with apt-get; the lists of source packages stand in a temporary folder, the machine's own stay
# as they are. Running it again does nothing once DEST is there. It asks nothing.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

[ $# = 2 ] || die "usage: otp-sources.sh RELEASE DEST, for example: otp-sources.sh 27 .otp/sources"
release=$1
dest=$(realpath -m -s "$2")
[ ! -e "$dest/OTP_VERSION" ] || exit 0

case $release in
    25) suite=bookworm ;;
    27) suite=trixie ;;
    29) suite=testing ;;
    *) die "no Debian suite is known for OTP $release" ;;
esac
if ! command -v dpkg-source >/dev/null; then
    [ "$(id -u)" = 0 ] || die "dpkg-source is missing; as root: apt-get install dpkg-dev"
    apt-get update -q >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends dpkg-dev xz-utils >&2
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
say "OTP $release: reading the list of source packages of Debian $suite"
private_lists "$scratch/apt" deb-src "$suite" || die "apt-get update failed"
say "OTP $release: downloading the source package erlang"
(cd "$scratch" && apt-get "${private[@]}" source --download-only erlang) >"$scratch/log" 2>&1 ||
    { cat "$scratch/log" >&2; die "apt-get source failed"; }
dpkg-source --no-check --extract "$scratch"/erlang_*.dsc "$scratch/tree" >"$scratch/log" 2>&1 ||
    { cat "$scratch/log" >&2; die "dpkg-source failed"; }
case $(cat "$scratch/tree/OTP_VERSION") in
    "$release" | "$release".*) ;;
    *) die "Debian $suite carries OTP $(cat "$scratch/tree/OTP_VERSION"), not $release" ;;
esac
mkdir -p "$(dirname "$dest")"
mv "$scratch/tree" "$dest"
say "OTP $release: sources at $dest"
