#!/bin/sh
# Rebuild the vendored libraries of the page (needs Node and npm; users of attune need neither).
#   avatar/page/build.sh
# Reads versions from package.json and package-lock.json, writes vendor/*.min.js with their licences.
set -eu
page=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$page/package.json" "$work/"
if [ -f "$page/package-lock.json" ]; then cp "$page/package-lock.json" "$work/"; fi
cd "$work"
npm install --no-audit --no-fund --ignore-scripts >/dev/null
cp package-lock.json "$page/"
bundle() { npx esbuild "$1" --bundle --minify --format=esm --target=es2022 --legal-comments=eof --outfile="$page/vendor/$2"; }
mkdir -p "$page/vendor"
bundle node_modules/three/build/three.module.js three.module.min.js
bundle node_modules/@msgpack/msgpack/dist.esm/index.mjs msgpack.min.js
cp node_modules/three/LICENSE "$page/vendor/LICENSE-three.txt"
cp node_modules/@msgpack/msgpack/LICENSE "$page/vendor/LICENSE-msgpack.txt"
ls -l "$page/vendor"
