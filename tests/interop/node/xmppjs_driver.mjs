// Drives @xmpp/client for the interop suite: WebSocket, STARTTLS and direct TLS.
import { client, xml } from "@xmpp/client";
import WebSocket from "ws";
import { event, serve, within } from "./lines.mjs";

// The frames of the last WebSocket, each with its direction and the name of its element.
let frames = [];
const note = (direction, data) => frames.push(direction + /^<([\w:]+)/.exec(data)[1]);

// Instead of Node's own: as in a browser, every message is a task of its own (two at once let the library reset its count of
// handled stanzas after it has counted), and each is noted.
globalThis.WebSocket = class extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { allowSynchronousEvents: false });
    frames = [];
    this.on("message", (data) => note("<", data));
  }

  send(data, ...rest) {
    note(">", data);
    super.send(data, ...rest);
  }
};

const NS = {
  carbons: "urn:xmpp:carbons:2", forward: "urn:xmpp:forward:0", delay: "urn:xmpp:delay", sid: "urn:xmpp:sid:0",
  bind: "urn:ietf:params:xml:ns:xmpp-bind", roster: "jabber:iq:roster", ping: "urn:xmpp:ping", version: "jabber:iq:version", blocking: "urn:xmpp:blocking",
  info: "http://jabber.org/protocol/disco#info", items: "http://jabber.org/protocol/disco#items",
  register: "jabber:iq:register", mam: "urn:xmpp:mam:2", rsm: "http://jabber.org/protocol/rsm", data: "jabber:x:data",
};

let xmpp;
let mechanism = "";
let profile = "";
let binds = 0;
let password = "";
const pages = new Map();

function report(message, carbon = null) {
  const delay = message.getChild("delay", NS.delay);
  const own = xmpp.jid.bare().toString();
  const sid = message.getChildren("stanza-id", NS.sid).find((s) => s.attrs.by === own);
  const error = message.attrs.type === "error" ? message.getChild("error").getChildElements()[0].name : null;
  event("message", {
    from: message.attrs.from, to: message.attrs.to ?? own, body: message.getChildText("body") ?? "", id: message.attrs.id,
    type: message.attrs.type ?? "normal", carbon, delay: delay?.attrs.stamp ?? null, stanza_id: sid?.attrs.id ?? null, error,
  });
}

function onMessage(stanza) {
  const page = stanza.getChild("result", NS.mam);
  if (page) {
    const forwarded = page.getChild("forwarded", NS.forward);
    const message = forwarded.getChild("message", "jabber:client");
    pages.get(page.attrs.queryid)?.push({
      id: page.attrs.id, body: message.getChildText("body") ?? "", from: message.attrs.from,
      stamp: forwarded.getChild("delay", NS.delay).attrs.stamp,
    });
    return;
  }
  for (const kind of ["sent", "received"]) {
    const carbon = stanza.getChild(kind, NS.carbons);
    if (carbon && stanza.attrs.from === xmpp.jid.bare().toString()) {
      report(carbon.getChild("forwarded", NS.forward).getChild("message", "jabber:client"), kind);
      return;
    }
  }
  report(stanza);
}

function build(args) {
  const service = { ws: args.ws, starttls: `xmpp://${args.host}:${args.port}`, tls: `xmpps://${args.domain}:${args.port}` };
  password = args.password;
  xmpp = client({
    service: service[args.mode], domain: args.domain, resource: args.resource,
    credentials: async (authenticate, mechanisms, fast, _entity) => {
      const credentials = { username: args.user, password, token: await fast?.fetch() };
      await authenticate(credentials, mechanisms[0], xml("user-agent", { id: "0e9cfa9c-9d0c-4b1c-8f0a-2d2f1d8f3a11" }));
    },
  });
  xmpp.reconnect.stop();
  xmpp.on("send", (element) => {
    if (element.is("auth") || element.is("authenticate")) {
      mechanism = element.attrs.mechanism;
      profile = element.is("auth") ? "sasl" : "sasl2";
    }
    if (element.getChild("bind", NS.bind)) binds += 1;
  });
  xmpp.on("stanza", (stanza) => {
    if (stanza.is("message")) onMessage(stanza);
    if (stanza.is("presence")) event("presence", { from: stanza.attrs.from, type: stanza.attrs.type ?? "available" });
  });
  xmpp.on("error", (error) => console.error("error", error));
  xmpp.on("disconnect", () => event("disconnected"));
  xmpp.on("status", (status) => console.error("status", status));
  xmpp.streamManagement.on("resumed", () => event("resumed"));
  for (const ns of [NS.roster, NS.blocking]) {
    for (const name of ["query", "block", "unblock"]) xmpp.iqCallee.set(ns, name, () => true);
  }
}

async function connect(args) {
  build(args);
  const failed = new Promise((_, reject) => xmpp.once("error", reject));
  failed.catch(() => {});
  await within(20, "session", Promise.race([xmpp.start(), failed]));
  await query(NS.roster);
  await xmpp.send(xml("presence"));
  // A server without carbons fails the checks on carbons, not every login.
  await xmpp.iqCaller.set(xml("enable", { xmlns: NS.carbons })).catch((error) => console.error("carbons", error.condition));
  return { jid: xmpp.jid.toString(), mechanism, profile, binds };
}

async function archive({ max, before, after, with: peer }) {
  const queryid = `q${pages.size}`;
  pages.set(queryid, []);
  const form = [xml("field", { var: "FORM_TYPE", type: "hidden" }, xml("value", {}, NS.mam))];
  if (peer) form.push(xml("field", { var: "with" }, xml("value", {}, peer)));
  const rsm = [xml("max", {}, String(max))];
  if (before != null) rsm.push(xml("before", {}, before));
  if (after != null) rsm.push(xml("after", {}, after));
  const answer = await xmpp.iqCaller.request(
    xml("iq", { type: "set" },
      xml("query", { xmlns: NS.mam, queryid },
        xml("x", { xmlns: NS.data, type: "submit" }, ...form), xml("set", { xmlns: NS.rsm }, ...rsm))));
  const fin = answer.getChild("fin", NS.mam);
  const set = fin.getChild("set", NS.rsm);
  return {
    items: pages.get(queryid), complete: fin.attrs.complete === "true", first: set?.getChildText("first") ?? "",
    last: set?.getChildText("last") ?? "", count: set?.getChildText("count") ?? null,
  };
}

const block = (name, jid) => xmpp.iqCaller.set(xml(name, { xmlns: NS.blocking }, xml("item", { jid })));
const query = (ns, to) => xmpp.iqCaller.get(xml("query", { xmlns: ns }), to);

serve({
  connect,
  archive,
  message: ({ to, body }) => xmpp.send(xml("message", { type: "chat", to, id: crypto.randomUUID() }, xml("body", {}, body))),
  presence: ({ to, type }) => xmpp.send(xml("presence", { to, type: type === "available" ? undefined : type })),
  roster: async () => (await query(NS.roster)).getChildren("item").map(({ attrs }) => (
    { jid: attrs.jid, subscription: attrs.subscription ?? "none", ask: attrs.ask ?? "" })),
  remove: ({ jid }) => xmpp.iqCaller.set(
    xml("query", { xmlns: NS.roster }, xml("item", { jid, subscription: "remove" }))).then(() => null),
  ping: ({ jid }) => xmpp.iqCaller.get(xml("ping", { xmlns: NS.ping }), jid).then(() => null),
  version: async ({ jid }) => {
    const answer = await query(NS.version, jid);
    return { name: answer.getChildText("name"), version: answer.getChildText("version") };
  },
  disco_info: async ({ jid }) => {
    const answer = await query(NS.info, jid);
    return {
      identities: answer.getChildren("identity").map(({ attrs }) => `${attrs.category}/${attrs.type}`),
      features: answer.getChildren("feature").map(({ attrs }) => attrs.var).sort(),
    };
  },
  disco_items: async ({ jid }) => (await query(NS.items, jid)).getChildren("item").map(({ attrs }) => attrs.jid),
  block: ({ jid }) => block("block", jid).then(() => null),
  unblock: ({ jid }) => block("unblock", jid).then(() => null),
  blocklist: async () => (await xmpp.iqCaller.get(xml("blocklist", { xmlns: NS.blocking })))
    .getChildren("item").map(({ attrs }) => attrs.jid).sort(),
  change_password: async ({ password: wanted }) => {
    const [username] = xmpp.jid.toString().split("@");
    await xmpp.iqCaller.set(
      xml("query", { xmlns: NS.register }, xml("username", {}, username), xml("password", {}, wanted)), xmpp.jid.domain);
  },
  unregister: () => xmpp.iqCaller.set(xml("query", { xmlns: NS.register }, xml("remove"))).then(() => null),
  // What a lost network does to the library: the socket ends, the stream has not been closed.
  cut: () => within(5, "disconnect", new Promise((resolve) => {
    xmpp.once("disconnect", () => resolve(null));
    const { socket } = xmpp.socket; // of its wrapper, unless that is the socket itself (before STARTTLS)
    socket.terminate ? socket.terminate() : socket.destroy();
  })),
  reconnect: async (args) => {
    password = args.password ?? password;
    const online = new Promise((resolve) => { xmpp.once("online", resolve); xmpp.streamManagement.once("resumed", resolve); })
      .then(() => frames.slice());
    await xmpp.reconnect.reconnect();
    const upToSession = await within(10, "session", online);
    return { mechanism, frames: upToSession };
  },
  disconnect: () => xmpp.stop().then(() => null),
  quit: () => within(2, "end", xmpp?.stop() ?? Promise.resolve()).then(() => null),
});
