# To be sourced: Debian's archive through apt, with lists of its own, so that the machine's stay as they
# are. Only apt's own trust and mirror are used.

say() { echo "${0##*/}: $*" >&2; }
die() { say "$*"; exit 1; }

# The mirror of the machine's own sources: the main component of the Debian archive itself.
mirror_of_machine() {
    apt-get indextargets --format '$(REPO_URI)|$(COMPONENT)|$(CREATED_BY)|$(LABEL)' |
        sed -n 's/^\([^|]*\)|main|Packages|Debian$/\1/p' | head -n 1
}

# private_lists FOLDER KIND SUITE: the suite's lists, of packages (deb) or of their sources (deb-src), in
# the folder, which is made anew. Sets `private` to the options with which apt's programs use them.
private_lists() {
    local folder=$1 kind=$2 suite=$3 keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    local mirror signed=''
    mirror=$(mirror_of_machine)
    [ -n "$mirror" ] || die "no Debian mirror among this machine's apt sources"
    [ -e "$keyring" ] && signed="[signed-by=$keyring] "
    rm -rf "$folder"
    mkdir -p "$folder"/{lists/partial,cache/archives/partial,parts}
    : >"$folder/status" # an empty status makes apt resolve the C library and all else as well
    echo "$kind ${signed}$mirror $suite main" >"$folder/sources.list"
    private=(-q
        -o "Dir::Etc::SourceList=$folder/sources.list" -o "Dir::Etc::SourceParts=$folder/parts"
        -o Dir::Etc::Preferences=/dev/null -o "Dir::Etc::PreferencesParts=$folder/parts"
        -o "Dir::State=$folder" -o "Dir::State::Lists=$folder/lists"
        -o "Dir::State::status=$folder/status" -o "Dir::Cache=$folder/cache"
        -o APT::Sandbox::User=root -o Acquire::Languages=none
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false
        -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::=)
    apt-get "${private[@]}" update >"$folder/log" 2>&1 || { cat "$folder/log" >&2; return 1; }
}
