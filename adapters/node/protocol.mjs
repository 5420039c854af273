/**
 * The adapter protocol, version 1, for adapters in Node.js.
 *
 * An adapter imports this module, writes one function for each operation that its library offers, and calls `serve`.
 * A function gets the request and returns what `value`, `accept`, `reject` or `unsupported` make, or a promise of it.
 * docs/adapter-protocol.md says what a request of each operation has and what its answer needs.
 *
 *     import { serve, value } from "../node/protocol.mjs";
 *
 *     serve({
 *       adapter: { name: "mine", version: "1" },
 *       subject: { name: "mylibrary", version: "1.2.3", language: "javascript", source: "https://…" },
 *       supports: [{ op: "sign", protocol: "alipay.mapi", sign_types: ["MD5"], charsets: ["utf-8"] }],
 *       operations: { sign: (request) => value({ signature: mylibrary.sign(request.params, request.key.secret) }) },
 *     });
 *
 * For a package of npm, `servePackage` takes its functions as a list, each with the bounds of what it is asked.
 *
 * Needs nothing but Node.js 18.
 */

import { basename, dirname } from "node:path";
import { createInterface } from "node:readline";

/** The library gave a value: { signature, wire, stages, … }. */
export const value = (fields) => ({ outcome: "value", ...fields });
/** The library says yes. */
export const accept = (fields) => ({ outcome: "accept", ...fields });
/** The library says no; `reason` is one of the protocol's classes, where the library tells it. */
export const reject = (reason, fields) => ({ outcome: "reject", ...(reason ? { reason } : {}), ...fields });
/** The question is beyond the library, though `supports` covers it. */
export const unsupported = (why) => ({ outcome: "unsupported", why });
/** Bytes as the protocol's *_b64 fields have them. */
export const toB64 = (bytes) => Buffer.from(bytes).toString("base64");
/** The bytes of a *_b64 field. */
export const fromB64 = (text) => Buffer.from(text, "base64");

/** The headers of a request as a web framework or an HTTP client hands them on. */
export function lowerCase(headers) {
  const all = {};
  for (const [name, text] of headers.map(([name, text]) => [name.toLowerCase(), text])) {
    all[name] = name in all ? [all[name], text].flat() : text;
  }
  return all;
}

/** The object that JSON.stringify writes as these very bytes, if there is one. */
export function asWritten(bytes) {
  try {
    const object = JSON.parse(bytes.toString());
    return Buffer.from(JSON.stringify(object)).equals(bytes) ? object : undefined;
  } catch {
    return undefined;
  }
}

/** Does something at the time, in milliseconds, that the case says. */
export async function atTime(milliseconds, action) {
  const { now } = Date;
  Date.now = () => milliseconds;
  try {
    return await action();
  } finally {
    Date.now = now;
  }
}

/**
 * Answers requests until the end, for an installed package: `offers` is a list of { op, protocol, …bounds, answer }.
 * The adapter's name is its folder's.
 */
export function servePackage(name, version, offers, rejections) {
  const source = `https://www.npmjs.com/package/${name}`;
  const find = ({ op, protocol }) => offers.find((offer) => offer.op === op && offer.protocol === protocol);
  const answer = (request) => find(request)?.answer(request) ?? unsupported("not known here");
  return serve({
    adapter: { name: basename(dirname(process.argv[1])), version: "1" },
    subject: { name, version, language: "javascript", source },
    supports: offers.map(({ answer, ...bounds }) => bounds),
    operations: Object.fromEntries(offers.map(({ op }) => [op, answer])),
    rejections,
  });
}

/**
 * Answers requests until the end. `rejections` maps the names of the errors by which the library refuses a request or
 * a message to the protocol's class of the reason, or to null. Any other error is reported as one.
 */
export async function serve({ adapter, subject, supports, operations, rejections = {} }) {
  // stdout is the protocol. What a library prints there goes to stderr from now on.
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);

  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    if (request.t === "bye") break;
    const answer =
      request.t === "hello" ? { t: "hello_ok", protocol: 1, adapter, subject, supports }
      : request.t === "echo" ? { t: "echo_ok", data_b64: toB64(fromB64(request.data_b64)) }
      : { t: "result", ...(await result(request, operations, rejections)) };
    write(JSON.stringify({ ...answer, id: request.id }) + "\n");
  }
}

async function result(request, operations, rejections) {
  if (!Object.hasOwn(operations, request.op)) return unsupported("not known here");
  try {
    return await operations[request.op](request);
  } catch (error) {
    const { name, message } = error;
    if (name in rejections) return reject(rejections[name], { code: name, detail: message });
    return { outcome: "threw", error: { type: name, message } };
  }
}
