// @ts-check
/** Colours of the figure and the set (sRGB). */
export const PALETTE = {
  skin: 0xf7d3b5, blush: 0xeeb59b, hair: 0x4a3a3f, sweater: 0x2f8a8c, trim: 0xf3efe4, trousers: 0x3b485c, shoe: 0xf1ede4,
  eye: 0xffffff, iris: 0x35707c, pupil: 0x15202a, lash: 0x3a2b2e, brow: 0x43343a, lip: 0xc9705f, lipline: 0x8e4038, mouth: 0x5a1f26, teeth: 0xfbf7f2, tongue: 0xcf6a6a,
  earpiece: 0xe0705a, wall: 0xdfe7e6, wallPlain: 0xeaefec, floor: 0xcbd6d5,
};
