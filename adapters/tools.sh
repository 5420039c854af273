# Sourced by the `install` scripts of the adapters: what they build with, and where they build it.

need() { # COMMAND DEBIAN-PACKAGE
    command -v "$1" >/dev/null && return
    local sudo=''
    [ "$(id -u)" -eq 0 ] || sudo='sudo'
    $sudo apt-get update -qq && $sudo apt-get install -y -qq "$2" && command -v "$1" >/dev/null && return
    echo "$0: needs $1, and the package $2 could not be installed" >&2
    return 1
}

adapter=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
built=$(cd "$adapter/../.." && pwd)/target/adapters/$(basename "$adapter")
mkdir -p "$built"
