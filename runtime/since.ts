/** How long ago it began (real ms since 1970), in seconds: `1.5 s`. */
export const sinceWords = (begun: number): string => `${((Date.now() - begun) / 1000).toFixed(1)} s`;
