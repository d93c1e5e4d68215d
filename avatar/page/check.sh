#!/bin/sh
# Type-check the page's hand-written modules, strictly (needs Node and npm; users of attune need neither).
#   avatar/page/check.sh
set -eu
page=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$page/package.json" "$page/package-lock.json" "$page"/*.js "$work/"
cp -R "$page/thinking" "$work/"
mkdir "$work/vendor"
cd "$work"
npm ci --no-audit --no-fund --ignore-scripts >/dev/null
# The vendored bundles carry no types; their packages do.
echo 'export * from "three";' > vendor/three.module.min.js
echo 'export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";' > vendor/GLTFLoader.min.js
echo 'export { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";' > vendor/three-vrm.min.js
echo 'export * from "@msgpack/msgpack";' > vendor/msgpack.min.js
check() { npx tsc --noEmit --checkJs --allowJs --strict --target es2022 --module esnext --moduleResolution bundler "$@"; }
check --lib es2023,dom,dom.iterable --types "" main.js replay.js
check --lib es2023 --types audioworklet microphone-worklet.js
mkdir console
cp "$page"/../console/page/*.js console/
check --lib es2023,dom,dom.iterable --types "" console/main.js
echo "the page's modules are type-correct"
