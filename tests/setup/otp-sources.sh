#!/bin/bash
# otp-sources.sh RELEASE DEST: the sources of that Erlang/OTP release, with its test suites, at DEST.
#
# They are Debian's source package `erlang`, of the suite that carries the release, fetched by name
# with apt-get; the lists of source packages stand in a temporary folder, the machine's own stay
# as they are. Running it again does nothing once DEST is there. It asks nothing.
set -euo pipefail

say() { echo "otp-sources.sh: $*" >&2; }
die() { say "$*"; exit 1; }

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

mirror=$(apt-get indextargets --format '$(REPO_URI)|$(COMPONENT)|$(CREATED_BY)|$(LABEL)' |
    sed -n 's/^\([^|]*\)|main|Packages|Debian$/\1/p' | head -n 1)
[ -n "$mirror" ] || die "no Debian mirror among this machine's apt sources"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"/{lists/partial,cache/archives/partial,parts}
: >"$scratch/status"
echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$scratch/sources.list"
private=(-q
    -o "Dir::Etc::SourceList=$scratch/sources.list" -o "Dir::Etc::SourceParts=$scratch/parts"
    -o "Dir::State=$scratch" -o "Dir::State::Lists=$scratch/lists" -o "Dir::State::status=$scratch/status"
    -o "Dir::Cache=$scratch/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
    -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::=)

say "OTP $release: reading the list of source packages of Debian $suite"
apt-get "${private[@]}" update >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; die "apt-get update failed"; }
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
