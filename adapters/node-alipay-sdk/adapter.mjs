/**
 * Puts the npm package `alipay-sdk`, the official one, under test: versions 2 and 3 of the open platform.
 *
 * The library's own functions are called, and nothing about them is changed. Outside of the test are the clock and the
 * random numbers, which give timestamp and nonce, and the network, which gives the reply; see README.md.
 */

import { createRequire } from "node:module";
import { accept, fromB64, lowerCase, reject, servePackage, unsupported, value } from "../node/protocol.mjs";

const require = createRequire(import.meta.url);
const crypto = require("node:crypto");
const { default: network } = require("urllib");
const { AlipaySdk } = require("alipay-sdk");
const { version } = require("alipay-sdk/package.json");

// The library wants a private key for everything, and signs each request that it sends, also where a case asks about
// the reply only.
const pair = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
const ownKey = pair.privateKey.export({ type: "pkcs8", format: "pem" });

const sdk = (config) => new AlipaySdk({ appId: "1", privateKey: ownKey, keyType: "PKCS8", ...config });

// What has no private key is given all the same: to refuse it is the library's business.
const signer = ({ key, sign_type }, config) => {
  const privateKey = key.private_pkcs8_pem ?? key.public_spki_pem ?? key.secret;
  return sdk({ privateKey, signType: sign_type, alipayPublicKey: "-", ...config });
};

const verifier = ({ key, sign_type }) =>
  sdk({ signType: sign_type, alipayPublicKey: key.public_spki_pem, encryptKey: key.aes });

/** The object that the library would write as this very text, if there is one. */
const parsed = (text) => {
  try {
    const object = JSON.parse(text);
    return JSON.stringify(object) === text ? object : undefined;
  } catch {
    return undefined;
  }
};

function buildOrderString(request) {
  const { app_id, method, charset, version, biz_content, ...others } = Object.fromEntries(request.params);
  const bizContent = parsed(biz_content);
  if (!bizContent) return unsupported("takes biz_content as an object, and writes its text itself");
  const client = signer(request, { appId: app_id, charset, version });
  const asGiven = { bizContentAutoSnakeCase: false };
  return value({ order_string: client.sdkExecute(method, { ...others, bizContent }, asGiven) });
}

const verify = (request) =>
  verifier(request).checkNotifySignV2(Object.fromEntries(request.params)) ? accept() : reject();

async function verifyResponse(request) {
  const data = fromB64(request.body_b64).toString();
  network.request = async () => ({ status: 200, headers: {}, data });
  const client = verifier(request);
  const stages = { string_to_sign: client.getSignStr(data, request.node) };
  const params = request.key.aes ? { needEncrypt: true, bizContent: {} } : {};
  await client.exec(request.node.slice(0, -"_response".length), params, { validateSign: true });
  return accept({ stages });
}

async function signV3(request) {
  const { app_id, app_cert_sn, nonce, timestamp } = Object.fromEntries(request.params);
  const appAuthToken = lowerCase(request.headers)["alipay-app-auth-token"];
  const bytes = fromB64(request.body_b64);
  const body = parsed(bytes.toString());
  if (!nonce || !timestamp) return unsupported("makes nonce and timestamp itself");
  if (Array.isArray(appAuthToken)) return unsupported("takes one app_auth_token");
  if (bytes.length > 0 && !(body && Buffer.from(JSON.stringify(body)).equals(bytes))) {
    return unsupported("takes the body as an object, and writes its text itself");
  }
  const { now } = Date;
  crypto.randomUUID = () => nonce;
  Date.now = () => timestamp;
  const sent = [];
  network.request = async (_, { headers }) => {
    sent.push(headers.authorization);
    return { status: 200, headers: {}, data: "" };
  };
  const client = signer(request, { appId: app_id, appCertSn: app_cert_sn });
  await client.curl(request.method, request.path, { body, appAuthToken }).catch((error) => {
    if (sent.length === 0) throw error; // else it is about the made-up reply
  });
  Date.now = now;
  const [, items, signature] = /^ALIPAY-SHA256withRSA (.*),sign=(.*)$/s.exec(sent[0]);
  const asked = request.params.map((pair) => pair.join("=")).join(",");
  return items === asked ? value({ signature }) : unsupported("writes the items of the header itself, in one order");
}

async function verifyV3(request) {
  const data = fromB64(request.body_b64).toString();
  network.request = async () => ({ status: 200, headers: lowerCase(request.headers), data });
  await verifier(request).curl("GET", "/v3/alipay").catch((error) => {
    if (!(error instanceof SyntaxError)) throw error; // else it was verified, and then its text is no JSON
  });
  return accept();
}

const decrypt = ({ ciphertext, key }) => value({ content: sdk({ encryptKey: key.aes }).aesDecrypt(ciphertext) });

// An empty serial number is none: the library leaves it out of its requests.
const serial = (name) => ({ certificate: text }) => {
  const files = { appCertContent: text, alipayPublicCertContent: text, alipayRootCertContent: text };
  const sn = sdk(files).config[name];
  return sn ? value({ sn }) : reject();
};

const v2 = { protocol: "alipay.openapi.v2", sign_types: ["RSA", "RSA2"], charsets: ["utf-8"], duplicates: false };
const v3 = { protocol: "alipay.openapi.v3", sign_types: ["RSA2"], charsets: ["utf-8"] };
const checkV2 = { ...v2, protocol: "alipay.openapi.v2.check-v2" };

const offers = [
  { ...v2, op: "build_order_string", answer: buildOrderString },
  { ...v2, op: "verify_notify", input: "params", answer: verify },
  { ...checkV2, op: "verify_notify", input: "params", answer: verify },
  { ...v2, op: "verify_return", input: "params", answer: verify },
  { ...v2, op: "verify_response", answer: verifyResponse },
  { ...v2, op: "decrypt", answer: decrypt },
  { ...v2, op: "certificate_sn", answer: serial("appCertSn") },
  { ...v2, op: "root_certificate_sn", answer: serial("alipayRootCertSn") },
  { ...v3, op: "sign_request", answer: signV3 },
  { ...v3, op: "verify_response", answer: verifyV3 },
];
servePackage("alipay-sdk", version, offers, { AlipayRequestError: null });
