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
bundle() { npx esbuild "$1" --bundle --minify --format=esm --target=es2022 --legal-comments=eof --outfile="$page/vendor/$2" "$3"; }
# What builds on three names it as a package, which a browser resolves only with an import map; that would be an inline script.
on_three() { sed -i 's#from"three"#from"./three.module.min.js"#g' "$page/vendor/$1"; ! grep -q '"three"' "$page/vendor/$1"; }
mkdir -p "$page/vendor"
bundle node_modules/three/build/three.module.js three.module.min.js --charset=ascii
echo 'export { GLTFLoader } from "./node_modules/three/examples/jsm/loaders/GLTFLoader.js";' > gltf.js
bundle gltf.js GLTFLoader.min.js --external:three
echo 'export { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";' > vrm.js
bundle vrm.js three-vrm.min.js --external:three
on_three GLTFLoader.min.js
on_three three-vrm.min.js
bundle node_modules/@msgpack/msgpack/dist.esm/index.mjs msgpack.min.js --charset=ascii
cp node_modules/three/LICENSE "$page/vendor/LICENSE-three.txt"
cp node_modules/@pixiv/three-vrm/LICENSE "$page/vendor/LICENSE-three-vrm.txt"
cp node_modules/@msgpack/msgpack/LICENSE "$page/vendor/LICENSE-msgpack.txt"
ls -l "$page/vendor"
