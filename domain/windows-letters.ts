const signs = new TextDecoder('windows-1252').decode(
  Uint8Array.from({ length: 32 }, (_, n) => 0x80 + n),
  { stream: true },
);

/**
 * A text with the signs that Windows writes where others have controls: curled quotes, €, Š. Asked for all at once, Node 20 takes windows-1252 (and what
 * calls itself Latin-1 and is that) for Latin-1; nobody writes those controls.
 */
export function windowsLetters(text: string): string {
  return text.replaceAll(/[\u0080-\u009f]/g, (sign) => signs[sign.charCodeAt(0) - 0x80]!);
}
