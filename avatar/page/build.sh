#!/bin/sh
# Rebuild the vendored libraries of the page; `make page` calls it, after it has installed what it needs (users of attune need none of it).
#   avatar/page/build.sh [DENO]
# Versions are those of deno.jsonc and deno.lock; writes vendor/*.min.js with their licences.
set -eu
deno=${1:-.venv/bin/deno}
cd -- "$(dirname -- "$0")/../.."
vendor=avatar/page/vendor
bundle() { "$deno" run --quiet --allow-all node_modules/esbuild/bin/esbuild --bundle --minify --format=esm --target=es2022 --legal-comments=eof --log-level=warning --outfile="$vendor/$1" "$2" "$3"; }
# What builds on three names it as a package, which a browser resolves only with an import map; that would be an inline script.
on_three() { sed -i 's#from"three"#from"./three.module.min.js"#g' "$vendor/$1"; ! grep -q '"three"' "$vendor/$1"; }
bundle three.module.min.js node_modules/three/build/three.module.js --charset=ascii
echo 'export { GLTFLoader } from "./node_modules/three/examples/jsm/loaders/GLTFLoader.js";' | bundle GLTFLoader.min.js --loader=js --external:three
echo 'export { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";' | bundle three-vrm.min.js --loader=js --external:three
on_three GLTFLoader.min.js
on_three three-vrm.min.js
bundle msgpack.min.js node_modules/@msgpack/msgpack/dist.esm/index.mjs --charset=ascii
cp node_modules/three/LICENSE "$vendor/LICENSE-three.txt"
cp node_modules/@pixiv/three-vrm/LICENSE "$vendor/LICENSE-three-vrm.txt"
cp node_modules/@msgpack/msgpack/LICENSE "$vendor/LICENSE-msgpack.txt"
ls -l "$vendor"
