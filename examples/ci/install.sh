#!/bin/sh
# Puts applink into a pipeline that has none: `install.sh DIRECTORY`, which is then in its PATH.
#
# APPLINK_DOWNLOAD   the URL of the binary (docs/install.md builds one that runs everywhere on Linux)
# APPLINK_SHA256     its checksum: what does not have it is not used
# Needs curl and sha256sum.
set -eu
directory="${1:?usage: $0 DIRECTORY}"
: "${APPLINK_DOWNLOAD:?set it to the URL of the applink binary}"
: "${APPLINK_SHA256:?set it to the SHA-256 of that binary}"

mkdir -p "$directory"
loaded="$directory/.applink.part"
trap 'rm -f "$loaded"' EXIT
curl --fail --silent --show-error --location --output "$loaded" "$APPLINK_DOWNLOAD"
echo "$APPLINK_SHA256  $loaded" | sha256sum --check --quiet -
chmod 755 "$loaded"
mv "$loaded" "$directory/applink"
"$directory/applink" --version
