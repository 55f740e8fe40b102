/**
 * Pictures as files, made without any program.
 *
 * @module
 */

import { crc32, deflateSync, inflateSync } from "node:zlib";
import { concat } from "./raw_peer.ts";

type Rgba = [red: number, green: number, blue: number, alpha: number];

export const PNG_START: Uint8Array = Uint8Array.of(
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
);

/** A PNG of RGBA. */
export function png(
  width: number,
  height: number,
  color: (x: number, y: number) => Rgba,
): Uint8Array {
  const rows = new Uint8Array(height * (1 + 4 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at++; // No filter.
    for (let x = 0; x < width; x++, at += 4) rows.set(color(x, y), at);
  }
  return concat([
    PNG_START,
    pngHead(width, height),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", new Uint8Array(0)),
  ]);
}

/** The head of a PNG of 8-bit RGBA. */
export function pngHead(width: number, height: number): Uint8Array {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  head.set([8, 6], 8);
  return pngChunk("IHDR", head);
}

/** A picture, row by row. */
export interface Pixels {
  width: number;
  height: number;
  /** Bytes of a pixel: red, green, blue, and alpha if there are four. */
  channels: 3 | 4;
  bytes: Uint8Array;
}

/**
 * The pixels of a PNG of 8-bit RGB or RGBA without interlacing, as browsers make
 * them (PNG specification, sections 5.3 and 9).
 */
export function pngPixels(file: Uint8Array): Pixels {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const channels = file[25] === 6 ? 4 : 3;
  const data: Uint8Array[] = [];
  for (let at = PNG_START.length; at < file.length;) {
    const bytes = view.getUint32(at);
    const type = new TextDecoder().decode(file.subarray(at + 4, at + 8));
    if (type === "IDAT") data.push(file.subarray(at + 8, at + 8 + bytes));
    at += 12 + bytes;
  }
  const filtered = inflateSync(concat(data));
  const stride = width * channels;
  const bytes = new Uint8Array(stride * height);
  for (let y = 0, from = 0; y < height; y++) {
    const filter = filtered[from++];
    for (let x = 0, to = y * stride; x < stride; x++, to++) {
      const left = x < channels ? 0 : bytes[to - channels];
      const above = y === 0 ? 0 : bytes[to - stride];
      const corner = x < channels || y === 0
        ? 0
        : bytes[to - stride - channels];
      bytes[to] = filtered[from++] + predicted(filter, left, above, corner);
    }
  }
  return { width, height, channels, bytes };
}

/** By the number of the filter. */
function predicted(
  filter: number,
  left: number,
  above: number,
  corner: number,
): number {
  if (filter < 4) return [0, left, above, left + above >> 1][filter];
  const estimate = left + above - corner;
  const [a, b, c] = [left, above, corner].map((it) => Math.abs(estimate - it));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

/** A chunk of a PNG (PNG specification, section 5.3). */
export function pngChunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(type), data]);
  const around = new Uint8Array(8);
  const view = new DataView(around.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, crc32(body));
  return concat([around.subarray(0, 4), body, around.subarray(4)]);
}

/** A colourful picture. */
export function somePng(width: number, height: number): Uint8Array {
  return png(width, height, (x, y) => [x * 7, y * 5, x ^ y, 255]);
}

/** A WebP of one pixel (VP8L). */
export const WEBP: Uint8Array = Uint8Array.fromBase64(
  "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==",
);

/** A photograph of 192 x 192 pixels: the JPEGs have the same coefficients. */
export const PHOTO: Readonly<
  Record<"baseline" | "progressive" | "webp", Uint8Array>
> = {
  baseline: Uint8Array.fromBase64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0" +
      "dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8" +
      "fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCADAAM" +
      "ADASIAAhEBAxEB/8QAGgAAAwEBAQEAAAAAAAAAAAAAAAECAwQFBv/EACYQAAICAQQCAgMAAwAA" +
      "AAAAAAARAQIDBBIhMQVBEyIUMkIjUVL/xAAYAQEAAwEAAAAAAAAAAAAAAAAAAQIDBP/EAB8RAQ" +
      "EBAQACAwEBAQAAAAAAAAABEQISIQMzQkExE//aAAwDAQACEQMRAD8A5hjQI7XGQIaGgEgGgQCQ" +
      "IpAgJQIpAgFEMc1Q68SO87pI/p/EIEMaJEoEUgQCQkUgQEoEUgAlAikCAlAUCASBDQ0BKBFIEB" +
      "KGhoEEEgQ0NASgKQIBRA9qCLRXuGK14lKJgxvd88bzieGhAMaNmBIEMEAkCGCAlAikCAlAikCA" +
      "lAikCASBDQ0AkCGgQCQIaGiRKBFIEBKBFIEAQo5mBTO/10OeKyTj5iTC/Y3n1mgQ0NG7nSgRSB" +
      "BKUCKQIISgRSBAShoaAJSgKBAJANDQEoEUgQQSBFIEAkCGgASBDQICb/qRi9l5I+pOH3wc9+x0" +
      "z61oENDR0OZKBFABKApAgJBFIEBIIpAgJQIpAAkCKQIBIENDAlAikCASBDQIBIENDQGmPTfNTt" +
      "EzpJwxMtkW1F8K29E01WTNaYno5r9jqn1mgRSBHS5UoEUgQEgikCAlAikCAlAikCAlAikCASGh" +
      "oEAkCKQICYGhoIASBFIEBKBFIEBhniJgnT1iJnk0y8ykTg4vPBzft1fhqgRSBHS5UoaGgRISBD" +
      "QICUNDQIgJAhoaASBDABIEUhoCENFIEBKBFIEAkCGhoCUCKQIDmyzL7Fhmd3Is8VUyxaeI4lnL" +
      "+nZ+XUgRUQCOpxpQIpDQEIEWgQEIEWgQEIEWgQEIEWgQCQ0NDRCUoaGhoCUCKQ0NMQgRaBDTEI" +
      "nJMVpMyao5NVWzf8le7kW4m1z3vWazugWPLSqiIJtt28xIqxVdScm47MenSYtWJgpHNpK3czP6" +
      "nWjr5uxx9TKlAi0CLKpQIpAgIQItAgIQItAgIQItAgEgRaBFdWxCGitoIaYlDRSBDTEoaGhoan" +
      "Eo49be1YiIO44NXZ2UGXyX1jT4571xWtmtMbauAm+SkK1Eelo8f0cmfkMf0cFPGeOr+V8sPRZJ" +
      "vVSdaPN0FldTJ6iNPjvpn8k9pQItAjTWeIGUgQ0xKEi0CGmIQItDQ0xCBFoSGmM8WSuWu6pZ89" +
      "otfatV6PS03kK3tttJhO5/je8V6CBE1y0t1aDSOS+qYlDRSBDTEoEUgQ0xjky0pEuYZ5mW8Xv2" +
      "barDuyTLOf8AH2+zHrra355yPS022uKHJGs22xTycc0tMKLinFeYU34J85mK+F3WWGfjyRz7Pa" +
      "xXresKTyPxZ/2dehwzTI5syOOvae+dj0UG0YGussTtBFATqMSgRSBDTEoEUjh1ur+HiCL1iZzr" +
      "qtetI5k5763HX2eTl1V8ns48mW0TwY35bf8AGs+Of1hhmIqKMk1yuJMpsiIt9iMWtdl9bkx2hT" +
      "J6Oh8tb+5cHh5Lbgx5NsImeoh9th1WPLEK0OTeFJ8VXV3xqa26PZ8V5Kc1prkktOlbHuEZbxjp" +
      "MyT+Rj/6g4tZqItxWeBeicsb565LzzyY3s7cyoImYh2iHJtg8fkzRvyyon0Zya1txlvxx/clVv" +
      "jmOLndi0GCJmJhlZPHYbRO2FJbwV83FS3qZ4NsGetMnZxXjJp8k92rA62rNotX2VzKtux9DWd1" +
      "YmBo5NLnrFFaTadRjj+oNZ0xvLUm161hzJ5uq8hNXFDiyavJkqpkpfkiZw9r8rE/2KjUY56k+c" +
      "32i3MmtckxHElf+lX8I+hjJSfcHk+SU5GY4stnzaTLVX3T2Ou9hOcrC0RDMJnk2mfqRVezKLOL" +
      "LjmplFLdo31WqpkyRthQdVs+GdLWK1jcbzVNeZMWfRcUnb0azki09G2LNSsK1WLaenFLN9Ha1b" +
      "cSi81qWn6wiaKI47IvuGu/5Lp7pOb8i9csuZmBVy2mEhVxTa0zJWTE2vT8fkpe0Tc9ys7sP1Pm" +
      "cUTj/X0dmHXZIhPgnDXZEZvklSdWnnJu+55ePXTXI7dHRl8nEx9IRI320vfJujg8qYjFltWOnw" +
      "ONXf7c9mG6ZtMyVumxpbLZcSROW8f0Z2tMyoIfLtJEidjpm26HJPUmO6ZjieDS1Imj3ckeNPKL" +
      "iY9j3R6OWJmk/axpXt+hOU633IjJZwZ5JhwpN5w/4otuiSfFHk593qSLW2xxIslZm0ViSs+mmm" +
      "ON09icp1//2Q==",
  ),
  progressive: Uint8Array.fromBase64(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0" +
      "dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8" +
      "fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCADAAM" +
      "ADASIAAhEBAxEB/8QAGQABAQEBAQEAAAAAAAAAAAAAAAECAwQF/8QAFwEBAQEBAAAAAAAAAAAA" +
      "AAAAAAEDAv/aAAwDAQACEAMQAAAB5U2xFIoiiKCiFIoiiKIoiiKIolEFIolTjQrvMACKIoigUi" +
      "iKqKIoEz0pdM4oiiKIoiiKIoKIoiiZ1M9KrTOKIoiiKIoKIoigAU1MzLWq1yiiKIoiiKJQKIoi" +
      "iKMTUy10rXKUAJQFIoi0zaIoiiKOcTLbqrXGLTLQy0MtDLQlWIoi0y0MzfGXmky29V5dtcYqyK" +
      "IoiiKCpYoloilnHvw564PTnm3r5vV1zGnXObRJoZaEUZvz/Txp6E1eYoijHm3z409OeKzHt8nW" +
      "PSO+YpIoi8F68/Jx46xM5l7enwq+3v4vss90nAxib56xe9s474WX6F47643PNwl9t+dqX6Pkxg" +
      "xz3OLwzvrpPNd7OHSyPRySPV7vmdq7dfL0N+ViNZzF6TGo05aOmc9K55U//8QAIRAAAgEEAgMB" +
      "AQAAAAAAAAAAAAECEBESIQNAIDAxQXD/2gAIAQEAAQUC/ga7C67F11G5jbr5WMm+uyPXYuuxdd" +
      "kes6J9aVY9WZs2QfVkQRyIh7E7+hsZH5P4tNerNEJkeQv5SW8aWMSC35zlYcrjYi+82iHKKSdX" +
      "ovemjVE9+GSMkXOT74MTMrHFyXMkTlRcbYoIfGjcWRZkiXIOTdLiZKrXjAuZb42fm7xvT47l/J" +
      "1lK7usbiY6XLC0KbFPb5DL0Mtpjjr/xAAfEQABAwQDAQAAAAAAAAAAAAARAAEwAhAgQhIhQUD/" +
      "2gAIAQMBAT8B+EdSayayayeSeRtZ4qUe1VkMGZBO2AXHAWNggghEbG3/xAAfEQACAgEFAQEAAA" +
      "AAAAAAAAAAEQEwEAISICFCQUD/2gAIAQIBAT8B/C+7PVnqz1Z9s+1ziKtQujTyfCZGRPBm7LHh" +
      "YZuNxM1IQhH/xAAZEAABBQAAAAAAAAAAAAAAAAAhASBAUID/2gAIAQEABj8C36WGWtJ//8QAIR" +
      "AAAgICAgMBAQEAAAAAAAAAAAERITFAEFEwQWEggXH/2gAIAQEAAT8h8ca6HexGvMDexnX9bB42" +
      "GGxg7G2xE7sU2Gewz1466iG1FiEK1qq/4OIFAr/mqzQ2+ESmUSLzR+3soKB78iEleBCGlkEIPh" +
      "GTXEEfptIaBqQhuGJH7/U4oQ+yXfGPLwtoYYlA2B/s95y0Bqw3ZPYT7CYtBWuW0j7cEOJ8STY0" +
      "kAnwZLgfQkwfS54NnA/oQmplC4s+hFgSEuRBnY8noRAQyyK4ZpkuySCG7FdeKyyE3IyIbEuyZ5" +
      "kkYkbgXQOPCssJWUOngQmFJnRxobHSTsmxs/0karJjLFw90iXBFY//2gAMAwEAAgADAAAAELis" +
      "vvlCgogggtvryw5tzz//AP8ALz199uIBAARB18AwwR088888A08MIOAAAAAAsAQ88C8uOsIw4g" +
      "A08U84wwwwrX7z3lLP/PPPPfjW4/fzjT3LQDf/AImNzP8A/wA9XgUkx9JvE1FbsQuXBDrY+fYR" +
      "/8QAHBEAAwADAQEBAAAAAAAAAAAAAAERECEwIEFQ/9oACAEDAQE/EPPzol36LoXQvwVCC1kEj9" +
      "QhCCbpWgmyEIQg3IQhBF2lkQhBUJPo3hoQbmNqGEZFDxTRRsuKioguFP/EAB0RAAMAAgMBAQAA" +
      "AAAAAAAAAAABESEwECAxQVD/2gAIAQIBAT8Q6/djfHY9h7D/AAVSjxFg1XalKUbEIyGwUpSlEv" +
      "hSlKMmQzFKUcDd+EFhCDCV4yMQaFFUIVG2PKEoTh0SKFwIf//EAB4QAQEBAAMBAAMBAAAAAAAA" +
      "AAARARAhMUEgUWFx/9oACAEBAAE/EOYnEREZlbCIiIiIiJxERERERHTW64iIiJxE4iIiIiInGY" +
      "6JxEREREREREREREZj1lY7Jm5xOJxEREREREREREZM73G7+viIiIiIiJxERERERG9ads1ERERE" +
      "TmJxERERE4vtERE5nERERERE4iMH10icxERETiIiIiIiPqxu8btqIicRERERETiIiIiF8Nhm+I" +
      "iIiIiIiIiIxEREZzcYZu9oiIiIiIiIiIjEREd9kdd9IiIiIiJzERERERG9vrW+kRERERERERER" +
      "EREZjdrGdbWYiIiIiIiIiIiIiNZrut2oRszG8w3ERERERERERERERRT6M1iPNW7ukRERERERER" +
      "ERERmZmNDOzG5ZFtLUROYiIiInCIiJxaMenXpxKd1ERERERE5kREREY+3crP3Sbqj21Dv6zU1O" +
      "SIiIxe9fcTHxZDxsM7RERQ2v6N2yY7vk3qr9tLbX4xEebH2mLemswzVc1mJuvo3GDkxdZN4z13" +
      "W577W7bMS+2rOn5bvT3TUNxOMS7rtM081mv3EbTGZW722GcAgiNvg200fwMOmum7mXGXWReZvx" +
      "n3c3KxNiazo9waMfRinTcPhpWMRupdtaZnWru9KvW6R9bGe0bleM38NroGx02lW7u4w2ugzKTW" +
      "h6c6bmZnl6Rda3M2F15rNz6j46KY/TUHWsJExqwwNxrxlSjS6ROZ161ZI103Wd/wAGDJemlPDP" +
      "c6xn3eq3W603Zi93StzremO36Zu7Hq/GsuTW9MNabjGt8q9f/9k=",
  ),
  webp: Uint8Array.fromBase64(
    "UklGRhYDAABXRUJQVlA4IAoDAABQHgCdASrAAMAAPxGIuVWsKjKjKHV4mlAiCWVu3lEjWJmsRc" +
      "vWJ+N5msWlWzKFcMhDumyTwsOUGS3w3UVdfqCKQTRwfOEwlDYrShXII+T3ejuUUV/kvaTxddon" +
      "3TY2eZScXJPQy73sWJ08w29GIrNT/t0nCArPsryPRYAlRR9mzP4Bj2W1tD9+IUH1furGEV40yU" +
      "JRD4MRYqqEMR7YLirN53mIx1AxTPE72nSIQd+VEyFVEjq071ScyVnp3Fy7Yh1NN4jcUjn/NDSU" +
      "gHZfPPotHqOwZerES6YkCaacT+xIxcViOk+PrpQH4wvd9Gs91yMTjKmwwag53l6jsAD+zGxedq" +
      "2Pkx73pa4RAW0geZU51/4WpLJb7F7nbEpslaKzeLzMXVPDxDH8EYL4aO1Ytr57Nc5MSePfwi+U" +
      "SlIqvvtPaBLugPcMje5A8/hxzPBevlR0rBQAbSb36oe/qFZJwKwy5WGcv+DJ46I1dnPKRvDJK3" +
      "y+TZe0bq78evcXAv1yYtvsI0Gi3AGJ+In/1GzlAaGmmRD8odd14d4dImuVe1YO28kYRwEqfBwh" +
      "LXMx9nK2xu3LAYi/9j1F/nwntEXLdW1OgMY83T3w0l59vaXOMxq8equF/CslyS3uYdusJC/uxN" +
      "9IymkNTnNcquTcz+BMoIrFh1a8XIR+d6zUTXayznLVGlCyfO2QGImTY0elOmVf7YznZTc76UhH" +
      "WHUpjIPwtpgbEpkYY9IqWDdsQIJ13g1pDGaKtZWk1rl+JI6TomsiEF1PNyi6rstuhIlJiPPgzL" +
      "7kZ0d151X3Sh7z9DdTIQ3nZ50r53sHfH+03GzY+UdmveKYJk43FKZfdM3o/Kk81t7WYBhSfgPw" +
      "OBg/vguFSgnVh2U18DTazPLZJjzFjJ7DFSiRS3Ap8bH9ajbUxfH29f13JAJNQlg10L/CbitRBN" +
      "X6sBSkJiSLmGHE04e/Mp+rUCcn0HL6JEWADno/ZXV3KYDsaYKemCEE9NYZ9sr06GKnsIZQVhHm" +
      "sfoRLJKrt85+y7ixdLDVmO09AAAA",
  ),
};

/** Width and height of a baseline JPEG; throws if it is none. */
export function jpegSize(file: Uint8Array): [width: number, height: number] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint16(0) !== 0xffd8) throw new TypeError("Expected a JPEG");
  for (let at = 2; at + 9 < file.length; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint16(at) === 0xffc0) {
      return [view.getUint16(at + 7), view.getUint16(at + 5)];
    }
  }
  throw new TypeError("Expected a JPEG with a frame");
}

/** Where a baseline JPEG says its height, and then its width. */
export function jpegSizeOffset(file: Uint8Array): number {
  const at = file.findIndex((byte, i) => byte === 0xff && file[i + 1] === 0xc0);
  return at + 5;
}

/** A chunk of WAV that holds a picture, as ID3v2.3 (section 4.15: APIC). */
export function id3Chunk(picture: Uint8Array): Uint8Array {
  const encode = (text: string) => new TextEncoder().encode(text);
  const frame = concat([encode("\0image/png\0\x03\0"), picture]);
  const frameHead = new Uint8Array(10);
  frameHead.set(encode("APIC"));
  new DataView(frameHead.buffer).setUint32(4, frame.length);
  const size = frame.length + 10;
  const head = Uint8Array.of(
    ...encode("ID3"),
    ...[3, 0, 0, size >> 21 & 127, size >> 14 & 127],
    ...[size >> 7 & 127, size & 127],
  );
  const tag = concat([head, frameHead, frame]);
  const chunk = new Uint8Array(8 + tag.length + tag.length % 2);
  chunk.set(encode("id3 "));
  new DataView(chunk.buffer).setUint32(4, tag.length, true);
  chunk.set(tag, 8);
  return chunk;
}
