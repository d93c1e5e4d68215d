export { VRMLoaderPlugin, VRMUtils } from "@pixiv/three-vrm";
