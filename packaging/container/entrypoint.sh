#!/bin/sh
# server [OPTION…]: ondacast-server with the image's folders, which wants a token
# or --open. Anything else is a command of ondacast.
set -eu

# In a container, every client may seem to come from a private network: the rule
# that protects a server without a token would protect nothing.
wants_token() {
	[ -z "${ONDACAST_TOKEN:-}" ] || return 1
	for word; do
		case $word in
		--open | --token | --token=* | --token-file | --token-file=* | -h | --help | -V | --version) return 1 ;;
		esac
	done
}

case ${1:-server} in
server) [ $# -eq 0 ] || shift ;;
-*) ;;
*) exec ondacast "$@" ;;
esac
if wants_token "$@"; then
	echo "usage: Cannot start without a token: set ONDACAST_TOKEN, or give --token-file FILE. --open serves everyone who reaches this machine" >&2
	exit 2
fi
exec ondacast-server --music /music "$@"
