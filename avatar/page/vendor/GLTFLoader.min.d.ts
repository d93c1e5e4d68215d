export { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";
