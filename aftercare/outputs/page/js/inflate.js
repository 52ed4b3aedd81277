// Deflated text in 85 letters, as Python packed it.

const LETTERS_85 =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%/()*+-;,=.?@^_`{|}~";

function bytesOf(text) {
  const values = new Map([...LETTERS_85].map((letter, n) => [letter, n]));
  const missing = (5 - (text.length % 5)) % 5;
  const padded = text + "~".repeat(missing);
  const bytes = new Uint8Array((padded.length / 5) * 4);
  for (let n = 0; n < padded.length; n += 5) {
    let value = 0;
    for (let k = 0; k < 5; k++) value = value * 85 + values.get(padded[n + k]);
    for (let k = 3; k >= 0; k--) {
      bytes[(n / 5) * 4 + k] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes.subarray(0, bytes.length - missing);
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}
