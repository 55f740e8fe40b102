#!/bin/sh
# Installs both programs of Ondacast on Linux or macOS, after a check of their
# SHA-256 sums:
#
#     sh install.sh URL [FOLDER]
#
# URL is where a release's files are. FOLDER defaults to /usr/local/bin for root,
# else to ~/.local/bin. Nothing is replaced unless everything has been checked.
set -eu

fail() {
	printf 'install.sh: %s\n' "$1" >&2
	exit 1
}

target() {
	case "$(uname -s)/$(uname -m)" in
	Linux/x86_64) echo x86_64-unknown-linux-gnu ;;
	Linux/aarch64 | Linux/arm64) echo aarch64-unknown-linux-gnu ;;
	Darwin/x86_64) echo x86_64-apple-darwin ;;
	Darwin/arm64) echo aarch64-apple-darwin ;;
	*) fail "there are no programs for $(uname -s) on $(uname -m)" ;;
	esac
}

# fetch URL FILE: the whole of it, or a failure.
fetch() {
	if command -v curl >/dev/null 2>&1; then
		curl --fail --silent --show-error --location --connect-timeout 30 --output "$2" "$1"
	elif command -v wget >/dev/null 2>&1; then
		wget --quiet --tries=1 --timeout=30 --output-document="$2" "$1"
	else
		fail "neither curl nor wget is installed"
	fi || fail "cannot fetch $1"
}

sum_of() {
	if command -v sha256sum >/dev/null 2>&1; then
		sha256sum "$1"
	elif command -v shasum >/dev/null 2>&1; then
		shasum -a 256 "$1"
	else
		fail "neither sha256sum nor shasum is installed"
	fi | cut -d ' ' -f 1
}

# check FILE NAME: whether SHA256SUMS has this sum for this name, exactly once.
check() {
	wanted=$(awk -v name="$2" '$2 == name { print $1 }' "$work/SHA256SUMS")
	[ -n "$wanted" ] || fail "SHA256SUMS does not list $2"
	[ "$(sum_of "$1")" = "$wanted" ] ||
		fail "$2 does not have the sum in SHA256SUMS: it is damaged, or not what was released"
}

main() {
	case $# in
	1 | 2) ;;
	*) fail "usage: install.sh URL [FOLDER]" ;;
	esac
	url=${1%/}
	if [ $# -eq 2 ]; then
		folder=$2
	elif [ "$(id -u)" -eq 0 ]; then
		folder=/usr/local/bin
	else
		folder=$HOME/.local/bin
	fi
	target=$(target)
	mkdir -p "$folder"
	# Beside the programs, so that they are put in place by a rename.
	work=$(mktemp -d "$folder/.ondacast-XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	fetch "$url/SHA256SUMS" "$work/SHA256SUMS"
	for program in ondacast-server ondacast; do
		fetch "$url/$program-$target" "$work/$program"
		check "$work/$program" "$program-$target"
		chmod 755 "$work/$program"
	done
	for program in ondacast-server ondacast; do
		mv -f "$work/$program" "$folder/$program"
	done
	echo "Installed ondacast and ondacast-server in $folder."
	case ":$PATH:" in
	*":$folder:"*) ;;
	*) echo "It is not on your PATH: add it, or run $folder/ondacast." ;;
	esac
}

# In one piece, so that a script that was cut off does nothing.
main "$@"
