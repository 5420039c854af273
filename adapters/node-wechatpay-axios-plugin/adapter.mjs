/**
 * Puts the npm package `wechatpay-axios-plugin` under test: versions 2 and 3 of WeChat Pay.
 *
 * The library's own functions are called, and nothing about them is changed. Outside of the test are the clock and the
 * random numbers, which give timestamp and nonce, and the network, which gives the reply; see README.md.
 */

import { createRequire } from "node:module";
import {
  accept, asWritten, atTime, fromB64, lowerCase, reject, servePackage, unsupported, value,
} from "../node/protocol.mjs";

const require = createRequire(import.meta.url);
const crypto = require("node:crypto");
const { Aes, Decorator, Formatter, Hash, Rsa, Transformer } = require("wechatpay-axios-plugin");
const { version } = require("wechatpay-axios-plugin/package.json");

// Version 3 wants the keys of both sides for everything.
const own = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });

// Of a signature the library tells no more than that it fails.
const REASONS = {
  EV3_RES_HEADERS_INCOMPLATE: "missing_field",
  EV3_RES_HEADER_TIMESTAMP_OFFSET: "stale_timestamp",
  EV3_RES_HEADER_PLATFORM_SERIAL: "unknown_key",
};

const joined = (params) => Formatter.queryStringLike(Formatter.ksort(params));
const stages = (params) => ({ stages: { string_to_sign: joined(params) } });

const stringToSign = ({ params }) => value({ string_to_sign: joined(Object.fromEntries(params)) });

const sign = ({ params, sign_type, key }) => {
  const given = Object.fromEntries(params);
  return value({ signature: Hash.sign(sign_type, given, key.secret), ...stages(given) });
};

/** What a client hands to the network. */
async function sent(create, request) {
  const kept = [];
  const adapter = async (config) => {
    kept.push(config);
    throw new Error("no reply");
  };
  await create(adapter).request(request).catch((error) => {
    if (kept.length === 0) throw error;
  });
  return kept[0];
}

async function buildXml({ params, key }) {
  const data = Object.fromEntries(params);
  if (!("nonce_str" in data)) return unsupported("writes nonce_str itself where it is missing");
  const create = (adapter) => Decorator.xmlBased({ secret: key.secret, adapter });
  const { data: xml } = await sent(create, { url: "pay/unifiedorder", method: "post", data });
  return value({ xml, ...stages(data) });
}

function decode({ body_b64 }) {
  const read = Transformer.toObject(fromB64(body_b64));
  // What is no text is shown as JSON.
  const shown = ([name, member]) => [name, typeof member === "string" ? member : JSON.stringify(member)];
  return read === undefined ? reject() : value({ params: Object.entries(read).map(shown) });
}

// As the library's guide has it.
function verifyNotify({ body_b64, key }) {
  const read = Transformer.toObject(fromB64(body_b64));
  const type = read?.sign?.length === 64 ? Hash.ALGO_HMAC_SHA256 : Hash.ALGO_MD5;
  const isGenuine = Hash.equals(Hash.sign(type, read, key.secret), read?.sign);
  return isGenuine ? accept(stages(read)) : reject(null, stages(read));
}

/** A network that gives the reply of the case. */
const replying = ({ headers = [], body_b64 }) => async (config) => {
  const one = ([name, text]) => [name, [text].flat().join(", ")];
  const joinedHeaders = Object.fromEntries(Object.entries(lowerCase(headers)).map(one));
  return { status: 200, headers: joinedHeaders, data: fromB64(body_b64).toString(), config };
};

const verified = (client, request) =>
  client.request(request).then(() => accept(), (error) => {
    if (error.name !== "AxiosError") throw error;
    return reject(REASONS[error.code], { code: error.code, detail: error.message });
  });

const verifyV2 = (request) => {
  const client = Decorator.xmlBased({ secret: request.key.secret, adapter: replying(request) });
  return verified(client, { url: "pay/orderquery", method: "post", data: {} });
};

const verifyV3 = (request) => {
  const certs = Object.fromEntries(request.keys.map(({ id, public_spki_pem }) => [id, public_spki_pem]));
  const config = { mchid: "1", serial: "0", privateKey: own.privateKey, certs, adapter: replying(request) };
  return atTime(Date.parse(request.now), () => verified(Decorator.jsonBased(config), { url: "v3/certificates" }));
};

async function signV3({ method, path, params, body_b64, key }) {
  const { mchid, nonce_str, timestamp, serial_no: serial } = Object.fromEntries(params);
  const data = body_b64 ? asWritten(fromB64(body_b64)) : undefined;
  if (!nonce_str || !timestamp) return unsupported("makes nonce_str and timestamp itself");
  if (body_b64 && !data) return unsupported("takes the body as an object, and writes its text itself");
  Formatter.nonce = () => nonce_str;
  const config = { mchid, serial, privateKey: key.private_pkcs8_pem, certs: { "-": own.publicKey } };
  const create = (adapter) => Decorator.jsonBased({ ...config, adapter });
  const { url, baseURL, ...kept } = await atTime(timestamp * 1000, () => sent(create, { url: path, method, data }));
  const { pathname, search } = new URL(url, baseURL);
  if (`${kept.method.toUpperCase()} ${pathname}${search}` !== `${method} ${path}`) {
    return unsupported("sends another method, or the address in another spelling");
  }
  const written = kept.headers.get("Authorization");
  return value({ signature: /signature="([^"]*)"/.exec(written)[1], headers: [["Authorization", written]] });
}

const decryptV2 = ({ ciphertext, key }) => value({ content: Aes.AesEcb.decrypt(ciphertext, Hash.md5(key.secret)) });

const decryptV3 = ({ ciphertext, nonce, associated_data, key }) => {
  const opened = nonce === undefined
    ? Rsa.decrypt(ciphertext, key.private_pkcs8_pem)
    : Aes.AesGcm.decrypt(ciphertext, key.api_v3, nonce, associated_data);
  return value({ content: opened });
};

const encrypt = ({ plaintext_b64, key }) =>
  value({ content: Rsa.encrypt(fromB64(plaintext_b64).toString(), key.public_spki_pem) });

const v2 = { protocol: "wechatpay.v2", sign_types: ["MD5", "HMAC-SHA256"], charsets: ["utf-8"] };
const v3 = { protocol: "wechatpay.v3", sign_types: ["RSA2"], charsets: ["utf-8"] };

const offers = [
  { ...v2, op: "string_to_sign", duplicates: false, answer: stringToSign },
  { ...v2, op: "sign", duplicates: false, answer: sign },
  { ...v2, op: "build_xml", duplicates: false, answer: buildXml },
  { ...v2, op: "decode", answer: decode },
  { ...v2, op: "verify_notify", answer: verifyNotify },
  { ...v2, op: "verify_response", answer: verifyV2 },
  { ...v2, op: "decrypt", answer: decryptV2 },
  { ...v3, op: "sign_request", duplicates: false, answer: signV3 },
  { ...v3, op: "verify_response", answer: verifyV3 },
  { ...v3, op: "decrypt", answer: decryptV3 },
  { ...v3, op: "encrypt", answer: encrypt },
];
servePackage("wechatpay-axios-plugin", version, offers, { AssertionError: null });
