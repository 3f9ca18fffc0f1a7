#!/bin/bash
# otp.sh RELEASE DEST: an Erlang/OTP installation of that release at DEST, from Debian's packages.
#
# The release that the machine's own Debian carries is installed through apt-get and DEST becomes a
# link to it. Any other release is unpacked at DEST beside the libraries it was linked with, so the
# system stays as it is; only apt's own trust and mirror are used, with lists in a temporary folder.
# BEAMRC_OTP<RELEASE> naming an existing installation short-cuts all of this.
# Running it again does nothing once DEST works. It asks nothing.
set -euo pipefail
. "$(dirname "$0")/apt.sh"

[ $# = 2 ] || die "usage: otp.sh RELEASE DEST, for example: otp.sh 27 .otp/27"
release=$1
dest=$(realpath -m -s "$2")

# What Debian splits off and a program may reach; common_test is not there, for it needs a display.
packages=(erlang-base erlang-dev erlang-asn1 erlang-crypto erlang-diameter
    erlang-edoc erlang-eldap erlang-eunit erlang-ftp erlang-inets erlang-mnesia erlang-os-mon
    erlang-parsetools erlang-public-key erlang-runtime-tools erlang-snmp erlang-ssh erlang-ssl
    erlang-syntax-tools erlang-tftp erlang-tools erlang-xmerl)

# The suites that may carry a release, in the order in which they are tried.
suites_of() {
    case $1 in
        25) echo bookworm ;;
        27) echo trixie ;;
        29) echo testing unstable ;;
        *) die "no Debian suite is known for OTP $1; name an installation in BEAMRC_OTP$1" ;;
    esac
}

release_at() {
    [ -x "$1/bin/erl" ] && [ -x "$1/bin/erlc" ] || return 1
    "$1/bin/erl" -noshell -eval \
        'io:put_chars(erlang:system_info(otp_release)), halt().' 2>/dev/null
}

works() { [ "$(release_at "$1" || true)" = "$release" ]; }

link_to() {
    mkdir -p "$(dirname "$dest")"
    rm -rf "$dest"
    ln -s "$1" "$dest"
    say "OTP $release: $dest -> $1"
}

# The machine's own lists and packages are for one at a time; other releases may be set up meanwhile.
one_at_a_time() {
    exec {apt_lock}>"${TMPDIR:-/tmp}/beamrc-apt.lock"
    flock "$apt_lock"
    "$@"
    exec {apt_lock}>&-
}

# Installs packages of the machine's own Debian.
apt_install() {
    [ "$(id -u)" = 0 ] || die "packages are missing: run as root, or: apt-get install $*"
    say "installing $*"
    local log
    log=$(mktemp)
    apt-get update -q >"$log" 2>&1 || say "apt-get update failed; going on with the lists there are"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1 ||
        { cat "$log" >&2; die "apt-get install failed"; }
    rm -f "$log"
}

major_offered() { # the OTP release that the machine's own apt sources offer
    apt-cache policy erlang-base 2>/dev/null |
        sed -n 's/^  Candidate: \([0-9]*:\)\?\([0-9]*\)\..*/\2/p'
}

not_installed() { # those of the packages that are not there
    local name
    for name in "${packages[@]}"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$name" 2>/dev/null | grep -qx installed || echo "$name"
    done
}

unpack_from_suite() {
    local suite=$1 state=$2
    say "OTP $release: reading the package list of Debian $suite"
    private_lists "$state" deb "$suite" || return 1
    mkdir "$state/tree"

    local offered
    offered=$(apt-cache "${private[@]}" policy erlang-base |
        sed -n 's/^  Candidate: \([0-9]*:\)\?\([0-9]*\)\..*/\2/p')
    if [ "$offered" != "$release" ]; then
        say "Debian $suite carries OTP ${offered:-(none)}, not $release"
        return 1
    fi
    local wanted=() name
    for name in "${packages[@]}"; do
        if apt-cache "${private[@]}" show "$name" >/dev/null 2>&1; then wanted+=("$name"); fi
    done
    # libsctp is only recommended, and loaded at run time by the socket driver.
    say "OTP $release: downloading ${#wanted[@]} packages and what they stand on"
    apt-get "${private[@]}" install -y --download-only --no-install-recommends \
        "${wanted[@]}" libsctp1 >"$state/log" 2>&1 || { cat "$state/log" >&2; return 1; }
    local package
    for package in "$state"/cache/archives/erlang-*.deb "$state"/cache/archives/lib*.deb \
        "$state"/cache/archives/zlib1g*.deb; do
        dpkg -x "$package" "$state/tree"
    done
}

# Moves the unpacked tree to DEST and makes it run from there with its own C library.
settle() {
    local tree=$1/tree file
    rm -rf "$dest"
    mkdir -p "$(dirname "$dest")"
    mv "$tree/usr/lib/erlang" "$dest"
    mkdir "$dest/system-libraries"
    find "$tree" -regex '.*-linux-gnu/[^/]*\.so\(\.[^/]*\)?' \
        -exec cp -a -t "$dest/system-libraries" {} +
    local loader
    loader=$(find "$dest/system-libraries" -name 'ld-linux-*.so.*' | head -n 1)
    [ -n "$loader" ] || die "no dynamic loader among the downloaded packages"

    # Links that point into the system's tree would find another release there, or nothing.
    find "$dest" -type l -lname '/*' -delete
    while IFS= read -r -d '' file; do
        [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
        if patchelf --print-interpreter "$file" >/dev/null 2>&1; then
            patchelf --set-interpreter "$loader" "$file"
        fi
        # RPATH proper, which unlike RUNPATH also holds for the libraries' own libraries.
        patchelf --force-rpath --set-rpath "$dest/system-libraries" "$file"
    done < <(find "$dest" -path "$dest/system-libraries" -prune -o \
        -type f \( -perm -u+x -o -name '*.so' \) -print0)
    sed -i "s|^ROOTDIR=.*|ROOTDIR=\"$dest\"|; s|/usr/lib/erlang|$dest|g" "$dest"/bin/erl \
        "$dest"/erts-*/bin/erl "$dest"/bin/start "$dest"/erts-*/bin/start 2>/dev/null || true
}

main() {
    local shortcut=BEAMRC_OTP$release
    if [ -n "${!shortcut:-}" ]; then
        works "${!shortcut}" || die "$shortcut=${!shortcut} does not run as OTP $release"
        [ "$(realpath "${!shortcut}")" = "$(realpath -m "$dest")" ] || link_to "$(realpath "${!shortcut}")"
        return
    fi
    # An unpacked installation holds absolute paths: one that was moved does not work and is redone.
    if works "$dest"; then return; fi
    local suites
    suites=$(suites_of "$release")

    # Another Linux can still use what it has installed itself.
    . /etc/os-release
    if [ "${ID:-}" != debian ]; then
        works /usr/lib/erlang ||
            die "this is not Debian: install OTP $release yourself and name it in $shortcut"
        link_to /usr/lib/erlang
        return
    fi
    if [ "$(id -u)" = 0 ] && [ -z "$(apt-cache policy erlang-base 2>/dev/null)" ]; then
        one_at_a_time apt-get update -q >/dev/null
    fi
    if [ "$(major_offered)" = "$release" ]; then
        local absent
        absent=($(not_installed))
        if [ ${#absent[@]} = 0 ] || [ "$(id -u)" = 0 ]; then
            [ ${#absent[@]} = 0 ] || one_at_a_time apt_install "${absent[@]}"
            link_to /usr/lib/erlang
            return
        fi
    fi
    command -v patchelf >/dev/null || one_at_a_time apt_install patchelf
    local suite
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    for suite in $suites; do
        if unpack_from_suite "$suite" "$scratch/apt"; then
            settle "$scratch/apt"
            works "$dest" || die "OTP $release at $dest does not start"
            say "OTP $release: $dest"
            return
        fi
    done
    die "OTP $release could not be had from: $suites"
}

main
